"""The bodies of ordinary REST calls about storage."""

from typing import Annotated

from pydantic import BaseModel, Field

QUOTA_MAX = 2**50


class QuotaChange(BaseModel):
    """How many bytes a person may store; `null`: as many as all others."""

    quota: Annotated[int, Field(ge=0, le=QUOTA_MAX)] | None
