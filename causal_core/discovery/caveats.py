"""What a person should know of the table before believing any criticism of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from causal_core.discovery.independence.bench import Bench
from causal_core.discovery.independence.columns import Column
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.schema import Kind
from causal_core.tables.table import Table

_ROWS_PER_COLUMN = 20
_TIED = 0.05  # of the rows of a continuous column that hold one and the same value
_SORTABLE = 0.9
_FEWEST_PATHS = 4
_DETERMINED = 1 - 1e-6  # of a column's variance
_HOLES = 0.1


def caveats(table: Table, graph: CausalGraph) -> tuple[str, ...]:
    """One sentence for each thing that weakens what the rows can say of `graph`."""
    names = [name for name in graph.observed if name in table.columns]
    if not names:
        return ()
    bench = Bench(table, names)
    columns = list(bench.columns.values())
    return (
        *_constant(bench),
        *_few(table, names, columns),
        *_copies(columns),
        *_determined(columns),
        *_tied(bench),
        *_sortable(bench, graph),
    )


def varsortability(graph: CausalGraph, spread: dict[str, float]) -> float | None:
    """The share of directed paths along which `spread` grows, ties counting half.

    Reisach, Seiler & Weichwald (2021), *Beware of the simulated DAG!*, section 3: pairs are
    counted once for each length of a path between them. Over R² in place of variances it is
    R²-sortability (Reisach, Tami, Seiler, Chambaz & Weichwald 2023). None for fewer than four
    paths, which say nothing.
    """
    names = [name for name in graph.nodes if name in spread]
    arrows = np.array([[a in graph.parents(b) for b in names] for a in names], dtype=float)
    values = np.array([spread[name] for name in names])
    close = np.isclose(values[:, None], values[None, :], rtol=1e-3)
    grows = np.where(close, 0.5, values[:, None] < values[None, :])
    reach, paths, right = arrows, 0, 0.0
    while len(names) and reach.any():
        joined = reach > 0
        paths += int(joined.sum())
        right += float(grows[joined].sum())
        reach = (joined @ arrows > 0).astype(float)
    return right / paths if paths >= _FEWEST_PATHS else None


def _constant(bench: Bench) -> Iterator[str]:
    for name in sorted(bench.constant):
        yield (
            f"“{name}” has the same value in every row: nothing can be tested of it; leave it out "
            "of the graph."
        )


def _few(table: Table, names: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    if len(table) < _ROWS_PER_COLUMN * len(names):
        yield (
            f"{len(table):,} rows for {len(names)} columns are few: only strong dependence shows, "
            "and “nothing contradicts” says little."
        )
    holed = [c.name for c in columns if (~c.seen).mean() > _HOLES]
    if holed:
        yield (
            f"{_listed(holed)}: more than a tenth of the cells are empty; rows with a hole are "
            "left out, which is right only if what is missing does not depend on the values."
        )


def _copies(columns: Sequence[Column]) -> Iterator[str]:
    for one, other in combinations(columns, 2):
        both = one.seen & other.seen
        if one.leveled == other.leveled and both.sum() > 2 and _alike(one, other, both):
            yield (
                f"“{one.name}” and “{other.name}” say the same: no rows can tell which of them "
                "acts; leave one out."
            )


def _alike(one: Column, other: Column, both: np.ndarray) -> bool:
    first, second = one.codes[both], other.codes[both]
    if one.leveled:
        pairs = len(np.unique(np.column_stack([first, second]), axis=0))
        return pairs == len(np.unique(first)) == len(np.unique(second))
    return bool(abs(np.corrcoef(first, second)[0, 1]) > 1 - 1e-9)


def _determined(columns: Sequence[Column]) -> Iterator[str]:
    """Numbers that a line through all the others gives exactly, in complete rows."""
    shares = _explained([c for c in columns if not c.leveled])
    found = [name for name, share in shares.items() if share > _DETERMINED]
    if found:
        yield (
            f"{_listed(found)}: the other columns give {'it' if len(found) == 1 else 'them'} "
            "exactly, like a sum of its parts; tests that hold the others fixed have nothing left."
        )


def _tied(bench: Bench) -> Iterator[str]:
    found = []
    for name, column in bench.columns.items():
        values = column.codes[column.seen]
        most = np.unique(values, return_counts=True)[1].max() / len(values)
        if bench.variables[name].kind is Kind.CONTINUOUS and not column.leveled and most > _TIED:
            found.append(name)
    if found:
        yield (
            f"{_listed(found)}: many rows hold one and the same value, as at a limit of what is "
            "measured; what lies beyond it is not held fixed, and may make others look dependent."
        )


def _sortable(bench: Bench, graph: CausalGraph) -> Iterator[str]:
    """Whether the arrows could be guessed from spreads, which depend on units."""
    numbers = [c for c in bench.columns.values() if not c.leveled]
    arrows = replace(graph, latent=frozenset(n for n in graph.nodes if n not in bench.variables))
    shares = _explained(numbers)
    if shares and (known := varsortability(arrows, shares)) is not None and known > _SORTABLE:
        yield (
            f"Along {known:.0%} of the arrows’ paths a column is better explained by the others "
            "the later it comes (R²-sortability): a method may find these arrows by that alone, "
            "without any knowledge of causes."
        )
    spreads = {c.name: float(np.nanvar(bench.cells(c.name))) for c in numbers}
    if (known := varsortability(arrows, spreads)) is not None and known > _SORTABLE:
        yield (
            f"Along {known:.0%} of the arrows’ paths the variance grows (varsortability): another "
            "choice of units would turn that around, so do not take it for a sign of direction."
        )


def _explained(columns: Sequence[Column]) -> dict[str, float]:
    """R² of each column given all the others by lines, in complete rows."""
    if len(columns) < 2:
        return {}
    codes = np.column_stack([c.codes for c in columns])
    codes = codes[np.isfinite(codes).all(1)]
    if len(codes) <= codes.shape[1] + 1:
        return {}
    spread = codes.std(0)
    scaled = (codes - codes.mean(0)) / np.where(spread > 0, spread, 1.0)
    products = scaled.T @ scaled / len(scaled)
    inverse = np.linalg.inv(products + 1e-9 * np.eye(len(products)))
    shares = 1 - 1 / inverse.diagonal()
    return {c.name: float(share) for c, share in zip(columns, shares, strict=True)}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
