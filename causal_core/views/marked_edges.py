"""Edges of a graph that allows for unmeasured causes, in plain words."""

from __future__ import annotations

import math

from causal_core.discovery.discover import STRONG, FoundEdge
from causal_core.views.theme import percent

MARKED = ("o->", "o-o", "<->")


def meaning(source: str, target: str, kind: str) -> str:
    """What an edge says and what it leaves open, in a sentence.

    >>> meaning("a", "b", "<->")
    'neither causes the other; something unmeasured causes both.'
    """
    if kind == "<->":
        return "neither causes the other; something unmeasured causes both."
    if kind == "o->":
        return (
            f"{target} does not cause {source}; {source} causes {target}, or something "
            "unmeasured causes both, or both hold."
        )
    if kind == "o-o":
        return (
            "the rows do not say which causes which, nor whether something unmeasured causes both."
        )
    return f"{source} causes {target}."


def marked_words(one: FoundEdge) -> str:
    """The meaning of an edge `o->`, `o-o` or `<->`, and how many resamples agree.

    >>> from causal_core.graphs.graph import Edge
    >>> marked_words(FoundEdge(Edge("a", "b", "<->"), 0.95, 0.1, 0, 0.05, 0, 0.8)).split("; ")[-1]
    'b does not cause a in 95 %, a does not cause b in 80 %.'
    """
    source, target = one.edge.source, one.edge.target
    said = meaning(source, target, one.edge.kind)
    if math.isnan(one.adjacent):
        return said
    sure = "strong" if one.adjacent >= STRONG else "tentative"
    into_target, into_source = (percent(share, 0) for share in _heads(one))
    return (
        f"{said} An edge in {percent(one.adjacent, 0)} of the resamples ({sure}); "
        f"{target} does not cause {source} in {into_target}, "
        f"{source} does not cause {target} in {into_source}."
    )


def marked_figure(one: FoundEdge) -> str:
    """What is less than strong of the arrowheads that such an edge shows."""
    into_target, into_source = _heads(one)
    if one.edge.kind == "o->" and into_target < STRONG:
        return f"→ {percent(into_target, 0)}"
    if one.edge.kind == "<->" and min(into_target, into_source) < STRONG:
        return f"↔ {percent(one.common, 0)}"
    return ""


def _heads(one: FoundEdge) -> tuple[float, float]:
    """Shares of the resamples with an arrowhead at the target, and at the source."""
    return one.forward + one.half + one.common, one.backward + one.half_back + one.common
