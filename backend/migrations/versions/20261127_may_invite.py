"""Adds the right to make links that admit people without an account."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_may_invite"
down_revision = "20261127_guesses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("may_invite", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("users", "may_invite")
