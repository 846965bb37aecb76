"""Our own JSON, as the store keeps it (`stored`), read with places for its mistakes."""

from __future__ import annotations

import re

from causal_core.graphs.formats.format import Format
from causal_core.graphs.formats.records import read
from causal_core.graphs.stored import to_json


def claims(text: str) -> bool:
    """Whether a text begins as a JSON object or list does."""
    return bool(re.match(r'\s*(\{\s*("(?:[^"\\]|\\.)*+"\s*:|\})|\[)', text))


FORMAT = Format("json", "Rungs JSON", ("json",), read, to_json, claims, "application/json")
