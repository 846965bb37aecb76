"""What follows from a search, in sentences: what to find out next, how graphs compare."""

from __future__ import annotations

from collections.abc import Sequence

from causal_core.discovery.next_question import NextQuestion, Step
from causal_core.scm.held_out_score import HeldOut
from causal_core.views.theme import code_span, number


def next_words(asked: NextQuestion) -> str:
    """Which knowledge and which experiment would direct most, as Markdown."""
    one = asked.knowledge
    cause, effect = map(code_span, one.ask)
    if asked.open == 1:
        text = f"One edge is open: does {cause} cause {effect}, or the other way round?"
        return f"{text} An experiment on either would tell."
    settled = _settled(one, asked.open)
    told = f"If you knew whether {cause} causes {effect}, {settled} would be settled."
    act = asked.experiment
    if act is None:
        return told
    where = code_span(act.ask[0])
    return f"{told} An experiment on {where} would settle {_settled(act, asked.open)}."


def _settled(step: Step, every: int) -> str:
    """How many edges an answer directs.

    >>> _settled(Step(("a", "b"), 2, 2.0), 6), _settled(Step(("a", "b"), 2, 3.5), 6)
    ('2 of 6 open edges', 'at least 2 of 6 open edges (3.5 on average)')
    """
    if step.least == every:
        return f"all {every} open edges"
    if step.mean - step.least < 0.05:
        return f"{step.least} of {every} open edges"
    return f"at least {step.least} of {every} open edges ({number(step.mean, 1)} on average)"


def held_out_words(scores: Sequence[HeldOut | None]) -> str:
    """Which graphs the rows set aside tell apart, in a sentence.

    >>> fine, near, far = HeldOut(-1, 0, 0, 90), HeldOut(-1, .1, .2, 90), HeldOut(-2, 1, .1, 90)
    >>> held_out_words([near, fine, far])
    'The 90 rows set aside cannot tell graph 1 from 2; 3 does worse.'
    >>> held_out_words([far, fine])
    'Of the 90 rows set aside, graph 2 tells best; 1 does worse.'
    """
    done = {place: one for place, one in enumerate(scores, 1) if one is not None}
    if len(done) < 2:
        return ""
    rows = f"{next(iter(done.values())).rows:,} rows set aside"
    first, *near = [place for place, one in done.items() if not one.clear]
    worse = [place for place, one in done.items() if one.clear]
    verb = "does" if len(worse) == 1 else "do"
    rest = f"; {_listed(worse, 'and')} {verb} worse." if worse else "."
    if near:
        return f"The {rows} cannot tell graph {first} from {_listed(near, 'or')}{rest}"
    return f"Of the {rows}, graph {first} tells best{rest}"


def _listed(places: Sequence[int], word: str) -> str:
    *first, last = map(str, places)
    return f"{', '.join(first)} {word} {last}" if first else last
