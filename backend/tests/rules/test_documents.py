"""Tests that things that documents name exist, the other way round too, and that their commands work."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "backend" / "messenger"
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    ROOT / "bench" / "README.md",
    ROOT / "changes" / "README.md",
]
REFERRING = ("*.md", "*.py", "*.ts", "*.tsx", "*.css", "*.toml", "*.yml", "*.template", "Makefile")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
BY_CI = {"make setup", "make check"}
"""Commands that a test does not repeat: `make test`, which CI runs, does the first and all parts of the second."""


def folders(path: Path) -> set[str]:
    """Returns the folders that are part of the program."""
    return {one.name for one in path.iterdir() if one.is_dir() and not one.name.startswith(("__", "."))}


def row(name: str, text: str = ARCHITECTURE) -> set[str]:
    """Returns the code words in the second cell of the row of a table that begins with a name."""
    found = re.search(rf"^\| `{name}` \|(.+)\|$", text, re.MULTILINE)
    assert found, f"ARCHITECTURE.md has no row {name}"
    return set(re.findall(r"`(\w+)`", found[1]))


def first_cells(header: str, text: str = ARCHITECTURE) -> set[str]:
    """Returns the code words in the first cells of a table."""
    part = text.partition(header)[2].partition("\n\n")[0]
    return {word for cell in re.findall(r"^\|([^|]+)\|", part, re.MULTILINE) for word in re.findall(r"`(\w+)`", cell)}


def commands(document: str) -> list[str]:
    """Returns the commands in the blocks marked `sh` of a document."""
    blocks = re.findall(r"^```sh\n(.+?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def broken_links(document: Path, text: str) -> list[str]:
    """Returns the relative links of a document without a target."""
    links = re.findall(r"\]\(((?!http|#|mailto)[^)#\s]+)", text)
    return [link for link in links if not (document.parent / link).exists()]


def unknown_targets(text: str) -> set[str]:
    """Returns the targets of `make` that a text names and the Makefile lacks."""
    return set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", text, re.MULTILINE)) - TARGETS


def lost_references(path: Path, text: str) -> list[str]:
    """Returns the names of documents in a text that exist neither beside its file nor in the places of documents."""
    places = (path.parent, ROOT, ROOT / "docs", ROOT / "backend")
    names = re.findall(r"(?<![\w/*.-])\w[\w./-]*\.md\b", text)
    return [name for name in names if not any((place / name).exists() for place in places)]


def test_architecture_names_every_floor() -> None:
    modules = {one.stem for one in PACKAGE.glob("*.py")} - {"__init__"}
    assert first_cells("| floor |") == folders(PACKAGE) | modules


def test_architecture_names_every_house_and_port() -> None:
    assert row("features") == folders(PACKAGE / "features")
    ports = {one.stem for one in (PACKAGE / "kernel" / "ports").glob("*.py")} - {"__init__"}
    assert row("adapters") == folders(PACKAGE / "adapters") == ports == first_cells("| port |")
    for port in ports:
        drivers = {one.stem for one in (PACKAGE / "adapters" / port).glob("*.py")} - {"__init__"}
        written = ARCHITECTURE.partition("| port |")[2]
        assert row(port, written) == drivers, port
        assert (ROOT / "backend" / "tests" / "ports" / f"test_{port}.py").exists(), port


def test_architecture_names_every_floor_of_the_client() -> None:
    part = ARCHITECTURE.partition("## The client")[2].partition("Screens speak")[0]
    assert set(re.findall(r"`(\w+)`", part)) == folders(ROOT / "frontend" / "src")


def test_files_that_architecture_names_exist() -> None:
    for name in re.findall(r"`([\w./-]+/[\w.-]*|[\w./-]+/)`", ARCHITECTURE):
        places = (ROOT, ROOT / "backend", PACKAGE, PACKAGE / "features")
        assert any((place / name).exists() for place in places), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    assert unknown_targets(text) == set()
    assert broken_links(document, text) == []


def test_plants_in_documents_are_found() -> None:
    assert unknown_targets("`make teaa` or\nmake tea\n") == {"teaa", "tea"}
    assert broken_links(ROOT / "README.md", "[x](docs/nowhere.md) [y](README.md) [z](https://example.org)") == [
        "docs/nowhere.md"
    ]
    assert lost_references(ROOT / "README.md", "see docs/nowhere.md, 3, and SECURITY.md") == ["docs/nowhere.md"]


def test_help_names_every_target() -> None:
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[0] for line in said.splitlines()} == TARGETS
    assert set(re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[1].split()) == TARGETS  # type: ignore[index]


def test_commands_of_the_program_that_documents_name_exist() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "messenger", "--help"], cwd=ROOT / "backend", capture_output=True, text=True, check=True
    )
    known = set(re.findall(r"^    ([a-z-]+)(?: |$)", said.stdout, re.MULTILINE))
    named = {name for one in DOCUMENTS for name in re.findall(r"`web-messenger ([a-z-]+)", one.read_text())}
    assert "accept-rewind" in named
    assert named <= known


def test_ci_does_what_developers_are_told_to() -> None:
    assert set(commands("docs/development.md")) >= BY_CI
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
    steps = set(re.findall(r'^    "([\w-]+)":', (ROOT / "scripts" / "test.py").read_text(), re.MULTILINE))
    checked = re.search(r"^check:.*\n\t@\S+ scripts/test\.py (.+)$", MAKEFILE, re.MULTILINE)
    assert checked
    assert set(shlex.split(checked[1])) <= steps
    assert re.search(r"^test: setup", MAKEFILE, re.MULTILINE)


def test_decisions_are_numbered_and_found() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert page.read_text().startswith(f"# {int(page.name[:4])}. "), page.name


def test_references_lead_to_documents_of_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", *REFERRING], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = {ROOT / name for name in listed.stdout.splitlines()} - {Path(__file__)}
    found = {str(path.relative_to(ROOT)): lost_references(path, path.read_text()) for path in paths}
    assert found.pop("changes/README.md") == ["changes/NAME.md"], "a pattern"
    assert {name: lost for name, lost in found.items() if lost} == {}
