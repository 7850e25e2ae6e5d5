"""The application: doors, gateway, client, all from one platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

import messenger
from messenger.assembly import contract
from messenger.assembly.features import FEATURES, PLATES, gate
from messenger.assembly.wiring import opened, origins_of
from messenger.db.crew.crew import Crew
from messenger.kernel.address import Proxies
from messenger.kernel.origin import Origins
from messenger.kernel.ports.socket import Entrance
from messenger.process import folder
from messenger.process.watch import metrics, traces
from messenger.process.watch.metrics import Parts
from messenger.realtime.gateway import Gateway
from messenger.realtime.longpoll import LongPoll
from messenger.settings import Settings
from messenger.web import client, manifest, system
from messenger.web.arrival import Arrival, Shortcut
from messenger.web.client import Readers
from messenger.web.health import Health
from messenger.web.http import Wrap, add_error_handlers
from messenger.web.manifest import Manifest
from messenger.web.origins import Hosts, OtherClients
from messenger.web.requests import Requests


class Entry:
    """Gives the socket driver its session factory once the application has started."""

    gateway: Gateway | None = None

    def __init__(self, proxies: Proxies, origins: Origins) -> None:
        self._proxies, self._origins = proxies, origins

    def entrance(self) -> Entrance:
        """Returns the entrance for the driver. Sockets that come before the start are a mistake of the server."""

        def make_session() -> Any:
            assert self.gateway is not None
            return self.gateway.session()

        return Entrance(make_session, self._proxies, self._origins)


def create_app(settings: Settings, crew: Crew | None = None) -> FastAPI:
    """Returns the application of one process, also of a crew: it opens all at the start and closes all at the stop."""
    requests, long_poll = Requests(), LongPoll()
    hot = [*(door for feature in FEATURES for door in feature.hot), *long_poll.hot()]
    doors = [door.route() for door in hot]
    proxies, origins = Proxies(settings.trusted_proxies), origins_of(settings)
    entry = Entry(proxies, origins)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, crew=crew) as platform:
            app.state.platform = platform
            app.state.health = Health(platform, folder.written(settings))
            gateway = Gateway(platform, FEATURES)
            gateway.start()
            long_poll.take(gateway.shared)
            entry.gateway = gateway
            async with traces.sent(settings), metrics.shown(settings, Parts(platform, gateway.shared, requests)):
                yield
            await gateway.close()

    app = FastAPI(
        title="web-messenger",
        version=messenger.__version__,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Arrival, proxies=proxies),
            Middleware(Wrap, requests=requests, is_https=settings.address.startswith("https:")),
            Middleware(Hosts, origins=origins),
            *([Middleware(OtherClients, origins=origins)] if settings.cors_origins else []),
            Middleware(Shortcut, doors=doors),
        ],
        separate_input_output_schemas=False,
        redirect_slashes=False,  # it would send people to whatever host the request names
    )
    _add_doors(app, doors)
    contract.describe(app, hot)
    app.state.entry = entry
    return app


def _add_doors(app: FastAPI, hot: list[Route]) -> None:
    add_error_handlers(app)
    app.router.routes.extend(hot)  # for the methods that their addresses do not have; `Shortcut` takes the others
    # Not by `include_router`, which builds every route anew for each application, at its first request.
    app.router.routes.extend(system.router_of(PLATES).routes)
    for feature in FEATURES:
        for router in feature.routers:
            app.router.routes.extend(router.routes)
    app.add_route(manifest.PATH, Manifest(system.facts_of(PLATES)).answer, methods=["GET"], include_in_schema=False)
    client.add_doors(app, Readers(gate().is_signed_in))
