"""Tests that a feature is its own folders and a line in each list of `docs/adding-a-feature.md`, with its example."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
DOCUMENT: Final = (ROOT / "docs" / "adding-a-feature.md").read_text()
EXAMPLE: Final = "reaction"
OWN: Final = (
    "backend/messenger/features/reactions/",
    "frontend/src/acts/reactions.ts",
    "frontend/src/content/reactions/",
    "frontend/src/store/reactions.ts",
    "frontend/src/sync/reactions.ts",
    "frontend/src/i18n/locales/en/reactions.ts",
    "frontend/src/i18n/locales/ru/reactions.ts",
)
LISTS: Final = {
    "backend/.importlinter": 1,
    "backend/messenger/assembly/features.py": 2,
    "backend/messenger/features/messages/wire.py": 1,
    "frontend/src/acts/all.ts": 2,
    "frontend/src/content/registry.tsx": 2,
    "frontend/src/i18n/locales/en/index.ts": 2,
    "frontend/src/i18n/locales/ru/index.ts": 2,
    "frontend/src/shell/dialogs.ts": 2,
    "frontend/src/store/apply.ts": 3,
    "frontend/src/sync/verbs.ts": 2,
}
"""Lines that name the house, imports included: in the lists of the server, its bit, and the lists of the client."""


def named_in(name: str, text: str) -> int:
    """Returns how many lines of a text name a house."""
    return sum(1 for line in text.splitlines() if re.search(name, line, re.IGNORECASE))


def sources() -> list[str]:
    """Returns the files of the program that are written by hand, without tests."""
    folders = ["backend/messenger", "backend/.importlinter", "frontend/src", "frontend/.dependency-cruiser.cjs"]
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if not re.search(r"\.gen\.ts$|\.test\.tsx?$|\.gz$", name)]


def test_the_example_touches_its_own_folders_and_the_lists() -> None:
    found = {
        name: count
        for name in sources()
        if not name.startswith(OWN) and (count := named_in(EXAMPLE, (ROOT / name).read_text()))
    }
    assert found.keys() == LISTS.keys()
    assert {name: count for name, count in found.items() if count > LISTS[name]} == {}


def test_the_example_has_every_folder_that_it_is_said_to_have() -> None:
    files = sources()
    assert [one for one in OWN if not any(name.startswith(one) for name in files)] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_document_names_every_list(name: str) -> None:
    assert f"`{re.sub('/(en|ru)/', '/{en,ru}/', name)}`" in DOCUMENT


@pytest.mark.parametrize("name", OWN)
def test_the_document_names_every_folder(name: str) -> None:
    assert f"`{re.sub('/(en|ru)/', '/{en,ru}/', name)}`" in DOCUMENT


def test_a_line_elsewhere_is_found() -> None:
    assert named_in(EXAMPLE, "from messenger.features.reactions import wire\nx = 1\nclass Reactions: ...\n") == 2
