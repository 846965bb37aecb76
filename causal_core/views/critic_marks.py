"""What the critic found as marks on the drawing: edges that are missing, arrows that are weak."""

from __future__ import annotations

from causal_core.discovery.critic import CheckedClaim, Criticism
from causal_core.views.critic_words import mended, p_value, weak

Mark = dict[str, str]
MISSING = 6  # marks of missing edges, the clearest: more would hide the graph


def marks(found: Criticism) -> list[Mark]:
    """[{"source", "target", "kind": "missing" | "weak", "words"}, …], missing edges first.

    A missing edge joins a pair that the rows contradict, in the direction of its mend where
    that joins the same pair. Names are plain text.
    """
    missing = [_missing(found, one) for one in _clearest(found)]
    return missing + [
        {
            "source": arrow.edge.source,
            "target": arrow.edge.target,
            "kind": "weak",
            "words": f"{arrow.edge.source} → {arrow.edge.target} {weak(arrow)}",
        }
        for arrow in found.weak
    ]


def _clearest(found: Criticism) -> tuple[CheckedClaim, ...]:
    """The contradicted pairs to be drawn: those of the best mends before the others."""
    joined = [{mend.edge.source, mend.edge.target} for mend in found.mends]

    def rank(one: CheckedClaim) -> int:
        pair = {one.claim.one, one.claim.other}
        return joined.index(pair) if pair in joined else len(joined)

    return tuple(sorted(found.contradicted, key=rank)[:MISSING])


def _missing(found: Criticism, one: CheckedClaim) -> Mark:
    mend = found.mend_of(one.claim)
    source, target = one.claim.one, one.claim.other
    if mend and {mend.edge.source, mend.edge.target} == {source, target}:
        source, target = mend.edge.source, mend.edge.target
    held = f", holding {', '.join(one.claim.given)} fixed" if one.claim.given else ""
    ending = f" Would be mended by: {mended(mend)}." if mend else ""
    return {
        "source": source,
        "target": target,
        "kind": "missing",
        "words": f"{one.claim.one} and {one.claim.other} depend on each other{held} "
        f"({p_value(one.corrected)}).{ending}",
    }
