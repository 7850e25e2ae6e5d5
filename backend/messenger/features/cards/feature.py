"""The plate of link cards."""

from messenger.db.tx import Tx
from messenger.doors.feature import Feature, adds, hears
from messenger.doors.platform import Platform
from messenger.features.cards import actions, flows, jobs, models, routes, store, wire
from messenger.features.cards.settings import CardSettings
from messenger.features.messages.access import VIEWS
from messenger.features.messages.wire import MessageCreated, MessageEdited, MessagesGone


def facts(_: Tx, platform: Platform) -> dict[str, str | bool]:
    """Returns whether this server shows cards: `on`, `click` or `off`."""
    return {"cards": platform.of(CardSettings).cards}


feature = Feature(
    "cards",
    tables=models,
    settings=CardSettings,
    rates=(flows.CARDS, flows.HOSTS, flows.PICTURES),
    upkeep=(store.delete_failed,),
    routers=(routes.router,),
    events=(wire.CardsChanged,),
    jobs={actions.FETCH_JOB: jobs.fetch},
    offers=("cards",),
    facts=facts,
    listens=(
        hears(MessageCreated, actions.want),
        hears(MessageEdited, actions.want_anew),
        hears(MessagesGone, actions.forget),
    ),
    decorates=(adds(VIEWS, actions.decorate),),
    parts=(wire.CARDS,),
)
