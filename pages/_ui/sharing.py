"""Links on Explore that show the study and let no one change it: made, listed, withdrawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.studies import shares
from pages._ui import session
from pages._ui.widgets import button

if TYPE_CHECKING:
    from causal_core.studies.store import Study

_ABOUT = (
    "Whoever opens such a link, signed in or not, sees this page, moves its sliders and takes its "
    "report away, and changes nothing. It does not say which study it is, but it is no lock."
)


def panel(study: Study) -> None:
    """The study's links; a reader sees none of them."""
    if session.shared():
        return
    store = session.store()
    with st.expander("Share, to read only", icon=":material/share:", key="sharing"):
        st.caption(_ABOUT)
        for place, one in enumerate(shares.listed(store, study.id)):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.code(session.share_address(one.token), language=None, wrap_lines=True)
                withdraw = partial(shares.withdraw, store, study.id, one.token)
                button("Withdraw", f"share-withdraw-{place}", withdraw)
        button("Make a link", "share-make", partial(shares.share, store, study.id))
