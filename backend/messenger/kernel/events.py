"""Events, their addresses (topics) and their encoded bytes (envelopes)."""

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
    """Returns the topic of a chat."""
    return Topic("chat", chat_id)


def user(user_id: int) -> Topic:
    """Returns the topic of a user. All devices of that person hear it."""
    return Topic("user", user_id)


class Place(NamedTuple):
    """A place in a stream: the number of a change, and its seal (`kernel/signing.py`; empty where there is none)."""

    ev: int
    seal: str = ""


PROCESSES: Final = user(0)
"""The topic on which server processes talk to each other; no user has this id."""
CROWD: Final = 100
"""People. Where more than these hear a chat, small events about one person are not sent to each: typing, a new name."""
WORD: Final = "presence"
"""The type of an envelope between processes (`realtime/elsewhere.py`): it holds no frame."""


def parse_topic(text: str) -> Topic | None:
    """Returns the topic of its text form, or `None` when the text is no topic."""
    kind, _, number = text.partition(":")
    if not number.isdecimal() or len(number) > 16:
        return None
    if kind == "chat":
        return chat(int(number))
    return user(int(number)) if kind == "user" else None


@dataclass(frozen=True, slots=True, eq=False)
class Event(Generic[D]):
    """A kind of event: its past-tense name on the wire (empty: only listeners get it), the form of its data, and the
    kinds of stream it is numbered in. Each is made once, and is equal only to itself.
    """

    wire_name: str
    form: type[D]
    streams: tuple[Kind, ...] = ()


class Effect(NamedTuple):
    """The change of an audience that an event makes.

    On the stream of a chat: users in `joined` hear the chat from this event on, users in `left` no longer after it. On
    the stream of a user: `opens` is (chat id, change): the user has read the chat up to this change and hears the
    following ones. The sessions in `ends` have ended.
    """

    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


NO_EFFECT: Final = Effect()


class Envelope(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A finished frame with its address.

    `frame` is sent to all who hear the topic, byte for byte. The devices of user `author` get `author_frame` instead,
    which holds fields that only they may see (nothing is sent when it is empty). `joined`, `left`, `opens` and `ends`:
    see `Effect`. `ev` 0: a whisper, which is not in the journal; where more than `most` people of a process hear it, it
    is dropped (0: never).

    Processes of two versions share a bus while they are restarted: new fields come last and have a default.
    """

    kind: str
    id: int
    ev: int
    type: str
    frame: str
    author: int = 0
    author_frame: str = ""
    joined: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    most: int = 0

    @property
    def topic(self) -> Topic:
        """Returns the address as a topic."""
        return chat(self.id) if self.kind == "chat" else user(self.id)

    def frame_for(self, user_id: int) -> str:
        """Returns the frame that the devices of a user get; empty where they get none."""
        return self.author_frame if user_id == self.author else self.frame


def frame_text(type_: str, topic: Topic, place: Place, at: str, data: str) -> str:
    """Returns the frame of an event around its encoded data; `at` as `clock.text` writes it."""
    ev, seal = place
    return f'{{"type":"{type_}","topic":"{topic.kind}:{topic.id}","ev":{ev},"seal":"{seal}","at":"{at}","data":{data}}}'


def whisper_text(type_: str, topic: Topic, data: str) -> str:
    """Returns the frame of a whisper around its encoded data."""
    return f'{{"type":"{type_}","topic":"{topic.kind}:{topic.id}","data":{data}}}'


def type_of(frame: str) -> str:
    """Returns the type of a frame that `frame_text` made."""
    return frame[9 : frame.index('"', 9)]


def place_of(frame: str) -> str:
    """Returns the part of a frame that never changes: its type, topic, number and time."""
    return frame.partition(_DATA)[0]


def data_of(frame: str) -> str:
    """Returns the encoded data of a frame."""
    return frame.partition(_DATA)[2][:-1]


def with_data(frame: str, data: str) -> str:
    """Returns `frame` around other data."""
    return f"{place_of(frame)}{_DATA}{data}}}"


_DATA: Final = ',"data":'


def author_frame(frame: str, extra: str) -> str:
    """Returns `frame` with the fields `extra` (`"name":value,…`) appended to its data object."""
    return f"{frame[:-2]},{extra}}}}}"
