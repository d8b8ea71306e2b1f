from __future__ import annotations

import re
from pathlib import Path

from assistant.bundle import widget_script


def test_modules_stand_once_and_in_the_order_of_need(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("import { b } from './b.js';\nimport { c } from './c.js';\nuse(b, c);\n")
    (tmp_path / "b.js").write_text("/** B. */\nimport {\n  c,\n} from './c.js';\n\nexport const b = c;\n")
    (tmp_path / "c.js").write_text("// C.\nexport const c = 'https://x'; // stays\n/* Looks */\n")
    joined = widget_script(tmp_path, "a.js")
    assert joined == "const c = 'https://x'; // stays\nconst b = c;\nuse(b, c);\n"


def test_the_widget_needs_nothing_else() -> None:
    script = widget_script()
    assert "customElements.define('medraad-chat'" in script
    assert not [line for line in script.splitlines() if line.startswith(("import ", "export "))]


def test_the_readme_names_every_property_and_attribute() -> None:
    readme, script = Path("README.md").read_text(encoding="utf-8"), widget_script()
    properties = re.compile(r"--medraad-[a-z]+(?:-[a-z]+)*")
    assert set(properties.findall(script)) == set(properties.findall(readme))
    attributes = set(
        re.findall(r"(?:get|has)Attribute\('([a-z-]+)'\)|:host\((?:\[|:not\(\[)([a-z]+)", script)
    )
    named = {name for pair in attributes for name in pair if name} - {"role", "hidden"}
    assert named <= set(re.findall(r"^\| `([a-z-]+)`", readme, re.MULTILINE))


def test_the_widget_never_writes_markup() -> None:
    script = widget_script()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage"):
        assert sink not in script
