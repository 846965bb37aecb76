"""What a person can say of each edge of a graph that was found, and why it is as it is."""

from __future__ import annotations

from typing import Any

from causal_core.discovery.judgement import Judged, Say, Verdict, why_directed
from causal_core.graphs.graph import CausalGraph, Edge

ARROWS = {"->": "→", "--": "—", "<->": "↔", "o->": "o→", "o-o": "o–o"}
_TAKE_BACK = "take back"
_ABSENT = "not an edge"


def said(edge: Edge) -> str:
    """An edge as the browser writes it."""
    return f"{edge.source} {ARROWS[edge.kind]} {edge.target}"


def menu(edge: Edge, judged: Judged, base: CausalGraph) -> dict[str, Any]:
    """{"state", "why", "ends", "menu"} of an edge of `judged.whole`; `base`: before verdicts.

    `menu` is a list of [label, what is then said of the pair or None]; `state` is "open",
    "found", "followed", "mine", "kept" or "absent".
    """
    state, why, ways = _now(edge, judged, base)
    return {
        "state": state,
        "why": why,
        "ends": [edge.source, edge.target],
        "menu": [[label, _told(verdict)] for label, verdict in ways],
    }


Ways = list[tuple[str, Verdict | None]]


def _now(edge: Edge, judged: Judged, base: CausalGraph) -> tuple[str, str, Ways]:
    verdict = judged.verdicts.get(frozenset((edge.source, edge.target)))
    absent = Verdict(edge.source, edge.target, Say.ABSENT)
    if verdict is not None and verdict.say is Say.ABSENT:
        return "absent", "You said that there is no edge.", [("put it back", None)]
    if verdict is not None and verdict.say is Say.ARROW:
        turn = _arrow(edge.target, edge.source)
        ways: Ways = [(_TAKE_BACK, None), (f"turn: {_words(turn)}", turn), (_ABSENT, absent)]
        return "mine", "You directed it.", ways
    if edge in judged.followed:
        return "followed", "It follows from the arrows that you drew.", [(_ABSENT, absent)]
    kept = Verdict(edge.source, edge.target, Say.KEPT)
    accept = ("accept it", kept) if verdict is None else (_TAKE_BACK, None)
    state = "kept" if verdict is not None else "open" if edge.kind == "--" else "found"
    if edge.kind == "--":
        ways = [_way(edge.source, edge.target), _way(edge.target, edge.source)]
        ways += [("leave open", None)] if verdict is None else []
        return state, "The rows fit both ways.", [*ways, accept, (_ABSENT, absent)]
    accepted = "You accepted it. " if verdict is not None else ""
    known = all(other.kind in ("->", "--") for other in base.edges)
    why = why_directed(base, edge) if known else ""
    return state, accepted + why, [accept, (_ABSENT, absent)]


def _way(source: str, target: str) -> tuple[str, Verdict]:
    verdict = _arrow(source, target)
    return _words(verdict), verdict


def _arrow(source: str, target: str) -> Verdict:
    return Verdict(source, target, Say.ARROW)


def _words(verdict: Verdict) -> str:
    return f"{verdict.source} → {verdict.target}"


def _told(verdict: Verdict | None) -> list[str] | None:
    return None if verdict is None else [verdict.source, verdict.target, verdict.say.value]
