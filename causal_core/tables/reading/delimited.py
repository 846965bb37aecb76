"""Delimited text to a sheet: which delimiter, which quotes, and what ragged rows mean."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from causal_core.errors import LimitError, TableError
from causal_core.limits import limit
from causal_core.tables.reading.sheet import Sheet, listed

_DELIMITERS = ("\t", ";", "|", ",")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*([eE][+-]?\d+)?")
_HINT = re.compile(r"\ufeff?sep=(.)\n", re.IGNORECASE)
_SAMPLE_LINES = 200
_BLOCK = 2**24
Row = tuple[int, list[str]]  # line in the file, cells


def read_delimited(text: str, undo: Collection[str] = ()) -> Sheet:
    """The sheet in `text`, its first row still undecided (header or data).

    Raises TableError naming the line of a row with too many cells or of a quotation
    mark that is never closed, LimitError for too many columns.
    """
    hint = _HINT.match(text)
    body = text[hint.end() :] if hint else text
    skipped = 1 if hint else 0
    delimiter = hint.group(1) if hint else _delimiter(body)
    csv.field_size_limit(2**30)
    width = len(next(csv.reader(io.StringIO(body), delimiter=delimiter), []))
    if width > limit("columns"):
        raise LimitError(
            f"The file has {width:,} columns; at most {limit('columns'):,} can be used.",
            "Leave out the columns you do not need.",
        )
    fast = _fast(body, delimiter, width) if delimiter != " " else None
    if fast is not None:
        lines = np.arange(len(fast[0])) + 1 + skipped if fast else np.arange(0)
        return Sheet(fast, lines, undo)
    return _careful(body, delimiter, skipped, undo)


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of cells."""
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _evenness(sample, delimiter)
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best if best_score >= 0.5 or not _by_spaces(sample) else " "


def _evenness(sample: str, delimiter: str) -> float:
    rows = [row for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if any(row)]
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    return count / len(rows) if width > 1 else 0.0


def _by_spaces(sample: str) -> bool:
    rows = [line.split() for line in sample.split("\n") if line.strip()]
    body = [cell for row in rows[1:] for cell in row]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in body)
    even = len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return len(rows) > 1 and even and numbers >= 0.5 * len(body)


def _fast(text: str, delimiter: str, width: int) -> list[pa.Array] | None:
    """All columns by Arrow's parser; None where a row is ragged or a quote stands open."""
    if text.count('"') % 2:
        return None
    names = [str(i) for i in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode("utf-8", "replace")),
            arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK),
            arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values='"' in text, ignore_empty_lines=False
            ),
            arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    _check_rows(table.num_rows)
    return [_whole(table.column(i)) for i in range(width)]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.nbytes < 2**31 - 1:
        return column.combine_chunks()
    return column.cast(pa.large_string()).combine_chunks()


def _check_rows(rows: int) -> None:
    if rows > limit("rows") + 2:  # the header and a row of units are not yet told apart
        raise LimitError(
            f"The file has {rows:,} rows; at most {limit('rows'):,} can be used.",
            "Bring a random sample of the rows.",
        )


def _careful(text: str, delimiter: str, skipped: int, undo: Collection[str]) -> Sheet:
    rows, literal = _rows(text, delimiter, skipped)
    sheet = Sheet([], np.arange(0), undo)
    if literal:
        message = "A quotation mark is never closed, so quotation marks are read as text."
        sheet.note("quotes", message, text.count('"'), fixed=False)
    return arrange(rows, sheet)


def _rows(text: str, delimiter: str, skipped: int) -> tuple[list[Row], bool]:
    """The rows, and whether quotation marks had to be taken as text."""
    rows = _split(text, delimiter, skipped, csv.QUOTE_MINIMAL)
    if text.count('"') % 2 == 0:
        return rows, False
    plain = _split(text, delimiter, skipped, csv.QUOTE_NONE)
    if len(rows) == len(plain):
        return rows, False
    if len({len(cells) for _, cells in plain if any(cells)}) == 1:
        return plain, True
    line = next((n for n, cells in rows if any("\n" in cell for cell in cells)), rows[-1][0])
    longest = max(rows, key=lambda row: sum(map(len, row[1])))
    start = longest[0] if longest[0] <= line else line
    raise TableError(
        f"A quotation mark opened on line {start} is never closed.",
        "Close it, or double it inside a quoted text.",
    )


