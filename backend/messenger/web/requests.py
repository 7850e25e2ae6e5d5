"""Counts requests and measures how long they took, by door."""

from collections import Counter, defaultdict
from typing import Any, Final

from starlette.routing import Route
from starlette.types import Scope

from messenger.kernel.spread import Spread

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Requests:
    """Counts of one process. A door is named by its address with its parameters' names; a request without a door is
    `none`.

    `answered` counts by method, door and status; `took` measures by door (s).
    """

    def __init__(self) -> None:
        self.answered: Counter[tuple[str, str, int]] = Counter()
        self.took: defaultdict[str, Spread] = defaultdict(Spread)
        self._paths: dict[Any, str] = {}

    def note(self, scope: Scope, status: int, seconds: float) -> str:
        """Counts a request whose scope went through the router; returns its door."""
        method = scope["method"] if scope["method"] in METHODS else "other"
        door = self._door(scope)
        self.answered[method, door, status] += 1
        self.took[door].add(seconds)
        return door

    def _door(self, scope: Scope) -> str:
        route = scope.get("route")  # FastAPI sets it, Starlette sets only the called function
        if route is not None:
            return str(route.path_format)
        endpoint = scope.get("endpoint")
        if endpoint is None:
            return "none"
        if not self._paths:
            self._paths = {one.endpoint: one.path_format for one in scope["app"].routes if isinstance(one, Route)}
        return self._paths.get(endpoint, "none")
