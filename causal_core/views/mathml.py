"""The LaTeX of a formula as MathML that a browser draws by itself, without a library.

A node is [tag, text] or [tag, [nodes]]; the browser makes elements of them and puts names in
as text only. What `identification.printing` writes is understood: names, `\\text`, indices,
primes, sums, fractions, brackets and bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Node = list[Any]  # [tag, text] or [tag, [Node, …]]

_TOKEN = re.compile(r"do(?=\()|\\[A-Za-z]+|\\.|[{}_^']|\s+|.", re.DOTALL)
_SIGNS = {
    r"\mid": "|",
    r"\sum": "∑",
    r"\prod": "∏",
    r"\cdot": "·",
    r"\times": "×",
    r"\neq": "≠",
    r"\quad": "\u2003",
    "-": "−",
}
_TEXT = {r"\textbackslash": "\\", r"\textasciitilde": "~", r"\textasciicircum": "^"}
_FENCES = (r"\Bigl", r"\Bigr", r"\bigl", r"\bigr", r"\left", r"\right")


def mathml(latex: str) -> Node:
    """`latex`, without dollar signs, as a `math` node of rows; between two rows a line may break.

    >>> mathml("P(x)")[1][0]
    ['mrow', [['mi', 'P'], ['mo', '('], ['mi', 'x'], ['mo', ')']]]
    """
    tokens = _TOKEN.findall(latex)
    return ["math", [["mrow", row] for row in _rows(_nodes(tokens[::-1]))]]


def _rows(nodes: Iterator[Node]) -> Iterator[list[Node]]:
    """The nodes cut between factors: after a bracket that closes, where no sign follows."""
    row: list[Node] = []
    for node in nodes:
        factor = node[0] != "mo" or node[1] in ("(", "∑", "∏")
        if factor and row and row[-1] == ["mo", ")"]:
            yield row
            row = []
        row.append(node)
    yield row


def _nodes(left: list[str]) -> Iterator[Node]:
    """The nodes up to the group's end; `left` are the tokens still to come, the next one last."""
    ready: list[Node] = []
    while left:
        token = left.pop()
        if token == "}":
            break
        if token in "_^'" and ready:
            ready[-1] = _scripted(ready[-1], token, left)
        elif not token.isspace() and token not in _FENCES:
            ready.append(_node(token, left))
    yield from ready


def _node(token: str, left: list[str]) -> Node:
    if token == "{":
        return ["mrow", list(_nodes(left))]
    if token == r"\frac":
        return ["mfrac", [_group(left), _group(left)]]
    if token in (r"\text", r"\mathbf"):
        return ["mtext", _text(left)]
    if token in (r"\sum", r"\prod"):
        return ["mo", _SIGNS[token]]
    if token.isalpha():
        return ["mtext" if token == "do" else "mi", token]
    return ["mn", token] if token.isdigit() else ["mo", _SIGNS.get(token, token.lstrip("\\"))]


def _group(left: list[str]) -> Node:
    """What the braces that come next hold, or the one token that stands there instead."""
    while left and left[-1].isspace():
        left.pop()
    return _node(left.pop(), left) if left else ["mrow", []]


def _scripted(base: Node, sign: str, left: list[str]) -> Node:
    if sign == "'":
        return ["msup", [base, ["mo", "′"]]]
    if base[0] == "mo" and base[1] in "∑∏":
        return ["munder" if sign == "_" else "mover", [base, _group(left)]]
    return ["msub" if sign == "_" else "msup", [base, _group(left)]]


def _text(left: list[str]) -> str:
    """The literal text in the braces that come next, its escapes undone."""
    found, depth = "", 0
    while left:
        token = left.pop()
        depth += (token == "{") - (token == "}")
        if depth == 0:
            break
        if token in _TEXT:
            found += _TEXT[token]
        elif token not in ("{", "}"):
            found += token[1:] if len(token) > 1 and token[0] == "\\" else token
    return found
