"""Knowledge as JSON, and back."""

from __future__ import annotations

from typing import Any

from causal_core.discovery.knowledge import Knowledge
from causal_core.errors import GraphError


def to_dict(knowledge: Knowledge) -> dict[str, Any]:
    """{"tiers", "required", "forbidden"} of lists of names, in a fixed order."""
    return {
        "tiers": [list(tier) for tier in knowledge.tiers],
        "required": sorted(map(list, knowledge.required)),
        "forbidden": sorted(map(list, knowledge.forbidden)),
    }


def from_dict(told: Any) -> Knowledge:
    """What `to_dict` told; GraphError for anything else, and for what contradicts itself."""
    try:
        tiers = tuple(tuple(map(_name, tier)) for tier in told.get("tiers", ()))
        required, forbidden = (
            frozenset((_name(cause), _name(effect)) for cause, effect in told.get(role, ()))
            for role in ("required", "forbidden")
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise GraphError("This is no knowledge of columns.", "Reload the page.") from error
    return Knowledge(tiers, required, forbidden)


def _name(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("a name is text")
    return told
