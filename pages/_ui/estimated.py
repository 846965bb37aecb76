"""The estimates of one effect on one axis: from the rows, from the equations, and what is known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import RungsError
from causal_core.estimation.licence import LicenceKind
from causal_core.views.theme import code_span, plain
from pages._ui import asked, later, second, session

if TYPE_CHECKING:
    from concurrent.futures import Future

    from causal_core.estimation.bounds import Bounds
    from causal_core.estimation.result import Estimate
    from causal_core.queries.answers import Answer
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study
    from causal_core.views.effects_plot import Shown
    from pages._ui.opinions import Asking

_NOTHING = (
    "The rows alone give no number here. Measure what acts on both, or find something that moves "
    "only the cause (an instrument); on Explore, ρ shows how the answer moves with what is hidden."
)
_QUIET = {"displayModeBar": False}


def show(study: Study, asking: Asking) -> Estimate | None:
    """Draw them once they are there; the rows' own estimate, or None where there is none."""
    job = session.shown(study)
    fresh = job is not None and session.matches(study, job)
    neural = _equations(job, asking) if job is not None and fresh else None
    works: list[Future[Any]] = [*second.needed(asking), *([neural] if neural is not None else [])]
    if works and not later.ready(*works):
        return None
    found = _found(asking)
    bounds = _bounds(asking)
    equations = neural.result() if neural is not None else None
    if asking.asked.given:
        names = ", ".join(map(code_span, asking.asked.given))
        st.caption(f"The numbers are for everyone, not for rows alike in {names}.")
    _picture(study, asking, found, bounds, equations)
    if found is not None and equations is not None:
        second.agree(asking, found, second.Neural(equations.value, equations.interval))
    if asking.licence.kind is LicenceKind.ASSUMED:
        st.info(_NOTHING, icon=":material/lightbulb:")
    if job is None:
        st.caption("No equations are fitted yet: the Fit page adds their answer beside this one.")
    elif not fresh:
        st.caption(
            "The fit is of an older table or graph: fit again to see its answer beside this."
        )
    if found is not None:
        _basis(asking, found)
    return found


def _found(asking: Asking) -> Estimate | None:
    kind = asking.licence.kind
    if not second.needed(asking) or kind is LicenceKind.BOUNDED:
        return None
    try:
        return later.result(asking.opinion)
    except RungsError as error:
        st.info(plain(str(error)), icon=":material/balance:")
        return None


def _bounds(asking: Asking) -> Bounds | None:
    if asking.bounds not in second.needed(asking):
        return None
    try:
        return later.result(asking.bounds)
    except RungsError as error:
        st.caption(f":material/unfold_more: No bounds: {plain(str(error))}")
        return None


def _equations(job: Job, asking: Asking) -> Future[Answer]:
    """The neural answer to the same question."""
    work = partial(_answer, job.models["model"], job.models["association"], asking)
    return later.later(asking.key(f"equations {job.models['model']}"), work)


def _answer(model: str, association: str, asking: Asking) -> Answer:
    from causal_core.queries.engine import answer
    from causal_core.queries.questions import Effect

    asked = asking.asked
    question = Effect(asked.treatment, asked.outcome, asking.values, asked.level)
    return answer(session.models_of(model, association)[0], question)


def _picture(
    study: Study,
    asking: Asking,
    found: Estimate | None,
    bounds: Bounds | None,
    equations: Answer | None,
) -> None:
    from causal_core.views.amounts import unit_words
    from causal_core.views.effects_plot import effects_plot
    from causal_core.views.licence_words import bounds_words, opinion_words

    before, after = asking.settings
    if found is not None:
        st.markdown(f"##### {opinion_words(found, before, after)}")
    if bounds is not None:
        st.markdown(f"##### {bounds_words(bounds, before, after)}")
        if bounds.notes:
            st.caption(" ".join(map(plain, bounds.notes)))
    shown = _shown(study, asking, found, bounds, equations)
    if not shown:
        return
    unit = next(one.unit for one in (found, bounds, equations) if one is not None)
    figure = effects_plot(shown, f"change ({unit_words(unit)})" if unit else "change")
    said = "Estimates of the effect on one axis, with 90 % intervals"
    st.plotly_chart(figure, key="effects", config=_QUIET, alt=said)


def _shown(
    study: Study,
    asking: Asking,
    found: Estimate | None,
    bounds: Bounds | None,
    equations: Answer | None,
) -> list[Shown]:
    from causal_core.views.amounts import scale
    from causal_core.views.effects_plot import Shown

    shown = []
    if found is not None:
        ends = found.interval()
        shown.append(Shown(f"rows: {found.method.value}", "rows", found.value, *ends))
    if equations is not None:
        shown.append(Shown("equations (neural)", "equations", equations.value, *equations.interval))
    if bounds is not None:
        shown.append(Shown("bounds", "bounds", None, bounds.low, bounds.high))
    if shown and (known := _experiment(study, asking)) is not None:
        shown.append(Shown("known from an experiment", "truth", known, known, known))
    probability = asking.table.variable(asking.asked.outcome).kind.discrete
    return [one.times(scale("probability" if probability else "")) for one in shown]


def _experiment(study: Study, asking: Asking) -> float | None:
    """What an experiment found for this very contrast."""
    shelf = asked.example(study)
    if shelf is None or shelf.effect is None:
        return None
    pair = (asking.asked.treatment, asking.asked.outcome) == (shelf.cause, shelf.outcome)
    same = asking.values == (shelf.effect.low, shelf.effect.high)
    return shelf.effect.value if pair and same else None


def _basis(asking: Asking, found: Estimate) -> None:
    """Its method and arms, what was adjusted for, and what it assumes."""
    from causal_core.views.licence_words import arm_rows

    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"**Method:** {plain(found.method.value)}{_adjusted(asking, found)}.")
        if found.notes:
            st.markdown("\n".join(f"- {plain(note)}" for note in found.notes))
    with right:
        if found.arms:
            st.markdown("**If everyone had it** (90 % interval)")
            rows = [{k: plain(v) for k, v in row.items()} for row in arm_rows(found)]
            st.table(rows, hide_index=True)


def _adjusted(asking: Asking, found: Estimate) -> str:
    """What is held alike, and why it may be more than the licence needs."""
    if not found.adjusted:
        return ""
    more = found.adjusted > set(asking.licence.names) and not asking.asked.adjusted
    why = "; more than is needed, where it sharpens the estimate" if more else ""
    return f", adjusted for {', '.join(map(code_span, sorted(found.adjusted)))}{why}"
