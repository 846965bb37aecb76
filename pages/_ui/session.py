"""Which study this browser looks at, and the values read from the store for it.

The study's id is in the address, the truth in the store; the session holds ids and
choices only. Tables, graphs and models are cached by the digest of their content.

An address with a share's token instead of an id shows the study under another id, which the
store does not know: nothing that is drawn or sent says which study it is.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from causal_core.errors import ConflictError, StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies.merge import merge
from causal_core.studies.store import Store, Study
from causal_core.views.theme import plain
from pages._ui import doors, reading

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.tables.table import Table
    from pages._ui.reading import Models

_PARAM = "study"
_SHARED = "share"
_READER = "shared"  # the id of every study that is only read
_OWN, _LOOKED = "_shared-study", "_shared-choices"  # its own id, and the reader's choices
_FLASH = "_flash"
CONTESTED = "_contested"  # what this tab changed that another had changed, too
_SEEN = "_seen"  # the study, table, graph and repairs that this tab showed last


def store() -> Store:
    """The store as whoever looks at this page sees it."""
    _warm()
    return opened().seen_by(doors.owner())


@st.cache_resource(show_spinner=False)
def opened() -> Store:
    """The one store of this server; the jobs that an earlier one left in its queue go on."""
    from causal_core.studies.pool import watch

    found = Store.open()
    watch(found)
    return found


@st.cache_resource(show_spinner=False)
def _warm() -> None:
    """With the first page: start the workers and what reads files, before they are needed."""
    from causal_core.studies.pool import ensure_workers
    from causal_core.tables.read_fork import begin_loading

    begin_loading()
    ensure_workers(opened())
    gc.freeze()  # what is loaded now lives for ever: spare every later collection


def begin() -> None:
    """At the start of every run: carry the study's id over to this page's address."""
    known = st.session_state.get(_PARAM)
    if shared():
        st.session_state.pop(_PARAM, None)
        st.query_params.pop(_PARAM, None)
    elif _PARAM in st.query_params:
        st.session_state[_PARAM] = st.query_params[_PARAM]
    elif known:
        st.query_params[_PARAM] = known
    message = st.session_state.pop(_FLASH, None)
    if message:
        st.info(plain(message), icon=":material/info:")


def flash(message: str) -> None:
    """A sentence shown at the top of the next run."""
    st.session_state[_FLASH] = message


def current_study() -> Study | None:
    """The study in the address, or None; one that is gone is said and forgotten."""
    study_id = st.session_state.get(_PARAM)
    if not study_id:
        return None
    try:
        study = store().get(study_id)
    except StudyError as error:
        forget()
        st.warning(plain(str(error)), icon=":material/search_off:")
        return None
    _say_if_changed_elsewhere(study)
    return study


def shared() -> bool:
    """Whether the address only shows a study, which no one can change from here."""
    return _SHARED in st.query_params


def shared_study() -> Study | None:
    """The study that a share's address shows, as its reader looks at it; None without one."""
    from causal_core.studies import shares

    if not shared():
        return None
    try:
        study = shares.shared(store(), st.query_params[_SHARED])
    except StudyError as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
        return None
    st.session_state[_OWN] = study.id
    return replace(study, id=_READER, choices=st.session_state.get(_LOOKED, study.choices))


def own_id(study: Study) -> str:
    """The id that the store knows the study by: never in what is drawn for a reader."""
    return str(st.session_state[_OWN]) if study.id == _READER else study.id


def _say_if_changed_elsewhere(study: Study) -> None:
    """A choice made on what is no longer so is dropped by the page: say why."""
    seen, now = st.session_state.setdefault(_SEEN, {}), _content(study)
    if seen.get(study.id, now) != now:
        st.info(
            "This study was changed in another tab or by someone else. This is its newest state: "
            "if what you just chose is not here, choose it again.",
            icon=":material/sync:",
        )
    seen[study.id] = now


def _content(study: Study) -> tuple[Any, ...]:
    return study.table, study.graph, study.undo


def forget() -> None:
    """Look at no study any more."""
    st.session_state.pop(_PARAM, None)
    if _PARAM in st.query_params:
        del st.query_params[_PARAM]


def forget_if(study_id: str) -> None:
    """Look at no study any more if it is this one."""
    if st.session_state.get(_PARAM) == study_id:
        forget()


def open_study(study_id: str, page: str = "pages/data.py") -> NoReturn:
    """Look at this study on `page`."""
    st.session_state[_PARAM] = study_id
    go(page)


def go(page: str) -> NoReturn:
    """Move to `page` with the study."""
    study_id = st.session_state.get(_PARAM)
    st.switch_page(page, query_params={_PARAM: study_id} if study_id else None)


