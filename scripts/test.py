"""Runs every check and test in order and says at the end what failed. `test.py NAME …` runs only those."""

import os
import subprocess
import sys
import time

from setup import BACKEND, E2E, FRONTEND, PYTHON, ROOT, VENV, fail, node_environment

BIN = VENV / "bin"
CORES = os.cpu_count() or 2
PYTEST = [str(PYTHON), "-m", "pytest", "--dist", "worksteal", "--durations", "15", "--durations-min", "5"]
WORKERS = ["-n", str(2 * CORES)]
"""Twice as many as there are cores: almost half of the time is spent waiting for others."""
UNIT = ["tests/db", "tests/features", "tests/realtime", "tests/replays", "tests/rules"]
"""The unit part, embedded only, takes a good minute on two cores.

Every other folder takes longer, among them the tests that start decoders (`tests/media`), and so do the same tests on
the scaled wiring.
"""
LINTED = [".", "../scripts", "../bench"]
STEPS = {
    "lint": ([str(BIN / "ruff"), "check", *LINTED], BACKEND),
    "format": ([str(BIN / "ruff"), "format", "--check", *LINTED], BACKEND),
    "types": ([str(BIN / "mypy")], BACKEND),
    "imports": ([str(BIN / "lint-imports")], BACKEND),
    "backend-unit": ([*PYTEST, *WORKERS, "-m", "not scaled", *UNIT], BACKEND),
    "backend-scaled": ([*PYTEST, *WORKERS, "-m", "scaled"], BACKEND),
    "backend-faults": ([*PYTEST, *WORKERS, "-m", "not scaled", *(f"--ignore={folder}" for folder in UNIT)], BACKEND),
    "contract": ([str(PYTHON), str(ROOT / "scripts" / "contract.py"), "--check"], ROOT),
    "client-check": (["npm", "run", "--silent", "check"], FRONTEND),
    "client-test": (["npm", "run", "--silent", "test"], FRONTEND),
    "journeys": (["npm", "run", "--silent", "test"], E2E),
    "stack": ([str(PYTHON), str(ROOT / "scripts" / "stack.py"), "journeys"], ROOT),
    "images": ([str(PYTHON), str(ROOT / "scripts" / "images.py")], ROOT),
}
APART = {"stack", "images"}
"""Steps that run only by name."""


def main() -> None:
    """Runs the named steps, or all but those that run only by name; exits with 1 when one failed."""
    asked = sys.argv[1:] or [name for name in STEPS if name not in APART]
    if unknown := set(asked) - STEPS.keys():
        fail(f"there is no step {', '.join(sorted(unknown))}. There are {', '.join(STEPS)}.")
    env = node_environment() | {"CI": "true"}
    # Where it is set, each of the hundreds of processes would compile the whole program and its tests anew.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    failed = []
    for name in asked:
        command, folder = STEPS[name]
        print(f"\n── {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(command, cwd=folder, env=env, check=False).returncode:
            failed.append(name)
        print(f"── {name}: {'FAILED' if name in failed else 'passed'}, {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"\nFailed: {', '.join(failed)}. Run one alone: .venv/bin/python scripts/test.py {failed[0]}")
        sys.exit(1)
    print("\nEverything passed.")


if __name__ == "__main__":
    main()
