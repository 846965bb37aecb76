"""A Parquet file that is too large to hold: DuckDB streams it and an even sample is kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from causal_core.errors import LimitError, TableError
from causal_core.limits import limit
from causal_core.tables.reading.parse import parse
from causal_core.tables.reading.sample import chosen, noted
from causal_core.tables.table import Table

_ROW = "file_row_number"  # what DuckDB calls the place of a row in the file
_TAKEN = f"FROM read_parquet(?, {_ROW} = true) SEMI JOIN chosen USING ({_ROW})"
_BATCH = 2_000
_MEMORY = "512MB"


def read_large(
    path: Path, name: str, undo: Collection[str], tell: Callable[[int, int], None]
) -> Table:
    """A sample of at most `limit("sample_rows")` rows, with seed 0, of the Parquet file at `path`.

    A finding says of how many. `path` must be free of the signs * ? [ that DuckDB expands;
    `tell` is given how many rows are read, and of how many. Raises TableError for a damaged
    file and LimitError for too many columns; MemoryError when the sample takes too much.
    """
    try:
        rows = _rows(path)
        packed = _packed(path, chosen(rows, min(limit("sample_rows"), limit("rows"))), rows, tell)
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except (duckdb.Error, pa.ArrowException, OSError):
        raise TableError("The Parquet file is damaged.", "Write or export it again.") from None
    return noted(parse(packed, name, undo), rows)


def _rows(path: Path) -> int:
    """How many rows the file declares; its columns are checked."""
    about = pq.ParquetFile(path)
    names = about.schema_arrow.names
    if len(names) > limit("columns"):
        raise LimitError(
            f"The file has {len(names):,} columns; at most {limit('columns'):,} can be used.",
            "Bring fewer of them.",
        )
    if _ROW in names:
        raise TableError(f"A column of the large file is called “{_ROW}”.", "Rename it.")
    return int(about.metadata.num_rows)


def _packed(path: Path, wanted: np.ndarray, rows: int, tell: Callable[[int, int], None]) -> bytes:
    """The `wanted` rows of the file as Parquet, in the order of the file."""
    batches = []
    with duckdb.connect(
        config={
            "memory_limit": _MEMORY,
            "threads": 1,  # which also keeps the order of the file
            "temp_directory": str(path.parent / "spilled"),
            "autoinstall_known_extensions": False,
        }
    ) as connection:
        connection.register("chosen", pa.table({_ROW: wanted}))
        reader = connection.sql(f"SELECT * {_TAKEN}", params=[str(path)]).to_arrow_reader(_BATCH)
        for batch in reader:
            batches.append(batch)
            tell(batch.column(_ROW)[-1].as_py() + 1, rows)
        taken = pa.Table.from_batches(batches, reader.schema).drop_columns([_ROW])
    out = io.BytesIO()
    pq.write_table(taken, out)
    return out.getvalue()
