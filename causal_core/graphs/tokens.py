"""The words of dagitty text, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from causal_core.errors import GraphSyntaxError

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|\#[^\n]*|/\*.*?\*/)
      | (?P<name>[\w.]+)
      | "(?P<quoted>(?:[^"\\]|\\.)*)"
      | (?P<arrow><->|<-@|@->|@-@|->|<-|--)
      | (?P<mark>[\[\]{};,=])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class Token:
    """One word: its kind (name, quoted, arrow, mark, other or end), text and offset."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` without blanks and comments, and an end mark."""
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "quoted":
            yield Token(kind, _unescape(match["quoted"]), match.start())
        elif kind != "skip":
            yield Token(kind, match[kind], match.start())
    yield Token("end", "", len(text.rstrip()))


def syntax_error(text: str, at: int, what: str, remedy: str) -> GraphSyntaxError:
    """The error that names the line and column of offset `at` in `text`."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return GraphSyntaxError(f"{what}.", line, column, remedy)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text, flags=re.DOTALL)
