"""Tests rules of houses that the import linter cannot express, each with a plant that breaks it."""

import ast
import pkgutil
import re
import tomllib
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "backend" / "messenger"
MODULES = sorted(PACKAGE.rglob("*.py"))
OPEN_ROOMS = {"actions", "access", "wire", "schemas", "errors", "feature", "tokens", "settings", "making"}
COMMITTERS = {"db/lanes.py"}
PUBLISHERS = {"realtime/presence.py", "assembly/wiring.py"}
"""Modules that give envelopes to the bus: ephemeral ones, and committed ones."""
WRITER = "features/messages/writing.py"
"""The one module that writes messages and emits that they were created."""
LOADER = "process/loading.py"
"""The one module that imports by name."""
MODULE_MAX, FUNCTION_MAX, SQL_MAX, FOLDER_MAX = 400, 40, 50, 15


@lru_cache(maxsize=2)
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Returns the nodes of a module, the module first; each rule asks for them anew."""
    return tuple(ast.walk(ast.parse(source)))


def private_imports(path: str, source: str) -> list[str]:
    """Returns the imports of another house's private rooms."""
    house = re.search(r"features/(\w+)/", path)
    wrong = []
    for node in nodes_of(source):
        parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if not house or parts[:2] != ["messenger", "features"] or len(parts) < 3 or parts[2] == house[1]:
            continue
        assert isinstance(node, ast.ImportFrom)
        rooms = parts[3:4] or [alias.name for alias in node.names]
        wrong += [f"{parts[2]}.{room}" for room in rooms if room not in OPEN_ROOMS]
    return wrong


def late_imports(source: str) -> list[int]:
    """Returns the lines of imports inside functions or behind a typing guard."""
    module, *inner = nodes_of(source)
    assert isinstance(module, ast.Module)
    top = {id(node) for node in module.body}
    return [node.lineno for node in inner if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top]


def by_name(source: str) -> set[str]:
    """Returns the names by which a module imports modules dynamically."""
    names = {getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))) for node in nodes_of(source)}
    return names & {"resolve_name", "import_module", "__import__"}


def loaded(source: str) -> set[str]:
    """Returns the modules that a module asks the loader for."""
    nodes = [node for node in nodes_of(source) if isinstance(node, ast.Call)]
    asked = [
        node.args[0] for node in nodes if isinstance(node.func, ast.Name) and node.func.id == "resolve" and node.args
    ]
    return {str(one.value) if isinstance(one, ast.Constant) else ast.unparse(one) for one in asked}


def too_long(path: str, source: str) -> list[str]:
    """Returns functions and modules with too many non-blank lines; with SQL a function may have a few more."""
    lines = source.splitlines()
    wrong = ["module"] if sum(bool(line.strip()) for line in lines) > MODULE_MAX else []
    most = SQL_MAX if path.endswith("/store.py") or path.startswith("db/") else FUNCTION_MAX
    for node in nodes_of(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = lines[node.lineno - 1 : node.end_lineno]
            if sum(bool(line.strip()) for line in body) > most:
                wrong.append(node.name)
    return wrong


def calls(source: str) -> set[str]:
    """Returns the names of the methods that a module calls."""
    nodes = (node.func for node in nodes_of(source) if isinstance(node, ast.Call))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def misplaced(path: str, source: str) -> list[str]:
    """Returns commits, publications and new messages outside the one place that may do them."""
    found = calls(source)
    wrong = ["commit"] if "commit" in found and path not in COMMITTERS else []
    wrong += ["publish"] if "publish" in found and path not in PUBLISHERS else []
    return wrong + (["emit(MessageCreated"] if "emit(MessageCreated" in source and path != WRITER else [])


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_keeps_the_laws(module: Path) -> None:
    source = module.read_text()
    path = str(module.relative_to(PACKAGE))
    assert private_imports(path, source) == []
    assert late_imports(source) == []
    assert not by_name(source) or path == LOADER
    assert not loaded(source) or path.startswith(("assembly/", "process/", "__main__"))
    for name in loaded(source):
        assert name.startswith("messenger.")
        assert callable(pkgutil.resolve_name(name)), "written out, so that it is found and checked"
    assert too_long(path, source) == []
    assert misplaced(path, source) == []
    if source.strip():
        assert ast.get_docstring(ast.parse(source)) or path.endswith("__init__.py"), "a module says what it contains"


def test_the_laws_catch_their_plants() -> None:
    plant = "from messenger.features.sessions import store\nfrom messenger.features.sessions.models import Session\n"
    assert private_imports("features/chats/actions.py", plant) == ["sessions.store", "sessions.models"]
    assert late_imports("def f():\n    import os\n") == [2]
    assert by_name("from pkgutil import resolve_name\n") == {"resolve_name"}
    assert by_name("def f():\n    return importlib.import_module('x')\n") == {"import_module"}
    assert loaded("resolve('a:b')\nresolve(name)\n") == {"a:b", "name"}
    assert too_long("features/chats/actions.py", "def f():\n" + "    x = 1\n" * 40) == ["f"]
    assert too_long("features/chats/store.py", "def f():\n" + "    x = 1\n" * 50) == ["f"]
    assert too_long("features/chats/store.py", "def f():\n" + "    x = 1\n" * 49) == []
    assert too_long("kernel/ids.py", "x = 1\n" * 401) == ["module"]
    assert misplaced("features/chats/store.py", "def f(tx):\n    tx.connection.commit()\n") == ["commit"]
    assert misplaced("features/chats/actions.py", "def f(bus, e):\n    bus.publish([e])\n") == ["publish"]
    assert misplaced("db/lanes.py", "conn.commit()\n") == []
    assert misplaced("features/polls/actions.py", "tx.emit(MessageCreated, view)\n") == ["emit(MessageCreated"]


def test_modules_that_may_commit_or_publish_do() -> None:
    """An exception that is no longer used would permit violations that are never noticed."""
    for paths, verb in ((COMMITTERS, "commit"), (PUBLISHERS, "publish")):
        for path in paths:
            assert verb in calls((PACKAGE / path).read_text()), path


def test_folders_stay_small() -> None:
    for folder in {module.parent for module in MODULES}:
        assert len([one for one in folder.glob("*.py") if one.name != "__init__.py"]) <= FOLDER_MAX, folder


def test_locks_name_no_address() -> None:
    for lock in (ROOT / "backend").glob("requirements*.lock"):
        assert "://" not in lock.read_text()
    for lock in ROOT.glob("*/package-lock.json"):
        assert '"resolved"' not in lock.read_text()


def test_the_python_floor_is_one() -> None:
    project = tomllib.loads((ROOT / "backend" / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11"
