"""The way from a file's bytes to a Table: sniff, unpack, lay out, type, infer."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from causal_core.errors import TableError
from causal_core.tables.finding import Finding
from causal_core.tables.reading.archives import gunzipped, only_table, opened, workbook
from causal_core.tables.reading.columns import typed_column
from causal_core.tables.reading.delimited import read_delimited
from causal_core.tables.reading.excel import read_excel
from causal_core.tables.reading.layout import laid_out, named
from causal_core.tables.reading.sentinels import sentinels
from causal_core.tables.reading.sheet import Sheet
from causal_core.tables.reading.sniff import kind_of
from causal_core.tables.reading.text import decoded
from causal_core.tables.reading.typed import read_typed
from causal_core.tables.table import Table

_CALLED = {  # extension → what a file so called should be
    ".csv": "text", ".tsv": "text", ".txt": "text", ".tab": "text", ".parquet": "parquet",
    ".feather": "feather", ".arrow": "feather", ".xlsx": "workbook", ".zip": "zip", ".gz": "gzip",
}  # fmt: skip
_WORDS = {
    "text": "text", "parquet": "a Parquet file", "feather": "a Feather file",
    "workbook": "an Excel workbook", "zip": "a ZIP archive", "gzip": "a gzip file",
}  # fmt: skip
_DECIMAL_COMMA = r"^\s*[+-]?\d+,(\d{1,2}|\d{4,})\s*$"


def parse(data: bytes, name: str, undo: Collection[str] = (), depth: int = 0) -> Table:
    """The table in `data`; `name` is the file's, `undo` the repairs switched off.

    Raises TableError and LimitError with the place and the remedy.
    """
    if not data:
        raise TableError("The file is empty.", "Choose a file with a header and rows.")
    kind = kind_of(data)
    if kind == "gzip" and depth == 0:
        return parse(gunzipped(data), name.removesuffix(".gz"), undo, depth + 1)
    archive = opened(data) if kind == "zip" else None
    if archive is not None and workbook(archive):
        return _finish(read_excel(data, archive, undo), name, "workbook")
    if archive is not None and depth == 0:
        inner, content = only_table(archive)
        return parse(content, inner, undo, depth + 1)
    if kind in ("zip", "gzip"):
        raise TableError("The archive holds another archive.", "Unpack it once and try again.")
    if kind in ("parquet", "feather"):
        return _finish_typed(data, kind, name, undo)
    text, findings = decoded(data, keep_nul="nul" in undo)
    sheet = read_delimited(text, undo)
    sheet.findings[:0] = findings
    return _finish(sheet, name, kind)


def _finish(sheet: Sheet, name: str, kind: str) -> Table:
    laid_out(sheet)
    comma = any(_writes_commas(column) for column in sheet.columns)
    columns = {i: typed_column(sheet, i, comma) for i in range(len(sheet.names))}
    return _table(pd.DataFrame(columns), sheet, name, kind)


def _writes_commas(column: object) -> bool:
    head = column.slice(0, 1000).drop_null()  # type: ignore[attr-defined]
    hits = pc.sum(pc.match_substring_regex(head, _DECIMAL_COMMA)).as_py() or 0
    return bool(hits >= 0.5 * max(1, len(head)))


def _finish_typed(data: bytes, kind: str, name: str, undo: Collection[str]) -> Table:
    sheet = Sheet([], np.arange(0), undo)
    frame = read_typed(data, kind, sheet)
    if not len(frame) or not frame.shape[1]:
        raise TableError("The file holds no rows.", "Choose a file with at least one row.")
    named(sheet)
    return _table(frame, sheet, name, kind)


def _table(frame: pd.DataFrame, sheet: Sheet, name: str, kind: str) -> Table:
    for index, column in enumerate(sheet.names):
        if pd.api.types.is_float_dtype(frame[index].dtype) or _whole(frame[index]):
            frame[index] = _without_sentinels(frame[index], sheet, column)
    _note_extension(sheet, name, kind)
    frame.columns = pd.Index(sheet.names, dtype=object)
    title = PurePath(name).stem or "table"
    return Table.from_frame(frame, units=sheet.units, name=title, findings=_ordered(sheet))


def _whole(column: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(column.dtype) and column.abs().max() < 2**53


def _without_sentinels(column: pd.Series, sheet: Sheet, name: str) -> pd.Series:
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    found = sentinels(numbers) if sheet.wanted("sentinel", name) else []
    if not found:
        return column
    hit = np.isin(numbers, found)
    words = ", ".join(f"{value:g}" for value in found)
    sheet.note("sentinel", f"{words} is read as a missing cell.", int(hit.sum()), name)
    return pd.Series(np.where(hit, np.nan, numbers))


def _note_extension(sheet: Sheet, name: str, kind: str) -> None:
    suffix = PurePath(name).suffix.lower()
    if suffix in _CALLED and _CALLED[suffix] != kind:
        message = f"The file is called {suffix} but is {_WORDS[kind]}, and is read as such."
        sheet.note("extension", message, fixed=False)


def _ordered(sheet: Sheet) -> list[Finding]:
    """Findings about the whole file first, then by column from left to right."""
    place = {name: i for i, name in enumerate(sheet.names)}
    return sorted(sheet.findings, key=lambda f: place.get(f.column or "", -1))
