"""The widget as one file: its modules in the order they need each other, joined when the server starts.

The sources stay readable modules; what is sent is one script, one request, a third smaller than its parts.
Nothing is compiled: import lines, `export` and comments go, the rest is the text as it stands, so two modules
may not use one name at their top level (a test parses the result).
"""

from __future__ import annotations

import re
from pathlib import Path

WIDGET = Path(__file__).resolve().parent / "widget"
ENTRY = "medraad.js"

_IMPORT = re.compile(r"^import (?:[^;]*? from )?'\./([\w-]+\.js)';\n", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^[ ]*/\*.*?\*/\n|^[ ]*//[^\n]*\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class)\b)", re.MULTILINE)


def widget_script(folder: Path = WIDGET, entry: str = ENTRY) -> str:
    """Join `entry` and everything that it imports, each module once, the needed before the needing."""
    seen: set[str] = set()
    parts: list[str] = []

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        source = (folder / name).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(source):
            add(needed)
        parts.append(_EXPORT.sub("", _COMMENT.sub("", _IMPORT.sub("", source))).strip("\n"))

    add(entry)
    return "\n".join(parts) + "\n"
