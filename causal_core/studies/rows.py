"""The rows behind studies, kept graphs, scenarios, links and uploads, jobs and workers.

Every write is one statement or starts with one, so that two writers queue at the
database instead of failing halfway.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

studies = sa.Table(
    "studies",
    metadata,
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
    sa.Column("removed", sa.Float),  # when it was; it can be brought back for a while
    sa.Column("owner", sa.String, index=True),  # who made it, signed in; none: nobody
)

versions = sa.Table(  # graphs that were kept under a name
    "versions",
    metadata,
    sa.Column("study_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("graph", sa.String, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)

scenarios = sa.Table(  # settings of the Explore page that were kept under a name
    "scenarios",
    metadata,
    sa.Column("study_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("looked", sa.JSON(none_as_null=True)),  # none: deleted, its number is not reused
    sa.Column("created", sa.Float, nullable=False),
)

uploads = sa.Table(  # of people who are signed in, in the last hour
    "uploads",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("owner", sa.String, nullable=False, index=True),
    sa.Column("created", sa.Float, nullable=False),
)

shares = sa.Table(  # links that only show a study
    "shares",
    metadata,
    sa.Column("token", sa.String, primary_key=True),
    sa.Column("study_id", sa.String, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("study_id", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("progress", sa.JSON, nullable=False),
    sa.Column("result", sa.JSON(none_as_null=True)),
    sa.Column("error", sa.JSON(none_as_null=True)),
    sa.Column("worker", sa.String),  # who holds it
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),  # how many were lost with it
    sa.Column("cancel_at", sa.Float),  # when it was asked to stop
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("started", sa.Float),
    sa.Column("ended", sa.Float),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),  # the process's own start, against pid reuse
    sa.Column("heartbeat", sa.Float, nullable=False),
    sa.Column("job", sa.String),  # what it works on now
)
