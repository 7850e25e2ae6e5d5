"""What happened, for whom, and its bytes: events, topics, envelopes."""

from dataclasses import dataclass
from typing import Final, Generic, Literal, NamedTuple, TypeVar

import msgspec

Kind = Literal["chat", "user"]
D = TypeVar("D")


class Topic(NamedTuple):
    """The address of an envelope, which is also the name of a stream: `chat:ID` or `user:ID`."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def chat(chat_id: int) -> Topic:
    """The topic of a chat."""
    return Topic("chat", chat_id)


def user(user_id: int) -> Topic:
    """The topic of a user, heard by all devices of that person."""
    return Topic("user", user_id)


class Place(NamedTuple):
    """A place in a stream: the number of a change, and its seal (`kernel/signing.py`; empty where there is none)."""

    ev: int
    seal: str = ""


PROCESSES: Final = user(0)
"""Where server processes talk to each other; no user has this id."""
CROWD: Final = 100
"""People. Where more hear, each is not told of every small thing about one of them: who types, who has another name."""
WORD: Final = "presence"
"""The type of an envelope in which a process speaks to the others (`realtime/elsewhere.py`): it holds no frame."""


def parse_topic(text: str) -> Topic | None:
    """The topic of its text form, or `None` when the text is no topic."""
    kind, _, number = text.partition(":")
    if not number.isdecimal() or len(number) > 16:
        return None
    if kind == "chat":
        return chat(int(number))
    return user(int(number)) if kind == "user" else None


@dataclass(frozen=True, slots=True, eq=False)
class Event(Generic[D]):
    """A kind of fact: its past-tense name on the wire (empty: only listeners hear of it), its data's form, and
    the kinds of stream it is numbered in. Each is made once, and only equal to itself."""

    wire_name: str
    form: type[D]
    streams: tuple[Kind, ...] = ()


class Effect(NamedTuple):
    """What an event changes about who hears what.

    On the stream of a chat: users in `joined` hear it from this event on, users in `left` no longer after it. On the stream
    of a user: `opens` is a chat and its change that the user has read up to, who hears what follows; the sessions in `ends`
    are over.
    """

    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


NO_EFFECT: Final = Effect()


class Envelope(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A finished frame with its address.

    `frame` is what everybody on the topic gets, byte for byte; the devices of user `owner` get `owner_frame`
    instead, which holds fields only they may see (nothing, when it is empty). `joined`, `left`, `opens` and `ends`: see
    `Effect`. `ev` 0: a whisper, not in the journal; where more than `most` people of a process hear, it is dropped (0: never).

    Processes of two versions share a bus while they are restarted: new fields come last and have a default.
    """

    kind: str
    id: int
    ev: int
    type: str
    frame: str
    owner: int = 0
    owner_frame: str = ""
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    most: int = 0

    @property
    def topic(self) -> Topic:
        """The address as a topic."""
        return chat(self.id) if self.kind == "chat" else user(self.id)

    def frame_for(self, user_id: int) -> str:
        """Returns the frame that the devices of a user get; empty where they get none."""
        return self.owner_frame if user_id == self.owner else self.frame


def frame_text(type_: str, topic: Topic, place: Place, at: str, data: str) -> str:
    """The frame of an event around its encoded data; `at` as `clock.text` writes it."""
    ev, seal = place
    return f'{{"type":"{type_}","topic":"{topic.kind}:{topic.id}","ev":{ev},"seal":"{seal}","at":"{at}","data":{data}}}'


def whisper_text(type_: str, topic: Topic, data: str) -> str:
    """The frame of a whisper around its encoded data."""
    return f'{{"type":"{type_}","topic":"{topic.kind}:{topic.id}","data":{data}}}'


def type_of(frame: str) -> str:
    """The type of a frame that `frame_text` made."""
    return frame[9 : frame.index('"', 9)]


def place_of(frame: str) -> str:
    """What never changes of a frame: its type, topic, number and time."""
    return frame.partition(_DATA)[0]


def data_of(frame: str) -> str:
    """The encoded data of a frame."""
    return frame.partition(_DATA)[2][:-1]


def with_data(frame: str, data: str) -> str:
    """`frame` around other data."""
    return f"{place_of(frame)}{_DATA}{data}}}"


_DATA: Final = ',"data":'


def owner_frame(frame: str, extra: str) -> str:
    """`frame` with the fields `extra` (`"name":value,…`) appended to its data object."""
    return f"{frame[:-2]},{extra}}}}}"