def address(**also: object) -> str:
    """This page's whole address, with the study, or the link that shows it, and `also` in it."""
    if shared():
        return share_address(st.query_params[_SHARED], **also)
    return _address(**{_PARAM: st.session_state.get(_PARAM), **also})


def share_address(token: str, **also: object) -> str:
    """The whole address that shows this page to a reader."""
    return _address(**{_SHARED: token, **also})


def _address(**query: object) -> str:
    return f"{st.context.url or ''}?{urlencode(query)}"


def save(study: Study, **changes: Any) -> Study:
    """`study` with `changes`, written; merged with what was changed elsewhere meanwhile.

    Where both changed the same field, the page asks which to keep. A reader's choices stay in
    the reader's tab. Raises StudyError for any other change that a reader asks for.
    """
    if study.id == _READER:
        return _reader_chose(study, **changes)
    seen = st.session_state.setdefault(_SEEN, {})  # now: a run may end at any later look-up
    try:
        saved = store().update(study, **changes)
    except ConflictError:
        return save_merged(study, **changes)
    seen[saved.id] = _content(saved)
    return saved


def save_merged(base: Study, **changes: Any) -> Study:
    """`changes` made on `base`, written on what the study is now; asks where both differ."""
    newest = store().get(base.id)
    found = merge(base, changes, newest)
    saved = save(newest, **found.free) if found.free else newest
    if found.contested:
        _contest_merged(base, found.contested)
    return saved


def _contest_merged(base: Study, fields: Mapping[str, Any]) -> NoReturn:
    """Ask about `fields`; where they only correct columns, leaving the others' repairs be."""
    if (fields.get("undo"), fields.get("source")) != (base.undo, base.source):
        contest(base.id, fields)
    kept = {name: value for name, value in fields.items() if name not in ("undo", "source")}
    contest(base.id, kept, base.table)


def contest(study_id: str, changes: Mapping[str, Any], corrected: str | None = None) -> NoReturn:
    """Draw the page anew and ask there whether these changes or the stored study are kept.

    `corrected` is the table whose columns these changes correct, if they do only that.
    """
    one = (study_id, dict(changes), corrected)
    held = st.session_state.get(CONTESTED, ())
    st.session_state[CONTESTED] = (*(other for other in held if other != one), one)
    st.rerun()


def looked_at() -> str | None:
    """The id of the study that this tab may change."""
    return None if shared() else st.session_state.get(_PARAM)


def _reader_chose(study: Study, **changes: Any) -> Study:
    if set(changes) != {"choices"}:
        raise StudyError("This link only shows the study.", "Ask its owner to change it.")
    st.session_state[_LOOKED] = changes["choices"]
    return replace(study, **changes)


def new_study(name: str, **fields: Any) -> Study:
    """A new study in the store."""
    return store().create(name, **fields)


def table(study: Study) -> Table | None:
    """The study's table."""
    return table_of(study.table) if study.table else None


def table_of(digest: str) -> Table:
    """The table that this digest names."""
    return reading.table(opened(), digest)


def graph(study: Study) -> CausalGraph | None:
    """The study's graph."""
    return CausalGraph.from_json(study.graph) if study.graph else None


def fitted(study: Study) -> Job | None:
    """The newest fit of the study that finished; what it learned from is in its `spec`."""
    from causal_core.studies import jobs

    return jobs.newest(store(), own_id(study), jobs.State.DONE)


def shown(study: Study) -> Job | None:
    """The fit to look at: the newest that finished, or the sketch of a newer question's."""
    from causal_core.studies import jobs

    finished = fitted(study)
    if study.fit is None or (finished is not None and matches(study, finished)):
        return finished
    try:
        newest = jobs.get(store(), study.fit)
    except StudyError:
        return finished
    return newest if newest.models else finished


def fitted_table(job: Job) -> Table:
    """The table that the fit learned from, which may be older than the study's."""
    return table_of(job.spec["table"])


def matches(study: Study, job: Job) -> bool:
    """Whether the fit learned from the study's table and graph as they are now."""
    if job.spec["table"] != study.table:
        return False
    if job.spec["graph"] == study.graph:
        return True
    learned, now = CausalGraph.from_json(job.spec["graph"]), graph(study)
    return now is not None and learned.claims == now.claims


def stale(study: Study) -> bool:
    """Whether the table or the graph has changed since the fit that is looked at."""
    job = shown(study)
    return job is not None and not matches(study, job)


def models_of(model: str, association: str) -> Models:
    """The models that these digests name."""
    return reading.models(opened(), model, association)
