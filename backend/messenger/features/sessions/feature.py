"""The plate of sessions."""

from messenger.doors.feature import Feature, Gate, hears
from messenger.doors.platform import Platform
from messenger.features.people.wire import RightChanged
from messenger.features.sessions import access, actions, cookies, models, routes, wire
from messenger.features.sessions.letters import jobs, links
from messenger.features.sessions.settings import RATES, SessionSettings
from messenger.features.sessions.tokens import Authenticator
from messenger.features.sessions.watch import audit, guesses


def limits(platform: Platform) -> dict[str, int]:
    """Returns the limits of passwords."""
    return {"password_min_chars": platform.of(SessionSettings).password_min_chars}


feature = Feature(
    "sessions",
    tables=models,
    settings=SessionSettings,
    rates=RATES,
    upkeep=(actions.forget_sessions, links.forget, guesses.forget, audit.forget),
    routers=(routes.router, routes.mine, routes.administration),
    events=(wire.SessionEnded,),
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
    listens=(hears(RightChanged, audit.note_rights),),
    ended=access.ended_sessions,
    gate=Gate(Authenticator, cookies.is_signed_in, access.first_page),
)
