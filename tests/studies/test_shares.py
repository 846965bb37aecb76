"""Read-only links: each leads to its study until it is withdrawn, and to nothing else."""

from __future__ import annotations

import pytest

from causal_core.errors import StudyError
from causal_core.studies import shares
from causal_core.studies.duplicate import duplicate
from causal_core.studies.removal import bring_back, remove, sweep_removed
from causal_core.studies.store import Store

pytestmark = pytest.mark.usefixtures("either_database")


def opens_nothing(store: Store, token: str) -> bool:
    with pytest.raises(StudyError, match="withdrawn, or never led anywhere") as caught:
        shares.shared(store, token)
    return bool(caught.value.remedy)


def test_a_link_leads_to_its_study_and_names_it_nowhere(store: Store) -> None:
    study, other = store.create("letters"), store.create("numbers")
    one, two, elsewhere = (shares.share(store, s.id) for s in (study, study, other))
    assert len({one.token, two.token, elsewhere.token}) == 3
    assert study.id not in one.token
    assert shares.shared(store, one.token) == shares.shared(store, two.token) == study
    assert shares.shared(store, elsewhere.token) == other
    assert set(shares.listed(store, study.id)) == {one, two}


def test_only_the_link_that_is_withdrawn_ends(store: Store) -> None:
    study, other = store.create("letters"), store.create("numbers")
    one, two = shares.share(store, study.id), shares.share(store, study.id)
    shares.withdraw(store, other.id, one.token)
    assert shares.shared(store, one.token) == study
    for _ in range(2):
        shares.withdraw(store, study.id, one.token)
    assert opens_nothing(store, one.token)
    assert shares.listed(store, study.id) == (two,)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "%", "\x00" * 43, "é" * 43, "_" * 10_000])
def test_a_token_that_was_never_given_opens_nothing(store: Store, token: str) -> None:
    study = store.create("letters")
    shares.share(store, study.id)
    assert opens_nothing(store, token)
    assert opens_nothing(store, study.id)


def test_a_link_rests_while_its_study_is_removed_and_goes_with_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = store.create("letters")
    link = shares.share(store, study.id)
    remove(store, study.id)
    assert opens_nothing(store, link.token)
    with pytest.raises(StudyError, match="does not exist"):
        shares.share(store, study.id)
    bring_back(store, study.id)
    assert shares.shared(store, link.token).id == study.id
    remove(store, study.id)
    monkeypatch.setenv("RUNGS_REMOVED_DAYS", "0")
    sweep_removed(store)
    assert shares.listed(store, study.id) == ()


def test_a_copy_is_not_shared(store: Store) -> None:
    study = store.create("letters")
    shares.share(store, study.id)
    assert shares.listed(store, duplicate(store, study.id).id) == ()
