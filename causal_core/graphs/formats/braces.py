"""The grammar that DOT and dagitty text share: statements in braces.

    text       := [head] "{" statement* "}"   or, in dagitty, the statements alone
    statement  := group (arrow group)* [attributes] | name "=" value | ";" | ","
    group      := name | "{" statement* "}"
    attributes := ("[" (name ["=" value] [";" | ","])* "]")+
    value      := name | number | quoted ("+" quoted)* | html

What the statements mean is left to the two dialects.
"""

from __future__ import annotations

import re

from causal_core.errors import GraphSyntaxError
from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.tokens import Cursor, Token, unescaped

Attributes = dict[str, Token]  # name in small letters → its value, or itself where it has none

_DEEPEST = 40
_NAMES = ("name", "quoted")


class Braces(Cursor):
    """Recursive descent over the words; a dialect says what nodes, edges and settings mean."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        super().__init__(text, pattern)
        self.draft = Draft(text)
        self._deep = 0

    # ── what a dialect says ──────────────────────────────────────────────────────

    def declare(self, name: str, given: Attributes) -> None:
        """A node stands alone, with these attributes."""
        raise NotImplementedError

    def join(self, left: str, arrow: Token, right: str, given: Attributes) -> None:
        """Two nodes are joined."""
        raise NotImplementedError

    def setting(self, key: Token, value: Token) -> None:
        """`name = value` stands alone."""

    # ── grammar ──────────────────────────────────────────────────────────────────

    def block(self) -> list[str]:
        """`{ … }`: the nodes that its statements name."""
        opened = self.expect("{", "Put the graph in braces: { … }.")
        self._deep += 1
        if self._deep > _DEEPEST:
            raise self.error("braces are nested too deeply", "Say the edges one by one.", opened)
        names: list[str] = []
        while not self.at_mark("}"):
            if self.now.kind == "end":
                raise self.error("this brace is never closed", "Add the missing }.", opened)
            names += self.statement()
        self.next()
        self._deep -= 1
        return list(dict.fromkeys(names))

    def statement(self) -> list[str]:
        """One statement: the nodes that it names."""
        if self.skip_mark(";", ","):
            return []
        if self.now.kind in _NAMES and self._is_equals(self.ahead(1)):
            key = self.next()
            self.next()
            self.setting(key, self.value())
            return []
        return self.chain()

    def chain(self) -> list[str]:
        """Nodes, joined or alone."""
        groups, arrows = [self.group()], []
        while self.now.kind == "arrow":
            arrows.append(self.next())
            groups.append(self.group())
        given = self.attributes()
        for left, arrow, right in zip(groups, arrows, groups[1:]):
            for one in left:
                for other in right:
                    self.join(one, arrow, other, given)
        if not arrows:
            for name in groups[0]:
                self.declare(name, given)
        return [name for group in groups for name in group]

    def group(self) -> list[str]:
        """One node, or those of a block."""
        return self.block() if self.at_mark("{") else [self.name()]

    def name(self) -> str:
        """The name of a node."""
        if self.now.kind not in _NAMES:
            raise self.unexpected()
        token = self.value()
        return self.draft.node(token.text, token.start)

    def attributes(self) -> Attributes:
        """All that stands in brackets here."""
        given: Attributes = {}
        while self.at_mark("["):
            opened = self.next()
            while not self.skip_mark("]"):
                if self.now.kind == "end":
                    raise self.error("this bracket is never closed", "Add the missing ].", opened)
                if not self.skip_mark(",", ";"):
                    key = self.value()
                    given[key.text.lower()] = self.value() if self.skip_mark("=") else key
        return given

    def value(self) -> Token:
        """A word or a quoted text, its pieces put together."""
        token = self.next()
        if token.kind not in ("name", "number", "quoted", "html"):
            raise self.unexpected(token)
        if token.kind != "quoted":
            return token
        text = unescaped(token.text)
        while self.at_mark("+") and self.ahead(1).kind == "quoted":
            self.next()
            text += unescaped(self.next().text)
        return Token("quoted", text, token.start)

    # ── words ────────────────────────────────────────────────────────────────────

    @staticmethod
    def _is_equals(token: Token) -> bool:
        return (token.kind, token.text) == ("mark", "=")

    def unexpected(self, token: Token | None = None) -> GraphSyntaxError:
        """The error for a word that is no name."""
        token = token or self.now
        if token.kind == "end":
            return self.error("the text ends where a name should follow", "Name the node.")
        if token.kind in ("other", "number"):
            return self.error(
                f"“{token.text}” cannot stand here",
                'Put a name with blanks or signs in quotes: "blood pressure".',
                token,
            )
        return self.error(
            f"“{token.text[:40]}” stands where a name should", "Name the node first.", token
        )
