"""How many workers a job has lost: it stood in what was asked of the job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_JOBS = sa.table("jobs", sa.column("id"), sa.column("spec", sa.JSON), sa.column("lost"))


def upgrade() -> None:
    """Add the count, and take it out of what was asked."""
    there = sa.inspect(op.get_bind()).get_columns("jobs")
    if "lost" not in {column["name"] for column in there}:
        lost = sa.Column("lost", sa.Integer, nullable=False, server_default="0")
        op.add_column("jobs", lost)
    for job, spec in op.get_bind().execute(sa.select(_JOBS.c.id, _JOBS.c.spec)).all():
        if "lost" in spec:
            values = {"lost": spec.pop("lost"), "spec": spec}
            op.execute(sa.update(_JOBS).where(_JOBS.c.id == job).values(values))


def downgrade() -> None:
    """Forget it; every job may lose as many as at first."""
    op.drop_column("jobs", "lost")
