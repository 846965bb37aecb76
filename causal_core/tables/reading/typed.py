"""Parquet and Feather: columns that come with types, and what still needs repair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from causal_core.errors import LimitError, TableError
from causal_core.limits import limit
from causal_core.tables.reading.sheet import Sheet


def read_typed(data: bytes, kind: str, sheet: Sheet) -> pd.DataFrame:
    """The columns of a Parquet or Feather file; names made unique in `sheet.names` later.

    Raises TableError for a damaged file, LimitError by what the file declares.
    """
    try:
        table = _parquet(data) if kind == "parquet" else _feather(data)
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        name = "Parquet" if kind == "parquet" else "Feather"
        raise TableError(f"The {name} file is damaged.", "Write or export it again.") from error
    _check(table.num_rows, table.num_columns, table.nbytes)
    sheet.names = [str(name) for name in table.column_names]
    columns = {i: _series(table.column(i), sheet, i) for i in range(table.num_columns)}
    sheet.lines = np.arange(table.num_rows) + 1
    return pd.DataFrame(columns)


def _check(rows: int, columns: int, size: int) -> None:
    for found, name, what in ((rows, "rows", "rows"), (columns, "columns", "columns")):
        if found > limit(name):
            raise LimitError(
                f"The file has {found:,} {what}; at most {limit(name):,} can be used.",
                "Bring fewer of them.",
            )
    if size > limit("unpacked_bytes"):
        raise LimitError(
            f"Unpacked, the file is {size / 2**20:,.0f} MiB; at most "
            f"{limit('unpacked_bytes') / 2**20:,.0f} MiB are read.",
            "Bring fewer rows or columns.",
        )


def _parquet(data: bytes) -> pa.Table:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    about = file.metadata
    size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    _check(about.num_rows, len(file.schema_arrow.names), size)
    return file.read(use_threads=False)


def _feather(data: bytes) -> pa.Table:
    return pa.ipc.open_file(pa.BufferReader(data)).read_all()


def _series(column: pa.ChunkedArray, sheet: Sheet, index: int) -> pd.Series:
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise TableError(
            f"“{sheet.names[index]}” holds binary data.", "Leave this column out of the file."
        )
    if pa.types.is_nested(kind):
        message = "Lists or structures are read as text."
        sheet.note("nested", message, len(column), sheet.names[index], fixed=False)
    if pa.types.is_integer(kind) and column.null_count:
        return pd.Series(column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get))
    if pa.types.is_floating(kind):
        return _finite(column.to_pandas(), sheet, index)
    if pa.types.is_decimal(kind):
        return pd.Series(column.cast(pa.float64()).to_pandas())
    return pd.Series(column.to_pandas())


def _finite(numbers: pd.Series, sheet: Sheet, index: int) -> pd.Series:
    endless = np.isinf(numbers.to_numpy())
    name = sheet.names[index]
    if not endless.any():
        return numbers
    if not sheet.wanted("infinite", name):
        return numbers.map(str, na_action="ignore")
    sheet.note("infinite", "Infinite numbers are read as missing.", int(endless.sum()), name)
    return numbers.mask(endless)
