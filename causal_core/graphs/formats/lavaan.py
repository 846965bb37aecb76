"""The structure of lavaan models (R) to graph and back.

The language (Rosseel 2012, *lavaan: an R package for structural equation modeling*):

    statement := terms operator terms            ended by a line's end or ";"
    operator  := ~ (is caused by) | ~~ (shares an unmeasured cause with) | =~ (is measured by)
    terms     := term ("+" term)*                a line may end or begin with "+"
    term      := (modifier "*")* name            a label, number, text or call: left out

`f =~ x` makes f latent with an arrow to x. `x ~~ x` is a variance and only names x;
intercepts (`y ~ 1`), thresholds, `:=` and constraints say nothing of the structure and are
left out. Comments begin with # or !. Nodes come in the order in which they are named.
"""

from __future__ import annotations

import re

from causal_core.errors import GraphError
from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.format import Format
from causal_core.graphs.formats.tokens import (
    HASH,
    IN_LINE,
    QUOTED,
    Cursor,
    Token,
    unquoted,
    vocabulary,
)
from causal_core.graphs.graph import CausalGraph

_WORDS = vocabulary(
    r"(?P<end_of_line>[\n;])",
    r"(?P<number>[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[Ee][+-]?\d++)?)",
    r"(?P<name>[^\W\d_][\w.]*+|\.[\w.]*+)",
    QUOTED,
    r"(?P<operator>=~|~\*~|<~|~~|~|:=|==|[<>|])",
    r"(?P<mark>[+*(),:-])",
    skip=rf"{HASH}|![^\n]*",
    blank=IN_LINE,
)
_SILENT = frozenset({":=", "==", "<", ">", "|", "~*~"})
_NAME = re.compile(r"(?:[^\W\d_]|\.(?!\d))[\w.]*")
_R_WORDS = frozenset(
    {
        "if",
        "else",
        "repeat",
        "while",
        "function",
        "for",
        "next",
        "break",
        "in",
        "TRUE",
        "FALSE",
        "NULL",
        "Inf",
        "NaN",
        "NA",
        "NA_integer_",
        "NA_real_",
        "NA_complex_",
        "NA_character_",
    }
)


def read(text: str) -> CausalGraph:
    """The graph that a lavaan model describes.

    >>> graph = read("y ~ a*x + 0.5*z\\nx ~~ z\\nf =~ y")
    >>> [str(edge) for edge in graph.edges], sorted(graph.latent)
    (['x -> y', 'x <-> z', 'z -> y', 'f -> y'], ['f'])
    """
    return _Lavaan(text).graph()


def write(graph: CausalGraph) -> str:
    """`graph` as a lavaan model: measurement, regressions, shared causes, lone nodes."""
    lines = []
    for name in graph.nodes:
        below = [child for child in graph.nodes if child in graph.children(name)]
        if name in graph.latent:
            lines.append(f"{name} =~ {' + '.join(below)}")
    for name in graph.nodes:
        above = [n for n in graph.nodes if n in graph.parents(name) and n not in graph.latent]
        if above:
            lines.append(f"{name} ~ {' + '.join(above)}")
    lines += [f"{e.source} ~~ {e.target}" for e in graph.edges if e.kind == "<->"]
    joined = {end for edge in graph.edges for end in (edge.source, edge.target)}
    lines += [f"{name} ~~ {name}" for name in graph.nodes if name not in joined]
    return "\n".join(lines) + "\n"


def claims(text: str) -> bool:
    """Whether a tilde stands outside quotes and comments."""
    return "~" in re.sub(r"[#!][^\n]*", "", unquoted(text))


