"""How a command of this room ends where something is wrong: one sentence on standard error, and status 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from rich.console import Console

from assistant.errors import AssistantError
from eval.errors import EvalError
from ingest.errors import IngestError

P = ParamSpec("P")


def told(main: Callable[P, int]) -> Callable[P, int]:
    """Return `main` so that the errors of the three rooms are told to a person; status 2."""

    @wraps(main)
    def run(*given: P.args, **named: P.kwargs) -> int:
        try:
            return main(*given, **named)
        except (EvalError, AssistantError, IngestError) as error:
            Console(stderr=True, highlight=False).print(str(error), markup=False, soft_wrap=True)
            return 2

    return run
