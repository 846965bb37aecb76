"""Dagitty text to graph and back.

The language (Textor et al. 2016, *dagitty*), newlines and blanks meaning nothing:

    text       := [type [name]] "{" statement* "}"   or the statements alone
    type       := dag | pdag | mag | pag | digraph | graph
    statement  := group (arrow group)* [attributes] | "latent" name+ | name "=" value | ";"
    group      := name | "{" name* "}"
    arrow      := -> | <- | <-> | -- | @-> | <-@ | @-@
    attributes := "[" (latent | exposure | outcome | adjusted | selected | pos="x,y"
                       | anything) ,* "]"

Names hold letters, digits, `_` and `.`; any other name stands in double quotes, with
backslash escapes for the quote, the backslash and the newline.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from causal_core.errors import GraphError, GraphSyntaxError, LimitError
from causal_core.graphs.graph import CausalGraph, Edge, Position
from causal_core.graphs.stored import ROLES as FIELDS
from causal_core.graphs.tokens import Token, syntax_error, tokens
from causal_core.limits import limit

TYPES = frozenset({"dag", "pdag", "mag", "pag", "digraph", "graph"})
ROLES = {
    "latent": "latent",
    "l": "latent",
    "unobserved": "latent",
    "u": "latent",
    "exposure": "exposure",
    "e": "exposure",
    "outcome": "outcome",
    "o": "outcome",
    "adjusted": "adjusted",
    "a": "adjusted",
    "selected": "selected",
    "s": "selected",
}
ARROWS = {  # text → (kind, whether the target stands on the left)
    "->": ("->", False),
    "<-": ("->", True),
    "<->": ("<->", False),
    "--": ("--", False),
    "@->": ("o->", False),
    "<-@": ("o->", True),
    "@-@": ("o-o", False),
}
PRINTED = {"->": "->", "<->": "<->", "--": "--", "o->": "@->", "o-o": "@-@"}

_PLAIN = re.compile(r"[\w.]+")


def parse(text: str) -> CausalGraph:
    """The graph that dagitty `text` describes.

    Raises GraphSyntaxError with line and column for text that is not dagitty,
    CycleError and LimitError as `CausalGraph` does.

    >>> parse('dag { "blood pressure" -> {stroke death} u [latent] }').observed
    ('blood pressure', 'stroke', 'death')
    """
    return _Parser(text).graph()


def to_dagitty(graph: CausalGraph) -> str:
    """`graph` as dagitty text, one statement a line, nodes first and in order.

    >>> print(to_dagitty(parse("a -> b <-> c")))
    dag {
      a
      b
      c
      a -> b
      b <-> c
    }
    """
    lines = [f"  {_quote(name)}{_attributes(graph, name)}" for name in graph.nodes]
    lines += [
        f"  {_quote(edge.source)} {PRINTED[edge.kind]} {_quote(edge.target)}"
        for edge in graph.edges
    ]
    return "\n".join([f"{_type(graph)} {{", *lines, "}"])


def _type(graph: CausalGraph) -> str:
    kinds = {edge.kind for edge in graph.edges}
    if kinds & {"o->", "o-o"}:
        return "pag"
    return "pdag" if "--" in kinds else "dag"


def _quote(name: str) -> str:
    if _PLAIN.fullmatch(name) and name not in TYPES | {"latent"}:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _attributes(graph: CausalGraph, name: str) -> str:
    parts = [role for role, field_ in FIELDS.items() if name in getattr(graph, field_)]
    if name in graph.positions:
        x, y = graph.positions[name]
        parts.append(f'pos="{x!r},{y!r}"')
    return f" [{','.join(parts)}]" if parts else ""


@dataclass
class _Parser:
    """Recursive descent over the tokens; gathers nodes, roles and edges on the way."""

    text: str
    nodes: dict[str, dict[str, Position | bool]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    at: int = 0

    def __post_init__(self) -> None:
        self.tokens = list(tokens(self.text))

    def graph(self) -> CausalGraph:
        if self.now.kind == "end":
            raise self._error("there is no graph here", "Write for example: dag { x -> y }")
        closed = self._header()
        while not (self.now.kind == "end" or (closed and self._is("}"))):
            self._statement()
        if closed:
            self._close(closed)
        return CausalGraph(
            tuple(self.nodes),
            tuple(self.edges),
            positions={
                n: place
                for n, given in self.nodes.items()
                if isinstance(place := given.get("pos"), tuple)
            },
            notes={},
            **{field_: self._marked(role) for role, field_ in FIELDS.items()},
        )

    # ── grammar ──────────────────────────────────────────────────────────────────

    def _header(self) -> Token | None:
        """The opening brace where the text is wrapped in `dag { … }`, else None."""
        ahead = [(t.kind, t.text) for t in self.tokens[:3]]
        if ahead[0][0] == "name" and ahead[0][1].lower() in TYPES:
            for skip in (1, 2):
                if len(ahead) > skip and ahead[skip] == ("mark", "{"):
                    self.at = skip + 1
                    return self.tokens[skip]
        return None

    def _close(self, opened: Token) -> None:
        if self.now.kind == "end":
            raise self._error("this brace is never closed", "Add } at the end.", opened)
        self._next()
        if self.now.kind != "end":
            raise self._error(
                f"“{self.now.text}” stands after the graph has ended",
                "Move it inside the braces or remove it.",
            )

    def _statement(self) -> None:
        if self._is(";", ","):
            self._next()
        elif self._latent_list():
            self._next()
            while self._names_ahead():
                self._declare(self._next())["latent"] = True
        elif self.now.kind == "name" and self._sets(self.tokens[self.at + 1]):
            self.at += 2
            self._next()
        else:
            self._chain()

    def _chain(self) -> None:
        left = self._group()
        alone = True
        while self.now.kind == "arrow":
            arrow, right, alone = self._next(), self._group(), False
            self._join(left, arrow, right)
            left = right
        if self._is("["):
            given = self._attribute_list()
            for name in left if alone else ():
                self.nodes[name] |= given

    def _group(self) -> list[str]:
        if not self._is("{"):
            return [self._name()]
        opened = self._next()
        names: list[str] = []
        while not self._is("}"):
            if self.now.kind == "end":
                raise self._error("this brace is never closed", "Add the missing }.", opened)
            if self._is(";", ","):
                self._next()
            else:
                names.append(self._name())
        self._next()
        return names

    def _attribute_list(self) -> dict[str, Position | bool]:
        opened = self._next()
        given: dict[str, Position | bool] = {}
        while not self._is("]"):
            if self.now.kind == "end":
                raise self._error("this bracket is never closed", "Add the missing ].", opened)
            key = self._next()
            value = self._value() if self._is("=") else None
            if key.text == "pos":
                given["pos"] = self._position(value or key)
            elif key.kind == "name" and key.text.lower() in ROLES:
                given[ROLES[key.text.lower()]] = True
        self._next()
        return given

    def _value(self) -> Token:
        self._next()
        first = self._next()
        while not (self.now.kind == "end" or self._is(",", "]", ";")) and first.kind != "quoted":
            self._next()
        return first

    # ── what the grammar gathers ─────────────────────────────────────────────────

    def _name(self) -> str:
        if self.now.kind not in ("name", "quoted"):
            raise self._unexpected()
        token = self._next()
        self._declare(token)
        return token.text

    def _declare(self, token: Token) -> dict[str, Position | bool]:
        if not token.text.strip():
            raise self._error("a node has no name", "Write a name between the quotes.", token)
        if token.text not in self.nodes and len(self.nodes) >= limit("graph_nodes"):
            raise LimitError(
                f"The graph has more than {limit('graph_nodes')} nodes.",
                "Leave out the columns that the question does not need.",
            )
        return self.nodes.setdefault(token.text, {})

    def _join(self, left: list[str], arrow: Token, right: list[str]) -> None:
        kind, turned = ARROWS[arrow.text]
        try:
            for one in left:
                for other in right:
                    self.edges.append(Edge(*((other, one) if turned else (one, other)), kind))
        except GraphError as error:
            raise self._error(error.what.rstrip("."), error.remedy, arrow) from None

    def _position(self, token: Token) -> Position:
        try:
            x, y = (float(part) for part in token.text.split(","))
            if math.isfinite(x) and math.isfinite(y):
                return x, y
        except ValueError:
            pass
        raise self._error("a position is two numbers", 'Write for example pos="0.5,1.2".', token)

    def _marked(self, role: str) -> frozenset[str]:
        return frozenset(name for name, given in self.nodes.items() if given.get(role))

    # ── tokens ───────────────────────────────────────────────────────────────────

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def _next(self) -> Token:
        token = self.now
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _is(self, *marks: str) -> bool:
        return self.now.kind == "mark" and self.now.text in marks

    @staticmethod
    def _sets(token: Token) -> bool:
        """Whether this is the sign = and no quoted name that happens to be one."""
        return token.kind == "mark" and token.text == "="

    def _names_ahead(self) -> bool:
        """Whether a name follows on the same line that is no part of another statement."""
        after = self.tokens[self.at + 1] if self.now.kind != "end" else self.now
        same_line = "\n" not in self.text[self.tokens[self.at - 1].start : self.now.start]
        return (
            self.now.kind in ("name", "quoted")
            and same_line
            and after.kind != "arrow"
            and after.text not in ("=", "[")
        )

    def _latent_list(self) -> bool:
        if (self.now.kind, self.now.text) != ("name", "latent"):
            return False
        self.at += 1
        found = self._names_ahead()
        self.at -= 1
        return found

    def _unexpected(self) -> GraphSyntaxError:
        token = self.now
        if token.kind == "end":
            return self._error("the text ends where a name should follow", "Name the node.")
        if token.text == '"':
            return self._error("this quote is never closed", 'Add the missing ".')
        if token.kind == "other":
            return self._error(
                f"“{token.text}” cannot stand here",
                'Put a name with blanks or signs in quotes: "blood pressure".',
            )
        return self._error(f"“{token.text}” stands where a name should", "Name the node first.")

    def _error(self, what: str, remedy: str, at: Token | None = None) -> GraphSyntaxError:
        return syntax_error(self.text, (at or self.now).start, what, remedy)
