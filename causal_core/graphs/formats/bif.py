"""The structure of a Bayesian network in BIF, as bnlearn and pgmpy write it.

The language (Cozman 1998, *The Interchange Format for Bayesian Networks*, 0.15):

    text        := (network | variable | probability)*
    network     := "network" name "{" … "}"
    variable    := "variable" name "{" … "}"
    probability := "probability" "(" child ["|"] parent* ")" "{" … "}"

Levels and tables, what stands in the braces, are no part of a graph: they are passed over
when read, and the braces are left empty when written. Commas are blanks.
"""

from __future__ import annotations

import re

from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.format import Format
from causal_core.graphs.formats.tokens import QUOTED, SLASHES, Cursor, Token, unescaped, vocabulary
from causal_core.graphs.graph import CausalGraph

_WORDS = vocabulary(
    QUOTED,
    r"(?P<mark>[{}()|;])",
    r'(?P<name>(?:[^\s{}()|,;"/]|/(?![/*]))++)',
    skip=f",|{SLASHES}",
)
_HINT = "Write for example: variable x { }  probability ( x | y ) { }"
_KEYWORDS = frozenset(
    {
        "network",
        "variable",
        "probability",
        "property",
        "type",
        "discrete",
        "default",
        "table",
    }
)


def read(text: str) -> CausalGraph:
    """The graph of a BIF network.

    >>> str(read("variable a {} variable b {} probability ( b | a ) {}").edges[0])
    'a -> b'
    """
    return _Bif(text).graph()


def write(graph: CausalGraph) -> str:
    """The variables and their parents; the braces that would hold numbers are empty."""
    lines = ["network graph {", "}", *(f"variable {name} {{\n}}" for name in graph.nodes)]
    for name in graph.nodes:
        above = [parent for parent in graph.nodes if parent in graph.parents(name)]
        given = f" | {', '.join(above)}" if above else ""
        lines.append(f"probability ( {name}{given} ) {{\n}}")
    return "\n".join(lines) + "\n"


def claims(text: str) -> bool:
    """Whether a text begins with one of the three blocks."""
    return bool(
        re.match(rf"(?:\s++|{SLASHES})*+((network|variable)\s+[^{{}}]*+\{{|probability\s*\()", text)
    )


class _Bif(Cursor):
    """Reads block by block."""

    def __init__(self, text: str) -> None:
        super().__init__(text, _WORDS)
        self.draft = Draft(text)

    def graph(self) -> CausalGraph:
        if self.now.kind == "end":
            raise self.error("there is no network here", _HINT)
        while self.now.kind != "end":
            word = self.next()
            if word.text == "probability":
                self._parents()
            elif word.text == "variable":
                self._variable()
            elif word.text == "network":
                self._name()
            else:
                raise self.error(
                    f"“{word.text[:40]}” stands where a block should begin", _HINT, word
                )
            self._skip_braces()
        return self.draft.graph()

    def _variable(self) -> None:
        token = self._name()
        if token.text in self.draft.nodes:
            raise self.error(
                f"two variables are called “{token.text[:40]}”", "Rename one of them.", token
            )
        self.draft.node(token.text, token.start)

    def _parents(self) -> None:
        self.expect("(", _HINT)
        child = self._known()
        self.skip_mark("|")
        while not self.skip_mark(")"):
            parent = self._known()
            self.draft.edge(parent.text, child.text, "->", parent.start)

    def _known(self) -> Token:
        token = self._name()
        if token.text not in self.draft.nodes:
            raise self.error(
                f"no variable is called “{token.text[:40]}”", "Declare it first.", token
            )
        return token

    def _name(self) -> Token:
        token = self.next()
        if token.kind == "quoted":
            return Token("name", unescaped(token.text), token.start)
        if token.kind != "name":
            what = "the text ends" if token.kind == "end" else f"“{token.text}” stands"
            raise self.error(f"{what} where a name should follow", _HINT, token)
        return token

    def _skip_braces(self) -> None:
        opened, deep = self.expect("{", _HINT), 1
        while deep:
            deep += self.at_mark("{") - self.at_mark("}")
            if self.next().kind == "end":
                raise self.error("this brace is never closed", "Add the missing }.", opened)


FORMAT = Format(
    "bif",
    "BIF, the structure alone",
    ("bif",),
    read,
    write,
    claims,
    kinds=("->",),
    latent=False,
    names=re.compile(r"[^\W\d][\w-]*"),
    reserved=_KEYWORDS,
    besides=(),
)
