"""A data folder that no one may write to: all is read, and what is saved is told in a sentence."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from causal_core.errors import ModelError, StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.scm.checkpoint import DurableCheckpoints, newest_whole
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from tests.faults.saves import FIRST, SAVES, filled, kept, opened

START = Path(__file__).resolve().parents[2] / "pages" / "start.py"
_NOBODY = 65534  # permission bits count for nobody; they do not for root


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "home"
    filled(folder)
    return folder


@pytest.fixture
def folder(template: Path) -> Iterator[Path]:
    """A filled data folder on a way that anybody may go."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        yield shutil.copytree(template, Path(place) / "home")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """In the block the folder can be read and not be written, whoever runs the tests."""
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)


def content(folder: Path) -> dict[Path, bytes]:
    """Every file but the logs of what happened."""
    files = (path for path in folder.rglob("*") if path.is_file() and "logs" not in path.parts)
    return {path: path.read_bytes() for path in files}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_all_is_read_and_what_is_saved_is_told(
    folder: Path, save: Callable[[Store], object]
) -> None:
    rehearsal = shutil.copytree(folder, folder.parent / "rehearsal")
    with opened(rehearsal) as store:  # imports what nobody could read
        save(store)
    with opened(folder) as store:
        before = kept(store)
    files = content(folder)
    with read_only(folder), opened(folder) as store:
        with pytest.raises(StudyError, match="could not be saved"):
            save(store)
        assert kept(store) == before
    assert content(folder) == files
    with opened(folder) as store:  # and well again, it takes the change
        save(store)
        assert kept(store) != before


def test_what_a_killed_server_said_last_is_read(folder: Path) -> None:
    with opened(folder) as store:
        store.update(store.list()[0], name="said last")
        killed = shutil.copytree(folder, folder.parent / "killed")  # with the log of its database
    assert list(killed.glob("*-wal"))
    with read_only(killed), opened(killed) as store:
        assert [study.name for study in store.list()] == ["said last"]
        with pytest.raises(StudyError, match="could not be saved"):
            store.update(store.list()[0], name="lost")


def test_a_model_and_a_checkpoint_say_why_they_cannot_be_kept(folder: Path) -> None:
    x = np.random.default_rng(0).normal(size=80)
    table = Table.from_frame(pd.DataFrame({"x": x, "y": np.sin(3 * x)}))
    model = fit(table, CausalGraph.parse("dag { x -> y }"), members=2, max_epochs=0)
    model.save(folder / "model")
    checkpoint, keep = folder / "newest.ckpt", DurableCheckpoints()
    keep.save_checkpoint({"epoch": 1}, checkpoint)
    with read_only(folder):
        with pytest.raises(ModelError, match="could not be written"):
            model.save(folder / "model")
        with pytest.raises(ModelError, match="could not be written"):
            model.save(folder / "another")
        with pytest.raises(ModelError, match="could not be kept"):
            keep.save_checkpoint({"epoch": 2}, checkpoint)
        assert newest_whole(checkpoint) == checkpoint
        assert keep.load_checkpoint(checkpoint) == {"epoch": 1}
        read = StructuralCausalModel.load(folder / "model")
        assert read.to_bytes() == model.to_bytes()


def test_a_folder_that_cannot_become_one_of_data_is_told(folder: Path) -> None:
    empty = folder.parent / "empty"
    empty.mkdir()
    with read_only(empty), pytest.raises(StudyError, match="cannot be used"):
        Store.open(empty)


@pytest.fixture
def no_secrets() -> Iterator[None]:
    """Streamlit looks for none in root's own folder, which nobody may read."""
    usual = st.config.get_option("secrets.files")
    st.config.set_option("secrets.files", [])
    yield
    st.config.set_option("secrets.files", usual)


@pytest.mark.usefixtures("no_secrets")
def test_the_start_page_lists_the_studies_and_says_why_nothing_is_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_HOME", str(folder))
    _started()  # imports what nobody could read
    with read_only(folder):
        page = _started()
        assert any(FIRST in button.label for button in page.button)
        page.button("open-kidney").click().run()
        assert not page.exception
        (error,) = page.error
        assert "could not be saved" in error.value


def _started() -> AppTest:
    st.cache_resource.clear()
    page = AppTest.from_file(str(START), default_timeout=60).run()
    assert not page.exception
    return page
