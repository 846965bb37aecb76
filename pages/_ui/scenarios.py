"""Scenarios on Explore: settings kept under a name, shown again, linked to and compared."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import QuestionError, RungsError
from causal_core.studies import scenarios
from causal_core.views.theme import plain
from pages._ui import errors, explore, session
from pages._ui.widgets import button

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.studies.scenarios import Scenario
    from causal_core.studies.store import Study
    from causal_core.views.scenarios import Compared

    Answered = Callable[[Sweep], SweepAnswer]

_PARAM = "scenario"  # in the address: the number of the one to show
_NAME, _COMPARED = "scenario-name", "scenario-compared"
_DIGITS = 9  # of a number that every database takes


def opened(study: Study, model: StructuralCausalModel, rows: int) -> Study:
    """The study at the scenario that the address names, which then goes from the address."""
    named = st.query_params.pop(_PARAM, None)
    if named is None:
        return study
    number = int(named) if named.isdecimal() and len(named) <= _DIGITS else 0
    try:
        one = scenarios.get(session.store(), session.own_id(study), number)
        _asked(one, model, rows)
    except RungsError as error:
        errors.show(error)
        return study
    return explore.reopen(study, one.looked)


def panel(
    study: Study,
    model: StructuralCausalModel,
    rows: int,
    looked: Mapping[str, Any],
    answered: Answered,
) -> None:
    """Keep what is `looked` at, go back to what was kept, and compare."""
    with st.expander("Scenarios", icon=":material/bookmarks:", key="scenarios"):
        kept = scenarios.listed(session.store(), session.own_id(study))
        if not session.shared():
            _keep(study, looked)
        if not kept:
            st.caption("A kept setting is shown again with one click, and compared with others.")
        for one in kept:
            _entry(study, one, model, rows)
        if len(kept) > 1:
            _compare({one.number: one for one in kept}, model, rows, answered)


def _keep(study: Study, looked: Mapping[str, Any]) -> None:
    def keep() -> None:
        scenarios.keep(session.store(), study.id, st.session_state[_NAME], looked)
        st.session_state[_NAME] = ""

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        st.text_input(
            "Name of this setting",
            key=_NAME,
            max_chars=scenarios.LONGEST,
            placeholder="Twice the dose",
        )
    with right:
        button("Keep this setting", "scenario-keep", keep)


def _entry(study: Study, one: Scenario, model: StructuralCausalModel, rows: int) -> None:
    """One of them, and what can be done with it."""
    from causal_core.views.scenarios import described

    said, usable = "", True
    try:
        asked, position = _asked(one, model, rows)
        said = f"{described(asked, model.by_name, position)} → {asked.outcome}"
    except RungsError as error:
        said, usable = f"This fit cannot be asked it. {error}", False
    with st.container(horizontal=True, vertical_alignment="center", key=f"scenario-{one.number}"):
        st.markdown(f"**{plain(one.title)}**  \n{plain(said)}", width="stretch")
        show = partial(explore.reopen, study, one.looked)
        button("Show", f"scenario-show-{one.number}", show, disabled=not usable)
        with st.popover("Link", key=f"scenario-link-{one.number}"):
            st.write("This address opens exactly this picture.")
            st.code(session.address(**{_PARAM: one.number}), language=None, wrap_lines=True)
        if not session.shared():
            with st.popover("Manage", key=f"scenario-manage-{one.number}"):
                _change(study, one)


def _change(study: Study, one: Scenario) -> None:
    store, field = session.store(), f"scenario-name-{one.number}"
    st.text_input("New name", one.name, key=field, max_chars=scenarios.LONGEST)

    def rename() -> None:
        scenarios.rename(store, study.id, one.number, st.session_state[field])

    button("Use this name", f"scenario-renamed-{one.number}", rename)
    st.caption("A deleted scenario cannot be brought back, and its link opens nothing any more.")
    delete = partial(scenarios.delete, store, study.id, one.number)
    button("Delete it", f"scenario-deleted-{one.number}", delete)


def _compare(
    kept: Mapping[int, Scenario], model: StructuralCausalModel, rows: int, answered: Answered
) -> None:
    """The three rungs of those that are chosen, one picture and one table for each outcome."""
    chosen = st.session_state.get(_COMPARED, [])
    st.session_state[_COMPARED] = [number for number in chosen if number in kept]
    numbers = st.multiselect(
        "Compare",
        list(kept),
        format_func=lambda number: kept[number].title,
        key=_COMPARED,
        placeholder="two scenarios or more",
    )
    if len(numbers) < 2:
        return
    found: list[Compared] = []
    for number in numbers:
        try:
            found.append(_compared(kept[number], model, rows, answered))
        except RungsError as error:
            st.caption(f":material/warning: {plain(f'{kept[number].title}: {error}')}")
    _side_by_side(found)


def _compared(
    one: Scenario, model: StructuralCausalModel, rows: int, answered: Answered
) -> Compared:
    from causal_core.views.scenarios import compared

    asked, position = _asked(one, model, rows)
    return compared(one.title, asked, answered(asked), model.by_name, position)


def _side_by_side(found: list[Compared]) -> None:
    from causal_core.views import scenarios as views

    for place, group in enumerate(views.grouped(found)):
        figure = views.scenarios_plot(group)
        st.plotly_chart(figure, key=f"scenarios-plot-{place}", config={"displayModeBar": False})
        st.dataframe(views.rows(group), hide_index=True)
    if found:
        st.caption("Bars, and the numbers in brackets, are 90 % intervals.")


def _asked(one: Scenario, model: StructuralCausalModel, rows: int) -> tuple[Sweep, float]:
    """Its question and the slider's position; a RungsError where the fit cannot be asked it."""
    from causal_core.queries.kept import from_dict, position_from

    question = from_dict(one.looked, model.by_name)
    if question.row is not None and not 0 <= question.row < rows:
        raise QuestionError(f"There is no row {question.row + 1}.", "Keep another row's setting.")
    return question, position_from(one.looked, model.by_name[question.cause])
