"""Browser modules of our own, served once and kept by the browser until they change.

`LOADER` is what a component sends in line: it fetches the module at `data.src`, and keeps
`data.height` free for it meanwhile, so that what follows keeps its place.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import streamlit as st

_STATIC = Path(__file__).parents[2] / "static"
DRAWING = (  # what every drawn graph is made of
    "graph_editor.css",
    *(
        f"graph_{part}.js"
        for part in ("chrome", "label", "lines", "model", "mount", "roles", "view")
    ),
)
LOADER = """
export default function (component) {
  const [url, place] = [new URL(component.data.src, document.baseURI), component.parentElement];
  const [frame, height] = [place.host ?? place, component.data.height];
  if (height && !place.childElementCount) frame.style.minHeight = height; // until it is drawn
  import(url).then((module) => {
    module.default(component);
    if (height) frame.style.minHeight = "";
  });
}
"""


@st.cache_resource(show_spinner=False)
def served(*names: str) -> str:
    """The address of the first file; its version is new whenever one of the files is."""
    content = b"".join((_STATIC / name).read_bytes() for name in names)
    return f"app/static/{names[0]}?v={hashlib.sha256(content).hexdigest()[:12]}"
