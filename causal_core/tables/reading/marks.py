"""Texts with a meaning of their own: marks of a missing cell, of a total, of a unit."""

from __future__ import annotations

import re

MISSING = frozenset(
    {
        "na", "n/a", "n.a.", "n.a", "#n/a", "nan", "null", "none", "nil", "missing", "unknown",
        "not available", "not applicable", "-", "--", "—", "–", ".", "?", "<na>", "nat", "n.d.",
        "nd", "k.a.", "(null)", "\\n",
    }
)  # fmt: skip
# marks that are never a level of their own in a column of text
CERTAIN = frozenset({"#n/a", "nan", "null", "<na>", "n/a", "nat", "(null)", "\\n"})
INFINITE = frozenset({"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞"})
TOTALS = re.compile(
    r"(grand |sub-?)?totals?( general)?:?|sum:?|summe:?|gesamt:?|insgesamt:?|mean:?|average:?"
    r"|mittelwert:?|somme:?|totale:?|всего:?",
    re.IGNORECASE,
)
UNIT = re.compile(r"[\[(]?[A-Za-zµμ°%‰$€£¥Ω][\w°%‰/*^·.²³µμ$€£¥ -]{0,14}[\])]?|[\[(].{0,14}[\])]")
CODES = re.compile(r"[A-Z]{2,3}")
NAMED_CODE = re.compile(r"country|iso|nation|continent|region|code|land|pays|state", re.IGNORECASE)
INDEX_NAMES = frozenset({"", "index", "unnamed: 0", "rownames", "row.names", "_row", "x"})
SENTINELS = (-999.0, -9999.0, -99999.0, -99.0, 999.0, 9999.0, 99999.0, 999999.0)
