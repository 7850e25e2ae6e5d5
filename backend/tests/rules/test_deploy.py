"""Tests the composed deployment: valid by its schema, linted, and true to the settings and files that it names."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from topology import front
from topology.parts import all_parts
from topology.place import Place

from messenger.assembly.variables import Variables

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
    known = {name.upper() for name in Variables.model_fields}
    for name in ("backend", "celery", "migrate"):
        assert set(_compose()["services"][name]["environment"]) <= known


def _filled(text: str, values: dict[str, str]) -> str:
    """Fills in the names in braces as compose does. Raises `KeyError` for one that must be set and is not."""

    def value(found: re.Match[str]) -> str:
        name, how, other = found.groups()
        return values[name] if how == ":?" else values.get(name, other)

    return re.sub(r"\$\{(\w+)(:\?|:-)([^}]*)\}", value, text)


def test_nothing_starts_without_secrets_and_with_them_the_settings_fit() -> None:
    environment = {name: str(value) for name, value in _compose()["x-environment"].items()}
    secrets = dict.fromkeys(("SECRET_KEY", "POSTGRES_PASSWORD", "S3_SECRET_KEY"), "0123456789abcdef" * 4)
    for missing in secrets:
        with pytest.raises(KeyError, match=missing):
            [_filled(text, {k: v for k, v in secrets.items() if k != missing}) for text in environment.values()]
    filled = {name.lower(): _filled(value, secrets) for name, value in environment.items()}
    Variables(_env_file=None, **filled).check()  # type: ignore[arg-type]


def test_no_service_has_a_password_of_its_own() -> None:
    for name, service in _compose()["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", key):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), (name, key)


def test_env_writes_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".env").write_text("S3_SECRET_KEY=mine")
    for _ in range(2):
        subprocess.run([sys.executable, tmp_path / "scripts" / "env.py"], check=True, capture_output=True)
    written = dict(line.split("=") for line in (tmp_path / ".env").read_text().splitlines())
    needed = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert written.keys() == needed
    assert written["S3_SECRET_KEY"] == "mine"
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for name, value in written.items() if name != "S3_SECRET_KEY")


def test_every_service_is_started_again_and_watched() -> None:
    for name, service in _compose()["services"].items():
        assert "profiles" not in service, "docker compose up starts all"
        one_shot = name == "migrate"
        assert service["restart"] == ("on-failure" if one_shot else "unless-stopped"), name
        assert ("test" in service["healthcheck"]) is not one_shot, name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert re.fullmatch(r"\S+:(v?\d[\w.-]*|latest)", service["image"]), name
        assert service["image"].endswith(":latest") is ("build" in service), name
    assert _compose()["services"]["backend"]["deploy"]["replicas"] == 2


def test_volumes_are_named(tmp_path: Path) -> None:
    compose = _compose()
    used = {volume.partition(":")[0] for one in compose["services"].values() for volume in one.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_the_stack_is_the_same_without_containers(tmp_path: Path) -> None:
    place = Place.at(tmp_path)
    place.choose_ports()
    parts = [part.name for group in all_parts(place) for part in group]
    assert sorted(re.sub(r"-\d$", "", name) for name in parts) == sorted([*(SERVICES - {"migrate"}), "backend"])
    of_containers = {"FRONT_PROXY"}  # without them a proxy on this machine does come from 127.0.0.1
    assert set(place.settings()) == set(_compose()["x-environment"]) - of_containers | {"DATA_DIR"}
    for name, value in _compose()["x-environment"].items():
        if name.endswith("_URL") and not name.endswith("PUBLIC_URL"):
            scheme = re.sub(r"^\$\{\w+:-", "", value).partition(":")[0]
            assert place.settings()[name].startswith(f"{scheme}://"), name


def _set(dockerfile: str) -> dict[str, str]:
    """Returns the variables that the last stage of a Dockerfile sets."""
    last = dockerfile.rpartition("\nFROM ")[2].replace("\\\n", " ")
    return dict(
        pair.split("=", 1) for text in re.findall("^ENV (.+)$", last, re.MULTILINE) for pair in shlex.split(text)
    )


def test_the_fronts_file_is_whole_in_the_image_and_here(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "stack")
    place.choose_ports()
    names = set(re.findall(r"\$\{([A-Z_]+)\}", front.TEMPLATE.read_text()))
    image = _set((ROOT / "frontend" / "Dockerfile").read_text())
    own = image | {"NGINX_LOCAL_RESOLVERS": "127.0.0.11"}
    assert all(re.search(image["NGINX_ENVSUBST_FILTER"], name) for name in names)
    assert (
        names == set(front.values(place, tmp_path)) == {name for name in own if re.match("FRONT_|NGINX_LOCAL_", name)}
    )
    assert _accepts(front.filled(front.TEMPLATE.read_text(), own | {"FRONT_RUN": str(tmp_path)}), tmp_path)


def test_a_plant_in_the_fronts_file_is_found(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="FRONT_TEA"):
        front.filled("listen ${FRONT_TEA};", {})
    assert not _accepts("events {} http { server { listen; } }", tmp_path)


def _accepts(text: str, folder: Path) -> bool:
    """Returns whether nginx accepts a file."""
    (folder / "nginx.conf").write_text(text)
    command = [str(front.PROGRAM), "-t", "-q", "-p", str(folder), "-e", "/dev/null", "-c", str(folder / "nginx.conf")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_commands_of_compose_are_the_programs() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "messenger", "--help"], cwd=ROOT / "backend", capture_output=True, text=True, check=True
    ).stdout
    for name in ("backend", "celery", "migrate"):
        assert re.search(rf"^    {_compose()['services'][name]['command'][0]} ", said, re.MULTILINE), name


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_what_a_dockerfile_copies_exists(path: Path) -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", path.read_text(), re.MULTILINE)
    assert copied
    for source in " ".join(copied).split():
        assert (ROOT / source).exists(), source
        assert any(source.startswith(kept) for kept in re.findall(r"^!(.+)$", ignored, re.MULTILINE)), source


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.parent.name)
def test_dockerfiles_are_linted(path: Path) -> None:
    done = subprocess.run([str(BIN / "hadolint"), str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_linter_catches_a_plant(tmp_path: Path) -> None:
    planted = tmp_path / "Dockerfile"
    planted.write_text("FROM debian:latest\nRUN apt-get install curl\n")
    assert subprocess.run([str(BIN / "hadolint"), str(planted)], capture_output=True, check=False).returncode != 0


def test_no_image_runs_as_root_or_holds_what_it_does_not_need() -> None:
    backend = DOCKERFILES[0].read_text()
    last = backend.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert not re.search("^RUN .*(apt|pip|npm)", last, re.MULTILINE), "tools stay in the stages before"
    assert "nginx-unprivileged" in DOCKERFILES[1].read_text().rpartition("\nFROM ")[2]


def test_documents_tell_to_type_what_the_tests_do() -> None:
    makefile, told = (ROOT / "Makefile").read_text(), (ROOT / "docs" / "self-hosting.md").read_text()
    for target, command in {"stack": "up", "stack-status": "status", "stack-down": "down"}.items():
        assert re.search(rf"^{target}:.*\n\t@\S+ scripts/stack\.py {command}$", makefile, re.MULTILINE), target
        assert f"make {target}\n" in told, target
    assert re.search(r"^env:.*\n\t@\S+ scripts/env\.py$", makefile, re.MULTILINE)
    for document in (told, (ROOT / "README.md").read_text(), (ROOT / "README.ru.md").read_text()):
        assert "make env && docker compose up -d\n" in document
