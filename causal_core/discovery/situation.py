"""Which search a table calls for, and the score that it runs under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import jarque_bera, kurtosis, norm, rankdata

from causal_core.discovery.count_score import count_score
from causal_core.discovery.curve_score import curve_score, spline_terms
from causal_core.discovery.interventions import InterventionScore
from causal_core.discovery.knowledge import Rules
from causal_core.discovery.lingam import causal_order, entropy
from causal_core.discovery.normal_score import linear_score, mixed_score
from causal_core.discovery.order_search import Found, OrderSearch
from causal_core.discovery.scores import LocalScore
from causal_core.discovery.usable import check, rows_needed
from causal_core.errors import TableError
from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Table

_FEW_VALUES = 6  # whole numbers that take no more are counted like levels
_LONG_TAILS = 20.0  # excess kurtosis; that of 1,000 draws of an exponential hardly ever is
_UNLIKELY = 0.001  # that normal residuals would look so, for one column, by chance


class Method(StrEnum):
    """What the causal relations are taken to be."""

    LINEAR = "linear"  # lines, normal noise
    NON_NORMAL = "non-normal"  # lines, noise that is not normal: DirectLiNGAM
    ADDITIVE = "additive"  # curves
    DISCRETE = "discrete"  # tables of counts
    MIXED = "mixed"  # numbers and levels: degenerate Gaussian
    LATENTS = "latents"  # unmeasured things may cause two columns: FCI
    PC = "pc"  # tests of independence


_OF_NUMBERS = (Method.LINEAR, Method.NON_NORMAL, Method.ADDITIVE)


@dataclass(frozen=True, eq=False)
class Data:
    """Complete rows: codes [rows, p]; `notes` says what a person should know of them.

    `set_`: cells that were set from outside, bool [rows, p].
    """

    variables: tuple[Variable, ...]
    codes: np.ndarray
    notes: tuple[str, ...]
    set_: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(variable.name for variable in self.variables)

    @property
    def counted(self) -> tuple[bool, ...]:
        """Which columns take so few values that tables of counts hold them."""
        return tuple(
            v.kind.discrete or (v.kind is Kind.INTEGER and len(np.unique(column)) <= _FEW_VALUES)
            for v, column in zip(self.variables, self.codes.T, strict=True)
        )

    def score(self, method: Method, rows: np.ndarray | slice = slice(None)) -> LocalScore:
        """The score of these rows; a column's is that of the rows in which it was not set."""
        codes, set_ = self.codes[rows], self.set_[rows]
        if not set_.any():
            return self._score(method, codes)
        kinds, which = np.unique(set_, axis=1, return_inverse=True)
        scores = [self._score(method, codes[~rows_set]) for rows_set in kinds.T]
        return InterventionScore(tuple(scores[kind] for kind in which))

    def _score(self, method: Method, codes: np.ndarray) -> LocalScore:
        if method is Method.DISCRETE:
            return count_score(codes)
        if method is Method.MIXED:
            return mixed_score(codes, self.variables)
        return curve_score(codes) if method is Method.ADDITIVE else linear_score(codes)


def prepared(table: Table) -> Data:
    """The table's complete rows; TableError naming columns that no search can use."""
    codes, notes = table.codes, []
    for variable, column in zip(table.variables, codes.T, strict=True):
        check(variable, column)
    complete = np.isfinite(codes).all(1)
    kept = codes[complete]
    if len(kept) < rows_needed(len(table.variables)):
        raise TableError(
            f"Only {len(kept)} rows have every cell filled in, for {codes.shape[1]} columns.",
            "Leave out columns with many holes, or bring more rows.",
        )
    if gone := len(codes) - len(kept):
        notes.append(
            f"{gone} of {len(codes)} rows have holes and were left out: this is right only if "
            "what is missing does not depend on the values."
        )
    for variable, column in zip(table.variables, kept.T, strict=True):
        check(variable, column)
    notes += _copies(table.columns, kept)
    tailed = [j for j, v in enumerate(table.variables) if _long_tailed(v, kept[:, j])]
    if tailed:
        kept = kept.copy()
        kept[:, tailed] = _normal_scores(kept[:, tailed])
        notes.append(
            "Compared by rank, for a few far values would decide: "
            f"{', '.join(f'“{table.columns[j]}”' for j in tailed)}."
        )
    nothing_set = np.zeros(kept.shape, dtype=bool)
    return Data(tuple(table.variables), kept, tuple(notes), nothing_set)


