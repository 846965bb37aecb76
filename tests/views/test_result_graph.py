"""The pyvis pages: whole in themselves, and names only as data."""

from __future__ import annotations

import re
from dataclasses import replace

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.views.result_graph import interactive_graph, result_graph

HOSTILE = "</script><script src='//example.invalid/x.js'></script>"


def test_no_page_asks_for_anything_or_holds_a_name_as_code() -> None:
    graph = CausalGraph.from_edges([("a", HOSTILE)], latent=[HOSTILE])
    graph = replace(graph, notes={("a", HOSTILE): HOSTILE})
    for page in (interactive_graph(graph), result_graph(graph, {"a"}, HOSTILE)):
        live = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
        assert not re.search(r"<(link|script|img)[^>]+(href|src)=", live)
        assert HOSTILE not in page
        assert "example.invalid/x.js" in page  # the name is there, as data


def test_every_kind_of_end_is_drawn() -> None:
    kinds = ("->", "<->", "--", "o->", "o-o")
    names = tuple(f"n{i}" for i in range(6))
    edges = tuple(Edge(names[i], names[i + 1], kind) for i, kind in enumerate(kinds))
    page = interactive_graph(CausalGraph(names, edges))
    drawn = re.search(r"edges = new vis\.DataSet\((\[.*?\])\);", page)
    assert drawn
    assert drawn.group(1).count('"circle"') == 3
    assert drawn.group(1).count('"to;from"') == 1
    assert drawn.group(1).count('"arrows": ""') == 1


def test_only_the_question_cuts_arrows() -> None:
    graph = CausalGraph.parse("dag { z -> x [exposure]; x -> y [outcome] }")
    graph = replace(graph, exposures=frozenset("x"), outcomes=frozenset("y"))
    faint = "#C9D0D8"
    assert faint in result_graph(graph, {"x"}, "y")
    assert faint not in interactive_graph(graph)
    assert "#0072B2" in interactive_graph(graph)
