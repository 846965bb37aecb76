"""Errors written for the person at the screen: what is wrong, where, and what to do next.

RungsError
├── TableError           a file or table that cannot be used as it is
│   ├── UnknownColumn    a column that the table does not have
│   └── UnknownLevel     a value that the variable never takes
├── GraphError           a graph that means nothing causal
│   ├── CycleError       arrows that lead back to where they started
│   ├── GraphSyntaxError text that is not the format it claims to be
│   └── OrientationNeeded a matrix that may be read in two ways
├── ModelError           equations that cannot be fitted, saved or loaded
├── QuestionError        a question that does not fit the model
├── EstimationError      an effect that the rows cannot give as asked
├── LimitError           more than a limit allows
└── StudyError           a study or job that is gone, changed elsewhere or broken
    └── ConflictError    the study was changed elsewhere since it was read
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RungsError(Exception):
    """Base of every error that a person may see.

    `what` is one sentence naming the thing and the place; `remedy` one sentence
    naming the next step. `str(error)` is both.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}".strip())

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.remedy)


def _rebuild(kind: type[RungsError], what: str, remedy: str) -> RungsError:
    error = kind.__new__(kind)
    RungsError.__init__(error, what, remedy)
    return error


class TableError(RungsError):
    """A file or table that cannot be used as it is."""


class UnknownColumn(TableError):
    """A column that the table does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = [str(k) for k in known]
        near = get_close_matches(str(name), names, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Choose one of: {', '.join(names[:12])}."
        super().__init__(f"There is no column “{name}”.", hint)


class UnknownLevel(TableError):
    """A value that the variable never takes."""

    def __init__(self, variable: str, value: object, levels: Iterable[object]) -> None:
        shown = ", ".join(str(level) for level in list(levels)[:12])
        super().__init__(f"“{variable}” has no level “{value}”.", f"Its levels are: {shown}.")


class GraphError(RungsError):
    """A graph that means nothing causal."""


class CycleError(GraphError):
    """Arrows that lead back to where they started; `path` names the nodes in order."""

    def __init__(self, path: Iterable[str]) -> None:
        self.path = tuple(path)
        super().__init__(
            f"These arrows form a cycle: {' → '.join(self.path)}.",
            "A cause cannot be its own effect: remove or reverse one of them.",
        )


class GraphSyntaxError(GraphError):
    """Text that is not the format it claims to be; names line and column (both from 1)."""

    def __init__(self, what: str, line: int, column: int, remedy: str = "") -> None:
        self.line, self.column = line, column
        super().__init__(f"Line {line}, column {column}: {what}", remedy)


class OrientationNeeded(GraphError):
    """An asymmetric adjacency matrix that does not say which way it reads."""

    def __init__(self) -> None:
        super().__init__(
            "A 1 in this matrix may mean that the row causes the column (as in networkx, igraph "
            "and bnlearn), or that the column causes the row (as in lingam).",
            "Say which one is meant.",
        )


class ModelError(RungsError):
    """Equations that cannot be fitted, saved or loaded."""


class QuestionError(RungsError):
    """A question that does not fit the model."""


class EstimationError(RungsError):
    """An effect that the rows, read by the graph, cannot give as asked."""


class LimitError(RungsError):
    """More than a limit allows."""


class StudyError(RungsError):
    """A study or job that is gone, changed elsewhere or broken."""


class ConflictError(StudyError):
    """The study was changed elsewhere since it was read."""
