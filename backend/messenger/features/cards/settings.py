"""The variable of link cards."""

from typing import Literal

from pydantic import Field

from messenger.doors.section import Section

Mode = Literal["on", "click", "off"]


class CardSettings(Section):
    """Whether the server shows previews of pages to which messages link."""

    cards: Mode = Field(
        "on",
        description="Previews of links, which the server fetches. on: of each message. click: when a member asks for one. off: never.",
    )
