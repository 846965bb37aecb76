"""The words and marks of a licence, and of two answers side by side."""

from __future__ import annotations

import pytest

from causal_core.estimation.agreement import agreement
from causal_core.estimation.licence import Licence, LicenceKind
from causal_core.estimation.result import Arm, Estimate, Method
from causal_core.views.licence_words import (
    BADGES,
    alarm_words,
    arm_rows,
    badge,
    beside_words,
    opinion_words,
    short_formula,
)

ESTIMATE = Estimate(
    0.051, 0.02, (Arm("no", 0.4, 0.01), Arm("yes", 0.451, 0.02)), Method.AIPW,
    frozenset(), 1566, "probability",
)  # fmt: skip


@pytest.mark.parametrize("kind", LicenceKind)
def test_every_kind_has_a_mark_of_its_own(kind: LicenceKind) -> None:
    assert BADGES[kind].word in BADGES[kind].markdown
    assert len({badge.word for badge in BADGES.values()}) == len(LicenceKind)


def test_nothing_to_adjust_for_is_no_back_door() -> None:
    assert badge(Licence(LicenceKind.BACKDOOR, "")).word == "Identified without adjustment"
    assert badge(Licence(LicenceKind.BACKDOOR, "", "", ("z",))) == BADGES[LicenceKind.BACKDOOR]


def test_the_short_formula_names_no_column() -> None:
    named = Licence(LicenceKind.BACKDOOR, "", "…", ("$evil$",))
    assert "evil" not in short_formula(named)
    assert "sum_z" in short_formula(named)
    assert short_formula(Licence(LicenceKind.BACKDOOR, "")) == "$P(y \\mid do(x)) = P(y \\mid x)$"
    assert short_formula(Licence(LicenceKind.ID, "", "…")) == ""


def test_the_second_opinion_says_unit_method_and_rows() -> None:
    said = opinion_words(ESTIMATE, "*a*", "b").replace("\\", "")
    assert "+5.1 points" in said
    assert "doubly robust (AIPW)" in said
    assert "1,566 rows" in said
    assert "From *a* to b" in said


def test_agreement_is_said_in_words() -> None:
    near = agreement(3.0, (2.0, 4.0), 3.5, (3.0, 4.0))
    far = agreement(3.0, (2.0, 4.0), 9.0, (8.0, 10.0))
    assert beside_words(3.5, (3.0, 4.0), 0.0, "kg", near).endswith("the two agree.")
    assert beside_words(9.0, (8.0, 10.0), 0.0, "kg", far).endswith("the two disagree.")
    assert "at ρ = 0.6," in beside_words(9.0, (8.0, 10.0), 0.6, "kg", far)
    assert "6.00 kg apart" in alarm_words("kg", far, True)
    assert "rely on the second opinion" in alarm_words("kg", far, False)


def test_arms_are_levels_not_changes() -> None:
    rows = arm_rows(ESTIMATE)
    assert rows[1]["setting"] == "yes"
    assert rows[1]["average"] == "45.1 %"
