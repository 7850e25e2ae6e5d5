"""Compares the codes of `docs/guarantees.md` with those that code and documents name."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = "docs/guarantees.md"
CODE = re.compile(r"\b[RI][1-9][0-9]?\b")
NAMED_IN = ("*.py", "*.md", "*.ts", "*.tsx", "*.sh")


def promised(page: str) -> set[str]:
    """Returns the codes of the tables."""
    return set(re.findall(r"^\| ([RI][0-9]+) \|", page, re.MULTILINE))


def named(texts: Iterable[str]) -> set[str]:
    """Returns the codes that texts name."""
    return {code for text in texts for code in CODE.findall(text)}


def _texts(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    aside = {PAGE, str(Path(__file__).relative_to(ROOT))}
    return [(ROOT / name).read_text() for name in listed.stdout.splitlines() if name not in aside]


def test_every_code_is_promised_and_every_promise_is_named() -> None:
    page = (ROOT / PAGE).read_text()
    assert promised(page) == {*(f"R{n}" for n in range(1, 17)), *(f"I{n}" for n in range(1, 20))}
    assert named([page]) <= promised(page)
    assert named(_texts(*NAMED_IN)) == promised(page)


def test_rules_are_named_where_they_are_kept() -> None:
    rules = {code for code in promised((ROOT / PAGE).read_text()) if code.startswith("R")}
    assert rules <= named(_texts("backend/messenger/*.py"))


def test_a_planted_code_is_found() -> None:
    assert named(["a lost reply (R17), and I1"]) == {"R17", "I1"}
    assert promised("| R1 | words |\n| I2 | name | words |\nR3\n") == {"R1", "I2"}
