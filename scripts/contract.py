"""Writes all that is generated from the running code: contract, client types, variables; `--check` only compares."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setup import BACKEND, FRONTEND, PYTHON, ROOT, fail, node_environment

GENERATED = (
    "openapi.json",
    "frames.json",
    ".env.example",
    "docs/configuration.md",
    "frontend/src/api/schema.gen.ts",
    "frontend/src/api/frames.gen.ts",
)


def main() -> None:
    """Writes the files; with `--check` restores all and fails when one differed."""
    check = "--check" in sys.argv
    kept = {name: (ROOT / name).read_bytes() for name in GENERATED if (ROOT / name).exists()}
    folder = Path(tempfile.mkdtemp())
    env = {**os.environ, "DATA_DIR": str(folder)}
    subprocess.run([PYTHON, "-m", "messenger", "contract", str(ROOT)], cwd=BACKEND, env=env, check=True)
    subprocess.run(["npm", "run", "--silent", "types"], cwd=FRONTEND, env=node_environment(), check=True)
    shutil.rmtree(folder)
    if not check:
        return
    differing = [name for name in GENERATED if kept.get(name) != (ROOT / name).read_bytes()]
    for name, data in kept.items():
        (ROOT / name).write_bytes(data)
    if differing:
        fail(f"{', '.join(differing)} differ from the code. Run `make contract` and commit what it writes.")


if __name__ == "__main__":
    main()
