"""Verified addresses, links of letters that work once, and the devices people signed in on."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_letters"
down_revision = "20261124_avatars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("email_verified_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "letter_links",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_letter_links"),
    )
    op.create_index("ix_letter_links_user_id", "letter_links", ["user_id"])
    op.create_index("ix_letter_links_expires_at", "letter_links", ["expires_at"])
    op.create_table(
        "devices",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "hash", name="pk_devices"),
    )
    op.create_index("ix_devices_last_at", "devices", ["last_at"])


def downgrade() -> None:
    op.drop_table("devices")
    op.drop_table("letter_links")
    op.drop_column("users", "email_verified_at")
