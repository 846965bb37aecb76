"""What several folders of tests share: settings, and a PostgreSQL server for each process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.studies.postgres import Cluster, cluster

# Seeds are fixed; how long an example takes says how busy the machine is, and nothing else.
settings.register_profile("rungs", deadline=None, derandomize=True)
settings.load_profile("rungs")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running
