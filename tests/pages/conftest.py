"""Pages run without a browser, on a store of their own and without workers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from causal_core.studies.store import Store
from pages._ui import doors


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the pages use; no fitting process is started."""
    monkeypatch.setenv("RUNGS_HOME", str(tmp_path))
    monkeypatch.setenv("RUNGS_WORKERS", "0")
    st.cache_resource.clear()
    # Tests change a server's secrets more often than once a second.
    monkeypatch.setattr(doors, "_asked_at", doors._asked_at.__wrapped__)
    yield Store.open(tmp_path)
    st.cache_resource.clear()
    # What attends to the jobs of a folder ends with it, and starts no worker after the test.
    shutil.rmtree(tmp_path, ignore_errors=True)
