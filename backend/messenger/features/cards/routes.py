"""The HTTP doors of link cards."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from messenger.doors.deps import NUMBER_MAX, Changing, Db, Platform, Reading, Seen
from messenger.doors.reply import answers, done
from messenger.features.cards import actions, policy, views
from messenger.features.cards.errors import CardForbidden, CardNotFound, CardsOff
from messenger.features.cards.flows import CARDS, PICTURES
from messenger.features.cards.settings import CardSettings
from messenger.features.chats.errors import ChatNotFound
from messenger.features.messages.access import Place
from messenger.features.messages.errors import MessageNotFound
from messenger.features.sessions import tokens
from messenger.kernel.actor import Actor
from messenger.kernel.errors import Unavailable
from messenger.kernel.ports.storage import type_of

router = APIRouter(prefix="/api/chats/{chat_id}/messages/{seq}/cards", tags=["cards"])
Number = Annotated[int, Path(ge=1, le=NUMBER_MAX)]
PictureId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
PlaceOf = Annotated[int, Path(alias="place", ge=0, lt=policy.CARDS_MAX)]


async def _at(chat_id: Number, seq: Number) -> Place:
    return Place(chat_id, seq)


At = Annotated[Place, Depends(_at)]
Asking = Annotated[Actor, Depends(Seen(CARDS))]
Reader = Annotated[Actor, Depends(Reading(PICTURES, tokens.FILES))]
SIGNED_S: Final = 120
"""Life (s) of a signed address."""
_FILE: Final = {
    "cache-control": "private, max-age=86400, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
}


@router.post("", status_code=202, responses=answers(None, 202, ChatNotFound, MessageNotFound, CardsOff))
async def ask_for_cards(message: At, me: Asking, platform: Platform) -> Response:
    """Asks for the cards of a message, where the server shows them on request; `cards.changed` brings them."""
    is_off = platform.of(CardSettings).cards == "off"
    await platform.db.write(actions.ask, me, message, is_off=is_off)
    return Response(status_code=202)


@router.delete(
    "/{place}",
    status_code=204,
    responses=answers(None, 204, ChatNotFound, MessageNotFound, CardNotFound, CardForbidden),
)
async def remove_card(message: At, place: PlaceOf, me: Changing, db: Db) -> Response:
    """Removes a card from a message for all: one's own message, or with the right to delete messages."""
    await db.write(actions.remove, me, message, place)
    return done()


@router.get(
    "/{place}/{picture}",
    responses=answers(None, 200, ChatNotFound, CardNotFound)
    | {
        200: {"description": "The picture.", "content": {"image/webp": {}}},
        302: {"description": "The file is at a signed address of the storage."},
        304: {"description": "The file still matches `If-None-Match`."},
    },
)
async def get_card_picture(
    message: At, place: PlaceOf, picture: PictureId, request: Request, me: Reader, platform: Platform
) -> Response:
    """Returns the picture of a card of a chat of mine; an id is never used again."""
    size = await platform.db.read(actions.size_of, me.user_id, message, place, picture)
    head = _FILE | {"etag": f'"{picture}"'}
    if f'"{picture}"' in request.headers.get("if-none-match", ""):
        return Response(None, 304, head)
    key = views.key_of(picture)
    if address := platform.storage.signed(key, SIGNED_S):
        return Response(None, 302, {"location": address, "cache-control": f"private, max-age={SIGNED_S // 2}"})
    try:
        opened = await platform.storage.open(key)
    except FileNotFoundError:
        raise CardNotFound from None
    except OSError as error:
        raise Unavailable(retry_after_ms=1000) from error
    return StreamingResponse(opened.chunks, 200, head | {"content-length": str(size)}, type_of(key))
