"""Adds the counters of wrong guesses at passwords."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_guesses"
down_revision = "20261126_outbox_request_id"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guesses",
        sa.Column("tally", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("in_a_row", sa.BigInteger(), nullable=False),
        sa.Column("window_at", sa.BigInteger(), nullable=False),
        sa.Column("in_window", sa.BigInteger(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tally", name="pk_guesses"),
    )
    op.create_index("ix_guesses_at", "guesses", ["at"])


def downgrade() -> None:
    op.drop_table("guesses")
