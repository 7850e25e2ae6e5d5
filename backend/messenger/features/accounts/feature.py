"""The plate of accounts."""

from messenger.doors.feature import Feature, Gate
from messenger.doors.platform import Platform
from messenger.features.accounts import access, actions, auth_routes, models, routes, wire
from messenger.features.accounts.letters import jobs, links
from messenger.features.accounts.schemas import NAME_MAX
from messenger.features.accounts.settings import RATES, AccountSettings
from messenger.features.accounts.tokens import Authenticator
from messenger.features.accounts.watch import audit, guesses


def limits(platform: Platform) -> dict[str, int]:
    """Returns the limits of names and passwords."""
    return {"name_max_chars": NAME_MAX, "password_min_chars": platform.of(AccountSettings).password_min_chars}


feature = Feature(
    "accounts",
    tables=models,
    settings=AccountSettings,
    rates=RATES,
    upkeep=(actions.forget_sessions, links.forget, guesses.forget, audit.forget),
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
    limits=limits,
    facts=access.facts,
    ended=access.ended_sessions,
    gate=Gate(Authenticator, auth_routes.is_signed_in, access.first_page),
)
