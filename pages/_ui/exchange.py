"""The rule by which a value that a widget of ours edits and the value we store stay one.

Python owns the value and a revision, a token that changes whenever the value changes by
anything but the widget. The browser sends the whole value with the revision it started
from, and takes ours only when the revision is new (as the graph editor does).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from causal_core.errors import RungsError


class Exchanged(NamedTuple):
    """The value as text, its revision, and why what was sent last was refused ("" if not)."""

    value: str
    revision: str
    refused: str


class _Known(NamedTuple):
    revision: str
    values: tuple[str, ...]  # what the widget knows of: its newest, and the one before
    refused: str = ""


def exchanged(key: str, ours: str, read: Callable[[Any], str]) -> Exchanged:
    """`ours`, or what the widget `key` has sent instead of it.

    `read` makes the text to store of what was sent; the RungsError it raises refuses it,
    and the browser is given our value back.
    """
    known: _Known | None = st.session_state.get(f"{key}-known")
    if known is None or ours not in known.values:
        known = _Known(secrets.token_hex(6), (ours,))
    commit = (st.session_state.get(key) or {}).get("commit")
    if isinstance(commit, dict) and commit.get("revision") == known.revision:
        try:
            value = read(commit.get("value"))
        except RungsError as error:
            known = _Known(secrets.token_hex(6), (ours,), str(error))
        else:
            # Both, for the run may be interrupted before what was sent is stored.
            known = _Known(known.revision, (value, ours))
            ours = value
    st.session_state[f"{key}-known"] = known
    return Exchanged(ours, known.revision, known.refused)


def forget(key: str) -> None:
    """Our value was changed by other means: what the widget `key` has sent so far is past."""
    st.session_state.pop(f"{key}-known", None)
