"""Every arrow and every missing arrow of a drawn graph, held against the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from causal_core.discovery.independence.bench import Bench
from causal_core.discovery.independence.evidence import Evidence
from causal_core.discovery.mends import Mend, mends
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.implied import Implied, Independence
from causal_core.graphs.partial import cpdag
from causal_core.tables.table import Table

LEVEL = 0.05  # of alarms over all graphs of these columns, if nothing is wrong
_SHOWN = 2.8  # standard errors that an effect must have to be seen in 4 of 5 tables


class Verdict(StrEnum):
    """What the rows say of one line, or missing line, of the graph."""

    HOLDS = "holds"
    CONTRADICTED = "contradicted"
    WEAK = "weak"
    UNTOLD = "cannot be told"


@dataclass(frozen=True)
class CheckedClaim:
    """A missing edge: the independence it claims, and p after correction for all of them."""

    claim: Independence
    tested: Evidence
    corrected: float

    @property
    def verdict(self) -> Verdict:
        """Whether the rows contradict it."""
        if not self.tested.told:
            return Verdict.UNTOLD
        return Verdict.CONTRADICTED if self.corrected < LEVEL else Verdict.HOLDS


@dataclass(frozen=True)
class CheckedArrow:
    """An arrow: whether its ends depend on each other beside the effect's other parents."""

    edge: Edge
    given: tuple[str, ...]
    tested: Evidence

    @property
    def verdict(self) -> Verdict:
        """Whether the rows speak for it."""
        if not self.tested.told:
            return Verdict.UNTOLD
        return Verdict.WEAK if self.tested.p >= LEVEL else Verdict.HOLDS

    @property
    def least(self) -> float:
        """The smallest partial correlation that so many rows would show, 4 times of 5."""
        return min(1.0, _SHOWN / math.sqrt(max(1, self.tested.rows)))


@dataclass(frozen=True)
class Criticism:
    """What the rows say of a graph.

    `mends`: single changes that undo contradictions, the best first. `open_arrows`: drawn
    arrows that no rows could tell from their reverse; None where unmeasured causes are drawn,
    for which this is not worked out. `notes`: what a person should know of how it was done.
    """

    claims: tuple[CheckedClaim, ...]
    arrows: tuple[CheckedArrow, ...]
    mends: tuple[Mend, ...]
    open_arrows: tuple[Edge, ...] | None
    notes: tuple[str, ...]
    rows: int

    @property
    def contradicted(self) -> tuple[CheckedClaim, ...]:
        """The independencies that the rows contradict, the clearest first."""
        found = [c for c in self.claims if c.verdict is Verdict.CONTRADICTED]
        return tuple(sorted(found, key=lambda c: (c.corrected, -abs(c.tested.effect))))

    @property
    def weak(self) -> tuple[CheckedArrow, ...]:
        """The arrows that the rows do not speak for."""
        return tuple(arrow for arrow in self.arrows if arrow.verdict is Verdict.WEAK)

    def mend_of(self, claim: Independence) -> Mend | None:
        """The best change after which the graph no longer claims this."""
        return next((mend for mend in self.mends if claim in mend.undone), None)


def criticise(table: Table, graph: CausalGraph) -> Criticism:
    """Test what `graph` claims of the rows, and what its arrows carry.

    Measured nodes that are no column of the table count as unmeasured. p is corrected by Holm's
    (1979) method, which bounds the chance of any false alarm, for one alarm sends a person to
    redraw the graph; the family is every arrow that could be drawn over these columns, since
    the graph is tested again whenever it is redrawn. Raises GraphError for open edges.
    """
    unknown = [name for name in graph.observed if name not in table.columns]
    implied = Implied(replace(graph, latent=graph.latent | set(unknown)))
    measured = implied.projected
    names = [name for name in measured.nodes if name in table.columns]
    bench = Bench(table, names)
    claims = _claims(bench, implied.basis, len(names))
    wrong = [c for c in claims if c.verdict is Verdict.CONTRADICTED]
    worst = sorted(wrong, key=lambda c: (c.corrected, -abs(c.tested.effect)))
    return Criticism(
        claims,
        _arrows(bench, graph, measured),
        mends(bench, measured, [c.claim for c in worst]),
        _open_arrows(graph, measured),
        _notes(table, bench, unknown),
        bench.rows,
    )


def holm(p: Sequence[float], family: int) -> np.ndarray:
    """Holm's corrected p [claims] of a family of at least so many tests.

    >>> holm([0.5, 0.01], 2).tolist()
    [0.5, 0.02]
    """
    order = np.argsort(p, kind="stable")
    factors = np.maximum(family - np.arange(len(p)), 1)
    stepped = np.maximum.accumulate(np.asarray(p, dtype=float)[order] * factors)
    found = np.empty(len(p))
    found[order] = np.minimum(stepped, 1.0)
    return found


def _claims(bench: Bench, basis: Sequence[Independence], size: int) -> tuple[CheckedClaim, ...]:
    tested = bench.tested(basis)
    corrected = holm([one.p for one in tested], size * (size - 1))
    return tuple(map(CheckedClaim, basis, tested, corrected.tolist()))


def _arrows(bench: Bench, graph: CausalGraph, measured: CausalGraph) -> tuple[CheckedArrow, ...]:
    """The drawn arrows between columns; not those beside which an unmeasured cause acts."""
    asked = []
    for edge in graph.edges:
        ends = {edge.source, edge.target}
        drawn = edge.kind == "->" and ends <= set(measured.nodes)
        if drawn and edge.source not in measured.siblings(edge.target):
            parents = measured.parents(edge.target) - {edge.source}
            given = tuple(name for name in measured.nodes if name in parents)
            asked.append((edge, Independence(edge.source, edge.target, given)))
    tested = bench.tested(claim for _, claim in asked)
    return tuple(
        CheckedArrow(edge, claim.given, one)
        for (edge, claim), one in zip(asked, tested, strict=True)
    )


def _open_arrows(graph: CausalGraph, measured: CausalGraph) -> tuple[Edge, ...] | None:
    if any(edge.kind != "->" for edge in measured.edges):
        return None
    unclear = {(e.source, e.target) for e in cpdag(measured).edges if e.kind == "--"}
    return tuple(
        edge
        for edge in graph.edges
        if (edge.source, edge.target) in unclear or (edge.target, edge.source) in unclear
    )


def _notes(table: Table, bench: Bench, unknown: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if unknown:
        names = ", ".join(f"“{name}”" for name in unknown)
        notes.append(f"{names}: no such column in the table, so taken as unmeasured.")
    if bench.rows < len(table):
        notes.append(f"{bench.rows:,} of {len(table):,} rows were drawn at random for the tests.")
    if bench.ranked:
        names = ", ".join(f"“{name}”" for name in bench.ranked)
        notes.append(f"Compared by rank, for a few far values would decide: {names}.")
    return tuple(notes)
