"""Formulas that people know, each with its derivation by do-calculus.

Without effect, P(y | z); unconfounded, P(y | x, z); back-door, Σ_w P(y | x, w, z) P(w | z);
front-door, Σ_m P(m | x) Σ_x′ P(y | m, x′) P(x′) (Pearl 2009, sections 3.3 and 3.4.3). Every
separation is checked in the graph that its rule asks for.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import frontdoor_set
from causal_core.identification.derivation import Step
from causal_core.identification.expression import Expression, Product, Sum
from causal_core.identification.naming import listed
from causal_core.identification.rules import Licence, probability, rule_2, rule_3

Names = frozenset[str]


@dataclass(frozen=True)
class Question:
    """P(y | do(x), z) in a `graph` without latent nodes."""

    graph: CausalGraph
    x: Names
    y: Names
    z: Names = frozenset()


def without_idle(asked: Question) -> tuple[Question, list[Step]]:
    """The question without the treatments that change nothing (rule 3), and why."""
    steps: list[Step] = []
    for name in sorted(asked.x):
        rest = asked.x - {name}
        licence = rule_3(asked.graph, asked.y, frozenset([name]), rest, asked.z)
        if licence.holds:
            steps.append(_idle_step(asked, name, licence))
            asked = Question(asked.graph, rest, asked.y, asked.z)
    return asked, steps


def _idle_step(asked: Question, name: str, licence: Licence) -> Step:
    return licence.step(
        "Leave out what changes nothing",
        f"Setting “{name}” changes nothing for {listed(asked.y)}: no open path leads there once "
        "the arrows into it are cut.",
        probability(asked.y, asked.z, asked.x),
        probability(asked.y, asked.z, asked.x - {name}),
    )


# ── back-door ────────────────────────────────────────────────────────────────────────────────


def backdoor(asked: Question) -> Names | None:
    """A minimal set w with P(y | do(x), z) = Σ_w P(y | x, w, z) P(w | z), or None.

    Asked of w: setting x does not change it given z (rule 3), and given it and z seeing x is
    as good as setting x (rule 2). If some set does, the ancestors of the question in the
    largest set that setting x leaves alone do (van der Zander, Liśkiewicz & Textor 2014).
    """
    around = asked.graph.ancestors(asked.x | asked.y | asked.z) - asked.x - asked.y - asked.z
    chosen = around - _unmoved(asked, around).reached
    if not _exchange(asked, chosen).holds:
        return None
    for name in asked.graph.topological_order:
        if name in chosen and _exchange(asked, chosen - {name}).holds:
            chosen -= {name}
    return chosen


def backdoor_formula(asked: Question, chosen: Names) -> Expression:
    """Σ_w P(y | x, w, z) P(w | z)."""
    seen = probability(asked.y, asked.x | chosen | asked.z)
    return _cases(chosen, seen, probability(chosen, asked.z)) if chosen else seen


def backdoor_steps(asked: Question, chosen: Names) -> list[Step]:
    """The derivation of the back-door formula."""
    if not chosen:
        return [_seen_is_set(asked, chosen, probability(asked.y, asked.z, asked.x))]
    apart = probability(asked.y, asked.z | chosen, asked.x)
    split = _cases(chosen, apart, probability(chosen, asked.z, asked.x))
    halfway = _cases(chosen, apart, probability(chosen, asked.z))
    return [
        _split_step(asked, chosen, split),
        _unmoved(asked, chosen).step(
            "Drop an action that changes nothing",
            f"Setting {listed(asked.x)} does not change {listed(chosen)}.",
            split,
            halfway,
        ),
        _seen_is_set(asked, chosen, halfway),
    ]


def _seen_is_set(asked: Question, chosen: Names, before: Expression) -> Step:
    beside = chosen | asked.z
    block = "blocks" if len(beside) == 1 else "block"
    what = f"{listed(beside)} {block} all other paths" if beside else "No other path is open"
    return _exchange(asked, chosen).step(
        "Seeing is as good as setting",
        f"{what} between {listed(asked.x)} and {listed(asked.y)} once the arrows out of "
        f"{listed(asked.x)} are cut.",
        before,
        backdoor_formula(asked, chosen),
    )


def _unmoved(asked: Question, chosen: Names) -> Licence:
    return rule_3(asked.graph, chosen, asked.x, given=asked.z)


def _exchange(asked: Question, chosen: Names) -> Licence:
    return rule_2(asked.graph, asked.y, asked.x, given=chosen | asked.z)


def _split_step(asked: Question, over: Names, after: Expression) -> Step:
    return Step(
        rule="Probability",
        title="Split into cases",
        reason=f"Every value of {listed(over)} is a case; the cases add up.",
        before=str(probability(asked.y, asked.z, asked.x)),
        after=str(after),
        graph=asked.graph,
    )


def _cases(over: Names, one: Expression, other: Expression) -> Expression:
    """Σ of a product, as it stands: `algebra` would take it back to what it was split from."""
    return Sum(over, Product((one, other)))


# ── front-door ───────────────────────────────────────────────────────────────────────────────


def frontdoor(asked: Question) -> Names | None:
    """The mediators of a front door, for one treatment and one outcome without conditions."""
    if len(asked.x) > 1 or len(asked.y) > 1 or asked.z:
        return None
    return frontdoor_set(asked.graph, *asked.x, *asked.y)


def frontdoor_formula(asked: Question, through: Names) -> Expression:
    """Σ_m P(m | x) Σ_x′ P(y | m, x′) P(x′)."""
    seen = probability(asked.y, through | asked.x)
    inner = _cases(asked.x, seen, probability(asked.x))
    return _cases(through, probability(through, asked.x), inner)


def frontdoor_steps(asked: Question, through: Names) -> list[Step]:
    """The derivation of the front-door formula (Pearl 2009, section 3.4.3)."""
    graph, x, y, m = asked.graph, asked.x, asked.y, through

    seen, formula = probability(m, x), frontdoor_formula(asked, m)
    split = _cases(m, probability(m, do=x), probability(y, m, x))
    first = _cases(m, seen, probability(y, m, x))
    both = _cases(m, seen, probability(y, do=x | m))
    alone = _cases(m, seen, probability(y, do=m))
    cases = _cases(m, seen, _cases(x, probability(y, x, m), probability(x, do=m)))
    quiet = _cases(m, seen, _cases(x, probability(y, x, m), probability(x)))
    ms, xs, ys = listed(m), listed(x), listed(y)
    return [
        _split_step(asked, m, split),
        rule_2(graph, m, x).step(
            "Seeing is as good as setting", f"Nothing confounds {xs} and {ms}.", split, first
        ),
        rule_2(graph, y, m, x).step(
            "Set what was only seen",
            f"Once {xs} is set, nothing confounds {ms} and {ys}.",
            first,
            both,
        ),
        rule_3(graph, y, x, m).step(
            "Drop an action that changes nothing",
            f"Once {ms} is set, {xs} no longer reaches {ys}.",
            both,
            alone,
        ),
        Step(
            "Probability",
            "Split into cases",
            f"Every value of {xs} is a case; the cases add up.",
            str(alone),
            str(cases),
            graph,
        ),
        rule_3(graph, x, m).step(
            "Drop an action that changes nothing",
            f"{ms} comes after {xs}: setting it does not change {xs}.",
            cases,
            quiet,
        ),
        rule_2(graph, y, m, given=x).step(
            "Seeing is as good as setting",
            f"{xs} blocks all paths that confound {ms} and {ys}.",
            quiet,
            formula,
        ),
    ]
