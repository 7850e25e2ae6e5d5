"""Streams, journal, outbox and the server's facts."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_ground"
down_revision = "20251203_init_users"
branch_labels = None
depends_on = None

row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    facts = op.create_table(
        "facts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_facts"),
    )
    op.bulk_insert(facts, [{"key": "epoch", "value": "1"}])
    op.create_table(
        "streams",
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ev", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_streams"),
    )
    op.create_table(
        "journal",
        sa.Column("n", row_number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ev", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("owner", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner_extra", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_journal"),
        sa.UniqueConstraint("kind", "id", "ev", name="uq_journal_kind_id_ev"),
    )
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_table(
        "outbox",
        sa.Column("n", row_number, autoincrement=True, nullable=False),
        sa.Column("job", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_outbox"),
        sa.UniqueConstraint("effect_key", name="uq_outbox_effect_key"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("journal")
    op.drop_table("streams")
    op.drop_table("facts")
