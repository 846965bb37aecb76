"""Links that show a study and let no one change it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, where it is missing."""
    if "shares" not in sa.inspect(op.get_bind()).get_table_names():
        op.create_table(
            "shares",
            sa.Column("token", sa.String, primary_key=True),
            sa.Column("study_id", sa.String, nullable=False),
            sa.Column("created", sa.Float, nullable=False),
        )


def downgrade() -> None:
    """Forget the links."""
    op.drop_table("shares")
