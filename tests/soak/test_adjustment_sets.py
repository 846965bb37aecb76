"""Adjustment sets, judgements, paths, front doors and instruments at volume, by brute force."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.identification import laws
from tests.identification.brute import Question, drawn

GRAPHS, MOST = 5_000, 7


def some_sets(seed: int, question: Question) -> tuple[frozenset[str], frozenset[str]]:
    """Two disjoint sets of a question's variables."""
    rng = random.Random(seed)
    roles = {name: rng.choice("io--") for name in question.free}
    chosen, barred = ({n for n, role in roles.items() if role == kind} for kind in "io")
    return frozenset(chosen), frozenset(barred)


@pytest.mark.timeout(3600)
def test_adjustment_judgements_and_paths() -> None:
    answers: Counter[bool] = Counter()
    for seed in range(GRAPHS):
        question = drawn(seed, MOST)
        chosen, barred = some_sets(seed, question)
        laws.adjustment_sets(question, chosen, barred)
        laws.judgements(question, chosen)
        laws.path_lists(question, chosen)
        answers[bool(question.adjusting)] += 1
    assert min(answers[True], answers[False]) > GRAPHS // 10, "both answers are asked for often"


@pytest.mark.timeout(3600)
def test_front_doors() -> None:
    for seed in range(GRAPHS):
        laws.front_doors(drawn(seed, MOST))
        laws.front_doors(drawn(seed, MOST).confounded)


@pytest.mark.timeout(3600)
def test_instruments() -> None:
    for seed in range(GRAPHS):
        laws.all_instruments(drawn(seed, MOST, single=True))


@pytest.mark.timeout(3600)
def test_precision() -> None:
    for seed in range(GRAPHS):
        question = drawn(seed, MOST)
        if len(question.outcomes) == 1:
            laws.precision(question, seed)
