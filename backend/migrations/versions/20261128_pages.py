"""Adds the number of pages of a document."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_pages"
down_revision = "20261128_storage_sums"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("pages", sa.BigInteger()))


def downgrade() -> None:
    with op.batch_alter_table("files") as batch:
        batch.drop_column("pages")
