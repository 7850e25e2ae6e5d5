"""Loads modules on demand, and is the only place that does: an unused module takes neither memory nor time.

A client of Redis, Celery, a client of object stores and Alembic are a quarter of the memory of an embedded server.
"""

from pkgutil import resolve_name
from typing import Any


def resolve(name: str) -> Any:
    """Returns the object named by `module:name`, loaded now. Raises `ModuleNotFoundError`."""
    return resolve_name(name)
