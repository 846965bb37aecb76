"""The ρ slider: what an unmeasured common cause may have done, shown where one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import QuestionError
from causal_core.queries.words import difference, told_apart
from causal_core.views.theme import code_span, plain

if TYPE_CHECKING:
    from causal_core.queries.questions import Effect, Sweep
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.tables.schema import Value
    from causal_core.tables.table import Table

_MOST = 0.9
_HELP = (
    "The noise of the cause and the noise of its effect may be correlated, because something "
    "unmeasured drives both. ρ says how strongly. The data fit every ρ equally well: no value "
    "can be read off them. At 0 there is no such cause."
)


def rho(study_id: str, model: StructuralCausalModel, cause: str, kept: float) -> float:
    """The correlation chosen; 0 where the graph draws no such common cause."""
    try:
        effects = _coupled(model, cause)
    except QuestionError as error:
        st.caption(plain(str(error)))
        return 0.0
    if not effects:
        return 0.0
    names = " and ".join(map(code_span, (cause, *effects)))
    key = f"rho-{study_id}-{cause}"
    if key not in st.session_state:
        st.session_state[key] = float(kept)
    label = f"ρ, an unmeasured common cause of {names}"
    return float(st.slider(label, -_MOST, _MOST, step=0.1, key=key, help=_HELP))


def offered(model: StructuralCausalModel, cause: str) -> bool:
    """Whether there is a ρ to choose."""
    try:
        return bool(_coupled(model, cause))
    except QuestionError:
        return False


def _coupled(model: StructuralCausalModel, cause: str) -> tuple[str, ...]:
    from causal_core.scm.coupling import coupled_effects

    return coupled_effects(model, cause)


def span(model: StructuralCausalModel, digest: str, table: Table, asked: Sweep) -> None:
    """One line: between which values the effect lies, over every ρ that can be chosen."""
    from causal_core.queries.questions import Effect

    cause = model.by_name[asked.cause]
    ends: list[Value] = [*cause.levels[:1], *cause.levels[-1:]]
    if not ends:
        ends = [float(table[cause.name].quantile(share)) for share in (0.25, 0.75)]
    question = Effect(cause.name, asked.outcome, (ends[0], ends[1]), asked.level)
    effects = _effects(digest, question, model)
    unit = "probability" if asked.level is not None else model.by_name[asked.outcome].unit
    low, at_zero, high = (plain(difference(effect, unit)) for effect in effects)
    if cause.levels:
        begin, end = (plain(str(level)) for level in ends)
    else:
        step = float(ends[1]) - float(ends[0])
        begin, end = (told_apart(float(at), step, 3) for at in ends)
    st.caption(
        f"The data cannot tell ρ. From {code_span(cause.name)} = {begin} to {end}, the effect on "
        f"{code_span(asked.outcome)} is {low} at ρ = −{_MOST}, {at_zero} at 0, {high} at {_MOST}."
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _effects(digest: str, question: Effect, _model: StructuralCausalModel) -> tuple[float, ...]:
    from causal_core.queries.sensitivity import effects_by_rho

    return effects_by_rho(_model, question, (-_MOST, 0.0, _MOST))
