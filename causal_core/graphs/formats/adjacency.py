r"""Adjacency matrices as CSV: a 1 where there is an edge, else 0.

    from\to,a,b         the names in the header, before the rows, or both; without names the
    a,0,1               nodes are called x1, x2, …
    b,0,0

Some programs let the row cause the column (networkx, igraph, bnlearn), others the column the
row (lingam): an asymmetric matrix must come with an `orientation`, or have the corner that
ours have. A pair with a 1 both ways is undirected (`--`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from causal_core.errors import GraphSyntaxError, OrientationNeeded
from causal_core.graphs.formats.cells import SAFE, Cell, beginning, quoted, rows
from causal_core.graphs.formats.draft import Draft
from causal_core.graphs.formats.edge_list import is_header
from causal_core.graphs.formats.format import Format
from causal_core.graphs.graph import CausalGraph

ROW_TO_COLUMN, COLUMN_TO_ROW = "row-to-column", "column-to-row"
_CORNERS = {"from\\to": ROW_TO_COLUMN, "to\\from": COLUMN_TO_ROW}
_BITS = {"0": 0, "0.0": 0, "": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


@dataclass(frozen=True)
class _Matrix:
    """Names of the nodes, the cells of their rows, and which way the corner says they read."""

    names: Sequence[Cell]
    body: Sequence[Sequence[Cell]]
    corner: str | None


def read(text: str, orientation: str | None = None) -> CausalGraph:
    """The graph of a matrix; `orientation` is ROW_TO_COLUMN or COLUMN_TO_ROW.

    Raises OrientationNeeded for an asymmetric matrix that does not say which way it reads.

    >>> str(read("a,b\\n0,1\\n0,0", ROW_TO_COLUMN).edges[0])
    'a -> b'
    """
    draft = Draft(text)
    matrix = _matrix(text, draft)
    for name in matrix.names:
        if name.text in draft.nodes:
            raise draft.error(
                name.start, f"two nodes are called “{name.text[:40]}”", "Rename one of them."
            )
        draft.node(name.text, name.start)
    ones = _ones(matrix, draft)
    orientation = orientation or matrix.corner
    if orientation is None and any(ones[i][j] != ones[j][i] for i in ones for j in ones):
        raise OrientationNeeded
    _join(matrix, ones, orientation != COLUMN_TO_ROW, draft)
    return draft.graph()


def write(graph: CausalGraph) -> str:
    """The matrix with names both ways; the row causes the column, and the corner says so."""
    there = {(edge.source, edge.target) for edge in graph.edges}
    there |= {(edge.target, edge.source) for edge in graph.edges if edge.kind == "--"}
    lines = [",".join(["from\\to", *map(quoted, graph.nodes)])]
    for name in graph.nodes:
        bits = ["1" if (name, other) in there else "0" for other in graph.nodes]
        lines.append(",".join([quoted(name), *bits]))
    return "\n".join(lines) + "\n"


def claims(text: str) -> bool:
    """Whether it has our corner, or is a square of zeros and ones with or without names."""
    try:
        cells = rows(beginning(text))
    except GraphSyntaxError:
        return False
    if cells and cells[0][0].text in _CORNERS:
        return True
    if cells and is_header(cells[0]):
        return False
    below = cells[0 if cells and _is_bits(cells[0]) else 1 :]
    wide = max(map(len, below), default=0)
    return wide > 1 and len(below) in (wide, wide - 1) and all(_is_bits(row[1:]) for row in below)


def _is_bits(row: Sequence[Cell]) -> bool:
    return all(cell.text.lower() in _BITS for cell in row)


def _matrix(text: str, draft: Draft) -> _Matrix:
    """Header, names before the rows and numbers told apart."""
    cells = rows(text)
    if not cells:
        raise draft.error(0, "there is no matrix here", "Write for example: a,b")
    corner = _CORNERS.get(cells[0][0].text)
    headed = corner is not None or not _is_bits(cells[0])
    body = cells[headed:]
    size = len(body)
    for row in body:
        if len(row) not in (size, size + 1) or len(row) != len(body[0]):
            raise draft.error(
                row[0].start,
                f"this row has {len(row)} cells; the matrix has {size} rows",
                "Give as many rows as columns.",
            )
    before = [row[0] for row in body] if body and len(body[0]) == size + 1 else []
    names = _names(cells[0] if headed else [], before, size, draft)
    return _Matrix(names, [row[bool(before) :] for row in body], corner)


def _names(
    header: Sequence[Cell], before: Sequence[Cell], size: int, draft: Draft
) -> Sequence[Cell]:
    """The names, which header and rows must agree on, or x1, x2, …"""
    if not header:
        return before or [Cell(f"x{number}", 0, False) for number in range(1, size + 1)]
    names = header[len(header) - size :]
    if len(header) not in (size, size + 1):
        raise draft.error(
            header[0].start,
            f"the header has {len(header)} cells; the matrix has {size} rows",
            "Give as many rows as columns.",
        )
    for above, left in zip(names, before):
        if above.text != left.text:
            raise draft.error(
                left.start,
                f"“{left.text[:40]}” stands where “{above.text[:40]}” should",
                "Name the rows in the order of the columns.",
            )
    return names


def _ones(matrix: _Matrix, draft: Draft) -> dict[int, dict[int, int]]:
    for row in matrix.body:
        for cell in row:
            if cell.text.lower() not in _BITS:
                raise draft.error(
                    cell.start,
                    f"“{cell.text[:40]}” is neither 0 nor 1",
                    "Write 1 for an edge and 0 for none; dagitty text holds other marks.",
                )
    return {
        i: {j: _BITS[cell.text.lower()] for j, cell in enumerate(row)}
        for i, row in enumerate(matrix.body)
    }


def _join(
    matrix: _Matrix, ones: dict[int, dict[int, int]], row_to_column: bool, draft: Draft
) -> None:
    for i, row in ones.items():
        for j, bit in row.items():
            ends = (i, j) if row_to_column else (j, i)
            source, target = (matrix.names[end].text for end in ends)
            if bit:
                kind = "--" if ones[j][i] else "->"
                draft.edge(source, target, kind, matrix.body[i][j].start)


FORMAT = Format(
    "adjacency",
    "adjacency matrix (CSV)",
    ("csv", "tsv"),
    read,
    write,
    claims,
    "text/csv",
    kinds=("->", "--"),
    latent=False,
    names=SAFE,
    besides=(),
    oriented=True,
)
