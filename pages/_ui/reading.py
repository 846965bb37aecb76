"""Tables and models as read from the store, kept by the digest of their content.

Many small ones are kept, so that many people find theirs again, and few large ones. A table
is as large as its cells: a file of a few kilobytes may hold millions that are alike.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

    from causal_core.association.model import AssociationModel
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.studies.store import Store
    from causal_core.tables.table import Table

    Models = tuple[StructuralCausalModel, AssociationModel]

_CELLS, _BYTES = 2**18, 2**18  # of a small table, of a small file of models
_MANY, _FEW_TABLES, _FEW_MODELS = 64, 8, 6


def table(store: Store, digest: str) -> Table:
    """The table of this name; StudyError when it is gone or damaged."""
    return (_small_table if _few_cells(store, digest) else _large_table)(store, digest)


def models(store: Store, model: str, association: str) -> Models:
    """The equations and the correlational net of these names; ModelError without them."""
    small = _few_bytes(store, model) and _few_bytes(store, association)
    return (_small_models if small else _large_models)(store, model, association)


def _few_cells(store: Store, digest: str) -> bool:
    try:
        return _cells(store.blob_path(digest)) <= _CELLS
    except (TableError, OSError):  # whoever reads it is told what is wrong
        return False


@lru_cache(maxsize=1024)
def _cells(path: Path) -> int:
    from causal_core.tables.stored import stored_size

    return math.prod(stored_size(path))


def _few_bytes(store: Store, digest: str) -> bool:
    path = store.blob_path(digest)
    return path.is_file() and path.stat().st_size <= _BYTES


@st.cache_resource(max_entries=_MANY, show_spinner=False)
def _small_table(_store: Store, digest: str) -> Table:
    return _read_table(_store, digest)


@st.cache_resource(max_entries=_FEW_TABLES, show_spinner=False)
def _large_table(_store: Store, digest: str) -> Table:
    return _read_table(_store, digest)


def _read_table(store: Store, digest: str) -> Table:
    from causal_core.tables.table import Table

    return Table.from_bytes(store.get_blob(digest))


@st.cache_resource(max_entries=_MANY, show_spinner=False)
def _small_models(_store: Store, model: str, association: str) -> Models:
    return _read_models(_store, model, association)


@st.cache_resource(max_entries=_FEW_MODELS, show_spinner=False)
def _large_models(_store: Store, model: str, association: str) -> Models:
    return _read_models(_store, model, association)


def _read_models(store: Store, model: str, association: str) -> Models:
    from causal_core.association.model import AssociationModel
    from causal_core.scm.model import StructuralCausalModel

    return (
        StructuralCausalModel.load(store.blob_path(model)),
        AssociationModel.load(store.blob_path(association)),
    )
