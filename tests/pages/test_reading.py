"""Which tables stay in memory: many small ones, few large ones, whatever their files weigh."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import StudyError
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from pages._ui import reading


def _kept(store: Store, rows: int, number: int) -> str:
    """The digest of a table whose cells are alike, so that its file is small."""
    frame = pd.DataFrame({name: np.arange(rows) % 2 for name in (f"x{number}", "y")})
    return store.put_blob(Table.from_frame(frame).to_bytes())


@pytest.mark.parametrize(("rows", "stays"), [(1_000, True), (200_000, False)])
def test_of_tables_with_many_cells_few_stay(store: Store, rows: int, stays: bool) -> None:
    digests = [_kept(store, rows, number) for number in range(9)]
    assert all(store.blob_size(digest) < 2**18 for digest in digests)
    first = reading.table(store, digests[0])
    for digest in digests:
        reading.table(store, digest)
    assert (reading.table(store, digests[0]) is first) == stays


def test_a_table_that_is_gone_or_damaged_is_said(store: Store) -> None:
    with pytest.raises(StudyError):
        reading.table(store, "0" * 64)
    digest = _kept(store, 10, 0)
    store.blob_path(digest).write_bytes(b"PAR1 damaged")
    with pytest.raises(StudyError, match="damaged"):
        reading.table(store, digest)
