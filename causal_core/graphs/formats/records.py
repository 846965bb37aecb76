"""JSON whose mistakes have a place: the objects of our own form and of networkx's node-link.

Both are {"nodes": [{…}, …], "edges": [{"source", "target", "kind"?, "note"?}, …], …}; a
node's name is under "name" in ours and under "id" in node-link.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.tokens import syntax_error
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.stored import ROLES

Path = tuple[str | int, ...]

_WORDS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)


def read(text: str) -> CausalGraph:
    """The graph of either form; GraphSyntaxError names line and column."""
    return _Reader(text).graph()


def load(text: str) -> Any:
    """What JSON `text` holds; GraphSyntaxError where it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        raise syntax_error(
            text, error.pos, f"this is no JSON ({what})", "Correct it here, or export it anew."
        ) from None
    except (ValueError, RecursionError):
        raise syntax_error(
            text, 0, "this JSON is nested too deeply or has a number too long", "Export it anew."
        ) from None


def offset(text: str, path: Path) -> int:
    """Where the value at `path` (keys and places in lists) begins in JSON `text`, or 0.

    >>> offset('{"nodes": [{"id": 1}, {"id": 2}]}', ("nodes", 1, "id"))
    29
    """
    here: list[str | int | None] = []
    for match in _WORDS.finditer(text):
        word = match[0]
        if word == ",":
            here[-1] = here[-1] + 1 if isinstance(here[-1], int) else None
        elif word in "]}":
            here.pop()
        elif word != ":" and here and here[-1] is None:
            here[-1] = json.loads(word)
        elif word != ":" and tuple(here) == path:
            return match.start()
        elif word in "[{":
            here.append(0 if word == "[" else None)
    return 0


class _Reader:
    """The record of a text, and a draft that it fills."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.record = load(text)
        self.draft = Draft(text, partial(offset, text))

    def graph(self) -> CausalGraph:
        self._need(self.record, (), "an object {…}", dict)
        for at in range(len(self._list("nodes"))):
            self._node(("nodes", at))
        key = "links" if "links" in self.record else "edges"
        usual = "--" if self.record.get("directed") is False else "->"
        for at in range(len(self._list(key))):
            self._edge((key, at), usual)
        for path in (("notes",), ("graph", "notes")):
            self._notes(path)
        return self.draft.graph()

    def _node(self, path: Path) -> None:
        node = self._need(self._at(path), path, "an object {…}", dict)
        key = "id" if "id" in node else "name"
        name = self._name((*path, key))
        if name in self.draft.nodes:
            raise self.draft.error(
                path, f"two nodes are called “{name[:40]}”", "Rename one of them."
            )
        self.draft.node(name, path, *(role for role in ROLES if node.get(role) is True))
        if "x" in node and "y" in node:
            self.draft.place(name, f"{node['x']},{node['y']}", path)

    def _edge(self, path: Path, usual: str) -> None:
        edge = self._need(self._at(path), path, "an object {…}", dict)
        one, other = self._known((*path, "source")), self._known((*path, "target"))
        kind = self._need(edge.get("kind", usual), (*path, "kind"), "a text", str)
        self.draft.edge(one, other, kind, path)
        if isinstance(edge.get("note"), str):
            self.draft.note(one, other, edge["note"], (*path, "note"))

    def _notes(self, path: Path) -> None:
        inside = self.record if len(path) == 1 else self.record.get(path[0])
        if not isinstance(inside, dict) or path[-1] not in inside:
            return
        notes = self._need(inside[path[-1]], path, "a list […]", list)
        for at in range(len(notes)):
            one, other = (self._known((*path, at, "pair", end)) for end in (0, 1))
            text = self._need(self._at((*path, at, "text")), (*path, at, "text"), "a text", str)
            self.draft.note(one, other, text, (*path, at))

    def _list(self, key: str) -> list[Any]:
        found = self._need(self._at((key,)), (key,), "a list […]", list)
        return found if isinstance(found, list) else []

    def _name(self, path: Path) -> str:
        value = self._at(path)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.draft.error(path, f"“{path[-1]}” is no name", "Write a text or a number.")
        return str(value)

    def _known(self, path: Path) -> str:
        name = self._name(path)
        if name not in self.draft.nodes:
            raise self.draft.error(
                path, f"there is no node “{name[:40]}”", "Add it to the list of nodes."
            )
        return name

    def _at(self, path: Path) -> Any:
        found = self.record
        for depth, step in enumerate(path):
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                raise self.draft.error(
                    path[:depth], f"“{step}” is missing here", "Add it, or export the graph anew."
                ) from None
        return found

    def _need(self, value: Any, path: Path, what: str, kind: type) -> Any:
        if not isinstance(value, kind):
            raise self.draft.error(path, f"{what} should stand here", "Export the graph anew.")
        return value
