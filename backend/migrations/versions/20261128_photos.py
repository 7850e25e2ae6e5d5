"""Adds photos: how a file looks, and its variants."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_photos"
down_revision = "20261127_file_uses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("files", sa.Column("width", sa.BigInteger(), nullable=True))
    op.add_column("files", sa.Column("height", sa.BigInteger(), nullable=True))
    op.add_column("files", sa.Column("thumbhash", sa.String(64), nullable=True))
    op.add_column("files", sa.Column("variants", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("variants", "thumbhash", "height", "width"):
        op.drop_column("files", column)
