"""The words of a text, each with the place where it stands, and a cursor that reads them.

Every format says what its words are by `vocabulary`; all share the rest.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from causal_core.errors import GraphSyntaxError

SLASHES = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/"
HASH = r"\#[^\n]*"
IN_LINE = r"[^\S\n]++"
QUOTED = r'"(?P<quoted>(?:[^"\\]|\\.)*+)"'
_OPEN = {'"': ("quote", 'Add the missing ".'), "/*": ("comment", "Add the missing */.")}
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\", "\n": ""}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its kind (a group of the vocabulary, or “end”), text and offset."""

    kind: str
    text: str
    start: int


def vocabulary(*kinds: str, skip: str, blank: str = r"\s++") -> re.Pattern[str]:
    """The pattern of a format's words: named groups in order of preference.

    `blank` and `skip` (comments) stand between words. An opening quote or comment that
    is never closed is the word “open”, and anything else “other”, one character long.
    """
    parts = [rf"(?P<skip>{blank}|{skip})", *kinds, r'(?P<open>"|/\*)', "(?P<other>.)"]
    return re.compile("|".join(parts), re.VERBOSE | re.DOTALL)


def words(text: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """The words of `text`, and an end mark; GraphSyntaxError for what is never closed."""
    for match in pattern.finditer(text):
        kind = str(match.lastgroup)
        if kind == "open":
            what, remedy = _OPEN[match[0]]
            raise syntax_error(text, match.start(), f"this {what} is never closed", remedy)
        if kind != "skip":
            yield Token(kind, match[kind], match.start())
    yield Token("end", "", len(text.rstrip()))


def unquoted(text: str) -> str:
    """`text` with every piece in double quotes replaced by “x”, to look for signs in."""
    return re.sub(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', "x", text, flags=re.DOTALL)


def unescaped(text: str) -> str:
    """What stands between double quotes, its backslashes resolved."""
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text, flags=re.DOTALL)


def escaped(text: str) -> str:
    """`text` in double quotes, so that `unescaped` gives it back."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def syntax_error(text: str, at: int, what: str, remedy: str) -> GraphSyntaxError:
    """The error that names the line and column of offset `at` in `text`."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return GraphSyntaxError(f"{what}.", line, column, remedy)


class Cursor:
    """Reads a text word by word; `now` is the word that comes next, `last` the one before."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.text = text
        self._words = words(text, pattern)
        self._ahead: deque[Token] = deque()
        self.last = Token("start", "", 0)

    @property
    def now(self) -> Token:
        """The next word."""
        return self.ahead(0)

    def ahead(self, steps: int) -> Token:
        """The word that is `steps` after the next one, or the end mark."""
        while len(self._ahead) <= steps:
            if self._ahead and self._ahead[-1].kind == "end":
                return self._ahead[-1]
            self._ahead.append(next(self._words))
        return self._ahead[steps]

    def next(self) -> Token:
        """The next word, which is then behind us; the end mark stays."""
        self.last = self.now
        if self.last.kind != "end":
            self._ahead.popleft()
        return self.last

    def at_mark(self, *marks: str) -> bool:
        """Whether one of these signs comes next."""
        return self.now.kind == "mark" and self.now.text in marks

    def skip_mark(self, *marks: str) -> bool:
        """Whether one of these signs came next; it is then behind us."""
        found = self.at_mark(*marks)
        if found:
            self.next()
        return found

    def expect(self, mark: str, remedy: str) -> Token:
        """This sign, which must come next."""
        if not self.at_mark(mark):
            raise self.error(f"{self.seen} where {mark} should follow", remedy)
        return self.next()

    @property
    def seen(self) -> str:
        """The next word as an error quotes it."""
        return "the text ends" if self.now.kind == "end" else f"“{self.now.text[:40]}” stands"

    def error(self, what: str, remedy: str, at: Token | None = None) -> GraphSyntaxError:
        """The error at `at`, or at the next word."""
        return syntax_error(self.text, (at or self.now).start, what, remedy)
