"""What several folders of tests share: one PostgreSQL server for each process that tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.studies.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running
