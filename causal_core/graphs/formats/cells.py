"""CSV as cells with their places: commas, semicolons or tabs, double quotes doubled inside."""

from __future__ import annotations

import re
from dataclasses import dataclass

from causal_core.graphs.formats.tokens import syntax_error

_MARKS = ",;\t"
_ENOUGH = 50_000  # characters
_CELL = {
    mark: re.compile(rf' *+"(?P<quoted>(?:[^"]|"")*+)" *+|(?P<bare>[^{mark}\r\n]*+)')
    for mark in _MARKS
}
_END = re.compile(r"\r\n|[\r\n]|\Z")

# A spreadsheet takes a cell that begins like these for a formula and runs it.
SAFE = re.compile(r"\s*+[^=+\-@＝＋－＠].*", re.DOTALL)
_DOUBLE = 'Double a quote inside quotes: "say ""hi""".'


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, bare text without blanks around it, and where it begins."""

    text: str
    start: int
    quoted: bool


def rows(text: str) -> list[list[Cell]]:
    """All rows that are not blank; GraphSyntaxError where quotes do not fit."""
    mark = _mark(text)
    found: list[list[Cell]] = [[]]
    at = 0
    while True:
        cell, end = _cell(text, at, mark)
        found[-1].append(cell)
        if text.startswith(mark, end):
            at = end + 1
            continue
        stop = _END.match(text, end)  # what no bare cell goes beyond
        if stop is None:
            raise syntax_error(text, end, "text stands after a quote", _DOUBLE)
        if len(found[-1]) == 1 and not cell.text:
            found.pop()
        if stop.end() >= len(text):
            return found
        found.append([])
        at = stop.end()


def beginning(text: str) -> str:
    """Enough whole lines of `text` to see what its rows are."""
    if len(text) <= _ENOUGH:
        return text
    return text[: text.rfind("\n", 0, _ENOUGH) + 1] or text[:_ENOUGH]


def quoted(text: str) -> str:
    """`text` as one cell.

    >>> quoted('a "b", c')
    '"a ""b"", c"'
    """
    bare = text == text.strip() and not re.search(r'[",;\t\r\n]', text)
    return text if bare else '"' + text.replace('"', '""') + '"'


def _mark(text: str) -> str:
    """What parts the cells of the first line."""
    line = re.sub(r'"[^"]*+"', "", text).lstrip().partition("\n")[0]
    return max(_MARKS, key=line.count)


def _cell(text: str, at: int, mark: str) -> tuple[Cell, int]:
    match = _CELL[mark].match(text, at)
    if match is None or match["quoted"] is None:
        bare = match[0] if match else ""
        if bare.lstrip().startswith('"'):
            raise syntax_error(text, at, "this quote is never closed", _DOUBLE)
        return Cell(bare.strip(), at + len(bare) - len(bare.lstrip()), quoted=False), at + len(bare)
    return Cell(match["quoted"].replace('""', '"'), at, quoted=True), match.end()
