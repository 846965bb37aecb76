"""Who made a study, and who brought a file when; what was made before belongs to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the owner, and make the table of uploads, where they are missing."""
    there = sa.inspect(op.get_bind())
    if "owner" not in {column["name"] for column in there.get_columns("studies")}:
        op.add_column("studies", sa.Column("owner", sa.String))
        op.create_index("ix_studies_owner", "studies", ["owner"])
    if "uploads" not in there.get_table_names():
        op.create_table(
            "uploads",
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("owner", sa.String, nullable=False),
            sa.Column("created", sa.Float, nullable=False),
        )
        op.create_index("ix_uploads_owner", "uploads", ["owner"])


def downgrade() -> None:
    """Forget both; every study is everyone's again."""
    op.drop_table("uploads")
    op.drop_index("ix_studies_owner", "studies")
    op.drop_column("studies", "owner")
