"""When a study was removed: it can be brought back for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the moment of removal."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("studies")}
    if "removed" not in there:
        op.add_column("studies", sa.Column("removed", sa.Float))


def downgrade() -> None:
    """Forget it; what was removed is back."""
    op.drop_column("studies", "removed")
