"""GML, as networkx, igraph, yEd and dowhy write it, to graph and back.

The language (Himsolt 1997, *GML: a portable graph file format*):

    text  := (key value)*
    value := number | '"' text '"' | "[" (key value)* "]"

Texts hold printable ASCII; anything else is a reference such as `&#10;` or `&quot;`. A node
is called by its label, else its name, else its id. What GML has no key for has ours: an
edge's `kind` (one of -> <-> -- o-> o-o) and `note`, a node's roles (`latent 1`), the notes
on pairs without an edge. Without a kind, edges follow the graph's `directed`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5

from causal_core.errors import GraphSyntaxError
from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.format import Format, decimal
from causal_core.graphs.formats.tokens import HASH, Cursor, Token, syntax_error, vocabulary
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.stored import ROLES

_WORDS = vocabulary(
    r"(?P<number>[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[Ee][+-]?\d++)?)",
    r"(?P<name>[A-Za-z_]\w*+)",
    '"(?P<quoted>[^"]*+)"',
    r"(?P<mark>[\[\]])",
    skip=HASH,
)
_DEEPEST = 40
_FALSE = frozenset({"", "0", "false", "no"})


@dataclass(frozen=True)
class _List:
    """What stands in brackets: (key, value) in order, and the word that opened it."""

    word: Token
    entries: list[tuple[str, Token | _List]]

    def last(self, *keys: str) -> Token | None:
        """The last word under the first of `keys` that is there."""
        for key in keys:
            found = [value for name, value in self.entries if name == key]
            if found and isinstance(found[-1], Token):
                return found[-1]
        return None

    def lists(self, key: str) -> list[_List]:
        """The lists under `key`."""
        return [v for name, v in self.entries if name == key and isinstance(v, _List)]

    def says(self, key: str) -> bool:
        """Whether there is something under `key` that means yes."""
        word = self.last(key)
        return word is not None and word.text.lower() not in _FALSE


def read(text: str) -> CausalGraph:
    """The graph that GML `text` describes.

    >>> graph = read('graph [ node [ id 0 label "x" ] node [ id 1 ] edge [ source 0 target 1 ] ]')
    >>> graph.nodes, str(graph.edges[0])
    (('x', '1'), '1 -- x')
    """
    whole = _entries(Cursor(text, _WORDS), 0)
    if not (graphs := whole.lists("graph")):
        raise syntax_error(
            text, whole.word.start, "there is no graph here", "Write for example: graph [ … ]"
        )
    draft = Draft(text)
    called = _nodes(graphs[0], draft)
    usual = "->" if graphs[0].says("directed") else "--"
    for edge in graphs[0].lists("edge"):
        one, other = (_end(text, edge, key, called) for key in ("source", "target"))
        kind, why = edge.last("kind"), edge.last("note")
        draft.edge(one, other, kind.text if kind else usual, (kind or edge.word).start)
        if why:
            draft.note(one, other, why.text, why.start)
    for apart in graphs[0].lists("note"):
        one, other = (_end(text, apart, key, called) for key in ("source", "target"))
        if why := apart.last("text"):
            draft.note(one, other, why.text, why.start)
    return draft.graph()


def write(graph: CausalGraph) -> str:
    """`graph` as GML that networkx reads too; every edge says its kind."""
    ids = {name: index for index, name in enumerate(graph.nodes)}
    notes = dict(graph.notes)
    pairs = [(min(e.source, e.target), max(e.source, e.target)) for e in graph.edges]
    directed = any(edge.kind != "--" for edge in graph.edges) or not graph.edges
    lines = [f"directed {int(directed)}"]
    if len(set(pairs)) < len(pairs):
        lines.append("multigraph 1")
    for name in graph.nodes:
        lines += ["node [", *_node(graph, name, ids[name]), "]"]
    for edge, pair in zip(graph.edges, pairs):
        lines += ["edge [", f"  source {ids[edge.source]}", f"  target {ids[edge.target]}"]
        lines.append(f"  kind {_quote(edge.kind)}")
        lines += [f"  note {_quote(notes.pop(pair))}"] if pair in notes else []
        lines.append("]")
    for (one, other), said in notes.items():
        lines += ["note [", f"  source {ids[one]}", f"  target {ids[other]}"]
        lines += [f"  text {_quote(said)}", "]"]
    return "\n".join(["graph [", *(f"  {line}" for line in lines), "]"]) + "\n"


def claims(text: str) -> bool:
    """Whether the first bracket is that of `graph [`."""
    return bool(re.match(r"[^\[{]*\bgraph\s*\[", text))


def _entries(words: Cursor, deep: int) -> _List:
    """Keys and values up to the closing bracket, or to the end of the text."""
    found = _List(words.last if deep else words.now, [])
    while not words.skip_mark("]"):
        if words.now.kind == "end" and not deep:
            return found
        if words.now.kind != "name":
            raise _no_key(words, found.word)
        key = words.next().text
        value = words.next()
        if (value.kind, value.text) == ("mark", "["):
            if deep >= _DEEPEST:
                raise words.error("brackets are nested too deeply", "Leave some out.", value)
            found.entries.append((key, _entries(words, deep + 1)))
        elif value.kind in ("number", "quoted", "name"):
            found.entries.append((key, Token(value.kind, _unescape(value.text), value.start)))
        else:
            raise words.error(
                f"“{key}” has no value", "Write a number, a text in quotes or [ … ].", value
            )
    if not deep:
        raise words.error("this bracket closes nothing", "Remove it.", words.last)
    return found


def _no_key(words: Cursor, opened: Token) -> GraphSyntaxError:
    if words.now.kind == "end":
        return words.error("this bracket is never closed", "Add the missing ].", opened)
    return words.error(f"{words.seen} where a key should", 'Write for example: label "x".')


def _nodes(graph: _List, draft: Draft) -> dict[str, str]:
    """Id → name of every node, which `draft` then has."""
    called: dict[str, str] = {}
    for node in graph.lists("node"):
        key = node.last("id", "label")
        word = node.last("label", "name", "id")
        if key is None or word is None:
            raise syntax_error(
                draft.text, node.word.start, "a node has no id", "Write for example: id 0."
            )
        if key.text in called or word.text in draft.nodes:
            raise syntax_error(
                draft.text,
                word.start,
                f"two nodes are called “{word.text[:40]}”",
                "Give each node a name and an id of its own.",
            )
        called[key.text] = draft.node(word.text, word.start, *filter(node.says, ROLES))
        _place(node, word.text, draft)
    return called


def _place(node: _List, name: str, draft: Draft) -> None:
    for graphics in node.lists("graphics"):
        x, y = graphics.last("x"), graphics.last("y")
        if x and y:
            draft.place(name, f"{x.text},{y.text}", x.start)


def _end(text: str, edge: _List, key: str, called: dict[str, str]) -> str:
    word = edge.last(key)
    if word is None or word.text not in called:
        what = f"no node has the id “{word.text[:40]}”" if word else f"an edge has no {key}"
        at = (word or edge.word).start
        raise syntax_error(text, at, what, "Name the id of a node of this graph.")
    return called[word.text]


def _node(graph: CausalGraph, name: str, number: int) -> list[str]:
    lines = [f"  id {number}", f"  label {_quote(name)}"]
    lines += [f"  {role} 1" for role, field in ROLES.items() if name in getattr(graph, field)]
    if name in graph.positions:
        x, y = map(decimal, graph.positions[name])
        lines += ["  graphics [", f"    x {x}", f"    y {y}", "  ]"]
    return lines


def _quote(text: str) -> str:
    inside = re.sub('[^ -~]|[&"]', lambda match: f"&#{ord(match[0])};", text)
    return f'"{inside}"'


def _unescape(text: str) -> str:
    return re.sub(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,31}));", _letter, text)


def _letter(match: re.Match[str]) -> str:
    decimal_, hexadecimal, entity = match.groups()
    if entity:
        return html5.get(f"{entity};", match[0])
    code = int(decimal_) if decimal_ else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF else match[0]


FORMAT = Format("gml", "GML", ("gml",), read, write, claims)
