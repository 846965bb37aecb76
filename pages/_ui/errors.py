"""Whatever goes wrong on a page ends as one sentence with a remedy, never as a traceback."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from causal_core.errors import RungsError
from causal_core.views.theme import plain

_LOG = logging.getLogger("rungs")


@contextmanager
def shown() -> Iterator[None]:
    """Show errors of the block: a RungsError in its own words, others by an id in the log."""
    try:
        yield
    except RungsError as error:
        show(error)
    except Exception:
        number = uuid.uuid4().hex[:8]
        _LOG.exception("page error %s", number)
        st.error(
            f"Something went wrong here (number {number} in the server's log). "
            "Your study is safe: reload the page, or go back one step.",
            icon=":material/error:",
        )


def show(error: RungsError) -> None:
    """One error in its own words."""
    st.error(plain(str(error)), icon=":material/error:")
