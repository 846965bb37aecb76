"""What licenses an answer: by which way the rows tell an effect, or what stands in for that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import backdoor_set, frontdoor_set
from causal_core.identification.identify import Identification, Way, identify
from causal_core.identification.instruments import Instrument, instruments
from causal_core.identification.naming import separated
from causal_core.identification.verdict import Status, verdict

RELY = (
    "The simulation of these equations cannot follow that formula: rely on the second opinion, "
    "read from the rows, which does; the equations assume that the hidden cause has no influence."
)


class LicenceKind(StrEnum):
    """By which way an effect is told, from the surest to none."""

    NO_EFFECT = "no causal path"
    BACKDOOR = "identified by back-door"
    FRONTDOOR = "identified by front-door"
    ID = "identified by ID"
    INSTRUMENT = "identified by instrument"
    BOUNDED = "bounded"
    ASSUMED = "only under the model's assumption"
    NOT_ANSWERABLE = "not answerable"


@dataclass(frozen=True)
class Licence:
    """`kind`, one plain `sentence` that says why, and the `formula` (LaTeX) or nothing.

    `names`: the columns that the way goes through: adjusted for, mediators or instruments.
    `followed`: whether the equations, as they are simulated, go this way; where they do not,
    their curve assumes that the hidden cause has no influence.
    """

    kind: LicenceKind
    sentence: str
    formula: str = ""
    names: tuple[str, ...] = ()
    followed: bool = True

    @property
    def identified(self) -> bool:
        """Whether the graph alone, without a further assumption, lets the rows tell it."""
        return self.kind in (
            LicenceKind.NO_EFFECT,
            LicenceKind.BACKDOOR,
            LicenceKind.FRONTDOOR,
            LicenceKind.ID,
        )


def licence(
    graph: CausalGraph,
    treatment: str | Iterable[str],
    outcome: str,
    given: Iterable[str] = (),
    *,
    bounded: bool = False,
) -> Licence:
    """What licenses an answer on `outcome` under do(treatment), within levels of `given`.

    `bounded`: whether rows share values of the treatment, so that bounds exist. A question
    that the graph cannot hold is not answerable, and the sentence says why.
    """
    treated = (treatment,) if isinstance(treatment, str) else tuple(treatment)
    try:
        found = identify(graph, treated, outcome, tuple(given))
    except GraphError as error:
        return Licence(LicenceKind.NOT_ANSWERABLE, str(error))
    if found.estimand is not None:
        return _identified(found, treated, outcome)
    return _otherwise(graph, treated, outcome, bounded=bounded and not found.given)


def _identified(found: Identification, treated: tuple[str, ...], outcome: str) -> Licence:
    what, formula = separated(treated), str(found.estimand)
    if found.way is Way.NO_EFFECT:
        said = f"No arrows lead from {what} to “{outcome}”: setting it changes nothing there."
        return Licence(LicenceKind.NO_EFFECT, said, formula)
    if found.way is Way.UNCONFOUNDED:
        said = (
            f"Nothing acts on both {what} and “{outcome}”: what is seen is what doing would "
            "bring, if the graph is right."
        )
        return Licence(LicenceKind.BACKDOOR, said, formula)
    if len(treated) == 1 and not found.given:
        return _by_set(found, treated[0], outcome, formula)
    return _by_formula(found, treated, outcome, formula)


def _by_set(found: Identification, treatment: str, outcome: str, formula: str) -> Licence:
    if found.way is Way.BACKDOOR and (adjust := backdoor_set(found.graph, treatment, outcome)):
        said = (
            f"Comparing rows that are alike in {separated(adjust)} tells it, if the graph is right."
        )
        return Licence(LicenceKind.BACKDOOR, said, formula, _sorted(adjust))
    if found.way is Way.FRONTDOOR and (front := frontdoor_set(found.graph, treatment, outcome)):
        what = separated(front)
        said = f"It is read through {what}, which carries all of it, if the graph is right."
        return Licence(LicenceKind.FRONTDOOR, said, formula, _sorted(front))
    return _by_formula(found, (treatment,), outcome, formula)


def _by_formula(
    found: Identification, treated: tuple[str, ...], outcome: str, formula: str
) -> Licence:
    said = "The rules of do-calculus give a formula for it, if the graph is right."
    followed = verdict(found.graph, treated, outcome).status is Status.IDENTIFIED
    return Licence(
        LicenceKind.ID, said if followed else f"{said} {RELY}", formula, followed=followed
    )


def _otherwise(
    graph: CausalGraph, treated: tuple[str, ...], outcome: str, *, bounded: bool
) -> Licence:
    """Without a formula: an instrument, bounds, or the equations' own assumption."""
    what = separated(treated)
    hidden = f"Something unmeasured acts on {what} and its effect, so the rows alone do not fix it"
    if len(treated) == 1:
        if tools := instruments(graph, treated[0], outcome):
            said = f"{hidden}. {_by_instrument(tools[0], what)}"
            names = (tools[0].name,)
            return Licence(LicenceKind.INSTRUMENT, said, names=names, followed=False)
        if bounded:
            said = f"{hidden}. They say between which numbers it must lie, if the graph is right."
            return Licence(LicenceKind.BOUNDED, said, followed=False)
    said = f"{hidden}. The curve assumes that this hidden cause has no influence; no data test it."
    return Licence(LicenceKind.ASSUMED, said, followed=False)


def _by_instrument(tool: Instrument, what: str) -> str:
    among = f", among rows alike in {separated(tool.given)}," if tool.given else ""
    return (
        f"But “{tool.name}”{among} moves {what} and nothing else: with one more assumption, that "
        f"{what} acts alike on everyone it moves, the effect follows."
    )


def _sorted(names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
