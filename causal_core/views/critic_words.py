"""What the critic found, in words: one sentence first, then a line for each test."""

from __future__ import annotations

from causal_core.discovery.critic import CheckedArrow, CheckedClaim, Criticism, Verdict
from causal_core.discovery.falsify import Falsified
from causal_core.discovery.mends import Mend
from causal_core.views.theme import number

_FEW_COLUMNS = "Draw two columns or more: then the rows can be asked about them."
_NO_CLAIM = (
    "Every pair is joined, by an arrow or by something unmeasured: this graph claims nothing "
    "that rows could contradict."
)


def headline(found: Criticism, columns: int) -> str:
    """The first sentence, for a graph over so many columns of the table."""
    if columns < 2:
        return _FEW_COLUMNS
    total, wrong = len(found.claims), len(found.contradicted)
    if not total:
        return _NO_CLAIM
    told = sum(one.tested.told for one in found.claims)
    untested = f" {total - told} of them could not be tested." if told < total else ""
    claims = f"{total} independencies" if total > 1 else "one independence"
    if not told:
        return f"This graph claims {claims}, but these rows can test none."
    if wrong:
        first = (
            f"The rows contradict {wrong} of {claims}"
            if total > 1
            else (f"The rows contradict the {claims}")
        )
        return f"{first} that this graph claims.{untested}"
    return f"Nothing contradicts this graph: it claims {claims}, and the rows agree.{untested}"


def claim_rows(found: Criticism) -> list[dict[str, str]]:
    """A line for each missing edge, the clearest contradictions first."""
    ordered = sorted(
        found.claims, key=lambda c: (not c.tested.told, c.corrected, -abs(c.tested.effect))
    )
    return [_claim_row(found, one) for one in ordered]


def _claim_row(found: Criticism, one: CheckedClaim) -> dict[str, str]:
    wrong = one.verdict is Verdict.CONTRADICTED
    mend = found.mend_of(one.claim) if wrong else None
    told = one.tested.told
    return {
        "the rows say": f"{one.verdict}",
        "no arrow between": f"{one.claim.one}, {one.claim.other}",
        "holding fixed": ", ".join(one.claim.given),
        "would be mended by": mended(mend) if mend else "",
        "effect": number(one.tested.effect, 2) if told else "",
        "corrected": p_value(one.corrected) if told else "",
        "measured by": f"{one.tested.unit}, {one.tested.rows:,} rows"
        if told
        else one.tested.problem,
    }


def mended(mend: Mend) -> str:
    """A change in words.

    >>> from causal_core.graphs.graph import Edge
    >>> mended(Mend(Edge("x", "y"), False, 9.0, frozenset()))
    'x → y'
    """
    arrow = f"{mend.edge.source} → {mend.edge.target}"
    return f"{arrow}, turned around" if mend.turned else arrow


def p_value(p: float) -> str:
    """p with two digits, never as zero.

    >>> p_value(0.0000012), p_value(0.6)
    ('p < 0.001', 'p = 0.60')
    """
    if p < 0.001:
        return "p < 0.001"
    return f"p = {number(p, 2 if p >= 0.01 else 3)}"


def weak(arrow: CheckedArrow) -> str:
    """What an arrow carries that the rows do not speak for, its names left out."""
    tested = arrow.tested
    return (
        f"carries little: {tested.unit} {number(tested.effect, 2)}, {p_value(tested.p)}; "
        f"{tested.rows:,} rows would show {number(arrow.least, 2)} or more."
    )


def shuffled(found: Falsified) -> str:
    """How the graph does beside its shuffles."""
    if not found.conditions:
        return "This graph claims nothing that could be compared."
    if not found.shuffles:
        return "This graph is too large to shuffle its names in the time there is."
    if not found.informative:
        return (
            f"{found.same} of {found.shuffles} graphs with the names shuffled claim just the same: "
            "a comparison with them says nothing of this graph."
        )
    broke = f"The rows contradict {found.broken} of its {found.conditions} conditions"
    many = {0: "none fits as well", 1: "1 fits as well or better"}.get(
        found.as_good, f"{found.as_good} fit as well or better"
    )
    ending = (
        "Its names stand in places that the rows speak for."
        if found.better_than_chance
        else "So it fits no better than a graph drawn by chance."
    )
    return f"{broke}; of {found.shuffles} graphs with the names shuffled, {many}. {ending}"
