"""Runs Alembic's steps; loaded only where there is one to run."""

from alembic import command
from alembic.config import Config

from messenger.assembly.migrate import MIGRATIONS


def configured(url: str) -> Config:
    """Returns Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def take(url: str) -> None:
    """Runs every step to the newest revision."""
    command.upgrade(configured(url), "head")
