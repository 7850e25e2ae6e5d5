"""Keeps with a change who begins or ends to hear the stream, so that a lost envelope can be made again whole."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_journal_marks"
down_revision = "20261123_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal", sa.Column("marks", sa.Text(), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    with op.batch_alter_table("journal") as journal:
        journal.drop_column("marks")
