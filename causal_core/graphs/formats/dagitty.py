"""Dagitty text to graph and back.

The language (Textor et al. 2016, *dagitty*; the grammar of dagitty.net) is that of
`braces`, newlines and blanks meaning nothing, with

    head       := [strict] (dag | pdag | mag | pag | digraph | graph) [name]
    statement  := … | "latent" name+      (on one line)
    arrow      := -> | <- | <-> | -- | @-> | <-@ | @-@
    attributes := latent | exposure | outcome | adjusted | selected | pos="x,y"
                  of nodes, note="why" of edges; anything else is left out

Names hold letters, digits, `_` and `.`; any other name stands in double quotes, with
backslash escapes for the quote, the backslash and the newline. The note on a pair
without an edge is a setting, `note="[\\"a\\", \\"b\\", \\"why\\"]"`, which dagitty.net passes over.
"""

from __future__ import annotations

import json
import re

from causal_core.graphs.formats.braces import Attributes, Braces
from causal_core.graphs.formats.format import Format, decimal
from causal_core.graphs.formats.tokens import HASH, QUOTED, SLASHES, Token, escaped, vocabulary
from causal_core.graphs.graph import CausalGraph, Edge, Pair
from causal_core.graphs.stored import ROLES as FIELDS

TYPES = frozenset({"dag", "pdag", "mag", "pag", "digraph", "graph"})
ROLES = {
    "latent": "latent",
    "l": "latent",
    "unobserved": "latent",
    "u": "latent",
    "exposure": "exposure",
    "source": "exposure",
    "e": "exposure",
    "outcome": "outcome",
    "target": "outcome",
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

_WORDS = vocabulary(
    r"(?P<name>[\w.]++)",
    r"(?P<number>-\.?\d[\w.]*+)",
    QUOTED,
    "(?P<arrow><->|<-@|@->|@-@|--@|@--|->|<-|--)",
    r"(?P<mark>[\[\]{};,=+])",
    skip=f"{SLASHES}|{HASH}",
)
_PLAIN = re.compile(r"[A-Za-z0-9_.]+")  # dagitty.net knows no other letters outside quotes
_RESERVED = TYPES | {"latent", "strict", "node", "edge", "subgraph"}


def parse(text: str) -> CausalGraph:
    """The graph that dagitty `text` describes.

    Raises GraphSyntaxError with line and column for text that is not dagitty,
    CycleError and LimitError as `CausalGraph` does.

    >>> parse('dag { "blood pressure" -> {stroke death} u [latent] }').observed
    ('blood pressure', 'stroke', 'death')
    """
    return _Dagitty(text, _WORDS).graph()


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
    notes = dict(graph.notes)
    lines = [f"{_quote(name)}{_attributes(graph, name)}" for name in graph.nodes]
    lines += [_edge(edge, notes.pop(_pair(edge), "")) for edge in graph.edges]
    lines += [f"note={escaped(_as_json(pair, text))}" for pair, text in notes.items()]
    return "\n".join([f"{_type(graph)} {{", *(f"  {line}" for line in lines), "}"])


def claims(text: str) -> bool:
    """Whether a text begins with a type that is dagitty's alone."""
    return bool(re.match(r"\s*(strict\s+)?(dag|pdag|mag|pag)\b[^\[{]*\{", text, re.IGNORECASE))


def _type(graph: CausalGraph) -> str:
    kinds = {edge.kind for edge in graph.edges}
    if kinds & {"o->", "o-o"}:
        return "pag"
    return "pdag" if "--" in kinds else "dag"


def _quote(name: str) -> str:
    plain = _PLAIN.fullmatch(name) and name.lower() not in _RESERVED
    return name if plain else escaped(name)


def _attributes(graph: CausalGraph, name: str) -> str:
    parts = [role for role, field_ in FIELDS.items() if name in getattr(graph, field_)]
    if name in graph.positions:
        x, y = graph.positions[name]
        parts.append(f'pos="{decimal(x)},{decimal(y)}"')
    return f" [{','.join(parts)}]" if parts else ""


def _edge(edge: Edge, note: str) -> str:
    line = f"{_quote(edge.source)} {PRINTED[edge.kind]} {_quote(edge.target)}"
    return f"{line} [note={escaped(note)}]" if note else line


def _pair(edge: Edge) -> Pair:
    return min(edge.source, edge.target), max(edge.source, edge.target)


def _as_json(pair: Pair, text: str) -> str:
    return json.dumps([*pair, text], ensure_ascii=False)


class _Dagitty(Braces):
    """What the statements of `braces` mean in dagitty."""

    def graph(self) -> CausalGraph:
        if self.now.kind == "end":
            raise self.error("there is no graph here", "Write for example: dag { x -> y }")
        if self._skip_head():
            self.block()
            if self.now.kind != "end":
                raise self.error(
                    f"{self.seen} after the graph has ended",
                    "Move it inside the braces or remove it.",
                )
        while self.now.kind != "end":
            self.statement()
        return self.draft.graph()

    def statement(self) -> list[str]:
        if (self.now.kind, self.now.text) == ("name", "latent") and self._name_follows(1):
            self.next()
            found = []
            while self._name_follows(0):
                found.append(self.name())
                self.draft.node(found[-1], 0, "latent")
            return found
        return super().statement()

    def declare(self, name: str, given: Attributes) -> None:
        for key, value in given.items():
            if key == "pos":
                self.draft.place(name, value.text, value.start)
            elif key in ROLES:
                self.draft.node(name, value.start, ROLES[key])

    def join(self, left: str, arrow: Token, right: str, given: Attributes) -> None:
        kind, turned = ARROWS.get(arrow.text, (arrow.text, False))
        self.draft.edge(*((right, left) if turned else (left, right)), kind, arrow.start)
        if "note" in given:
            self.draft.note(left, right, given["note"].text, given["note"].start)

    def setting(self, key: Token, value: Token) -> None:
        if key.text != "note":
            return
        try:
            one, other, text = map(str, json.loads(value.text))
        except (ValueError, TypeError, RecursionError):
            raise self.error(
                "this note names no pair of nodes",
                'Write note="[\\"a\\", \\"b\\", \\"why\\"]".',
                value,
            ) from None
        self.draft.note(one, other, text, value.start)

    def _skip_head(self) -> bool:
        """Whether the text is wrapped in `dag { … }`; the brace then comes next."""
        strict = self.now.text.lower() == "strict"
        type_ = self.ahead(strict)
        if type_.kind != "name" or type_.text.lower() not in TYPES:
            return False
        for brace in (strict + 1, strict + 2):
            if (self.ahead(brace).kind, self.ahead(brace).text) == ("mark", "{"):
                for _ in range(brace):
                    self.next()
                return True
        return False

    def _name_follows(self, steps: int) -> bool:
        """Whether a name follows on the same line that is no part of another statement."""
        name, after = self.ahead(steps), self.ahead(steps + 1)
        before = self.ahead(steps - 1) if steps else self.last
        return (
            name.kind in ("name", "quoted")
            and "\n" not in self.text[before.start : name.start]
            and after.kind != "arrow"
            and not (after.kind == "mark" and after.text in "=[")
        )


FORMAT = Format("dagitty", "dagitty", ("dagitty", "txt"), parse, to_dagitty, claims)
