"""The bodies of ordinary REST calls about invites."""

from typing import Annotated

from pydantic import BaseModel, Field


class InviteCreate(BaseModel):
    """A new link; `expires_in` in seconds (default: the server's), `max_uses` without a value: any number."""

    expires_in: Annotated[int, Field(ge=60, le=366 * 86_400)] | None = None
    max_uses: Annotated[int, Field(ge=1, le=10_000)] | None = None
