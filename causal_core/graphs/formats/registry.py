"""All formats of graphs: one to read any text, one to write any of them."""

from __future__ import annotations

from collections.abc import Mapping

from causal_core.errors import GraphError, LimitError
from causal_core.graphs.formats import (
    adjacency,
    bif,
    dagitty,
    dot,
    edge_list,
    gml,
    lavaan,
    node_link,
    own_json,
)
from causal_core.graphs.formats.format import Format
from causal_core.graphs.graph import CausalGraph
from causal_core.limits import limit

_ALL = (
    dagitty.FORMAT,
    dot.FORMAT,
    gml.FORMAT,
    node_link.FORMAT,
    own_json.FORMAT,
    lavaan.FORMAT,
    bif.FORMAT,
    edge_list.FORMAT,
    adjacency.FORMAT,
)
FORMATS: Mapping[str, Format] = {format_.key: format_ for format_ in _ALL}
AUTO = "auto"

# What has a mark of its own first; a text that no format claims is dagitty without braces.
_TRIED = ("node-link", "json", "adjacency", "edges", "gml", "dot", "dagitty", "bif", "lavaan")


def read_graph(text: str, format: str = AUTO, orientation: str | None = None) -> CausalGraph:
    """The graph that `text` holds, in the format of this key, or in the one it looks like.

    `orientation` ("row-to-column" or "column-to-row") is for an adjacency matrix. Raises
    GraphSyntaxError with line and column, OrientationNeeded, LimitError for a text that is
    too long, and what `CausalGraph` raises.

    >>> read_graph("y ~ x").edges == read_graph("digraph { x -> y }").edges
    True
    """
    if len(text) > limit("graph_text"):
        raise LimitError(
            f"The text has {len(text):,} characters; the limit is {limit('graph_text'):,}.",
            "A graph needs far fewer: leave out tables and drawings.",
        )
    text = text.removeprefix("\ufeff")
    found = FORMATS[sniff(text)] if format == AUTO else _format(format)
    return found.read(text, orientation) if found.oriented else found.read(text)


def write_graph(graph: CausalGraph, format: str) -> str:
    """`graph` as a text in the format of this key.

    Raises GraphError naming the first edge or node that the format cannot hold. Roles,
    positions and notes are left out where the format has no place for them.
    """
    found = _format(format)
    if refused := found.refusal(graph):
        raise refused
    return found.write(graph)


def sniff(text: str) -> str:
    """The key of the format that `text` looks like, from its content alone.

    >>> sniff("digraph { x -> y }"), sniff("y ~ x"), sniff("x -> y -> z")
    ('dot', 'lavaan', 'edges')
    """
    claimed = (key for key in _TRIED if FORMATS[key].claims(text))
    return next(claimed, dagitty.FORMAT.key)


def _format(key: str) -> Format:
    if key not in FORMATS:
        raise GraphError(f"“{key}” is no format.", f"Choose one of: {', '.join(FORMATS)}.")
    return FORMATS[key]
