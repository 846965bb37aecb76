"""Refutations as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from causal_core.estimation.refutation import Refutation


def to_json(found: Iterable[Refutation]) -> str:
    """One JSON list that `from_json` reads back."""
    return json.dumps([asdict(one) for one in found])


def from_json(text: str) -> tuple[Refutation, ...]:
    """What `to_json` told."""
    return tuple(Refutation(**told) for told in json.loads(text))
