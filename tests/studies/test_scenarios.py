"""Kept settings of the Explore page: numbered within their study, and gone with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest
import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies import rows, scenarios
from causal_core.studies.duplicate import duplicate
from causal_core.studies.removal import bring_back, remove, sweep_removed
from causal_core.studies.store import Store

pytestmark = pytest.mark.usefixtures("either_database")
LOOKED = {
    "cause": "x",
    "outcome": "y “<b>”",
    "level": None,
    "row": 3,
    "do": {"z": "b", "w": 0.1},
    "rho": -0.3,
    "orders": {"v": ["low", "high"]},
    "position": 0.1 + 0.2,
}


def test_a_scenario_comes_back_as_it_was_kept(store: Store) -> None:
    study = store.create("letters")
    first = scenarios.keep(store, study.id, "  high \n dose ", LOOKED)
    second = scenarios.keep(store, study.id, "", LOOKED | {"position": -1.5})
    assert scenarios.listed(store, study.id) == (second, first)
    assert scenarios.get(store, study.id, 1) == first
    assert first.looked == LOOKED
    assert (first.title, second.title) == ("1 · high dose", "Scenario 2")
    assert first.created.tzinfo is UTC


def test_scenarios_are_renamed_and_deleted_one_by_one(store: Store) -> None:
    study, other = store.create("letters"), store.create("numbers")
    one, two = (scenarios.keep(store, study.id, name, LOOKED) for name in ("one", "two"))
    elsewhere = scenarios.keep(store, other.id, "one", LOOKED)
    renamed = scenarios.rename(store, study.id, one.number, "first")
    scenarios.delete(store, study.id, two.number)
    scenarios.delete(store, study.id, two.number)
    assert scenarios.listed(store, study.id) == (renamed,)
    assert (renamed.name, renamed.looked) == ("first", LOOKED)
    assert scenarios.listed(store, other.id) == (elsewhere,)


def test_an_old_link_never_opens_a_newer_scenario(store: Store) -> None:
    study = store.create("letters")
    old = scenarios.keep(store, study.id, "old", LOOKED)
    scenarios.delete(store, study.id, old.number)
    assert scenarios.keep(store, study.id, "new", LOOKED).number != old.number
    for gone in (
        lambda: scenarios.get(store, study.id, old.number),
        lambda: scenarios.rename(store, study.id, old.number, "x"),
    ):
        with pytest.raises(StudyError, match="scenario was deleted"):
            gone()


def test_a_removed_study_keeps_its_scenarios_until_it_is_gone_for_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, other = store.create("letters"), store.create("numbers")
    kept = scenarios.keep(store, study.id, "one", LOOKED)
    elsewhere = scenarios.keep(store, other.id, "one", LOOKED)
    remove(store, study.id)
    with pytest.raises(StudyError, match="does not exist"):
        scenarios.keep(store, study.id, "late", LOOKED)
    bring_back(store, study.id)
    assert scenarios.listed(store, study.id) == (kept,)
    remove(store, study.id)
    monkeypatch.setenv("RUNGS_REMOVED_DAYS", "0")
    sweep_removed(store)
    assert scenarios.listed(store, study.id) == ()
    assert scenarios.listed(store, other.id) == (elsewhere,)


def test_a_copy_has_the_scenarios_in_their_order(store: Store) -> None:
    study = store.create("letters")
    for name in ("one", "two", "three"):
        scenarios.keep(store, study.id, name, LOOKED)
    scenarios.delete(store, study.id, 2)
    copy = duplicate(store, study.id)
    scenarios.delete(store, study.id, 1)
    found = scenarios.listed(store, copy.id)
    assert [(one.number, one.name) for one in found] == [(2, "three"), (1, "one")]
    assert all(one.looked == LOOKED for one in found)


def test_a_store_from_before_there_were_scenarios_is_opened(store: Store) -> None:
    study = store.create("letters")
    with store.engine.begin() as connection:
        connection.execute(sa.schema.DropTable(rows.scenarios))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
    reopened = Store.open(store.folder)
    assert scenarios.listed(reopened, study.id) == ()
    assert scenarios.keep(reopened, study.id, "one", LOOKED).number == 1


@pytest.mark.parametrize("name", ["'; drop table scenarios; --", "名前 <b>`x`</b>", "a" * 10_000])
def test_any_name_is_kept_literally(store: Store, name: str) -> None:
    study = store.create("letters")
    assert scenarios.keep(store, study.id, name, LOOKED).name == name[: scenarios.LONGEST]


def test_two_tabs_never_take_the_same_number(store: Store) -> None:
    study = store.create("letters")
    with ThreadPoolExecutor(8) as tabs:
        kept = list(tabs.map(lambda n: scenarios.keep(store, study.id, f"{n}", LOOKED), range(24)))
    assert sorted(one.number for one in kept) == list(range(1, 25))
