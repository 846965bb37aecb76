"""Mounting the picture of a graph that was found."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st

_STATIC = Path(__file__).parents[2] / "static"
_FILES = [
    "found_graph.js",
    "graph_chrome.js",
    "graph_editor.css",
    "graph_label.js",
    "graph_lines.js",
    "graph_model.js",
    "graph_roles.js",
    "graph_view.js",
]
_LOADER = """
export default function (component) {
  import(new URL(component.data.src, document.baseURI)).then((m) => m.default(component));
}
"""
_COMPONENT = st.components.v2.component("rungs_found_graph", js=_LOADER)


def found_graph(payload: dict[str, Any], key: str = "found-graph") -> None:
    """Draw it."""
    _COMPONENT(key=key, data={"src": _source(), **payload})


@st.cache_resource(show_spinner=False)
def _source() -> str:
    content = b"".join((_STATIC / name).read_bytes() for name in _FILES)
    return f"app/static/{_FILES[0]}?v={hashlib.sha256(content).hexdigest()[:12]}"
