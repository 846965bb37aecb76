"""What each equation must read so that its noise is independent of everything before it.

Without bidirected edges an equation reads its parents. With them, the joint is a product
over districts (c-components), Q[S] = ∏ P(v | T_v ∪ pa(T_v) ∖ v), where T_v is v's district
among the nodes up to v in a topological order (Tian & Pearl 2002, lemma 1 and theorem 1).
An equation that reads this *context* absorbs the unmeasured cause through its district:
a district member acts by the value that it takes *naturally*, a parent by the value that
it is set to. This is how the front-door formula comes out of plain simulation.

The two roles clash where a node is in the district of its own child. Setting that node is
then not identified by this factorisation, and `verdict` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph


@dataclass(frozen=True)
class Context:
    """What one equation reads.

    `acting`: nodes whose value counts as set by an intervention (parents, and parents of
    the district); `natural`: district members that count by their natural value;
    `clashing`: nodes of `acting` that are in the district too.
    """

    acting: tuple[str, ...]
    natural: tuple[str, ...]
    clashing: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """All that the equation reads."""
        return self.acting + self.natural


def simulation_order(graph: CausalGraph) -> tuple[str, ...]:
    """A topological order in which nodes without effects come last.

    A childless node then never enters the context of another, which keeps contexts small.
    """
    sinks = [n for n in graph.topological_order if not graph.children(n)]
    return tuple(n for n in graph.topological_order if n not in sinks) + tuple(sinks)


def contexts(graph: CausalGraph) -> dict[str, Context]:
    """The context of every node of a graph without latent nodes, in simulation order."""
    order = simulation_order(graph)
    return {node: _context(graph, node, order[: i + 1]) for i, node in enumerate(order)}


def _context(graph: CausalGraph, node: str, before: tuple[str, ...]) -> Context:
    district = _district(graph, node, frozenset(before))
    parents = frozenset().union(*(graph.parents(member) for member in district))
    acting = tuple(n for n in before if n in parents and n != node)
    natural = tuple(n for n in before if n in district - parents and n != node)
    return Context(acting, natural, (parents & district) - {node})


def _district(graph: CausalGraph, node: str, within: frozenset[str]) -> frozenset[str]:
    found, frontier = {node}, [node]
    while frontier:
        for other in graph.siblings(frontier.pop()):
            if other in within and other not in found:
                found.add(other)
                frontier.append(other)
    return frozenset(found)
