"""The order of levels that have none of their own: what imagining takes it to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.views.theme import code_span, digits_for, number, plain

if TYPE_CHECKING:
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.tables.schema import Level

Orders = dict[str, tuple["Level", ...]]
_HELP = (
    "Choose every level, from least to greatest. Then whoever is high among people like them "
    "stays high when the cause is changed. Without an order each level has a noise of its own "
    "(Gumbel). Data cannot tell which is right; seeing and doing are the same for both."
)


def orders(
    study_id: str, model: StructuralCausalModel, cause: str, outcome: str, kept: Mapping[str, Any]
) -> Orders:
    """The orders chosen for the levels between cause and outcome."""
    from causal_core.queries.conventions import conventional

    found: Orders = {}
    asked = conventional(model, cause, outcome)
    if not asked:
        return found
    with st.expander("Levels without an order, in what is imagined", icon=":material/swap_vert:"):
        for variable in asked:
            labels = {str(level): level for level in variable.levels}
            key = f"order-{study_id}-{variable.name}"
            if key not in st.session_state:
                st.session_state[key] = [x for x in kept.get(variable.name, []) if x in labels]
            label = f"Order of {code_span(variable.name)}, least first; empty for none"
            chosen = st.multiselect(label, list(labels), key=key, help=_HELP)
            if len(chosen) == len(labels):
                found[variable.name] = tuple(labels[x] for x in chosen)
            elif chosen:
                left = ", ".join(plain(x) for x in labels if x not in chosen)
                st.caption(f"Not used yet: {left} still to be placed.")
    return found


def difference(ordered: SweepAnswer, free: SweepAnswer) -> None:
    """One line: how far the chosen orders move what is imagined."""
    from causal_core.queries.conventions import imagined_apart

    apart = imagined_apart(ordered, free)
    who = "this row" if ordered.row is not None else "everyone"
    moved = number(apart, digits_for(apart))
    if ordered.outcome.kind.discrete:
        moved = f"{100 * apart:.0f} percentage points"
    st.caption(
        f":material/swap_vert: The order moves what is imagined for {who} by up to {moved} "
        f"against no order; no data can tell which is right. Seeing and doing stay."
    )
