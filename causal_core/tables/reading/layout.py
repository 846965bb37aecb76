"""Which rows and columns are data: header, index column, blank ones, units, totals."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from causal_core.errors import TableError
from causal_core.tables.reading.marks import INDEX_NAMES, MISSING, TOTALS, UNIT
from causal_core.tables.reading.sheet import Sheet, listed

_NUMERAL = re.compile(
    r"\s*[(]?[$€£+\u2212-]?\s?\d[\d.,'’\u00a0\u202f ]*([eE][+-]?\d+)?\s?[%$€£]?[)]?\s*"
)
_HEAD = 2000  # rows that decide whether a column is one of numbers


def laid_out(sheet: Sheet) -> None:
    """Decide header, names, rows and columns of `sheet`, with a finding for each change."""
    _blank_rows(sheet)
    _header(sheet)
    _blank_columns(sheet)
    _index_column(sheet)
    named(sheet)
    _units_row(sheet)
    _totals_row(sheet)
    if not sheet.rows or not sheet.columns:
        raise TableError(
            "The file has a header but no rows.", "Choose a file with at least one row."
        )


def _empty(column: pa.Array) -> np.ndarray:
    blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True)
    return np.asarray(blank.to_numpy(zero_copy_only=False))


def _blank_rows(sheet: Sheet) -> None:
    if len(sheet.columns) == 1 and not _empty(sheet.columns[0])[:-1].any():
        return
    blank = np.ones(sheet.rows, dtype=bool)
    for column in sheet.columns:
        if not blank.any():
            return
        blank &= _empty(column)
    if blank.all():
        raise TableError("The file is empty.", "Choose a file with a header and rows.")
    if blank[-1]:  # a blank line at the end is a habit of writing, no row
        kept = len(blank) - int(np.argmin(blank[::-1]))
        sheet.keep_rows(np.arange(len(blank)) < kept)
        blank = blank[:kept]
    inside = len(sheet.columns) > 1 and blank.any() and sheet.wanted("blank-rows")
    if inside:
        message = f"Blank rows ({listed(sheet.lines[blank].tolist())}) are left out."
        sheet.note("blank-rows", message, int(blank.sum()))
        sheet.keep_rows(~blank)


def _header(sheet: Sheet) -> None:
    first = [cell or "" for cell in sheet.row(0)]
    if _data(first) and sheet.wanted("no-header"):
        sheet.names = [f"column {i + 1}" for i in range(len(first))]
        message = "The first row holds numbers, so it is read as data and columns are numbered."
        sheet.note("no-header", message, 1)
        return
    sheet.names = first
    sheet.keep_rows(np.arange(sheet.rows) > 0)


def _data(first: list[str]) -> bool:
    """Whether a first row is data: numbers, unless they are years that head columns."""
    years = all(re.fullmatch(r"(19|20)\d\d", cell.strip()) for cell in first)
    heads = years and len(set(first)) == len(first) > 1
    return all(_NUMERAL.fullmatch(cell) for cell in first) and not heads


def _blank_columns(sheet: Sheet) -> None:
    blank = [
        i
        for i, name in enumerate(sheet.names)
        if not name.strip() and (not sheet.rows or _empty(sheet.columns[i]).all())
    ]
    if blank and len(blank) < len(sheet.names) and sheet.wanted("blank-columns"):
        message = f"{len(blank)} columns without a name or a cell are left out."
        sheet.note("blank-columns", message, len(blank))
        sheet.keep_columns([i for i in range(len(sheet.names)) if i not in blank])


def _index_column(sheet: Sheet) -> None:
    if len(sheet.columns) < 2 or sheet.rows < 2:
        return
    if sheet.names[0].strip().lower() not in INDEX_NAMES or not sheet.wanted("index-column"):
        return
    counted = [str(i) for i in range(sheet.rows + 1)]
    cells = sheet.columns[0].to_pylist()
    if cells in (counted[:-1], counted[1:]):
        message = "The first column only counts the rows, so it is left out."
        sheet.note("index-column", message, sheet.rows)
        sheet.keep_columns(range(1, len(sheet.columns)))


def named(sheet: Sheet) -> None:
    """Names for columns that have none, and different names for those that share one."""
    taken: set[str] = set()
    names = [name.strip() for name in sheet.names]
    reserved = set(names)
    for index, name in enumerate(names):
        new = name or f"column {index + 1}"
        count = 2
        while new in taken or (new != name and new in reserved):
            new, count = f"{name or f'column {index + 1}'} ({count})", count + 1
        if not name:
            sheet.note("unnamed", f"Column {index + 1} has no name.", 1, new, fixed=False)
        elif new != name:
            message = "An earlier column has the same name, so this one got a number."
            sheet.note("duplicate-name", message, 1, new, fixed=False)
        taken.add(new)
        names[index] = new
    sheet.names = names


def _numeric(column: pa.Array, skip: int) -> bool:
    """Whether nearly all cells from `skip` on are numbers."""
    cells = column.slice(skip, _HEAD).drop_null().to_pylist()
    return len(cells) > 0 and sum(map(bool, map(_NUMERAL.fullmatch, cells))) >= 0.9 * len(cells)


def _units_row(sheet: Sheet) -> None:
    if sheet.rows < 3 or not sheet.wanted("units-row"):
        return
    first = [(cell or "").strip() for cell in sheet.row(0)]
    numeric = [i for i, column in enumerate(sheet.columns) if _numeric(column, 1)]
    given = [i for i in numeric if first[i] and first[i].lower() not in MISSING]
    if not given or not all(UNIT.fullmatch(first[i]) for i in given):
        return
    if any(_NUMERAL.fullmatch(first[i]) for i in numeric) or len(given) * 2 < len(numeric):
        return
    units = {sheet.names[i]: first[i].strip("[]()") for i in given}
    said = ", ".join(f"{name}: {unit}" for name, unit in list(units.items())[:6])
    message = f"The row under the header ({listed(sheet.lines[:1].tolist())}) gives units ({said})."
    sheet.note("units-row", message, 1)
    sheet.units.update(units)
    sheet.keep_rows(np.arange(sheet.rows) > 0)


def _totals_row(sheet: Sheet) -> None:
    if sheet.rows < 3 or len(sheet.columns) < 2 or not sheet.wanted("totals-row"):
        return
    last = [(cell or "").strip() for cell in sheet.row(sheet.rows - 1)]
    label = next((i for i, cell in enumerate(last) if cell), 0)
    if not TOTALS.fullmatch(last[label]) or not any(map(_NUMERAL.fullmatch, last)):
        return
    others = pc.utf8_trim_whitespace(sheet.columns[label]).slice(0, sheet.rows - 1)
    if pc.any(pc.equal(others, last[label])).as_py():
        return  # the word is a level like any other
    line = listed(sheet.lines[-1:].tolist())
    sheet.note("totals-row", f"The last row ({line}, “{last[label]}”) sums up; it is left out.", 1)
    sheet.keep_rows(np.arange(sheet.rows) < sheet.rows - 1)
