"""Tests that the ground names no house: a house's own things reach it through the plate (`doors/feature.py`)."""

import ast
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from messenger.assembly.features import FEATURES, PLATES
from messenger.assembly.variables import SECTIONS
from messenger.doors import limits
from messenger.kernel.ports.limits import Bucket

PACKAGE: Final = Path(__file__).parents[2] / "messenger"
LIST: Final = PACKAGE / "assembly" / "features.py"
"""The one list of houses."""
GROUND: Final = sorted(
    module
    for module in PACKAGE.rglob("*.py")
    if module.relative_to(PACKAGE).parts[0] not in ("features", "doctor") and module != LIST
)

NOT_OF_A_HOUSE: Final = {
    "db/database.py": {"read"},  # a pool of connections
    "settings.py": {"files"},  # a folder
}


@cache
def texts() -> set[str]:
    """Returns the words that only a house may write: its name, rates, offers, events, jobs, verbs."""
    found: set[str] = set()
    for plate in FEATURES:
        found |= {plate.name, *(bucket.name for bucket in plate.rates), *plate.jobs, *plate.verbs, *plate.offers}
        found |= {event.wire_name for event in plate.events if event.wire_name}
    return found


@cache
def variables() -> set[str]:
    """Returns the variables that only a house may read."""
    return {name for plate in FEATURES if plate.settings for name in vars(plate.settings)["__annotations__"]}


def named(source: str) -> set[str]:
    """Returns the modules, whole texts and variables of houses that a module names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("messenger.features"):
            found.add(str(node.module))
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names if one.name.startswith("messenger.features")}
        elif isinstance(node, ast.Constant) and node.value in texts():
            found.add(str(node.value))
        elif isinstance(node, ast.Attribute | ast.keyword):
            said = node.attr if isinstance(node, ast.Attribute) else node.arg
            found |= {said} & variables() if said else set()
    return found


@pytest.mark.parametrize("module", GROUND, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_ground_names_no_house(module: Path) -> None:
    allowed = NOT_OF_A_HOUSE.get(str(module.relative_to(PACKAGE)), set())
    assert named(module.read_text()) - allowed == set()


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ("from messenger.features.sessions import access\n", "messenger.features.sessions"),
        ("import messenger.features.chats.actions\n", "messenger.features.chats.actions"),
        ("RATES = {'login': Rate(5, 1, 60)}\n", "login"),
        ("config = Config(edit_window=settings.edit_window)\n", "edit_window"),
        ("FEATURES = ('direct', 'group')\n", "direct"),
        ("if envelope.type == 'session.ended':\n    pass\n", "session.ended"),
        ("work = {'accounts.verify_letter': run}\n", "accounts.verify_letter"),
    ],
)
def test_a_name_on_the_ground_is_found(plant: str, said: str) -> None:
    assert said in named(plant)


def test_every_bucket_is_on_a_plate() -> None:
    """A bucket that a house uses without declaring it would be missing in the contract."""
    on_plates = {id(bucket) for plate in PLATES for bucket in plate.rates} | set(map(id, limits.SHARED))
    assert {one.name for one in made(Bucket) if id(one) not in on_plates} == set()


def made(form: type[Any]) -> list[Any]:
    """Returns the objects of a form that modules of the package hold."""
    modules = [module for name, module in sys.modules.items() if name.startswith("messenger.")]
    return [one for module in modules for one in vars(module).values() if isinstance(one, form)]


def test_no_two_sections_share_a_variable() -> None:
    names = [name for section in SECTIONS for name in vars(section)["__annotations__"] if not name.startswith("model_")]
    assert len(names) == len(set(names))
