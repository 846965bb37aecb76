"""Random graphs for properties: as hypothesis strategies and from a seed."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import strategies as st

from causal_core.graphs.graph import ROLES, CausalGraph, Edge

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=8
).filter(str.strip)
PLACES = st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2)


def random_admg(seed: int, most: int = 7, bidirected: bool = True, latent: int = 0) -> CausalGraph:
    """A random acyclic graph on 2 to `most` nodes n0, n1, …, the last `latent` unmeasured."""
    rng = random.Random(seed)
    names = [f"n{index}" for index in range(rng.randint(2, most))]
    order = rng.sample(names, len(names))
    share, arcs = rng.uniform(0.1, 0.6), rng.uniform(0, 0.3) * bidirected
    pairs = list(combinations(order, 2))
    return CausalGraph.from_edges(
        [pair for pair in pairs if rng.random() < share],
        [pair for pair in pairs if rng.random() < arcs],
        nodes=names,
        latent=names[len(names) - latent :] if latent and len(names) > latent + 1 else (),
    )


@st.composite
def graphs(draw: st.DrawFn) -> CausalGraph:
    """Any graph at all: hostile names, positions, roles, every kind of edge."""
    nodes = draw(st.lists(NAMES, unique=True, max_size=6))
    edges = []
    for one, other in combinations(nodes, 2):
        kinds = draw(
            st.sampled_from([(), (), ("->",), ("<->",), ("->", "<->"), ("--",), ("o->",), ("o-o",)])
        )
        edges += [Edge(one, other, kind) for kind in kinds]
    some = st.frozensets(st.sampled_from(nodes)) if nodes else st.just(frozenset())
    places = {name: draw(PLACES) for name in sorted(draw(some))}
    roles = {role: draw(some) for role in ROLES}
    return CausalGraph(tuple(nodes), tuple(edges), positions=places, **roles)
