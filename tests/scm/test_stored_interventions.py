"""Every intervention comes back from its JSON, and nothing else does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.errors import QuestionError
from causal_core.scm.interventions import Intervention, Scale, Shift, Stochastic
from causal_core.scm.policies import Conditional
from causal_core.scm.stored_interventions import from_json, to_json
from tests.scm.test_policy_text import rules

finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.text(max_size=8) | st.booleans() | st.integers() | finite
stochastic = (
    st.lists(st.tuples(values, st.floats(0, 1e6)), min_size=1, max_size=6)
    .filter(lambda pairs: sum(w for _, w in pairs) > 0)
    .map(lambda pairs: Stochastic(tuple(v for v, _ in pairs), tuple(w for _, w in pairs)))
)
interventions = st.one_of(
    values,
    finite.map(Shift),
    finite.map(Scale),
    stochastic,
    rules.map(lambda rule: Conditional(str(rule))),
)


@settings(max_examples=300)
@given(what=interventions)
def test_what_is_stored_comes_back(what: Intervention) -> None:
    again = from_json(to_json(what))
    assert again == what
    assert type(again) is type(what)


def test_numbers_from_a_table_are_stored_as_plain_ones() -> None:
    assert from_json(to_json(np.int64(3))) == 3
    assert from_json(to_json(Shift(np.float32(0.5)))) == Shift(0.5)
    drawn = Stochastic(np.array([1, 2]), np.array([1, 3], dtype=np.float32))
    assert from_json(to_json(drawn)) == Stochastic((1, 2), (0.25, 0.75))


@pytest.mark.parametrize("what", [Shift(float("nan")), Scale(float("inf")), 10**400, None, [1]])
def test_what_no_json_holds_is_refused(what: Intervention) -> None:
    with pytest.raises(QuestionError, match="stored"):
        to_json(what)


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "null", "3", "[]", "{}", "[" * 100_000,
        '{"kind": "other", "by": 1}', '{"kind": ["shift"], "by": 1}',
        '{"kind": "shift"}', '{"kind": "shift", "by": "1"}', '{"kind": "shift", "by": true}',
        '{"kind": "shift", "by": NaN}', '{"kind": "scale", "by": 1e999}',
        '{"kind": "scale", "by": 1, "more": 2}', '{"kind": "value", "value": null}',
        '{"kind": "value", "value": [1]}', '{"kind": "value", "value": ' + "9" * 400 + "}",
        '{"kind": "stochastic", "values": "ab", "weights": [1, 1]}',
        '{"kind": "stochastic", "values": ["a"], "weights": [-1]}',
        '{"kind": "stochastic", "values": ["a"], "weights": [1, 2]}',
        '{"kind": "conditional", "text": "otherwise ->"}', '{"kind": "conditional", "text": 3}',
        '{"kind": "conditional", "text": "otherwise -> 1", "rule": {}}',
    ],
)  # fmt: skip
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(QuestionError) as caught:
        from_json(text)
    assert caught.value.remedy


@settings(max_examples=200)
@given(
    what=interventions,
    field=st.sampled_from(["kind", "by", "value", "values", "weights", "text"]),
    put=st.recursive(st.none() | values, lambda of: st.lists(of, max_size=3), max_leaves=3),
)
def test_tampered_json_is_an_intervention_or_a_question_error(
    what: Intervention, field: str, put: object
) -> None:
    record = json.loads(to_json(what)) | {field: put}
    try:
        again = from_json(json.dumps(record))
    except QuestionError:
        return
    assert from_json(to_json(again)) == again
