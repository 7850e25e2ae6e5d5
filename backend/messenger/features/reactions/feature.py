"""The plate of reactions."""

from messenger.doors.feature import Feature, adds, hears
from messenger.features.messages.access import VIEWS
from messenger.features.messages.wire import MessagesGone
from messenger.features.reactions import actions, jobs, models, routes, wire

feature = Feature(
    "reactions",
    tables=models,
    rates=(routes.REACT,),
    hot=routes.hot,
    verbs=routes.verbs,
    events=(wire.ReactionChanged,),
    jobs={actions.SUMMARY_JOB: jobs.summarise},
    offers=("reactions",),
    listens=(hears(MessagesGone, actions.forget),),
    decorates=(adds(VIEWS, actions.decorate),),
    parts=(wire.REACTIONS,),
)
