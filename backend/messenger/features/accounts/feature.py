"""The plate of accounts."""

from messenger.features.accounts import access, actions, auth_routes, jobs, routes, wire
from messenger.kernel.feature import Feature

feature = Feature(
    "accounts",
    routers=(auth_routes.router, routes.router),
    events=(wire.UserChanged, wire.SessionEnded),
    jobs={actions.LETTER_JOB: jobs.reuse_letter},
    ended=access.ended_sessions,
)
