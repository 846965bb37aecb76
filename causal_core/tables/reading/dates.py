"""How people write dates, and which order day and month stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

_ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
)
_TAIL = r"( (?P<time>\d{1,2}:\d{2}(:\d{2})?))?"
_NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4})" + _TAIL)


def dates(texts: Sequence[str]) -> tuple[pd.Series, str] | None:
    """`texts` as times (naive, UTC), and how they were read; None if one is no date."""
    if not texts:
        return None
    if all(_ISO.fullmatch(text) for text in texts):
        return _parsed(list(texts), "Dates are read as year-month-day")
    if not _NUMERIC.fullmatch(texts[0]):
        return None
    matches = [_NUMERIC.fullmatch(text) for text in texts]
    parts = [match for match in matches if match]
    if len(parts) < len(texts) or len({match["sep"] for match in parts}) > 1:
        return None
    day_first = _day_first(parts)
    words = [_iso(match, day_first) for match in parts]
    order = "day-month-year" if day_first else "month-day-year"
    sure = any(int(m["a"]) > 12 or int(m["b"]) > 12 for m in parts)
    return _parsed(words, f"Dates are read as {order}" + ("" if sure else " (either would fit)"))


def _day_first(parts: Sequence[re.Match[str]]) -> bool:
    if any(int(match["a"]) > 12 for match in parts):
        return True
    return parts[0]["sep"] == "." and not any(int(match["b"]) > 12 for match in parts)


def _iso(match: re.Match[str], day_first: bool) -> str:
    day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
    return f"{match['year']}-{int(month):02}-{int(day):02} {match['time'] or '0:00'}"


def _parsed(words: list[str], message: str) -> tuple[pd.Series, str] | None:
    try:
        times = pd.to_datetime(pd.Series(words, dtype=object), format="mixed", utc=True)
    except (ValueError, OverflowError):
        return None
    return times.dt.tz_localize(None), message
