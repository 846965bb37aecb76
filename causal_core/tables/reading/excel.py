"""An Excel workbook to a sheet: the first sheet that holds anything, cell by cell as text."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from causal_core.errors import LimitError, TableError
from causal_core.limits import limit
from causal_core.tables.reading.delimited import Row, arrange
from causal_core.tables.reading.sheet import Sheet

_ERRORS = {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"}


def read_excel(data: bytes, archive: zipfile.ZipFile, undo: Collection[str] = ()) -> Sheet:
    """The sheet's cells as text; TableError for a damaged or empty workbook."""
    sheet = Sheet([], np.arange(0), undo)
    book = _book(data, values=True)
    title, rows = _first_filled(book)
    others = [name for name in book.sheetnames if name != title]
    if others:
        message = f"Only the sheet “{title}” is read; the workbook has {len(others)} more."
        sheet.note("sheets", message, len(others), fixed=False)
    if _has_formulas(archive):
        _note_formulas(data, title, rows, sheet)
    _note_errors(rows, sheet)
    width = max(len(cells) for _, cells in rows)
    return arrange([(line, _even(cells, width)) for line, cells in rows], sheet)


def _book(data: bytes, values: bool) -> Any:
    import openpyxl  # half a second: only for workbooks

    try:
        return openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=values, keep_links=False
        )
    except MemoryError:
        raise
    except Exception:  # openpyxl lets XML, zip and key errors of many kinds through
        raise TableError(
            "The Excel workbook is damaged.", "Open it in Excel and save it again."
        ) from None


def _first_filled(book: Any) -> tuple[str, list[Row]]:
    for page in book.worksheets:
        rows = _rows(page)
        if rows:
            return str(page.title), rows
    raise TableError("The workbook is empty.", "Put the table on its first sheet.")


def _rows(page: Any) -> list[Row]:
    """Rows down to the last that holds anything."""
    rows, last = [], 0
    page.reset_dimensions()  # what the file claims may be a million empty rows
    try:
        for line, values in enumerate(page.iter_rows(values_only=True), start=1):
            cells = _cells(values)
            rows.append((line, cells))
            last = len(rows) if cells else last
            _check(len(cells), last)
    except (LimitError, MemoryError):
        raise
    except Exception:
        raise TableError(
            f"The Excel sheet “{page.title}” is damaged after row {len(rows)}.",
            "Open it in Excel and save it again.",
        ) from None
    return rows[:last]


def _check(width: int, rows: int) -> None:
    if width > limit("columns"):
        raise LimitError(
            f"The sheet has {width:,} columns; at most {limit('columns'):,} can be used.",
            "Leave out the columns you do not need.",
        )
    if rows > limit("rows") + 2:
        raise LimitError(
            f"The sheet has over {limit('rows'):,} rows.", "Bring a random sample of the rows."
        )


def _cells(values: tuple[Any, ...]) -> list[str]:
    end = len(values)
    while end and values[end - 1] in (None, ""):
        end -= 1
    return [_text(value) for value in values[:end]]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _even(cells: list[str], width: int) -> list[str]:
    """`cells` filled up to `width`, errors as empty cells."""
    return ["" if cell in _ERRORS else cell for cell in cells] + [""] * (width - len(cells))


def _has_formulas(archive: zipfile.ZipFile) -> bool:
    pages = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith("xml")]
    return any(mark in archive.read(page) for page in pages for mark in (b"<f>", b"<f "))


def _note_formulas(data: bytes, title: str, rows: list[Row], sheet: Sheet) -> None:
    """Formulas are read by their stored result; count those that have none."""
    known = dict(rows)
    formulas = list(_formulas(_book(data, values=False)[title]))
    lost = sum(not _at(known.get(line, []), column) for line, column in formulas)
    message = "Formulas are read by the results that the workbook stores."
    if lost:
        message = f"{lost} formulas have no stored result and are read as empty: open and save it."
    sheet.note("formulas", message, len(formulas), fixed=False)


def _formulas(page: Any) -> Iterator[tuple[int, int]]:
    page.reset_dimensions()
    for line, values in enumerate(page.iter_rows(values_only=True), start=1):
        for column, value in enumerate(values):
            if isinstance(value, str) and value.startswith("="):
                yield line, column


def _at(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _note_errors(rows: list[Row], sheet: Sheet) -> None:
    count = sum(cell in _ERRORS for _, cells in rows for cell in cells)
    if count:
        message = "Cells with an Excel error (such as #N/A or #DIV/0!) are read as empty."
        sheet.note("excel-errors", message, count, fixed=False)