def suited(
    data: Data, rules: Rules, rng: np.random.Generator, seconds: float = np.inf
) -> tuple[Method, str]:
    """The method that the columns' kinds and shapes speak for, and why, in a sentence.

    Each search that is tried takes about `seconds` at most.
    """
    counted = data.counted
    if all(counted):
        return Method.DISCRETE, "All columns take a few values each: their counts are compared."
    if any(counted):
        return Method.MIXED, (
            f"{sum(counted)} of {len(counted)} columns hold a few values each, the others are "
            "numbers: both are compared in one linear model."
        )
    line = searched(data, Method.LINEAR, rules, rng, 0, seconds)[1]
    crooked = sum(_not_normal(noise) for noise in _noises(data.codes, line, data.codes))
    if _bent(data, line):
        curve = searched(data, Method.ADDITIVE, rules, rng, 0, seconds, start=line.order)[1]
        ahead = curve.score - line.score
        if 2 * crooked > len(counted):
            others = searched(data, Method.NON_NORMAL, rules, rng, 0)[1]
            ahead = _shaped(data, curve, bent=True) - _shaped(data, others)
        if ahead > 0:
            return Method.ADDITIVE, (
                f"The relations are bent: curves explain the rows better than lines, by "
                f"{ahead:,.0f} nats after paying for their freedom."
            )
    if 2 * crooked > len(counted):
        return Method.NON_NORMAL, (
            f"The relations are lines, and the noise of {crooked} of {len(counted)} columns is "
            "not normal: that tells causes from effects."
        )
    return Method.LINEAR, (
        "Lines with normal noise explain the rows: some arrows cannot be told from their reverse."
    )


def searched(
    data: Data,
    method: Method,
    rules: Rules,
    rng: np.random.Generator,
    restarts: int,
    seconds: float = np.inf,
    rows: np.ndarray | slice = slice(None),
    start: tuple[int, ...] | None = None,
) -> tuple[OrderSearch, Found]:
    """The best graph of arrows over `rows`, and the search that found it."""
    score = data.score(method, rows)
    if method is not Method.NON_NORMAL:
        search = OrderSearch(score, rules)
        return search, search.run(rng, restarts, seconds, start)
    order = causal_order(data.codes[rows], rules.earlier)
    place = np.argsort(order)
    ahead = place[:, None] < place[None, :]
    search = OrderSearch(score, Rules(rules.allowed & ahead, rules.required, ahead))
    return search, search.run(rng, 0, start=order)


def _copies(names: Sequence[str], codes: np.ndarray) -> list[str]:
    """Pairs of columns of which one says all of the other."""
    spread = codes - codes.mean(0)
    spread = spread / spread.std(0)
    alike = np.abs(spread.T @ spread) / len(codes) > 1 - 1e-9
    return [
        f"“{names[i]}” and “{names[j]}” say the same: no search can tell which of them acts. "
        "Leave one out."
        for i, j in zip(*np.triu(alike, 1).nonzero(), strict=True)
    ]


def _long_tailed(variable: Variable, column: np.ndarray) -> bool:
    return not variable.kind.discrete and bool(kurtosis(column) > _LONG_TAILS)


def _normal_scores(columns: np.ndarray) -> np.ndarray:
    """Ranks as quantiles of a standard normal (the nonparanormal: Liu, Lafferty &
    Wasserman 2009)."""
    return np.asarray(norm.ppf(rankdata(columns, axis=0) / (len(columns) + 1)))


def _not_normal(noise: np.ndarray) -> bool:
    """Whether chance would hardly make normal noise so (Jarque & Bera 1980)."""
    return bool(jarque_bera(noise).pvalue < _UNLIKELY)


def _bent(data: Data, line: Found) -> bool:
    """Whether curves of its causes, or of one more column, explain any column better than
    lines of the same do."""
    straight, curved = linear_score(data.codes), curve_score(data.codes)
    for j in range(len(line.dag)):
        causes = tuple(line.dag[:, j].nonzero()[0].tolist())
        if curved.local(j, causes) > straight.local(j, causes):
            return True
        for given in (causes, ()):
            if (curved.grown(j, given) > straight.grown(j, given)).any():
                return True
    return False


def _shaped(data: Data, found: Found, bent: bool = False) -> float:
    """The BIC of a graph of lines or curves whose noises have shapes of their own, in nats."""
    terms = [spline_terms(column) if bent else column[:, None] for column in data.codes.T]
    each = np.array([block.shape[1] for block in terms])
    noises = _noises(data.codes, found, np.column_stack(terms), each)
    rows, price = len(data.codes), 0.5 * np.log(len(data.codes))
    likelihood = -sum(np.log(n.std()) + entropy(n[:, None] / n.std())[0] for n in noises) * rows
    return float(likelihood - price * (found.dag * each[:, None]).sum())


def _noises(
    codes: np.ndarray, found: Found, terms: np.ndarray, each: np.ndarray | None = None
) -> Iterator[np.ndarray]:
    """What each column's causes leave of it [rows]; `each`: how many terms a cause has."""
    each = np.ones(codes.shape[1], dtype=int) if each is None else each
    for j in range(codes.shape[1]):
        causes = np.column_stack([np.ones(len(codes)), terms[:, np.repeat(found.dag[:, j], each)]])
        slopes = np.linalg.lstsq(causes, codes[:, j])[0]
        yield codes[:, j] - causes @ slopes
