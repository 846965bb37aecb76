"""What is asked on Estimate: cause, outcome, and between which two settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causal_core.errors import QuestionError
from causal_core.identification.asked import Asked
from causal_core.queries.words import significant
from causal_core.tables.schema import Kind, Value, Variable
from pages._ui import asked

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from causal_core.graphs.graph import CausalGraph
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_QUARTERS = (0.25, 0.75)


def question(study: Study, table: Table, graph: CausalGraph) -> Asked:
    """What the widgets ask, kept with the study; its values and level are filled in."""
    kept = asked.question(study, graph)
    names = [name for name in graph.observed if name in table.columns]
    if len(names) < 2:
        raise QuestionError(
            "The graph has fewer than two columns of this table.", "Add them on the Graph page."
        )
    places = iter(st.columns(5, vertical_alignment="bottom"))
    with next(places):
        cause = _pick("Cause", names, kept.treatment, f"ask-cause-{study.id}")
    with next(places):
        others = [name for name in names if name != cause]
        outcome = _pick("Outcome", others, kept.outcome, f"ask-outcome-{study.id}")
    level = _level(study, table.variable(outcome), kept, places)
    values = _values(study, table, table.variable(cause), kept, places)
    same = (cause, outcome) == (kept.treatment, kept.outcome)
    held = (kept.given, kept.adjusted) if same else ((), ())
    made = Asked(cause, outcome, *held, values, level)
    asked.keep(study, made)
    return made


def _pick(label: str, options: list[str], kept: object, key: str) -> str:
    place = options.index(str(kept)) if str(kept) in options else len(options) - 1
    return str(st.selectbox(label, options, index=place, key=key))


def _level(
    study: Study, outcome: Variable, kept: Asked, places: Iterator[DeltaGenerator]
) -> Value | None:
    if not outcome.kind.discrete:
        return None
    labels = [str(level) for level in outcome.levels]
    first = kept.level if kept.level is not None else asked.positive(study, outcome.name)
    with next(places):
        key = f"ask-level-{study.id}-{outcome.name}"
        picked = _pick("Chance of", labels, labels[-1] if first is None else first, key)
    return outcome.levels[labels.index(picked)]


def _values(
    study: Study, table: Table, cause: Variable, kept: Asked, places: Iterator[DeltaGenerator]
) -> tuple[Value, Value]:
    """The two settings compared: levels, or the quarters of a number unless others were kept."""
    known = kept.values if kept.treatment == cause.name else None
    found = []
    for end, label in enumerate(("From", "To")):
        with next(places):
            key = f"ask-{label.lower()}-{study.id}-{cause.name}"
            found.append(
                _value(table, cause, label, end, None if known is None else known[end], key)
            )
    if found[0] == found[1]:
        raise QuestionError("Both settings are the same.", "Choose two different ones to compare.")
    return found[0], found[1]


def _value(
    table: Table, cause: Variable, label: str, end: int, kept: Value | None, key: str
) -> Value:
    if cause.kind.discrete:
        labels = [str(level) for level in cause.levels]
        first = labels[-1 if end else 0] if kept is None else kept
        return cause.levels[labels.index(_pick(label, labels, first, key))]
    column = table[cause.name].to_numpy(dtype=float)
    if np.isnan(column).all():
        raise QuestionError(f"“{cause.name}” has no value in any row.", "Choose another cause.")
    quarters = np.nanquantile(column, _QUARTERS)
    first = float(quarters[end]) if kept is None else float(kept)
    named = f"{label} ({cause.unit})" if cause.unit else label
    if cause.kind is Kind.INTEGER:
        return int(st.number_input(named, value=round(first), step=1, key=key))
    digits = significant(first, float(np.ptp(quarters)))
    rounded = float(f"{first:.{digits}g}") if kept is None else first
    shown = f"%.{max(6, digits)}g"
    return float(st.number_input(named, value=rounded, key=key, format=shown))
