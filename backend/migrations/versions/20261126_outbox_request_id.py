"""Adds the id of the request that staged a background job."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_outbox_request_id"
down_revision = "20261125_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("request_id", sa.String(64), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("outbox", "request_id")
