"""Eight processes change one study at once: every change counts, and no reading is torn."""

from __future__ import annotations

import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from causal_core.errors import ConflictError
from causal_core.studies.store import Store, Study
from tests.studies.conftest import either_database, newest_form, store

__all__ = ["either_database", "newest_form", "store"]  # fixtures
_log = logging.getLogger(__name__)
PROCESSES, CHANGES = 8, 200


def _count_up(folder: Path, study_id: str, me: int) -> int:
    """Add `CHANGES` to this process's count; how often another was quicker."""
    opened, lost = Store.open(folder), 0
    for _ in range(CHANGES):
        while not _one_more(opened, study_id, me):
            lost += 1
    return lost


def _one_more(opened: Store, study_id: str, me: int) -> bool:
    study = opened.get(study_id)
    _whole(study)
    counts = {**study.choices, str(me): study.choices.get(str(me), 0) + 1}
    try:
        opened.update(study, choices=counts, name=_name(counts))
    except ConflictError:
        return False
    return True


def _name(counts: dict[str, int]) -> str:
    return f"{sum(counts.values())} changes"


def _whole(study: Study) -> None:
    """Fails if the fields are of different changes: each writes all three."""
    assert study.name == _name(dict(study.choices))
    assert study.revision == 1 + sum(study.choices.values())


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("either_database")
def test_no_change_is_lost(store: Store) -> None:
    study = store.create(_name({}))
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=fresh) as pool:
        futures = [pool.submit(_count_up, store.folder, study.id, me) for me in range(PROCESSES)]
        lost = sum(future.result() for future in futures)
    end = store.get(study.id)
    _whole(end)
    assert end.choices == {str(me): CHANGES for me in range(PROCESSES)}
    _log.info("%d changes; %d met another's and were made again", PROCESSES * CHANGES, lost)
