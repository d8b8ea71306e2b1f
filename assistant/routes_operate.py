"""What the operator's tools ask for: is it alive, is it ready."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.problems import documented
from assistant.services import Opened

public = APIRouter()


@public.get("/healthz")
async def alive() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@public.get("/readyz", responses=documented(503))
def ready(opened: Opened) -> dict[str, str | int]:
    """Say that questions can be answered: the index is there, fits, and can be read."""
    return {
        "status": "klar",
        "generation": opened.catalogue.generation(),
        "documents": len(opened.catalogue),
    }