class _Lavaan(Cursor):
    """Reads statement by statement."""

    def __init__(self, text: str) -> None:
        super().__init__(text, _WORDS)
        self.draft = Draft(text)

    def graph(self) -> CausalGraph:
        while self._line_ends():
            self.next()
        if self.now.kind == "end":
            raise self.error("there is no model here", "Write for example: y ~ x + z")
        while self.now.kind != "end":
            if self._line_ends():
                self.next()
            else:
                self._statement()
        return self.draft.graph()

    def _statement(self) -> None:
        if self._is_silent():
            while not (self._line_ends() or self.now.kind == "end"):
                self.next()
            return
        left = self._terms()
        if self.now.kind != "operator":
            raise self.error(f"{self.seen} where an operator should", "Write ~, ~~ or =~ here.")
        operator = self.next()
        if operator.text == "<~":
            raise self.error(
                "a composite (<~) is no node of a causal graph",
                "Write ~ for causes, or =~ for what it shows in.",
                operator,
            )
        right = self._terms()
        if not (self._line_ends() or self.now.kind == "end"):
            raise self.error(f"{self.seen} where the line should end", "Put + between terms.")
        for one in left:
            for other in right:
                self._join(one, operator, other)

    def _join(self, one: Token, operator: Token, other: Token) -> None:
        if one.kind == "number":
            raise self.error("a number stands where a name should", "Name the node first.", one)
        roles = ("latent",) if operator.text == "=~" else ()
        self.draft.node(one.text, one.start, *roles)
        if other.kind == "number" or (operator.text, one.text) == ("~~", other.text):
            return
        if operator.text == "~":
            self.draft.edge(other.text, one.text, "->", other.start)
        else:
            kind = "->" if operator.text == "=~" else "<->"
            self.draft.edge(one.text, other.text, kind, other.start)

    def _terms(self) -> list[Token]:
        found = [self._term()]
        while self._plus_follows():
            while self._line_ends():
                self.next()
            self.next()
            found.append(self._term())
        return found

    def _term(self) -> Token:
        """The name, or the number of an intercept, behind what modifies it."""
        while self.now.text == "\n":
            self.next()
        word = self.next()
        if word.kind not in ("name", "number", "quoted"):
            raise self.error(
                "the model ends where a name should follow"
                if word.kind == "end"
                else f"“{word.text}” stands where a name should",
                "Name the node.",
                word,
            )
        if word.kind == "name" and self.at_mark("("):
            self._call()
        if self.skip_mark("*"):
            return self._term()
        if self.at_mark(":") or word.kind == "quoted" or self.last is not word:
            raise self.error(
                "a product or a text is no node", "Make it a column of the table first.", word
            )
        return word

    def _call(self) -> None:
        opened, deep = self.now, 0
        while True:
            deep += self.at_mark("(") - self.at_mark(")")
            if self.next().kind == "end":
                raise self.error("this bracket is never closed", "Add the missing ).", opened)
            if not deep:
                return

    def _plus_follows(self) -> bool:
        """Whether “+” comes next, at the end of this line or the beginning of a later one."""
        steps = 0
        while self.ahead(steps).text == "\n":
            steps += 1
        return (self.ahead(steps).kind, self.ahead(steps).text) == ("mark", "+")

    def _is_silent(self) -> bool:
        """Whether this line's operator says nothing of the structure."""
        steps = 0
        while self.ahead(steps).kind not in ("operator", "end_of_line", "end"):
            steps += 1
        return self.ahead(steps).kind == "operator" and self.ahead(steps).text in _SILENT

    def _line_ends(self) -> bool:
        return self.now.kind == "end_of_line"


class _LavaanFormat(Format):
    """A latent node is there for what it shows in."""

    def refusal(self, graph: CausalGraph) -> GraphError | None:
        """Besides: a latent node without an arrow to another."""
        bare = [name for name in graph.nodes if name in graph.latent and not graph.children(name)]
        empty = None if graph.nodes else self._cannot("an empty graph", "Add a node")
        if bare and not super().refusal(graph):
            return self._cannot(
                f"the latent node “{bare[0]}” without an arrow to another", "Draw one"
            )
        return super().refusal(graph) or empty


FORMAT = _LavaanFormat(
    "lavaan",
    "lavaan",
    ("lav", "lavaan"),
    read,
    write,
    claims,
    kinds=("->", "<->"),
    names=_NAME,
    reserved=_R_WORDS,
    besides=(),
)
