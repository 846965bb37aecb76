"""A derivation as the browser plays it: words, formulas, and what each step does to the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.derivation import PATHS_SHOWN, Separation, Step
from causal_core.identification.expression import Probability
from causal_core.identification.identify import Identification
from causal_core.identification.paths import Path, paths
from causal_core.views.edge_menu import said
from causal_core.views.grouped import Group, group
from causal_core.views.mathml import Node, mathml
from causal_core.views.path_words import listed, path_lines

_SECONDS = 0.1  # for the paths of one step


def step_payloads(
    found: Identification, whole: CausalGraph, read: Mapping[Probability, str]
) -> list[dict[str, Any]]:
    """One record for each step of `found`; `whole` is the projected graph as it is drawn.

    `read`: what the rows say of a probability, where they say anything.

    "absent" are edges of `whole` that the step's graph lacks, "cut" those of them that this
    step cuts; "gone" are nodes it lacks, "left" those that this step leaves out; "separation"
    is a sentence and "paths" what it blocks; formulas are MathML nodes.
    """
    short = group(found.estimand.expression) if found.estimand else Group()
    return [_step(step, whole, short, read) for step in found.steps]


def _step(
    step: Step, whole: CausalGraph, short: Group, read: Mapping[Probability, str]
) -> dict[str, Any]:
    kept_edges, kept_nodes = set(step.graph.edges), set(step.graph.nodes)
    blocked = _blocked(step)

    def drawn(latex: str) -> Node:
        return mathml(short.short(latex, whole.nodes))

    return {
        "rule": step.rule,
        "title": step.title,
        "reason": step.reason,
        "before": drawn(step.before),
        "after": drawn(step.after),
        "becomes": _becomes(step),
        "absent": [said(edge) for edge in whole.edges if edge not in kept_edges],
        "cut": [said(edge) for edge in step.cut],
        "gone": [name for name in whole.nodes if name not in kept_nodes],
        "left": list(step.gone),
        "separation": separation_words(step.separation, len(blocked)) if step.separation else "",
        "held": sorted(step.separation.given) if step.separation else [],
        "paths": path_lines(blocked),
        "terms": [
            {"formula": drawn(str(t)), "words": t.words(), "value": read.get(t, "")}
            for t in step.terms
        ],
    }


def _becomes(step: Step) -> str:
    """What stands between the formulas; "" where the step leaves the formula as it is."""
    if step.before == step.after:
        return ""
    return "is" if step.after.startswith(r"\text") else "="


def _blocked(step: Step) -> Sequence[Path]:
    """Paths that the separation blocks, with what blocks each; none where it does not hold."""
    apart = step.separation
    if apart is None or not apart.holds:
        return ()
    plain = replace(step.graph, selected=frozenset())  # a step may be about such a node too
    found = paths(plain, apart.xs, apart.ys, apart.given, most=PATHS_SHOWN, seconds=_SECONDS)
    return found.paths


def separation_words(apart: Separation, paths: int) -> str:
    """The separation in one sentence; `paths`: how many of them it blocks.

    >>> separation_words(Separation(frozenset("x"), frozenset("y"), frozenset("z"), True), 2)
    'In this graph x and y are independent given z: every path between them is blocked.'
    """
    xs, ys = listed(sorted(apart.xs)), listed(sorted(apart.ys))
    given = f" given {listed(sorted(apart.given))}" if apart.given else ""
    if not apart.holds:
        return f"In this graph {xs} and {ys} depend on each other{given}: a path is open."
    why = "every path between them is blocked" if paths else "no path joins them"
    return f"In this graph {xs} and {ys} are independent{given}: {why}."
