"""Settings of the Explore page that were kept under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, where it is missing."""
    if "scenarios" not in sa.inspect(op.get_bind()).get_table_names():
        op.create_table(
            "scenarios",
            sa.Column("study_id", sa.String, primary_key=True),
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("name", sa.String, nullable=False),
            sa.Column("looked", sa.JSON(none_as_null=True)),
            sa.Column("created", sa.Float, nullable=False),
        )


def downgrade() -> None:
    """Forget the scenarios."""
    op.drop_table("scenarios")
