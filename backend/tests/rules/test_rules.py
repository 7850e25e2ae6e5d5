"""House laws that the import linter cannot say, each with a plant that breaks it."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "backend" / "messenger"
MODULES = sorted(PACKAGE.rglob("*.py"))
OPEN_ROOMS = {"actions", "access", "wire", "schemas", "errors", "feature", "tokens"}


def private_imports(path: str, source: str) -> list[str]:
    """Imports of another house's private rooms."""
    house = re.search(r"features/(\w+)/", path)
    wrong = []
    for node in ast.walk(ast.parse(source)):
        parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if not house or parts[:2] != ["messenger", "features"] or len(parts) < 3 or parts[2] == house[1]:
            continue
        assert isinstance(node, ast.ImportFrom)
        rooms = parts[3:4] or [alias.name for alias in node.names]
        wrong += [f"{parts[2]}.{room}" for room in rooms if room not in OPEN_ROOMS]
    return wrong


def late_imports(source: str) -> list[int]:
    """Lines of imports inside functions or behind a typing guard."""
    tree = ast.parse(source)
    top = {id(node) for node in tree.body}
    return [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
    ]


def too_long(source: str) -> list[str]:
    """Functions above 50 and modules above 400 non-blank lines."""
    lines = source.splitlines()
    wrong = ["module"] if sum(bool(line.strip()) for line in lines) > 400 else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = lines[node.lineno - 1 : node.end_lineno]
            if sum(bool(line.strip()) for line in body) > 50:
                wrong.append(node.name)
    return wrong


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_keeps_the_laws(module: Path) -> None:
    source = module.read_text()
    name = str(module.relative_to(PACKAGE))
    assert private_imports(name, source) == []
    assert late_imports(source) == []
    assert too_long(source) == []
    if "commit(" in source:
        assert name in ("db/lanes.py", "../migrations/env.py")
    if ".publish(" in source:
        assert name in ("realtime/presence.py", "assembly/wiring.py")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)) or name.endswith("__init__.py"), "a module says what lives there"


def test_the_laws_catch_their_plants() -> None:
    plant = "from messenger.features.accounts import store\nfrom messenger.features.accounts.models import User\n"
    assert private_imports("features/chats/actions.py", plant) == ["accounts.store", "accounts.models"]
    assert late_imports("def f():\n    import os\n") == [2]
    assert too_long("def f():\n" + "    x = 1\n" * 60) == ["f"]


def test_folders_stay_small() -> None:
    for folder in {module.parent for module in MODULES}:
        assert len([one for one in folder.glob("*.py") if one.name != "__init__.py"]) <= 15, folder


def test_locks_name_no_address() -> None:
    for lock in (ROOT / "backend").glob("requirements*.lock"):
        assert "://" not in lock.read_text()
    for lock in ROOT.glob("*/package-lock.json"):
        assert '"resolved"' not in lock.read_text()


def test_make_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"`make ([a-z0-9-]+)", document.read_text()))
        assert named <= targets, (document.name, named - targets)
        for link in re.findall(r"\]\(((?!http|#|mailto)[^)#]+)", document.read_text()):
            assert (document.parent / link).exists(), (document.name, link)


def test_the_python_floor_is_one() -> None:
    project = tomllib.loads((ROOT / "backend" / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11"
