"""The question that Identify and Estimate share: which cause, which outcome, for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from causal_core.errors import QuestionError
from causal_core.identification.asked import Asked
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.graphs.graph import CausalGraph
    from causal_core.studies.store import Study
    from causal_core.tables.examples import Example

_CHOICE = "question"


def question(study: Study, graph: CausalGraph) -> Asked:
    """What is asked of this study: as it was kept, where the graph still has its nodes.

    Raises QuestionError where the graph has no two measured nodes.
    """
    kept = study.choices.get(_CHOICE) or {}
    names = graph.observed
    if len(names) < 2:
        raise QuestionError(
            "A question needs two measured nodes in the graph.", "Add them on the Graph page."
        )
    pair = (kept.get("treatment"), kept.get("outcome"))
    if not set(pair) <= set(names) or pair[0] == pair[1]:
        cause, outcome = first_pair(study, graph, names)
        adjusted = sorted(graph.adjusted - {cause, outcome} - graph.latent)
        return Asked(cause, outcome, adjusted=tuple(adjusted), level=positive(study, outcome))
    return _read(kept, set(names) - set(pair))


def keep(study: Study, asked: Asked) -> Study:
    """Keep what is asked, so that a reload and the other pages show it again."""
    study = session.store().get(study.id)  # its other choices may be newer than ours
    told = {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(asked).items()}
    if study.choices.get(_CHOICE) == told:
        return study
    return session.save(study, choices={**study.choices, _CHOICE: told})


def carry(study: Study, graph: CausalGraph, looked: Asked) -> Study:
    """Keep what another page looks at; for the pair asked before, what is held stays held."""
    kept, (before, after) = question(study, graph), looked.values or (None, None)
    if (kept.treatment, kept.outcome) == (looked.treatment, looked.outcome):
        looked = replace(looked, given=kept.given, adjusted=kept.adjusted)
    return keep(study, looked if before != after else replace(looked, values=None))


def first_pair(study: Study, graph: CausalGraph, names: Collection[str]) -> tuple[str, str]:
    """The first cause and outcome among `names`, of which there are two or more.

    They are the example's, the graph's marked nodes, or the ends of the longest causal path.
    """
    shelf = example(study)
    known = [(shelf.cause, shelf.outcome)] if shelf else []
    marked = [(c, o) for c in sorted(graph.exposures) for o in sorted(graph.outcomes)]
    order = [n for n in graph.topological_order if n in names]
    found = [(a, b) for b in reversed(order) for a in order if a != b and b in graph.descendants(a)]
    confounded = [(a, b) for a, b in found if graph.parents(a) and b in graph.children(a)]
    pairs = (p for p in [*known, *marked, *confounded, *found] if set(p) <= set(names))
    return next(pairs, (order[0], order[-1]))


def example(study: Study) -> Example | None:
    """The shelf's entry that the study came from."""
    from causal_core.tables.examples import EXAMPLES

    return EXAMPLES.get(study.example) if study.example else None


def positive(study: Study, outcome: str) -> str | None:
    """The level of the outcome that the example counts, if the study is one that asks for it."""
    shelf = example(study)
    return shelf.positive if shelf and shelf.outcome == outcome else None


def _read(kept: dict[str, Any], free: set[str]) -> Asked:
    """The question that was kept; what the graph no longer has is left out."""
    given, adjusted = ([n for n in kept.get(key, ()) if n in free] for key in ("given", "adjusted"))
    values = kept.get("values")
    return Asked(
        kept["treatment"],
        kept["outcome"],
        tuple(given),
        tuple(adjusted),
        (values[0], values[1]) if values else None,
        kept.get("level"),
    )
