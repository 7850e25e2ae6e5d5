"""Tests the plain words of `CONTRIBUTING.md`: docstrings, comments, documents and the forms of decisions."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = ("backend/messenger", "backend/migrations", "backend/tests", "bench", "scripts")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
LINE_MAX = 120
RIDDLE = re.compile(r"\b(?:whoever|nobody|somebody|anybody|(?:is|are|was|were) told|stands|lies)\b", re.IGNORECASE)
BEGINNING = re.compile(r"[A-Z][a-z]+s\b")
"""A verb in the third person: “Returns”."""
STATUS = re.compile(r"\d{4}-\d{2}-\d{2}, (?:accepted|superseded by )[^\n]*\.")


def documents() -> Iterator[Path]:
    """Yields the documents that these rules reach. The journal is Russian."""
    yield from (path for path in ROOT.glob("*.md") if path.name != "BACKEND.md")
    yield ROOT / "bench" / "README.md"
    for folder in ("docs", "changes"):
        yield from (ROOT / folder).rglob("*.md")


def without_verb(source: str) -> list[str]:
    """Returns the functions of a module whose docstring does not begin with a verb.

    The docstring of a test may be the statement that it checks.
    """
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    explained = {one.name: text for one in functions if (text := ast.get_docstring(one))}
    return [name for name, text in explained.items() if not name.startswith("test_") and not BEGINNING.match(text)]


@cache
def prose(source: str) -> dict[int, str]:
    """Returns the lines of docstrings, and the comments, by line number."""
    lines = source.splitlines()
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found |= {number: lines[number - 1] for number in range(node.lineno, (node.end_lineno or 0) + 1)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found[token.start[0]] = token.string if token.line[: token.start[1]].strip() else token.line.rstrip()
    return found


def long_prose(source: str) -> list[int]:
    """Returns the lines of docstrings and of whole-line comments that are too long."""
    return sorted(number for number, line in prose(source).items() if len(line) > LINE_MAX)


def riddles(path: Path) -> list[str]:
    """Returns the riddles of a document, of a module of the server, or of the docstrings and comments of a test."""
    text = path.read_text()
    if path.suffix == ".py" and not path.is_relative_to(ROOT / "backend" / "messenger"):
        text = "\n".join(prose(text).values())
    return RIDDLE.findall(text)


def long_lines(text: str) -> list[str]:
    """Returns the lines of a document that are too long, except in tables, blocks of code and single long words."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in prose.splitlines() if len(line) > LINE_MAX and not line.startswith(("|", "<", "!["))]
    return [line for line in lines if len(re.sub(r"`[^`]+`|\[[^\]]*\]\([^)]*\)", "_", line)) > LINE_MAX // 2]


def malformed(decision: str) -> bool:
    """Returns whether a decision lacks its number and title, or the line with its date and status."""
    title, _, body = decision.partition("\n\n")
    return not re.fullmatch(r"# \d+\. [^\n]+", title) or not STATUS.match(body)


def _named(found: dict[Path, list[str]] | dict[Path, list[int]]) -> dict[str, object]:
    return {str(path.relative_to(ROOT)): faults for path, faults in found.items() if faults}


def test_docstrings_begin_with_a_verb() -> None:
    assert _named({path: without_verb(path.read_text()) for path in MODULES}) == {}


def test_no_text_is_a_riddle() -> None:
    found = _named({path: riddles(path) for path in [*MODULES, *documents()]})
    assert found.pop("CONTRIBUTING.md"), "it lists them"
    assert found == {}


def test_lines_of_prose_are_short() -> None:
    assert _named({path: long_prose(path.read_text()) for path in MODULES}) == {}
    assert _named({path: long_lines(path.read_text()) for path in documents()}) == {}


def test_decisions_have_a_title_a_date_and_a_status() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name for path in decisions if malformed(path.read_text())] == []


def test_plants_are_found() -> None:
    assert without_verb('def f():\n    """The count."""\ndef g():\n    """Returns the count."""\n') == ["f"]
    assert without_verb('def test_it():\n    """A count is kept."""\n') == []
    assert RIDDLE.findall("Whoever is told what stands here; a teller understands.") == ["Whoever", "is told", "stands"]
    assert long_prose(f'"""{"word " * 30}"""\n') == [1]
    assert prose('x = "told"  # why\n') == {1: "# why"}
    assert long_prose(f"x = 1\n# {'word ' * 30}\n") == [2]
    assert len(long_lines(f"{'word ' * 30}\n| {'word ' * 30}|\n```\n{'word ' * 30}\n```\n`{'word ' * 30}`\n")) == 1
    assert malformed("# 7. Title\n\nIn short.\n")
    assert malformed("# Title\n\n2026-11-27, accepted.\n")
    assert not malformed("# 7. Title\n\n2026-11-27, accepted; replaces 0003.\n")
