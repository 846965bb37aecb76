"""Knowledge as JSON and as text: told, read back, and refused where it means nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.discovery.knowledge import Knowledge
from causal_core.discovery.knowledge_text import (
    arrows_text,
    parse_arrows,
    parse_tiers,
    tiers_text,
)
from causal_core.discovery.stored_knowledge import from_dict, to_dict
from causal_core.errors import GraphError, RungsError

NAMES = ['say "hi"', "a, b", "dose", "age", "x y", "Größe", " pad "]


@st.composite
def knowledge(draw: st.DrawFn) -> Knowledge:
    order = draw(st.permutations(NAMES))
    tiers = [[], [], []]  # type: list[list[str]]
    for name in order:
        lane = draw(st.integers(-1, 2))
        if lane >= 0:
            tiers[lane].append(name)
    pairs = st.frozensets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=4)
    known = Knowledge(tuple(map(tuple, tiers)))
    required = {(a, b) for a, b in draw(pairs) if a != b and not known.forbids(a, b)}
    forbidden = {(a, b) for a, b in draw(pairs) if a != b} - required
    return Knowledge(known.tiers, frozenset(required), frozenset(forbidden))


@given(knowledge())
def test_it_is_stored_and_read_back(known: Knowledge) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(known)))) == known


@given(knowledge())
def test_it_is_written_as_text_and_read_back(known: Knowledge) -> None:
    assert parse_tiers(tiers_text(known.tiers), NAMES) == tuple(filter(None, known.tiers))
    for arrows in (known.required, known.forbidden):
        assert frozenset(parse_arrows(arrows_text(arrows), NAMES)) == arrows


@given(knowledge(), st.sets(st.sampled_from(NAMES)))
def test_within_some_columns_it_forbids_what_it_did(known: Knowledge, names: set[str]) -> None:
    inside = known.within(names)
    for cause in names:
        for effect in names:
            assert inside.forbids(cause, effect) == known.forbids(cause, effect)
    assert all({*pair} <= names for pair in inside.required | inside.forbidden)


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"tiers": 3},
        {"tiers": [[1]]},
        {"required": [["a"]]},
        {"required": ["ab c"]},
        {"forbidden": [["a", None]]},
    ],
)
def test_what_is_none_is_refused(told: object) -> None:
    with pytest.raises(GraphError, match="no knowledge"):
        from_dict(told)


def test_what_contradicts_itself_is_refused() -> None:
    told = {"tiers": [["a"], ["b"]], "required": [["b", "a"]], "forbidden": []}
    with pytest.raises(RungsError, match="required, and forbidden too"):
        from_dict(told)
