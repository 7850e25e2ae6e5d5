"""Adds the reason why a session ended; sessions that ended before have none."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_session_ending"
down_revision = "20261127_reactions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("ending", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sessions", "ending")
