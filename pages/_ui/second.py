"""The second opinion: what the rows say by themselves, beside the neural answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from causal_core.errors import RungsError
from causal_core.estimation.licence import LicenceKind
from causal_core.views.theme import plain
from pages._ui import later

if TYPE_CHECKING:
    from concurrent.futures import Future

    from causal_core.estimation.result import Estimate
    from pages._ui.opinions import Asking


class Neural(NamedTuple):
    """The equations' answer and its 90 % interval, at the ρ that is chosen."""

    value: float
    around: tuple[float, float]
    rho: float = 0.0


UNHURRIED = 5.0  # seconds between looks where a slider is dragged: nothing is sent meanwhile
_NONE = (LicenceKind.NO_EFFECT, LicenceKind.ASSUMED, LicenceKind.NOT_ANSWERABLE)


def needed(asking: Asking) -> tuple[Future[Any], ...]:
    """The work that shows what the rows say of this question."""
    kind = asking.licence.kind
    if kind in _NONE:
        return ()
    works: list[Future[Any]] = []
    if kind is not LicenceKind.BOUNDED:
        works.append(asking.opinion)
    if asking.bounded and not asking.licence.identified:
        works.append(asking.bounds)
    return tuple(works)


def beside(asking: Asking, neural: Neural | None, before: str, after: str) -> None:
    """Draw it, or a line that it is still being worked out."""
    works = needed(asking)
    if not works:
        return
    with st.container(key="second"):
        if not later.ready(*works, every=UNHURRIED):
            return
        kind = asking.licence.kind
        if kind is not LicenceKind.BOUNDED:
            _opinion(asking, neural, before, after)
        if asking.bounded and not asking.licence.identified:
            _bounds(asking, before, after)


def _opinion(asking: Asking, neural: Neural | None, before: str, after: str) -> None:
    from causal_core.views.licence_words import opinion_words

    try:
        found = later.result(asking.opinion)
    except RungsError as error:
        st.caption(f":material/balance: No second opinion: {plain(str(error))}")
        return
    st.markdown(f":material/balance: **Second opinion.** {opinion_words(found, before, after)}")
    if neural is not None:
        agree(asking, found, neural)
    if found.notes:
        with st.expander("What the second opinion assumes", icon=":material/foundation:"):
            st.markdown("\n".join(f"- {plain(note)}" for note in found.notes))


def agree(asking: Asking, found: Estimate, neural: Neural) -> None:
    """One line on whether the two agree, or an alarm."""
    from causal_core.estimation.agreement import agreement
    from causal_core.views.licence_words import alarm_words, beside_words

    agreed = agreement(found.value, found.interval(), neural.value, neural.around)
    st.caption(plain(beside_words(*neural, found.unit, agreed)))
    if agreed.alarm:
        said = alarm_words(found.unit, agreed, asking.licence.followed)
        st.warning(plain(said), icon=":material/notification_important:")


def _bounds(asking: Asking, before: str, after: str) -> None:
    from causal_core.views.licence_words import bounds_words

    try:
        found = later.result(asking.bounds)
    except RungsError as error:
        st.caption(f":material/unfold_more: No bounds: {plain(str(error))}")
        return
    st.markdown(f":material/unfold_more: **Bounds.** {bounds_words(found, before, after)}")
    if found.notes:
        st.caption(" ".join(map(plain, found.notes)))
