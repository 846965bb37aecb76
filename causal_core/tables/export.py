"""Tables to CSV that a spreadsheet opens without running what a cell says.

A text that begins with =, +, -, @, a tab or a carriage return is a formula to a
spreadsheet; it gets a leading apostrophe (OWASP, CSV injection). Numbers stay numbers.
"""

from __future__ import annotations

import pandas as pd

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(frame: pd.DataFrame) -> bytes:
    """`frame` as UTF-8 CSV with a byte-order mark (which Excel needs), formula-safe."""
    safe = pd.DataFrame({i: _safe(frame.iloc[:, i]) for i in range(frame.shape[1])})
    header = [safe_text(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, header=header, lineterminator="\r\n").encode("utf-8-sig")


def safe_text(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> safe_text("=1+1"), safe_text("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_TRIGGERS) else text


def _safe(column: pd.Series) -> pd.Series:
    column = column.reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return column
    words = column.astype(object)
    return words.map(lambda cell: safe_text(cell) if isinstance(cell, str) else cell)
