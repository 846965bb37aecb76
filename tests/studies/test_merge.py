"""Two changes of one study: nothing is lost, and what cannot be merged is told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from causal_core.studies.merge import merge, merged_notes
from causal_core.studies.store import Study

NOW = datetime(2024, 1, 1, tzinfo=UTC)
BASE = Study("1", "s", 1, None, "file", (), "t0", "g0", None, {"ask": 1, "see": 1}, NOW, NOW)


def test_changes_of_different_fields_are_both_kept() -> None:
    found = merge(BASE, {"graph": "g1"}, replace(BASE, choices={"ask": 2}, name="other"))
    assert (found.free, found.contested) == ({"graph": "g1"}, {})


def test_choices_are_merged_one_by_one() -> None:
    newest = replace(BASE, choices={"ask": 2, "see": 1, "new": 3})
    found = merge(BASE, {"choices": {"ask": 1, "see": 5}}, newest)
    assert found.free == {"choices": {"ask": 2, "see": 5, "new": 3}}
    assert merge(BASE, {"choices": {"see": 1}}, newest).free["choices"] == {"see": 1, "new": 3}


def test_the_same_field_changed_twice_is_contested_unless_both_say_the_same() -> None:
    newest = replace(BASE, graph="g2")
    assert merge(BASE, {"graph": "g1", "name": "n"}, newest).contested == {"graph": "g1"}
    assert merge(BASE, {"graph": "g1", "name": "n"}, newest).free == {"name": "n"}
    same = merge(BASE, {"graph": "g2"}, newest)
    assert not same.free
    assert not same.contested


def test_a_table_and_its_repairs_are_chosen_together() -> None:
    newest = replace(BASE, table="t2", undo=("na",))
    whole = {"table": "t1", "undo": (), "source": "file"}
    assert merge(BASE, {"table": "t1"}, newest).contested == whole


@given(base=st.text(), mine=st.text(), theirs=st.text())
def test_no_note_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merged_notes(base, mine, theirs)
    assert mine == base or mine in merged
    assert theirs == base or theirs in merged


@given(st.dictionaries(st.sampled_from("abc"), st.integers()), st.sampled_from(["ask", "see"]))
def test_what_no_one_else_changed_is_written_as_it_is(new: dict[str, Any], gone: str) -> None:
    mine = {**BASE.choices, **new}
    del mine[gone]
    assert merge(BASE, {"choices": mine}, BASE).free == {"choices": mine}
