"""Tests that names use the words of `docs/glossary.md`, and none that it forbids."""

import ast
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
PACKAGE, CLIENT = "backend/messenger/", "frontend/src/"
DECLARED = re.compile(
    r"\b(?:const|let|function|class|interface|type|enum)\s+(\w+)"  # a declaration
    r"|^\s+(?:readonly |private |async )*(\w+)\??\s*[:(]"  # a field or a method
    r"|[({,]\s*(\w+)\??\s*:",  # an argument or a property
    re.MULTILINE,
)


def _rows(heading: str) -> list[list[str]]:
    part = GLOSSARY.partition(heading)[2].partition("\n\n")[2]
    lines = part.partition("\n\n")[0].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def forbidden() -> tuple[set[str], set[str]]:
    """Returns the words that may be no part of a name, and the words that may not be the whole of it."""
    parts: set[str] = set()
    wholes: set[str] = set()
    for _, avoided, _ in _rows("“Reserved” words"):
        for word in re.split(r", (?![^(]*\))", avoided):
            plain, _, note = word.partition(" (")
            if not note.startswith("reserved"):
                (wholes if note else parts).add(plain)
    return parts, wholes


ALLOWED = {name for row in _rows("## Names that are something else") for name in re.findall(r"`(\w+)`", row[0])}


def words(name: str) -> list[str]:
    """Returns the words of a name in any spelling, in the singular: `ChatRooms` is `chat room`."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return [word.lower().removesuffix("s") for word in found]


def wrong(names: Iterable[str]) -> set[str]:
    """Returns the names with a forbidden word."""
    parts, wholes = forbidden()
    found = set()
    for name in set(names) - ALLOWED:
        said = f" {' '.join(words(name))} "
        if any(f" {part.removesuffix('s')} " in said for part in parts) or name.strip("_").lower() in wholes:
            found.add(name)
    return found


def python_names(source: str) -> Iterator[str]:
    """Yields the names that a module of Python declares."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def typescript_names(source: str) -> Iterator[str]:
    """Yields the names that a module of TypeScript declares."""
    without_comments = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.DOTALL)
    for found in DECLARED.finditer(without_comments):
        yield next(name for name in found.groups() if name)


def wire_names(name: str) -> Iterator[str]:
    """Yields the addresses, frames, shapes and fields of `openapi.json` or `frames.json`."""
    document = json.loads((ROOT / name).read_text())
    for path in document.get("paths", {}):
        yield from re.findall(r"\w+", path)
    for kind in ("client", "server", "events"):
        for frame in document.get(kind, {}):
            yield from frame.split(".")
    for shape, schema in document["components"]["schemas"].items():
        yield shape
        yield from schema.get("properties", {})


def _sources() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", PACKAGE, CLIENT], cwd=ROOT, capture_output=True, text=True, check=True)
    named = [ROOT / name for name in listed.stdout.splitlines() if "/locales/" not in name and ".gen." not in name]
    return [path for path in named if path.suffix != ".gz"]  # a list of passwords has no names


def test_no_name_says_a_forbidden_word() -> None:
    found = {}
    for path in _sources():
        inside = path.relative_to(ROOT).parts[2:]
        names = [part.partition(".")[0] for part in inside]
        if path.suffix == ".py":
            names += python_names(path.read_text())
        elif path.suffix in (".ts", ".tsx"):
            names += typescript_names(path.read_text())
        if said := wrong(names):
            found[str(path.relative_to(ROOT))] = said
    assert found == {}


def test_the_wire_says_no_forbidden_word() -> None:
    for name in ("openapi.json", "frames.json"):
        assert wrong(wire_names(name)) == set(), name


def test_the_table_is_read_whole() -> None:
    parts, wholes = forbidden()
    assert {"room", "participant", "attachment", "generation", "temp id", "provider"} <= parts
    assert wholes == {"backend", "blob"}
    assert "Conversation" in ALLOWED


def test_plants_are_found() -> None:
    assert wrong(python_names("class ChatRooms:\n    nonce = 1\n")) == {"ChatRooms", "nonce"}
    assert wrong(python_names("def f(participant_id): self.temp_id = x\n")) == {"participant_id", "temp_id"}
    planted = "export const roomList = [];\nfunction f(tempId: string) { return { backend: 1 }; }\n"
    assert wrong(typescript_names(planted)) == {"roomList", "tempId", "backend"}
    assert wrong(["mushroom", "backends", "post_office_hours", "Conversation"]) == {"post_office_hours"}


def test_names_that_are_something_else_are_still_used() -> None:
    texts = [path.name + path.read_text() for path in _sources() if path.suffix != ".gz"]
    used = {word for text in texts for word in re.findall(r"\w+", text)}
    built = (ROOT / "frontend" / "scripts" / "finish.mjs").read_text()
    assert {name for name in ALLOWED if name not in used and name not in built} == set()
