"""How a table comes in on Start: a file of one's own, or what the server offers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.limits import limit
from causal_core.studies import logs, room, uploads
from causal_core.tables import offered
from pages._ui import errors, session, studies

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_TYPES = ["csv", "tsv", "txt", "parquet", "feather", "arrow", "xlsx", "xls", "zip", "gz"]
_FRESH_SECONDS = 10  # a table made meanwhile is listed after as long


def card() -> None:
    """The box of one's own file and, where there is one, the door to the server's."""
    with st.container(border=True, height="stretch", key="card-upload"):
        _upload()
        with errors.shown():
            if offers := offered.offers():
                with st.expander(
                    "From a database or a file on the server", icon=":material/database:"
                ):
                    _choice(offers)


def _upload() -> None:
    uploaded = st.file_uploader(
        "**Your own table**  \nCSV, Parquet, Feather or Excel, zipped or not.",
        type=_TYPES,
        key="upload",
        help="The first row holds the columns' names; every further row is one case. A study "
        "that was saved as one file opens here too.",
    )
    if uploaded is None:
        return
    with errors.shown(), st.spinner("Reading the table…"):
        with logs.uploading(session.store().folder, uploaded.size):
            uploads.admit(session.store())
            study, page = _study_of(uploaded.getvalue(), uploaded.name)
        session.open_study(study.id, page)


def _choice(offers: tuple[offered.Offer, ...]) -> None:
    """First where, then which table or file; nothing is opened before one is chosen."""
    label = st.selectbox(
        "Where",
        [offer.label for offer in offers],
        index=None,
        placeholder="Choose a database or a folder",
        key="offer",
        help="Whoever runs this server has put these here.",
    )
    offer = next((one for one in offers if one.label == label), None)
    if offer is None:
        return
    with errors.shown():
        name = st.selectbox(
            "Table or file",
            _names(offer.label, offer),
            index=None,
            placeholder="Choose one",
            key=f"offered-{offer.label}",
        )
        if st.button("Open this table", key="open-offered", disabled=name is None) and name:
            _bring(offer, name)


@st.cache_data(ttl=_FRESH_SECONDS, max_entries=64, show_spinner="Looking what is there…")
def _names(label: str, _offer: offered.Offer) -> tuple[str, ...]:
    return _offer.names()


def _bring(offer: offered.Offer, name: str) -> None:
    source = offer.source(name)
    size = source.stat().st_size if isinstance(source, Path) else 0
    with logs.uploading(session.store().folder, size):
        uploads.admit(session.store())
        if isinstance(source, Path) and size <= limit("upload_bytes"):
            study, page = _study_of(source.read_bytes(), name)
        else:
            study, page = _study_read(source, name)
    session.open_study(study.id, page)


def _study_read(source: str | Path, name: str) -> tuple[Study, str]:
    """A new study of a table that is only read, not kept as it was; a bar says how far."""
    from causal_core.tables.readers import read_table

    bar = st.progress(0.0, text="Reading the table…")

    def tell(read: int, rows: int) -> None:
        bar.progress(read / rows, text=f"Read {read:,} of {rows:,} rows.")

    table = read_table(source, name, on_progress=tell)
    return _new(table, table.name), "pages/data.py"


def _study_of(content: bytes, name: str) -> tuple[Study, str]:
    """A new study of the file, and where to go on with it.

    A table's bytes are kept, so that repairs can be undone.
    """
    from causal_core.studies.unbundle import is_bundle, unbundle
    from causal_core.tables.readers import read_table

    if is_bundle(content):
        study = unbundle(session.store(), content)
        return study, studies.page_for(study)
    table = read_table(content, name)
    return _new(table, name.rsplit(".", 1)[0], content), "pages/data.py"


def _new(table: Table, title: str, *source: bytes) -> Study:
    """A study of the table and, where they are kept, of the bytes that it was read from."""
    digest, *kept = room.take_in(session.store(), table.to_bytes(), *source)
    source_digest = kept[0] if kept else None
    return session.new_study(title[:80] or "Table", table=digest, source=source_digest)
