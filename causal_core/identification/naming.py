"""Names as a sentence has them: in quotes and in sorted order."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str]) -> str:
    """Names joined as people say them, nothing for none.

    >>> listed({"c", "b", "a"})
    '“a”, “b” and “c”'
    """
    words = _quoted(names)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def separated(names: Iterable[str]) -> str:
    """Names with commas alone between them.

    >>> separated({"b", "a"})
    '“a”, “b”'
    """
    return ", ".join(_quoted(names))


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"“{name}”" for name in sorted(names)]
