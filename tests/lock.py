"""Write requirements.lock and requirements-dev.lock from what is installed: `make lock`.

Names and exact versions only, no addresses. To take newer releases: upgrade in .venv, run the tests, lock.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def closure(wanted: Iterable[str]) -> dict[str, str]:
    """Return name → version of the requirements and all that they need here."""
    found: dict[str, str] = {}
    queue = [Requirement(text) for text in wanted]
    seen: set[tuple[str, frozenset[str]]] = set()
    while queue:
        requirement = queue.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            sys.exit(f"{requirement.name} is not installed; run `make test` first")
        found[key[0]] = installed.version.split("+")[0]
        for text in installed.requires or ():
            needed = Requirement(text)
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                queue.append(needed)
    return found


def write(path: Path, head: str, pins: dict[str, str]) -> None:
    """Write one lock file."""
    lines = [f"{name}=={version}" for name, version in sorted(pins.items())]
    path.write_text("\n".join([f"# {head} Made by `make lock`.", *lines, ""]))


def main() -> None:
    """Write both lock files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    builds = ["setuptools"]
    runtime = closure([*project["project"]["dependencies"], *builds])
    extras = project["project"]["optional-dependencies"]
    everything = closure([*runtime, *(text for group in extras.values() for text in group)])
    added = {name: version for name, version in everything.items() if name not in runtime}
    write(ROOT / "requirements.lock", "What Medråd needs to run.", runtime)
    write(ROOT / "requirements-dev.lock", "What the tests need beside requirements.lock.", added)


if __name__ == "__main__":
    main()
