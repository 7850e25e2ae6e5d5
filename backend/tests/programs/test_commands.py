"""Tests that the commands in documents for developers work."""

import subprocess

import pytest

from tests.rules.test_documents import BY_CI, ROOT, commands


@pytest.mark.parametrize("command", [one for one in commands("docs/development.md") if one not in BY_CI])
def test_commands_for_developers_work(command: str) -> None:
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
