"""What is asked on the Explore page: the widgets that make a question, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from causal_core.tables.schema import Kind, Level, Value, Variable
from causal_core.views.theme import plain
from pages._ui import asked, conventions, sensitivity, session
from pages._ui.asked import example

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_CHOICE = "explore"
_TURN = "_reopened"  # how often this tab went back to a kept setting
_WIDGETS = ("cause", "outcome", "level", "row", "further", "set", "rho", "order")


def remembered(study: Study) -> dict[str, Any]:
    """What was looked at last."""
    return dict(study.choices.get(_CHOICE, {}))


def looked(question: Sweep, position: float) -> dict[str, Any]:
    """What is looked at, as JSON keeps it: the question, and a code of the cause."""
    from causal_core.queries.kept import to_dict

    return to_dict(question) | {"position": position}


def remember(study: Study, question: Sweep, position: float) -> None:
    """Keep what is looked at, so that a reload shows it again."""
    now = looked(question, position)
    if now != remembered(study):
        session.save(study, choices={**study.choices, _CHOICE: now})


def reopen(study: Study, setting: Mapping[str, Any]) -> Study:
    """Look at this instead: the widgets and the slider are made anew, as it says."""
    ours = tuple(f"{widget}-{study.id}" for widget in _WIDGETS)
    for key in [key for key in st.session_state if str(key).startswith(ours)]:
        del st.session_state[key]
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    return session.save(study, choices={**study.choices, _CHOICE: dict(setting)})


def hero_key(study: Study) -> str:
    """The picture's key: another one for each setting that was reopened."""
    return f"hero-{study.id}-{st.session_state.get(_TURN, 0)}"


def question(study: Study, table: Table, model: StructuralCausalModel) -> Sweep:
    """The question that the widgets ask."""
    from causal_core.queries.questions import Sweep

    kept = remembered(study) or _first(study, model)
    names = [v.name for v in model.variables]
    places = iter(st.columns(5, vertical_alignment="bottom"))
    with next(places):
        cause = _pick("Cause", names, kept.get("cause"), f"cause-{study.id}")
    others = [n for n in names if n != cause]
    with next(places):
        outcome = _pick("Outcome", others, kept.get("outcome"), f"outcome-{study.id}")
    level = None
    if model.by_name[outcome].kind.discrete:
        with next(places):
            level = _level(model.by_name[outcome], kept, study.id)
    with next(places):
        row = _row(table, kept.get("row"), study.id)
    free = [n for n in names if n not in (cause, outcome)]
    do = _further(free, model.by_name, table, kept.get("do", {}), study.id, next(places))
    rho = sensitivity.rho(study.id, model, cause, kept.get("rho", 0.0))
    orders = conventions.orders(study.id, model, cause, outcome, kept.get("orders", {}))
    return Sweep(cause, outcome, do, row, level, rho, orders)


def _first(study: Study, model: StructuralCausalModel) -> dict[str, Any]:
    """The first question: what Identify and Estimate ask."""
    first = asked.question(study, model.graph)
    level = None if first.level is None else str(first.level)
    return {"cause": first.treatment, "outcome": first.outcome, "level": level, "row": 0}


def first_question(study: Study, model: StructuralCausalModel) -> Sweep:
    """What the widgets ask when they are first drawn; QuestionError where nothing can be."""
    from causal_core.queries.kept import from_dict

    kept = remembered(study) or _first(study, model)
    outcome = model.by_name.get(kept["outcome"])
    labels = [str(level) for level in outcome.levels] if outcome else []
    level = kept.get("level") if kept.get("level") in labels else None
    return from_dict({**kept, "level": level or next(iter(labels[-1:]), None)}, model.by_name)


def _pick(label: str, options: list[str], kept: str | None, key: str) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = kept if kept in options else options[-1]
    return str(st.selectbox(label, options, key=key))


def _level(variable: Variable, kept: Mapping[str, Any], study_id: str) -> Level:
    labels = [str(level) for level in variable.levels]
    wanted = kept.get("level") if kept.get("level") in labels else labels[-1]
    label = _pick("Chance of", labels, wanted, f"level-{study_id}-{variable.name}")
    return variable.levels[labels.index(label)]