def _split(text: str, delimiter: str, skipped: int, quoting: Literal[0, 3]) -> list[Row]:
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, quoting=quoting, skipinitialspace=delimiter == " "
    )
    rows: list[Row] = []
    line = 1
    for cells in reader:
        rows.append((line + skipped, cells[:-1] if delimiter == " " and not cells[-1:] else cells))
        line = reader.line_num + 1
        _check_rows(len(rows))
    return rows


def arrange(rows: list[Row], sheet: Sheet) -> Sheet:
    """`rows` of unequal length as the columns of `sheet`, with findings for what was done.

    Lines above the header are skipped, short rows are filled up with empty cells, and
    rows with more cells than the header raise TableError with their line numbers.
    """
    filled = [(line, cells) for line, cells in rows if any(cells)]
    if not filled:
        raise TableError("The file is empty.", "Choose a file with a header and rows.")
    filled = _without_preamble(filled, sheet)
    rows = _headed([row for row in rows if row[0] >= filled[0][0]], filled)
    width = len(rows[0][1])
    rows = [(line, _trimmed(cells, width)) for line, cells in rows]
    long = [line for line, cells in rows if len(cells) > width]
    if long:
        raise TableError(
            f"{listed(long).capitalize()}: more cells than the {width} of the header.",
            "Put quotation marks around text that holds the delimiter, or mend the lines.",
        )
    short = [line for line, cells in rows if cells and len(cells) < width]
    if short:
        rows = _short(rows, short, width, sheet)
    cells = [row + [""] * (width - len(row)) for _, row in rows]
    sheet.columns = [pa.array([c or None for c in column], pa.string()) for column in zip(*cells)]
    sheet.lines = np.array([line for line, _ in rows], dtype=np.int64)
    return sheet


def _without_preamble(filled: list[Row], sheet: Sheet) -> list[Row]:
    """Rows from the header on: titles above it fill no more than half of the columns."""
    widths = Counter(len(cells) for _, cells in filled[:_SAMPLE_LINES])
    width = widths.most_common(1)[0][0]
    if width == 1 or _row_names(filled):
        return filled
    titles = 0
    while titles < len(filled) - 1 and len(_trimmed(filled[titles][1], 0)) <= max(1, width // 2):
        titles += 1
    above = [line for line, _ in filled[:titles]]
    if above and len(filled) > titles + 1:
        message = f"The text above the header ({listed(above)}) is left out."
        sheet.note("preamble", message, len(above), fixed=False)
        return filled[titles:]
    return filled


def _headed(rows: list[Row], filled: list[Row]) -> list[Row]:
    """`rows` with a header that has a place for the names of rows, where R left that out."""
    line, header = rows[0]
    return [(line, ["", *header]), *rows[1:]] if _row_names(filled) else rows


def _row_names(filled: list[Row]) -> bool:
    """Whether the rows begin with a name that the header does not mention, as R writes them."""
    width, body = len(filled[0][1]) + 1, [cells for _, cells in filled[1:]]
    if not body or any(len(cells) != width for cells in body):
        return False
    if all(cells[0] == str(i) for i, cells in enumerate(body, start=1)):
        return True
    different = len({cells[0] for cells in body}) == len(body)
    return width > 2 and different and any(cells[-1] for cells in body)


def _trimmed(cells: list[str], width: int) -> list[str]:
    """`cells` without empty cells beyond `width`."""
    end = len(cells)
    while end > width and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _short(rows: list[Row], short: list[int], width: int, sheet: Sheet) -> list[Row]:
    if sheet.wanted("short-rows"):
        message = f"Cells are missing at the end of {listed(short)}; they are left empty."
        sheet.note("short-rows", message, len(short))
        return rows
    message = f"Cells are missing at the end of {listed(short)}; these rows are left out."
    sheet.note("short-rows-dropped", message, len(short), fixed=False)
    gone = set(short)
    return [row for row in rows if row[0] not in gone]
