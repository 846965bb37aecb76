"""DOT, the language of Graphviz, to graph and back.

The language (graphviz.org, *DOT Language*) is that of `braces`, with

    head       := [strict] (digraph | graph) [name]
    statement  := … | (node | edge | graph) attributes     defaults from here on, in this block
    group      := name [":" port [":" compass]] | [subgraph [name]] "{" statement* "}"

The ends of an edge are what Graphviz would draw: `dir` says which end has a head, a head
drawn as `odot` is a circle mark (`o->`, `o-o`), both heads are `<->`, none is `--`.
A node is latent by `latent=true` or `observed=no`, else where it is drawn dashed; roles
are attributes as well (`exposure=true`); an edge's `comment` is its note. An invisible
edge (`style=invis`) is none, so its comment is the note on a pair without an edge.
Positions are Graphviz's, y upwards; labels are how a node is drawn and not its name.
"""

from __future__ import annotations

import re

from causal_core.graphs.formats.braces import Attributes, Braces
from causal_core.graphs.formats.format import Format, decimal
from causal_core.graphs.formats.tokens import (
    HASH,
    QUOTED,
    SLASHES,
    Token,
    escaped,
    unquoted,
    vocabulary,
)
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.stored import ROLES

_WORDS = vocabulary(
    r"(?P<html><(?:[^<>]|<(?:[^<>]|<(?:[^<>]|<[^<>]*+>)*+>)*+>)*+>)",
    r"(?P<name>[^\W\d]\w*+|-?(?:\d++(?:\.\d*+)?|\.\d++))",
    QUOTED,
    "(?P<arrow>->|--)",
    r"(?P<mark>[\[\]{};,=+:])",
    skip=f"{SLASHES}|{HASH}",
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYWORDS = frozenset({"node", "edge", "graph", "digraph", "subgraph", "strict"})
_TRUE = frozenset({"true", "yes", "1"})
_ENDS = {  # (mark at the tail, mark at the head) → (kind, whether it is turned around)
    ("none", "arrow"): ("->", False),
    ("arrow", "none"): ("->", True),
    ("arrow", "arrow"): ("<->", False),
    ("none", "none"): ("--", False),
    ("odot", "arrow"): ("o->", False),
    ("arrow", "odot"): ("o->", True),
    ("odot", "odot"): ("o-o", False),
}
_DRAWN = {
    "->": "",
    "<->": "dir=both",
    "--": "dir=none",
    "o->": "dir=both, arrowtail=odot",
    "o-o": "dir=both, arrowhead=odot, arrowtail=odot",
}


def read(text: str) -> CausalGraph:
    """The graph that DOT `text` describes.

    >>> str(read('digraph { "blood pressure" -> stroke [dir=both] }').edges[0])
    'blood pressure <-> stroke'
    """
    return _Dot(text, _WORDS).graph()


def write(graph: CausalGraph) -> str:
    """`graph` as DOT, one statement a line, nodes first and in order."""
    undirected = bool(graph.edges) and {edge.kind for edge in graph.edges} == {"--"}
    notes = dict(graph.notes)
    lines = [_node(graph, name) for name in graph.nodes]
    for edge in graph.edges:
        pair = (min(edge.source, edge.target), max(edge.source, edge.target))
        drawn = [] if undirected or edge.kind == "->" else [_DRAWN[edge.kind]]
        lines.append(_edge(edge, undirected, drawn, notes.pop(pair, "")))
    for (one, other), text in notes.items():
        lines.append(_edge(Edge(one, other), undirected, ["style=invis"], text))
    head = "graph {" if undirected else "digraph {"
    return "\n".join([head, *(f"  {line}" for line in lines), "}"]) + "\n"


def claims(text: str) -> bool:
    """Whether a text begins as DOT does and has none of dagitty's own arrows."""
    head = re.match(
        r"(?:\s++|//[^\n]*|/\*.*?\*/|#[^\n]*)*+(strict\s+)?(di)?graph\b[^\[{]*\{",
        text,
        re.IGNORECASE | re.DOTALL,
    )
    bare = unquoted(text) if head else ""
    return bool(head) and not re.search(r"<-|@-|-@", bare)


def _node(graph: CausalGraph, name: str) -> str:
    given = [f"{role}=true" for role, field in ROLES.items() if name in getattr(graph, field)]
    if name in graph.latent:
        given.append("style=dashed")
    if name in graph.positions:
        x, y = graph.positions[name]
        given.append(f'pos="{decimal(x)},{decimal(-y)}!"')
    return f"{_quote(name)} [{', '.join(given)}];" if given else f"{_quote(name)};"


def _edge(edge: Edge, undirected: bool, drawn: list[str], note: str) -> str:
    given = drawn + ([f"comment={escaped(note)}"] if note else [])
    arrow = "--" if undirected else "->"
    line = f"{_quote(edge.source)} {arrow} {_quote(edge.target)}"
    return f"{line} [{', '.join(given)}];" if given else f"{line};"


def _quote(name: str) -> str:
    plain = _PLAIN.fullmatch(name) and name.lower() not in _KEYWORDS
    return name if plain else escaped(name)


class _Dot(Braces):
    """What the statements of `braces` mean in DOT."""

    directed = True

    def graph(self) -> CausalGraph:
        self._head()
        self._defaults: dict[str, Attributes] = {"node": {}, "edge": {}, "graph": {}}
        self._given: dict[str, Attributes] = {}
        self.block()
        if self.now.kind != "end":
            raise self.error(
                f"{self.seen} after the graph has ended", "Put each graph in a file of its own."
            )
        for name, given in self._given.items():
            self._describe(name, given)
        return self.draft.graph()

    def block(self) -> list[str]:
        outside = self._defaults
        self._defaults = {kind: dict(given) for kind, given in outside.items()}
        names = super().block()
        self._defaults = outside
        return names

    def statement(self) -> list[str]:
        word = self.now.text.lower()
        if self.now.kind == "name" and word in self._defaults and self._bracket_follows():
            self.next()
            self._defaults[word] |= self.attributes()
            return []
        return super().statement()

    def group(self) -> list[str]:
        if (self.now.kind, self.now.text.lower()) == ("name", "subgraph"):
            self.next()
            if not self.at_mark("{"):
                self.value()
            return self.block()
        return super().group()

    def name(self) -> str:
        found = super().name()
        self._given.setdefault(found, dict(self._defaults["node"]))  # those of its first mention
        for _ in ("port", "compass"):
            if self.skip_mark(":"):
                self.value()
        return found

    def declare(self, name: str, given: Attributes) -> None:
        self._given[name] |= given

    def join(self, left: str, arrow: Token, right: str, given: Attributes) -> None:
        given = self._defaults["edge"] | given
        if (arrow.text == "->") != self.directed:
            wanted = "->" if self.directed else "--"
            raise self.error(
                f"“{arrow.text}” does not join nodes in this kind of graph",
                f"Write {wanted} here, or change the first word to "
                f"{'graph' if self.directed else 'digraph'}.",
                arrow,
            )
        if "invis" not in _text(given, "style"):
            kind, turned = self._kind(arrow, given)
            self.draft.edge(*((right, left) if turned else (left, right)), kind, arrow.start)
        if "comment" in given:
            self.draft.note(left, right, given["comment"].text, given["comment"].start)

    def _describe(self, name: str, given: Attributes) -> None:
        """Roles and the place of a node from all that was said of it."""
        roles = {role for role in ROLES if role in given and _says_yes(role, given[role])}
        self.draft.node(name, 0, *roles, *(["latent"] if self._latent(given) else []))
        if "pos" in given:
            x, _, rest = given["pos"].text.partition(",")
            self.draft.place(name, f"{x},{_negative(rest)}", given["pos"].start)

    def _head(self) -> None:
        if self.now.text.lower() == "strict":
            self.next()
        word = self.next()
        if word.kind != "name" or word.text.lower() not in ("graph", "digraph"):
            raise self.error(
                "there is no graph here", "Write for example: digraph { x -> y }", word
            )
        self.directed = word.text.lower() == "digraph"
        if not self.at_mark("{"):
            self.value()

    def _kind(self, arrow: Token, given: Attributes) -> tuple[str, bool]:
        heads = _text(given, "dir") or ("forward" if self.directed else "none")
        marks = tuple(
            _mark(_text(given, key)) if heads in (there, "both") else "none"
            for key, there in (("arrowtail", "back"), ("arrowhead", "forward"))
        )
        if marks not in _ENDS:
            raise self.error(
                "an edge with a circle at one end and nothing at the other has no meaning here",
                "Draw an arrow or a circle at the other end.",
                arrow,
            )
        return _ENDS[marks]

    @staticmethod
    def _latent(given: Attributes) -> bool:
        if "latent" in given:
            return _says_yes("latent", given["latent"])
        if "observed" in given:
            return not _says_yes("observed", given["observed"])
        return "dashed" in _text(given, "style")

    def _bracket_follows(self) -> bool:
        return (self.ahead(1).kind, self.ahead(1).text) == ("mark", "[")


def _text(given: Attributes, key: str) -> str:
    return given[key].text.lower() if key in given else ""


def _says_yes(key: str, value: Token) -> bool:
    """An attribute without a value says yes."""
    return value.text.lower() in (*_TRUE, key)


def _mark(shape: str) -> str:
    """What an arrow's shape means at its end."""
    return shape if shape in ("none", "odot") else "arrow"


def _negative(text: str) -> str:
    """A number, its sign turned: y grows upwards in Graphviz, downwards here."""
    text = text.strip()
    return text[1:] if text.startswith("-") else f"-{text}"


FORMAT = Format("dot", "Graphviz DOT", ("dot", "gv"), read, write, claims, "text/vnd.graphviz")
