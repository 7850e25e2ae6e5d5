"""Writes the secrets of docker-compose.yml to .env: each that is missing, none that is there."""

import re
import secrets

from setup import ROOT

NAMES = ("SECRET_KEY", "POSTGRES_PASSWORD", "S3_SECRET_KEY")


def main() -> None:
    """Adds missing secrets and prints their names."""
    path = ROOT / ".env"
    if not path.exists():
        path.touch(mode=0o600)
    text = path.read_text()
    missing = [name for name in NAMES if not re.search(rf"^{name}=.", text, re.MULTILINE)]
    if text and not text.endswith("\n"):
        text += "\n"
    # Letters and digits only: two of them become parts of addresses.
    path.write_text(text + "".join(f"{name}={secrets.token_hex(32)}\n" for name in missing))
    print(f".env: wrote {', '.join(missing)}" if missing else ".env has every secret")


if __name__ == "__main__":
    main()
