"""One column of text → numbers, truth values, times or text, with a finding per repair."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from causal_core.tables.reading.dates import dates
from causal_core.tables.reading.marks import CERTAIN, CODES, INFINITE, MISSING, NAMED_CODE
from causal_core.tables.reading.numerals import (
    DECIMAL_COMMA,
    PLAIN,
    Affixes,
    Notation,
    identifiers,
    notation,
    number,
    numeral,
    stripped,
)
from causal_core.tables.reading.sheet import Sheet, listed

_BAD_SHARE = 0.05  # at most this share of cells may be no numbers in a column of numbers
_ZEROS = r"^\s*[+-]?0\d"
_COMMA = r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$"
_SAMPLE = 2000
_KEPT = {
    "leading-zeros": "Numbers that begin with 0 are codes, so they are kept as text.",
    "big-id": "Whole numbers beyond 2^53 lose digits when calculated with; kept as text.",
}
_AFFIX = {
    "currency": "The currency sign is taken off the numbers and kept as the unit {}.",
    "percent": "The percent sign is taken off the numbers and kept as the unit {}.",
    "unit-suffix": "The unit {} is taken off the numbers.",
}


def typed_column(sheet: Sheet, index: int, prefer_comma: bool) -> pd.Series:
    """The cells of column `index` in the type that they are written in."""
    column = sheet.columns[index]
    quick = _quick(column)
    if quick is None and prefer_comma:
        quick = _quick_comma(sheet, index)
    if quick is not None:
        return pd.Series(quick)
    return _Reading(sheet, sheet.names[index], column, prefer_comma).series()


def _quick(column: pa.Array) -> np.ndarray | None:
    """Plain numbers by Arrow; None where any cell needs a closer look."""
    try:
        numbers = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    seen = numbers[~np.isnan(numbers)]
    if len(seen) + column.null_count < len(numbers) or np.abs(seen).max(initial=0.0) > 2.0**53:
        return None
    zeros = pc.any(pc.match_substring_regex(column, _ZEROS)).as_py()
    return None if zeros else np.array(numbers)


def _quick_comma(sheet: Sheet, index: int) -> np.ndarray | None:
    """Numbers with a decimal comma by Arrow; None where any cell needs a closer look."""
    name, column = sheet.names[index], sheet.columns[index]
    if not sheet.wanted("decimal-comma", name):
        return None
    if not pc.all(pc.match_substring_regex(column, _COMMA)).as_py():
        return None
    numbers = _quick(pc.replace_substring(column, ",", "."))
    if numbers is not None:
        count = len(column) - column.null_count
        sheet.note("decimal-comma", DECIMAL_COMMA.message, count, name)
    return numbers


class _Reading:
    """The distinct texts of one column, and what they turn out to be."""

    def __init__(self, sheet: Sheet, name: str, column: pa.Array, prefer_comma: bool) -> None:
        self.sheet, self.name, self.prefer_comma = sheet, name, prefer_comma
        encoded = column.dictionary_encode()
        self.codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False))
        self.raw: list[str] = encoded.dictionary.to_pylist()
        self.texts = [text.strip() for text in self.raw]
        self.counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.raw))

    def series(self) -> pd.Series:
        """The column as numbers, times, truth values or text."""
        marks = self._marks()
        values = [i for i, text in enumerate(self.texts) if text and i not in marks]
        for read in (self._numbers, self._times, self._truths):
            made = read(values, marks)
            if made is not None:
                return made
        return self._words()

    def wanted(self, code: str) -> bool:
        """Whether the repair `code` of this column is not switched off."""
        return self.sheet.wanted(code, self.name)

    def note(self, code: str, message: str, count: int, fixed: bool = True) -> None:
        """A finding about this column."""
        self.sheet.note(code, message, count, self.name, fixed)

    def _cells(self, distinct: Sequence[int]) -> int:
        return int(self.counts[list(distinct)].sum()) if distinct else 0

    def _lines(self, distinct: Sequence[int]) -> list[int]:
        return [int(line) for line in self.sheet.lines[np.isin(self.codes, list(distinct))]]

    def _marks(self) -> set[int]:
        if not self.wanted("missing-marks"):
            return set()
        return {i for i, text in enumerate(self.texts) if text.lower() in MISSING}

    def _note_marks(self, marks: set[int]) -> None:
        if marks:
            words = ", ".join(f"“{self.texts[i]}”" for i in sorted(marks)[:4])
            count = self._cells(sorted(marks))
            self.note("missing-marks", f"{words} is read as a missing cell.", count)

    # ── numbers ──

    def _numbers(self, values: list[int], marks: set[int]) -> pd.Series | None:
        endless = [i for i in values if self.texts[i].lower() in INFINITE]
        values = [i for i in values if i not in endless]
        if not self.wanted("infinite") and endless:
            return None
        if self._hopeless(values):
            return None
        plain = [numeral(self.texts[i]) for i in values]
        bare, affixes = stripped(plain)
        if affixes.code and not self.wanted(affixes.code):
            bare, affixes = plain, Affixes()
        kept = identifiers(bare)
        if kept and self.wanted(kept) and not affixes.code and self._mostly(bare, values, PLAIN):
            self.note(kept, _KEPT[kept], self._cells(values))
            return self._words()
        how = notation(bare, self.prefer_comma, self._switched_off())
        read = [number(text, how) for text in bare]
        bad = [i for i, value in zip(values, read) if value is None]
        if not self._few(bad, values) or (bad and not self.wanted("bad-cells")):
            return None
        self._note_numbers(how, affixes, endless, bad, values)
        self._note_marks(marks)
        return self._spread({i: v for i, v in zip(values, read) if v is not None})

    def _hopeless(self, values: list[int]) -> bool:
        """Whether, of very many texts, most of a sample are no numbers in any notation."""
        if len(values) <= _SAMPLE:
            return False
        sample = values[:: max(1, len(values) // _SAMPLE)]
        bare, _ = stripped([numeral(self.texts[i]) for i in sample])
        how = notation(bare, self.prefer_comma, self._switched_off())
        return sum(number(text, how) is not None for text in bare) < 0.5 * len(sample)

    def _mostly(self, bare: list[str], values: list[int], how: Notation) -> bool:
        bad = [i for i, text in zip(values, bare) if number(text, how) is None]
        return self._few(bad, values)

    def _few(self, bad: list[int], values: list[int]) -> bool:
        """Whether the cells that are no numbers are few enough to be slips."""
        wrong, every = self._cells(bad), self._cells(values)
        return every > 0 and wrong <= max(1, _BAD_SHARE * every) and every >= 5 * wrong

    def _switched_off(self) -> frozenset[str]:
        return frozenset(c for c in ("decimal-comma", "thousands") if not self.wanted(c))

    def _note_numbers(
        self,
        how: Notation,
        affixes: Affixes,
        endless: list[int],
        bad: list[int],
        values: list[int],
    ) -> None:
        if how.code:
            self.note(how.code, how.message, self._cells(values))
        if affixes.code:
            self.note(affixes.code, _AFFIX[affixes.code].format(affixes.unit), self._cells(values))
            self.sheet.units.setdefault(self.name, affixes.unit)
        if endless:
            message = f"Infinite numbers ({listed(self._lines(endless))}) are read as missing."
            self.note("infinite", message, self._cells(endless))
        if bad:
            words = ", ".join(f"“{self.texts[i][:30]}”" for i in bad[:3])
            where = listed(self._lines(bad))
            message = f"{words} ({where}) is no number, so it is read as missing."
            self.note("bad-cells", message, self._cells(bad))

    def _spread(self, read: dict[int, float]) -> pd.Series:
        table = np.full(len(self.raw) + 1, math.nan)
        for index, value in read.items():
            table[index] = value
        return pd.Series(table[self.codes])

    # ── times, truth values, text ──

    def _times(self, values: list[int], marks: set[int]) -> pd.Series | None:
        found = dates([self.texts[i] for i in values]) if self.wanted("date-order") else None
        if found is None:
            return None
        times, message = found
        self.note("date-order", f"{message}.", self._cells(values))
        self._note_marks(marks)
        table = np.full(len(self.raw) + 1, np.datetime64("NaT"), dtype="datetime64[us]")
        table[values] = times.to_numpy(dtype="datetime64[us]")
        return pd.Series(table[self.codes])

    def _truths(self, values: list[int], marks: set[int]) -> pd.Series | None:
        words = {self.texts[i].lower() for i in values}
        if not words or not words <= {"true", "false"}:
            return None
        self._note_marks(marks)
        table: list[bool | None] = [
            self.texts[i].lower() == "true" if i in values else None for i in range(len(self.raw))
        ]
        return pd.Series([*table, None], dtype="boolean").take(self.codes).reset_index(drop=True)

    def _words(self) -> pd.Series:
        """The cells as text: outer space folded, marks of a missing cell read as missing."""
        marks = {i for i in self._marks() if self._surely_missing(i)}
        self._note_marks(marks)
        padded = [i for i, text in enumerate(self.raw) if text != self.texts[i] and self.texts[i]]
        texts = self.texts
        if padded and not self.wanted("spaces"):
            texts = [raw if text else text for raw, text in zip(self.raw, self.texts)]
        elif padded:
            self.note("spaces", "Space around the text is taken off.", self._cells(padded))
        cells = [None if i in marks else text or None for i, text in enumerate(texts)]
        return pd.Series(np.array([*cells, None], dtype=object)[self.codes])

    def _surely_missing(self, index: int) -> bool:
        """Not where the mark may be a level, as NA is for Namibia among country codes."""
        text = self.texts[index]
        if text.lower() in CERTAIN:
            return True
        others = [t for i, t in enumerate(self.texts) if i != index and t]
        codes = sum(bool(CODES.fullmatch(other)) for other in others)
        coded = len(others) > 0 and codes >= 0.8 * len(others)
        if text == "NA" and (coded or NAMED_CODE.search(self.name)):
            message = "“NA” is kept as a value of its own, as the other values are codes too."
            if self.wanted("na-kept"):
                self.note("na-kept", message, self._cells([index]))
                return False
            return True
        return text.lower() in ("na", "n.a.", "n.a", "-", "--", "—", "–", ".", "?")