def _row(table: Table, kept: int | None, study_id: str) -> int | None:
    key = f"row-{study_id}"
    if key not in st.session_state:
        st.session_state[key] = min(len(table), (kept or 0) + 1)
    picked = st.number_input(
        "Row to imagine",
        min_value=1,
        max_value=len(table),
        key=key,
        help="The picture imagines this row of the table with another value of the cause.",
    )
    return int(picked) - 1


def _further(
    free: list[str],
    variables: Mapping[str, Variable],
    table: Table,
    kept: Mapping[str, Value],
    study_id: str,
    place: DeltaGenerator,
) -> dict[str, Value]:
    """Interventions held on further variables; `place` is where they are chosen."""
    key = f"further-{study_id}"
    if key not in st.session_state:
        st.session_state[key] = [n for n in kept if n in free]
    st.session_state[key] = [n for n in st.session_state[key] if n in free]
    chosen = place.multiselect("Also set", free, key=key, placeholder="nothing else")
    if not chosen:
        return {}
    columns = st.columns(min(3, len(chosen)))
    found: dict[str, Value] = {}
    for index, name in enumerate(chosen):
        with columns[index % len(columns)]:
            found[name] = _setting(variables[name], table, kept.get(name), f"set-{study_id}-{name}")
    return found


def _setting(variable: Variable, table: Table, kept: Value | None, key: str) -> Value:
    if variable.kind.discrete:
        labels = [str(level) for level in variable.levels]
        label = _pick(
            f"Set {plain(variable.name)}", labels, None if kept is None else str(kept), key
        )
        return variable.levels[labels.index(label)]
    low, high = float(variable.low), float(variable.high)
    if key not in st.session_state:
        middle = float(np.nanmedian(table[variable.name].to_numpy(dtype=float)))
        st.session_state[key] = min(high, max(low, float(kept) if kept is not None else middle))
    if variable.kind is Kind.INTEGER:
        st.session_state[key] = round(st.session_state[key])
        return int(st.slider(f"Set {plain(variable.name)}", int(low), int(high), key=key))
    return float(st.slider(f"Set {plain(variable.name)}", low, high, key=key))


def truth(study: Study, question: Sweep, answer: SweepAnswer) -> np.ndarray | None:
    """The known truth at every position, where the example knows it."""
    shelf = example(study)
    wanted = None if question.level is None else str(question.level)
    if shelf is None or question.do or (wanted is not None and wanted != shelf.positive):
        return None
    values = [answer.cause.value(p) for p in answer.positions]
    return shelf.truth(question.cause, question.outcome, values)


def known_effect(study: Study, question: Sweep) -> str | None:
    """What an experiment found for this contrast, in a sentence."""
    shelf = example(study)
    if shelf is None or shelf.effect is None:
        return None
    if (question.cause, question.outcome) != (shelf.cause, shelf.outcome):
        return None
    effect = shelf.effect
    return plain(
        f"Known from an experiment: {effect.value:+,.0f} {effect.unit} for {question.cause} = "
        f"{effect.high} against {effect.low}. {effect.source}"
    )


def stale_notice(study: Study, job: Job) -> None:
    """Say so where the table or the graph changed after the fit."""
    if session.matches(study, job):
        return
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.warning(
        "The table or the graph has changed since this fit: the picture shows the older one.",
        icon=":material/history:",
    )
    if not session.shared() and right.button("Fit again", key="explore-refit"):
        session.go("pages/fit.py")


def cut_graph(study: Study, question: Sweep) -> None:
    """The graph with the arrows into the set variables cut."""
    from causal_core.views.result_graph import result_graph

    graph = session.graph(study)
    if graph is None or not st.toggle("Draw it", key="cut-graph"):
        return
    page = result_graph(graph, {question.cause, *question.do}, question.outcome)
    st.iframe(page, height=380)
    st.download_button("Download as HTML", lambda: page, "graph.html", "text/html")
