"""What is known before the search: the canvas of lanes and arrows, and the same as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.discovery.knowledge import Knowledge
from causal_core.discovery.knowledge_text import (
    arrows_text,
    parse_arrows,
    parse_tiers,
    tiers_text,
)
from causal_core.discovery.stored_knowledge import from_dict, to_dict
from causal_core.errors import RungsError
from pages._ui import errors, steering
from pages._ui.exchange import exchanged
from pages._ui.served import LOADER, served

if TYPE_CHECKING:
    from causal_core.studies.store import Study

_FILES = [
    "knowledge.js",
    "knowledge.css",
    "knowledge_arrows.js",
    "knowledge_model.js",
    "knowledge_moves.js",
    "graph_lines.js",
]
_COMPONENT = st.components.v2.component("rungs_knowledge", js=LOADER)
_BOXES = {
    "tiers": "Order in time, the earliest first: a line for each tier, commas between columns",
    "required": "Arrows that are there, one on a line",
    "forbidden": "Arrows that cannot be, one on a line",
}
_EXAMPLES = {"tiers": "age, sex\ndose\nrecovery"}
_TEXTS = "discover-texts"  # what the boxes were given, which knowledge they say, a mistake


def knowledge(study: Study, columns: Sequence[str], names: Sequence[str]) -> Knowledge:
    """Draw the canvas over `columns`, and the text; what is known of the table's `names`.

    The study holds the one copy that both edit.
    """
    ours = json.dumps(to_dict(known_of(study)))
    key = f"knowledge-{study.id}"
    now = exchanged(key, ours, partial(_read, names))
    if now.value != ours:
        steering.remember(study.id, knowledge=json.loads(now.value))
    _COMPONENT(
        key=key,
        data={
            "src": served(*_FILES),
            "revision": now.revision,
            "refused": now.refused,
            "columns": list(columns),
            **json.loads(now.value),
        },
        on_commit_change=_nothing,
    )
    with st.expander("The same as text", icon=":material/notes:"):
        _text(study, now.value, names)
    return from_dict(json.loads(now.value))


def known_of(study: Study) -> Knowledge:
    """What is kept with the study."""
    return from_dict(steering.remembered(study).get("knowledge", {}))


def _read(names: Sequence[str], sent: Any) -> str:
    """What the browser sent as text to store, once `Knowledge` has judged it."""
    known = from_dict(sent)
    known.within(names).over(names)
    return json.dumps(to_dict(known))


def _text(study: Study, value: str, names: Sequence[str]) -> None:
    """Boxes that follow the canvas, and that it follows; text with a mistake stays."""
    boxes = st.session_state.get(_TEXTS)
    if boxes is None or boxes["said"] != value or _key(boxes, "tiers") not in st.session_state:
        boxes = _written(value, 0 if boxes is None else boxes["turn"] + 1)
        st.session_state[_TEXTS] = boxes
    draw = partial(_box, boxes, study.id, names)
    draw("tiers")
    left, right = st.columns(2)
    with left:
        draw("required")
    with right:
        draw("forbidden")
    if error := boxes["wrong"]:
        errors.show(error)
        st.caption("Until this is mended, the search goes by the canvas above.")


def _written(value: str, turn: int) -> dict[str, Any]:
    """What new boxes hold: their keys are new too, so that no older text comes back."""
    known = from_dict(json.loads(value))
    return {
        "said": value,
        "turn": turn,
        "wrong": None,
        "tiers": tiers_text(known.tiers),
        "required": arrows_text(known.required),
        "forbidden": arrows_text(known.forbidden),
    }


def _box(boxes: dict[str, Any], study_id: str, names: Sequence[str], role: str) -> None:
    st.text_area(
        _BOXES[role],
        boxes[role],
        key=_key(boxes, role),
        placeholder=_EXAMPLES.get(role, "age -> dose"),
        height=110,
        on_change=_typed,
        args=(study_id, names),
    )


def _key(boxes: dict[str, Any], role: str) -> str:
    return f"discover-{role}-{boxes['turn']}"


def _typed(study_id: str, names: Sequence[str]) -> None:
    """When a box is left: keep what all of them say, or say what is wrong."""
    boxes = st.session_state[_TEXTS]
    tiers, required, forbidden = (st.session_state[_key(boxes, role)] for role in _BOXES)
    try:
        known = Knowledge(
            parse_tiers(tiers, names),
            frozenset(parse_arrows(required, names)),
            frozenset(parse_arrows(forbidden, names)),
        )
        known.over(names)
    except RungsError as error:
        boxes["wrong"] = error
        return
    steering.remember(study_id, knowledge=to_dict(known))
    boxes["said"], boxes["wrong"] = json.dumps(to_dict(known)), None


def _nothing() -> None:
    """A callback must exist for a value to be kept."""
