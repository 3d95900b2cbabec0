"""flows → warehouse → transforms.schema; flows → transforms; nothing points back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "transforms": {
        "flows",
        "warehouse",
        "prefect",
        "duckdb",
        "pathlib",
        "os",
        "time",
        "random",
        "shutil",
        "tempfile",
    },
    "warehouse": {"flows", "prefect"},
    "flows": set(),
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", sorted(p for top in FORBIDDEN for p in (ROOT / top).rglob("*.py")), ids=str)
def test_imports_point_one_way(path: Path) -> None:
    top = path.relative_to(ROOT).parts[0]
    found = imports(path)
    if (
        path == ROOT / "transforms" / "__init__.py"
    ):  # the front door: one call that needs the seed tables read
        found -= {"flows.versions"}
    assert not {name.split(".")[0] for name in found} & FORBIDDEN[top]
    if top == "warehouse":
        assert {n for n in found if n.startswith("transforms")} <= {"transforms.schema"}
    if top == "transforms":
        assert not re.search(r"(?<![.\w])open\(", path.read_text(encoding="utf-8"))


def test_only_the_flow_files_know_prefect() -> None:
    knowing = {
        p.name for p in (ROOT / "flows").rglob("*.py") if any(n.startswith("prefect") for n in imports(p))
    }
    assert knowing == {"build.py", "make.py"}


def loaded(path: Path) -> set[str]:
    """What a module imports when it is loaded: not what its functions import, nor what types alone need."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_no_module_needs_itself() -> None:
    """Modules that load each other work in one order and fail in another."""
    files = {p.relative_to(ROOT).with_suffix(""): p for top in FORBIDDEN for p in (ROOT / top).rglob("*.py")}
    names = {".".join(f.parts).removesuffix(".__init__"): p for f, p in files.items()}
    needs = {name: loaded(path) & names.keys() for name, path in names.items()}
    while free := {name for name, needed in needs.items() if not needed}:
        needs = {name: needed - free for name, needed in needs.items() if name not in free}
    assert not needs
