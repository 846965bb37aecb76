"""Posing the question: in words, or by choosing; the boxes show what was understood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import QuestionError
from causal_core.identification.asked import Asked
from pages._ui import asked as questions
from pages._ui import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causal_core.graphs.graph import CausalGraph
    from causal_core.studies.store import Study

_HELP = (
    "In plain words; names may stand in quotes. For example:\n\n"
    "- Does x cause y?\n- What is the effect of x on y given z?\n"
    "- What does x do to y among z?\n- Would y change if x were set?"
)


def question_box(study: Study, graph: CausalGraph) -> None:
    """Draw the boxes; what they ask is kept with the study."""
    asked = questions.question(study, graph)
    names = list(graph.observed)
    words, *places = st.columns([2.2, 1, 1, 1.2])
    with words:
        _words(study, names, asked)
    others = [name for name in names if name not in (asked.treatment, asked.outcome)]
    told: dict[str, Any] = {"on_change": _chosen, "args": (study, asked)}
    _show(study, cause=asked.treatment, outcome=asked.outcome, given=list(asked.given))
    places[0].selectbox("Cause", names, key=_key("cause", study), **told)
    places[1].selectbox("Outcome", names, key=_key("outcome", study), **told)
    places[2].multiselect("Given", others, key=_key("given", study), placeholder="everyone", **told)


def _show(study: Study, **parts: object) -> None:
    """Let the boxes show the question, wherever it was changed."""
    for part, value in parts.items():
        st.session_state[_key(part, study)] = value


def _words(study: Study, names: Sequence[str], asked: Asked) -> None:
    key = _key("words", study)
    st.session_state.setdefault(key, asked.words)
    st.text_input("Your question", key=key, on_change=_said, args=(study, names, asked), help=_HELP)
    text, error = st.session_state.get(_key("error", study), ("", None))
    if error and text == st.session_state[key]:
        errors.show(error)


def _said(study: Study, names: Sequence[str], old: Asked) -> None:
    """When words were typed: what they ask, or why they are not understood."""
    from causal_core.identification.asked import asked as understood

    text = st.session_state[_key("words", study)]
    try:
        _keep(study, old, understood(text, names))
    except QuestionError as error:
        st.session_state[_key("error", study)] = (text, error)


def _chosen(study: Study, old: Asked) -> None:
    """When a box was changed: what the boxes ask now, in words too."""
    cause, outcome, given = (
        st.session_state[_key(part, study)] for part in ("cause", "outcome", "given")
    )
    if cause == outcome:  # the other box makes way
        cause, outcome = old.outcome, old.treatment
    given = tuple(name for name in given if name not in (cause, outcome))
    asked = Asked(cause, outcome, given)
    _keep(study, old, asked)
    st.session_state[_key("words", study)] = asked.words


def _keep(study: Study, old: Asked, new: Asked) -> None:
    """Keep the new question; what is held stays while cause and outcome are the same."""
    same = (old.treatment, old.outcome) == (new.treatment, new.outcome)
    held = tuple(name for name in old.adjusted if name not in new.given)
    level = old.level if old.outcome == new.outcome else questions.positive(study, new.outcome)
    questions.keep(
        study,
        replace(
            new,
            adjusted=new.adjusted or (held if same else ()),
            values=old.values if old.treatment == new.treatment else None,
            level=level,
        ),
    )


def _key(part: str, study: Study) -> str:
    return f"ask-{part}-{study.id}"
