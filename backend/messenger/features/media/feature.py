"""The plate of media."""

from messenger.doors.feature import Feature
from messenger.features.media import actions, jobs, models, routes, wire

feature = Feature(
    "media",
    tables=models,
    rates=(routes.UPLOAD, routes.AVATARS),
    routers=(routes.router,),
    events=(wire.AvatarFailed,),
    jobs={actions.MAKE_JOB: jobs.make_avatar, actions.DELETE_JOB: jobs.delete_files},
)
