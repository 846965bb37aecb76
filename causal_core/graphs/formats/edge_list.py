"""Lists of edges: arrows, one line each, or CSV with the columns source, target and kind.

    a -> b              names need no quotes; chains, “→” and all arrows of dagitty too
    c                   a node alone

    source,target,kind  the header (also from,to or cause,effect) and the kind may be missing
    a,b,->
    c,,

Written as CSV. A name that a spreadsheet would run as a formula is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from causal_core.errors import GraphSyntaxError
from causal_core.graphs.formats.cells import SAFE, Cell, beginning, quoted, rows
from causal_core.graphs.formats.dagitty import ARROWS
from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.format import Format
from causal_core.graphs.formats.tokens import (
    IN_LINE,
    QUOTED,
    Cursor,
    unescaped,
    unquoted,
    vocabulary,
)
from causal_core.graphs.graph import KINDS, CausalGraph

_HEADERS = {("source", "target"), ("from", "to"), ("cause", "effect"), ("parent", "child")}
_KINDS = {kind: kind for kind in KINDS} | {
    "": "->",
    "directed": "->",
    "bidirected": "<->",
    "undirected": "--",
}
_MEANT = ARROWS | {
    "→": ("->", False),
    "←": ("->", True),
    "↔": ("<->", False),
    "o->": ("o->", False),
    "<-o": ("o->", True),
    "o-o": ("o-o", False),
}
_ARROW = r"<->|<-@|@->|@-@|->|<-|--|→|←|↔|(?<!\S)(?:o->|<-o|o-o)(?!\S)"
_WORDS = vocabulary(
    r"(?P<line>\n)",
    QUOTED,
    f"(?P<arrow>{_ARROW})",
    rf'(?P<name>(?:(?!{_ARROW})[^\n"])++)',
    skip=r"(?<![^\n])\#[^\n]*",
    blank=IN_LINE,
)


def read(text: str) -> CausalGraph:
    """The graph of a list of edges, in either form.

    >>> [str(edge) for edge in read("blood pressure -> stroke <- age").edges]
    ['blood pressure -> stroke', 'age -> stroke']
    >>> read("source,target\\nx,y").nodes
    ('x', 'y')
    """
    headed = _header_of(text)
    return _from_arrows(text) if not headed and _has_arrows(text) else _from_rows(text)


def write(graph: CausalGraph) -> str:
    """`graph` as CSV; a node has a row of its own where the edges would not do."""
    ends = [end for edge in graph.edges for end in (edge.source, edge.target)]
    alone = () if tuple(dict.fromkeys(ends)) == graph.nodes else graph.nodes
    lines = ["source,target,kind", *(f"{quoted(name)},," for name in alone)]
    lines += [f"{quoted(e.source)},{quoted(e.target)},{e.kind}" for e in graph.edges]
    return "\n".join(lines) + "\n"


def claims(text: str) -> bool:
    """Whether it has the header, or every line is an edge and nothing of another format."""
    if _header_of(text):
        return True
    bare = unquoted(text)
    if not text.strip() or re.search(r"[{}\[\]~]", bare):
        return False
    lines = [line for line in bare.split("\n") if line.strip() and line[0] != "#"]
    if _has_arrows(text):
        return ";" not in bare and all(re.search(rf"{_ARROW}|^\s*\S+\s*$", x) for x in lines)
    return _are_edges(text)


def _has_arrows(text: str) -> bool:
    """Whether an arrow stands outside quotes and is no cell of its own."""
    bare = unquoted(text)
    return bool(re.search(rf"[^\s,;][ \t]*+(?:{_ARROW})|(?:{_ARROW})[ \t]*+[^\s,;]", bare))


def is_header(row: Sequence[Cell]) -> bool:
    """Whether a row names the columns of a list of edges."""
    return tuple(cell.text.lower() for cell in row[:2]) in _HEADERS


def _header_of(text: str) -> bool:
    with suppress(GraphSyntaxError):
        return any(map(is_header, rows(text.lstrip().partition("\n")[0])))
    return False


def _are_edges(text: str) -> bool:
    """Whether every row is two names, and a kind perhaps."""
    try:
        cells = rows(beginning(text))
    except GraphSyntaxError:
        return False
    return all(
        len(row) in (2, 3)
        and bool(row[1].text)
        and (len(row) == 2 or row[2].text.lower() in _KINDS)
        for row in cells
    )


def _from_rows(text: str) -> CausalGraph:
    draft = Draft(text)
    cells = rows(text)
    if not cells:
        raise draft.error(0, "there is no graph here", "Write for example: source,target")
    for row in cells[is_header(cells[0]) :]:
        source, target, kind, *more = [*row, *[Cell("", row[-1].start, False)] * 2][:4]
        if len(row) > 3:
            raise draft.error(
                more[0].start, "a row has more than three cells", "Give source, target and kind."
            )
        draft.node(source.text, source.start)
        if target.text:
            draft.edge(
                source.text, target.text, _KINDS.get(kind.text.lower(), kind.text), kind.start
            )
    return draft.graph()


def _from_arrows(text: str) -> CausalGraph:
    words, draft = Cursor(text, _WORDS), Draft(text)
    while words.now.kind != "end":
        if words.now.kind == "line":
            words.next()
            continue
        left = _name(words, draft)
        while words.now.kind == "arrow":
            arrow = words.next()
            kind, turned = _MEANT[arrow.text]
            right = _name(words, draft)
            draft.edge(*((right, left) if turned else (left, right)), kind, arrow.start)
            left = right
        if words.now.kind not in ("line", "end"):
            raise words.error(f"{words.seen} where the line should end", "Put an arrow between.")
    return draft.graph()


def _name(words: Cursor, draft: Draft) -> str:
    word = words.next()
    if word.kind not in ("name", "quoted"):
        what = "the line ends" if word.kind in ("line", "end") else f"“{word.text}” stands"
        raise words.error(f"{what} where a name should follow", "Name the node.", word)
    name = unescaped(word.text) if word.kind == "quoted" else word.text.strip()
    return draft.node(name, word.start)


FORMAT = Format(
    "edges",
    "list of edges (CSV)",
    ("csv", "tsv"),
    read,
    write,
    claims,
    "text/csv",
    latent=False,
    names=SAFE,
    besides=(),
)
