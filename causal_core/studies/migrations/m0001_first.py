"""Studies, kept graphs, jobs and workers.

A database from before migrations were kept has these tables already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are missing."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    for name, columns in _TABLES.items():
        if name not in there:
            op.create_table(name, *columns())
    if "jobs" not in there:
        op.create_index("ix_jobs_study_id", "jobs", ["study_id"])
        op.create_index("ix_jobs_state", "jobs", ["state"])


def downgrade() -> None:
    """Remove them."""
    for name in reversed(_TABLES):
        op.drop_table(name)


def _studies() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("example", sa.String),
        sa.Column("source", sa.String),
        sa.Column("undo", sa.JSON, nullable=False),
        sa.Column("table", sa.String),
        sa.Column("graph", sa.String),
        sa.Column("fit", sa.String),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("updated", sa.Float, nullable=False),
    ]


def _versions() -> list[sa.Column[object]]:
    return [
        sa.Column("study_id", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("graph", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    ]


def _jobs() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("study_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True)),
        sa.Column("error", sa.JSON(none_as_null=True)),
        sa.Column("worker", sa.String),
        sa.Column("cancel_at", sa.Float),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("ended", sa.Float),
    ]


def _workers() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("heartbeat", sa.Float, nullable=False),
        sa.Column("job", sa.String),
    ]


_TABLES = {"studies": _studies, "versions": _versions, "jobs": _jobs, "workers": _workers}
