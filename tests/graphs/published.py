"""Published graphs, as DAGitty's list of examples gives them, positions left out.

The graphs are of their authors: the M-bias graph and the extended confounding triangle of
textbooks; Schipf et al. (2010), testosterone and diabetes; Shrier & Platt (2008), *Reducing
bias through directed acyclic graphs*, figure 2; Acid & de Campos (1996), *An algorithm for
finding minimum d-separating sets in belief networks*; van Kampen (2014), *The SSQ model of
schizophrenic prodromal unfolding revised*; Didelez, Kreiner & Keiding (2010), *Graphical
models for inference under outcome-dependent sampling*. `COMMENTATOR` and what it implies are of
DAGitty's own test of testable implications.
"""

from __future__ import annotations

from causal_core.graphs.graph import CausalGraph

M_BIAS = CausalGraph.parse("dag { E -> D; E <-> Z; D <-> Z }")

TRIANGLE = CausalGraph.parse("dag { E -> D; A -> E; A -> Z; B -> D; B -> Z; Z -> E; Z -> D }")

MEDIATOR = CausalGraph.parse("dag { Z -> X; Z -> I; X -> I; X -> Y; I -> Y }")

SCHIPF = CausalGraph.parse(
    """dag {
    A -> S; A -> PA; A -> WC; A -> U; A -> TT
    S -> TT; S -> T2DM
    WC -> TT; WC -> U; WC -> T2DM
    U -> TT; U -> T2DM
    PA -> WC; PA -> T2DM
    TT
    }"""
)

SHRIER = CausalGraph.parse(
    """dag {
    Coach -> FitnessLevel; Coach -> TeamMotivation
    Genetics -> FitnessLevel; Genetics -> NeuromuscularFatigue
    Genetics -> ConnectiveTissueDisorder
    TeamMotivation -> PreviousInjury; TeamMotivation -> WarmUpExercises
    PreGameProprioception -> WarmUpExercises
    ConnectiveTissueDisorder -> TissueWeakness; ConnectiveTissueDisorder -> NeuromuscularFatigue
    ContactSport -> IntraGameProprioception; ContactSport -> PreviousInjury
    TissueWeakness -> Injury
    IntraGameProprioception -> Injury
    FitnessLevel -> PreGameProprioception; FitnessLevel -> NeuromuscularFatigue
    NeuromuscularFatigue -> IntraGameProprioception; NeuromuscularFatigue -> Injury
    WarmUpExercises -> IntraGameProprioception
    }"""
)

ACID = CausalGraph.parse(
    """dag {
    x1 -> x4; x1 -> x3; x2 -> x3; x3 -> x6; x3 -> x5; x4 -> x5
    x5 -> x7; x5 -> x11; x6 -> x7; x6 -> x14; x7 -> x9
    x8 -> x14; x8 -> x15; x9 -> x10; x10 -> x12; x10 -> x15
    x11 -> x12; x12 -> x13; x14 -> x16; x16 -> x17; x15 -> x17; x15 -> x18
    }"""
)

VAN_KAMPEN = CausalGraph.parse(
    """dag {
    AFF -> {ALN APA CDR}; AIS -> {AFF EGC SUS}; ALN -> {APA DET FTW PER SUS}; CDR -> DET
    EGC -> HOS; FTW -> {DET EGC}; SAN -> {ALN AFF AIS APA CDR}; SUS -> {EGC FTW HOS}; PER -> DET
    }"""
)

DIDELEZ = CausalGraph.parse(
    """dag {
    Age [adjusted] S [selected]
    Age -> {HRT Occ S TCI}; HRT -> TCI; Occ -> {Smo Thist}; Smo -> {HRT TCI}
    TCI -> S; Thist -> TCI
    }"""
)

COMMENTATOR = CausalGraph.parse(
    """dag {
    A [latent] B [latent] C [latent]
    A -> W2; A -> W1; B -> W1; B -> X; C -> Y; C -> W2; V -> Z1; V -> Z2
    W1 -> Z1; W2 -> Z2; X -> Y; Z1 -> X; Z2 -> Y
    }"""
)
COMMENTATOR_IMPLIES = """
X ⊥ V | W1, Z1
X ⊥ Z2 | V, W2
X ⊥ Z2 | W1, W2, Z1
Y ⊥ V | W1, W2, Z1, Z2
V ⊥ W1
V ⊥ W2
W1 ⊥ Z2 | W2
W2 ⊥ Z1 | W1
Z1 ⊥ Z2 | V, W2
Z1 ⊥ Z2 | V, W1
"""

MISSING_EDGES = {  # graph, and how many of its missing edges can be tested
    "M-bias": (M_BIAS, 0),
    "extended triangle": (TRIANGLE, 3),
    "Schipf": (SCHIPF, 7),
    "Acid": (ACID, 131),
    "Shrier & Platt": (SHRIER, 59),
}
