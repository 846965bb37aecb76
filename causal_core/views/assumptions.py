"""What each number of the hero picture rests on, in plain sentences."""

from __future__ import annotations

from causal_core.queries.sweep_answer import SweepAnswer

Said = list[tuple[str, str]]


def assumptions(answer: SweepAnswer) -> Said:
    """(which number, what it rests on), for people; names stand in quotes, nothing is marked up."""
    cause, outcome = answer.cause.name, answer.outcome.name
    return [
        (
            "Seeing",
            "read off the rows as they are by a net that knows no graph; it never says what "
            f"happens to “{outcome}” when “{cause}” is changed.",
        ),
        (
            "Doing",
            f"{answer.evidence} No unmeasured cause beyond those drawn in the graph.",
        ),
        (
            "Imagining",
            "assumes besides that every equation is monotone in its noise. Levels without an "
            "order have Gumbel noise, a convention. No data can test this.",
        ),
        (
            "Intervals",
            "90 %, from refits to bootstrap samples of the rows; they do not cover a wrong graph.",
        ),
        (
            "Support",
            "where hardly any row is near the slider, the picture turns grey: the model "
            "extrapolates there.",
        ),
    ]
