"""The plate of people."""

from messenger.doors.feature import Feature
from messenger.doors.platform import Platform
from messenger.features.people import models, routes, wire
from messenger.features.people.schemas import NAME_MAX


def limits(_: Platform) -> dict[str, int]:
    """Returns the limits of names."""
    return {"name_max_chars": NAME_MAX}


feature = Feature(
    "people",
    tables=models,
    rates=(routes.DIRECTORY,),
    routers=(routes.router,),
    events=(wire.UserChanged,),
    limits=limits,
)
