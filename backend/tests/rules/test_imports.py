"""Tests the contracts of the import linter, each with a violation that it must name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[2]
LINTER = Path(sys.executable).parent / "lint-imports"

FLOORS = "The floors of the house"
STREET = "The order of the features"
ROOMS = "The rooms inside a feature"
DRIVERS = "Only the assembly, the process and the doctor see a driver"
SETTINGS = "Only the assembly, the process, the doctor and the entries read settings"
PURE = "No module below the doors knows HTTP or a driver library"
SQLLESS = "Kernel, sockets and plain drivers speak no SQL"

PLANTS = [
    (FLOORS, "kernel/clock.py", "import messenger.db.base"),
    (FLOORS, "attic/__init__.py", ""),
    (FLOORS, "web/system.py", "import messenger.assembly.features"),
    (FLOORS, "process/serve.py", "import messenger.assembly.app"),
    (FLOORS, "web/guard.py", "import messenger.process.serve"),
    (STREET, "features/sessions/tokens.py", "import messenger.features.chats.wire"),
    (ROOMS, "features/messages/store.py", "import messenger.features.messages.actions"),
    (ROOMS, "features/messages/cellar.py", ""),
    (DRIVERS, "features/messages/actions.py", "import messenger.adapters.bus.memory"),
    (SETTINGS, "realtime/hub.py", "import messenger.settings"),
    (PURE, "features/chats/store.py", "import fastapi"),
    (SQLLESS, "realtime/hub.py", "import sqlalchemy"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Returns the linter's report on the package in a folder."""
    return subprocess.run([LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Returns a copy of the package and its contracts, for planted violations."""
    shutil.copytree(BACKEND / "messenger", tmp_path / "messenger", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(BACKEND / ".importlinter", tmp_path)
    return tmp_path


def test_the_house_as_it_is_keeps_them(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "module", "line"), PLANTS)
def test_a_violation_is_named(house: Path, contract: str, module: str, line: str) -> None:
    planted = house / "messenger" / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text((planted.read_text() if planted.exists() else "") + f"\n{line}\n")
    done = lint(house)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout, done.stdout


def test_a_house_without_a_place_in_the_street_is_named(house: Path) -> None:
    features = house / "messenger" / "features"
    shutil.copytree(features / "receipts", features / "polls")
    assert f"{STREET} BROKEN" in lint(house).stdout
