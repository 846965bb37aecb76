"""Exact quantities of linear models with normal noise on a graph, hidden causes included."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
import numpy as np

from tests.identification.brute import Question


class Linear:
    """A linear model with random coefficients and noises on the graph of a question."""

    def __init__(self, question: Question, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.question = question
        order = list(nx.topological_sort(question.dag))
        self.place = {node: i for i, node in enumerate(order)}
        size = len(order)
        self.arrows = np.zeros((size, size))  # [effect, cause]
        for cause, effect in question.dag.edges:
            strength = rng.uniform(0.3, 1.5) * rng.choice((-1, 1))
            self.arrows[self.place[effect], self.place[cause]] = strength
        through = np.linalg.inv(np.eye(size) - self.arrows)
        noise = np.diag(rng.uniform(0.3, 2.0, size))
        self.covariance = through @ noise @ through.T

    def effects(self) -> np.ndarray:
        """The effect of each cause on the outcome, the other causes held: [causes]."""
        (outcome,) = self.question.outcomes
        causes = sorted(self.question.causes)
        set_ = self.arrows.copy()
        set_[[self.place[c] for c in causes]] = 0
        total = np.linalg.inv(np.eye(len(set_)) - set_)
        return total[self.place[outcome], [self.place[c] for c in causes]]

    def given(self, names: Iterable[str], known: Iterable[str]) -> np.ndarray:
        """The covariance of `names` given `known` and what selected the rows."""
        here = [self.place[n] for n in names]
        there = [self.place[n] for n in sorted(self.question.graph.selected.union(known))]
        full, cross = self.covariance[np.ix_(here, here)], self.covariance[np.ix_(here, there)]
        return full - cross @ np.linalg.solve(self.covariance[np.ix_(there, there)], cross.T)

    def slopes(self, chosen: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
        """Least squares of the outcome on causes and `chosen`: coefficients of the causes, and
        their variances times the number of rows, in the limit of many."""
        (outcome,) = self.question.outcomes
        joint = self.given([*sorted(self.question.causes), outcome], chosen)
        inverse = np.linalg.inv(joint[:-1, :-1])
        slopes = inverse @ joint[:-1, -1]
        return slopes, (joint[-1, -1] - slopes @ joint[:-1, -1]) * np.diag(inverse)
