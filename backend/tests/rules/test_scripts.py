"""Tests that the scripts behind `make` say in one sentence what is wrong and what to do."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[3] / "scripts"
OLD = "import runpy, sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (old)'; sys.argv = ['setup.py', 'run']; "


def _refused(*command: str | Path, folder: Path = SCRIPTS) -> str:
    """Returns the last words of a script that gives up."""
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_an_old_python_is_named() -> None:
    source = (SCRIPTS / "setup.py").read_text()
    ast.parse(source, feature_version=(3, 8))
    assert "from __future__ import annotations" in source, "today's annotations would stop an older Python first"
    said = _refused("-c", OLD + "runpy.run_path('setup.py', run_name='__main__')")
    assert said == "setup: Python 3.11 or newer is needed, this is 3.9.2."


def test_a_step_that_is_none_is_named() -> None:
    assert _refused("test.py", "tea").startswith("test: there is no step tea. There are lint,")
    assert "nothing to prepare for “tea”" in _refused("setup.py", "tea")


def test_a_step_that_fails_says_how_to_go_on(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".venv").write_text("in the way")
    said = _refused(tmp_path / "scripts" / "setup.py", "run")
    assert "run the same command again" in said.splitlines()[0]


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".venv").symlink_to(SCRIPTS.parent / ".venv")
    said = _refused(tmp_path / "scripts" / "setup.py", "run")
    assert "pyproject.toml cannot be used" in said
