"""Two people at once on the real server, each from upload to report on tables of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.load import Found, together
from benchmarks.load_journey import Pace
from benchmarks.load_server import served


async def two(home: Path) -> Found:
    """One table each, without pauses."""
    with served(home) as server:
        return await together(server, sessions=2, seconds=0, pace=Pace(0))


@pytest.mark.timeout(600)
def test_two_sessions_neither_fail_nor_see_each_other(tmp_path: Path) -> None:
    found = asyncio.run(two(tmp_path))
    assert not found.faults
    assert sorted(found.tables) == [0, 1]
    assert found.seen > 100, "columns and levels come back on every page"
    assert not found.foreign
    done = {one.what for one in found.timed if one.act}
    assert done >= {"open", "upload", "graph", "begin to fit", "first Explore", "drag", "download"}
