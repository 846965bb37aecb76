"""Paths as the browser lists and draws them: what each one does, in words and as a kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from causal_core.identification.paths import Path
from causal_core.views.edge_menu import said


def path_lines(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """[{"text", "words", "kind", "nodes", "edges", "blockers", "opened"}, …].

    `kind` is "biasing", "causal" or "blocked"; edges are named as the browser names them.
    """
    return [
        {
            "text": path.text,
            "words": words(path),
            "kind": kind(path),
            "nodes": list(path.nodes),
            "edges": [said(edge) for edge in path.edges],
            "blockers": list(path.blockers),
            "opened": list(path.opened),
        }
        for path in paths
    ]


def kind(path: Path) -> str:
    """How a path is drawn: an open one biases unless it is the effect itself."""
    if not path.open:
        return "blocked"
    return "causal" if path.causal else "biasing"


def words(path: Path) -> str:
    """What the path does, in a few words."""
    if path.open and path.causal:
        return "part of the effect"
    if path.open:
        ending = f"; opened by holding {listed(path.opened)}" if path.opened else ""
        return f"open: it biases{ending}"
    lost = "part of the effect, but " if path.causal else ""
    return f"{lost}blocked at {listed(path.blockers)}"


def listed(names: Iterable[str]) -> str:
    """a, b and c; names as they are, in the order given.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last
