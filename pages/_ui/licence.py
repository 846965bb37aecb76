"""The licence strip: by which way an answer is told, marked, in a sentence and as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.views.theme import plain

if TYPE_CHECKING:
    from causal_core.estimation.licence import Licence


def strip(licence: Licence) -> None:
    """Draw it: the badge, the sentence and the estimand in short."""
    from causal_core.views.licence_words import badge, short_formula

    with st.container(key="licence"):
        st.markdown(f"{badge(licence).markdown} {plain(licence.sentence)}")
        if formula := short_formula(licence):
            st.caption(f"{formula}{_where(licence)}")
        elif licence.formula:
            with st.popover("The formula", icon=":material/function:"):
                st.latex(licence.formula)


def _where(licence: Licence) -> str:
    """What z or m stand for in the short formula: what the sentence above names."""
    from causal_core.estimation.licence import LicenceKind

    held = {LicenceKind.BACKDOOR: "held alike", LicenceKind.FRONTDOOR: "what carries the effect"}
    letter = {LicenceKind.BACKDOOR: "z", LicenceKind.FRONTDOOR: "m"}.get(licence.kind)
    if not letter or not licence.names:
        return ", with $x$ the cause, $y$ the outcome"
    return f", with $x$ the cause, $y$ the outcome, ${letter}$ {held[licence.kind]}"
