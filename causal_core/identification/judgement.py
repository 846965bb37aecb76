"""What is held now, judged: whether it gives the effect, what is wrong, and what would do.

As DAGitty judges a set while one draws (Textor, van der Zander, Gilthorpe, Liśkiewicz & Ellison
2016): the adjustment criterion decides, the paths say why.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment_status import AdjustmentStatus, status_of
from causal_core.identification.criterion import Criterion, Names, named
from causal_core.identification.judgement_words import advice, sentence
from causal_core.identification.minimal import minimal_adjustment_sets
from causal_core.identification.paths import Path, Paths, paths_of_sort
from causal_core.identification.walks import Walks

SUGGESTIONS = 12  # sets that are offered


@dataclass(frozen=True)
class AdjustmentJudgement:
    """Whether holding some variables gives the effect, and why.

    `sentence` says what is so, `advice` what to do (empty where all is well). `biasing`: open
    paths that are not causal; `causal`: the causal ones, open first; `blocked`: the others;
    `all_paths`: whether these are all there are. `forbidden`: what is held and may never be.
    `could_add`: what completes the present variables, few first; where nothing does, `instead`
    are whole sets that keep as many of the present variables as one can.
    """

    correct: bool
    status: AdjustmentStatus
    sentence: str
    advice: str
    biasing: tuple[Path, ...]
    causal: tuple[Path, ...]
    blocked: tuple[Path, ...]
    all_paths: bool
    forbidden: frozenset[str]
    could_add: tuple[frozenset[str], ...]
    instead: tuple[frozenset[str], ...]


def judge(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    adjusted: Names,
    *,
    most: int = 50,
    seconds: float = 0.3,
) -> AdjustmentJudgement:
    """Judge holding `adjusted`, with at most `most` paths of each sort.

    `seconds` is about the longest time for the paths, and again for the sets. Raises
    GraphError for unknown names and for a question that means nothing.

    >>> graph = CausalGraph.parse("x <- a -> m <- b -> y x -> y")
    >>> found = judge(graph, "x", "y", "m")
    >>> print(found.status, found.sentence, found.advice, sep="; ")
    a collider opened; Holding “m” opens x ← a → m ← b → y.; Hold also “a”.
    """
    criterion = Criterion.of(graph, treatment, outcome)
    chosen = named(graph, adjusted) - criterion.held
    biasing, *others = _paths(criterion, chosen, most, seconds)
    free, cut, blocked = others
    status = status_of(criterion, chosen, biasing.paths)
    correct = status is AdjustmentStatus.CORRECT
    offered = () if correct else _offered(criterion, chosen, seconds)
    adding = bool(offered) and chosen <= offered[0]
    return AdjustmentJudgement(
        correct=correct,
        status=status,
        sentence=sentence(criterion, chosen, status, biasing),
        advice=advice(chosen, status, offered),
        biasing=biasing.paths,
        causal=free.paths + cut.paths,
        blocked=blocked.paths,
        all_paths=all(some.complete for some in (biasing, *others)),
        forbidden=chosen & criterion.forbidden,
        could_add=tuple(found - chosen for found in offered) if adding else (),
        instead=() if adding else offered,
    )


def _paths(
    criterion: Criterion, chosen: frozenset[str], most: int, seconds: float
) -> tuple[Paths, Paths, Paths, Paths]:
    """The biasing paths; the causal ones, open and blocked; the other blocked ones."""
    given = chosen | criterion.held
    walks = Walks(criterion.graph, criterion.causes, criterion.outcomes, given)

    def some(causal: bool, free: bool) -> Paths:
        return paths_of_sort(walks, causal, free, most, time.monotonic() + seconds / 4)

    return some(False, True), some(True, True), some(True, False), some(False, False)


def _offered(
    criterion: Criterion, chosen: frozenset[str], seconds: float
) -> tuple[frozenset[str], ...]:
    """Minimal sets that keep of `chosen` what one can; its order decides what goes."""
    kept = chosen
    if criterion.field(chosen) is None:
        kept = frozenset[str]()
        for name in sorted(chosen - criterion.forbidden):
            if criterion.field(kept | {name}) is not None:
                kept |= {name}
    found = minimal_adjustment_sets(
        criterion.graph,
        criterion.causes,
        criterion.outcomes,
        kept,
        most=SUGGESTIONS,
        seconds=seconds,
    )
    return found.sets
