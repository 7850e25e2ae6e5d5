"""The composed deployment: valid by its schema, linted, and true to the settings and files it names."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from messenger.settings import Settings

ROOT = Path(__file__).parents[3]
DOCKERFILES = [ROOT / "backend" / "Dockerfile", ROOT / "frontend" / "Dockerfile"]
SERVICES = {"backend", "celery", "db", "frontend", "mailhog", "migrate", "minio", "redis"}
BIN = Path(sys.executable).parent


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def _valid(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_compose_is_valid_and_complete() -> None:
    done = _valid(ROOT / "docker-compose.yml")
    assert done.returncode == 0, done.stdout
    assert set(_compose()["services"]) == SERVICES


def test_the_schema_catches_a_plant(tmp_path: Path) -> None:
    planted = tmp_path / "docker-compose.yml"
    planted.write_text("services:\n  db:\n    imagee: postgres\n")
    assert _valid(planted).returncode != 0


def test_compose_sets_variables_that_exist() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for name in ("backend", "celery", "migrate"):
        assert set(_compose()["services"][name]["environment"]) <= known


def test_no_service_has_a_password_of_its_own() -> None:
    for name, service in _compose()["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", key):
                assert re.fullmatch(r"\$\{\w+:(\?.+|-)\}", value), (name, key)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_what_a_dockerfile_copies_exists(path: Path) -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", path.read_text(), re.MULTILINE)
    assert copied
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
        assert any(source.startswith(kept) for kept in re.findall(r"^!(.+)$", ignored, re.MULTILINE)), source


@pytest.mark.skipif(not shutil.which("hadolint", path=str(BIN)), reason="the linter has no package for this machine")
@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_dockerfiles_are_linted(path: Path) -> None:
    done = subprocess.run([str(BIN / "hadolint"), str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
