"""The one place where a module is loaded when it is asked for: what no setting chooses takes neither memory nor time.

A client of Redis, Celery, a client of object stores and Alembic are a quarter of the memory of an embedded server.
"""

from pkgutil import resolve_name
from typing import Any


def resolve(name: str) -> Any:
    """What `module:name` names, loaded now. Raises `ModuleNotFoundError`."""
    return resolve_name(name)
