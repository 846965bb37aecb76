"""Browser modules of our own, served once and kept by the browser until they change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import streamlit as st

_STATIC = Path(__file__).parents[2] / "static"


@st.cache_resource(show_spinner=False)
def served(*names: str) -> str:
    """The address of the first file; its version is new whenever one of the files is."""
    content = b"".join((_STATIC / name).read_bytes() for name in names)
    return f"app/static/{names[0]}?v={hashlib.sha256(content).hexdigest()[:12]}"
