"""The plate of accounts."""

from messenger.features.accounts import access, actions, auth_routes, jobs, routes, wire
from messenger.features.accounts.watch import guesses
from messenger.kernel.feature import Feature

feature = Feature(
    "accounts",
    routers=(auth_routes.router, routes.router, routes.administration),
    events=(wire.UserChanged, wire.SessionEnded),
    jobs={
        actions.REUSE_JOB: jobs.reuse_letter,
        actions.VERIFY_JOB: jobs.verify_letter,
        actions.RESET_JOB: jobs.reset_letter,
        actions.DEVICE_JOB: jobs.device_letter,
        guesses.GUESSES_JOB: jobs.guesses_letter,
        guesses.TAKEN_JOB: jobs.taken_letter,
    },
    ended=access.ended_sessions,
)
