"""Mounting the hero picture: five inline lines, the module itself is served once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._ui.served import served

_LOADER = """
export default function (c) {
  let stop = null, gone = false
  import(new URL(c.data.src, document.baseURI)).then((m) => { if (!gone) stop = m.default(c) })
  return () => { gone = true; if (stop) stop() }
}
"""


_component = st.components.v2.component("rungs_hero", html="<div></div>", js=_LOADER)


def hero(payload: dict[str, Any], position: float, key: str = "hero") -> float:
    """Draw the picture; the position (a code of the cause) where the slider was last released."""
    result = _component(
        data={"src": served("hero.js"), "start": position, **payload},
        default={"position": position},
        on_position_change=lambda: None,
        key=key,
    )
    released = result.position
    return float(released) if released is not None else position
