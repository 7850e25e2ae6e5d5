"""The plate of media."""

from messenger.features.media import actions, jobs, routes, wire
from messenger.kernel.feature import Feature

feature = Feature(
    "media",
    routers=(routes.router,),
    events=(wire.AvatarFailed,),
    jobs={actions.MAKE_JOB: jobs.make_avatar, actions.DELETE_JOB: jobs.delete_files},
)
