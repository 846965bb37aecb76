"""Megabytes that a careless reader of graphs would never finish."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from causal_core.errors import RungsError
from causal_core.graphs.formats import FORMATS, read_graph
from tests.graphs.monsters import monsters


@pytest.mark.parametrize(("name", "text"), monsters(2**20).items())
def test_a_megabyte_of_anything_ends_soon(name: str, text: str) -> None:
    for key in ("auto", *FORMATS):
        begun = time.process_time()
        with suppress(RungsError):
            read_graph(text, key, "row-to-column")
        # Some seconds at most; what takes the square of the length would take hours.
        assert time.process_time() - begun < 60, (name, key)
