"""The graph as a page of its own, to be moved about without Rungs."""

from __future__ import annotations

import streamlit as st

from causal_core.graphs.graph import CausalGraph


def interactive_page(graph: CausalGraph) -> None:
    """The button that downloads the graph as interactive HTML, made when it is pressed."""

    def page() -> str:
        from causal_core.views.layout import placed
        from causal_core.views.result_graph import interactive_graph

        return interactive_graph(placed(graph))

    st.download_button(
        "Download as interactive HTML",
        page,
        file_name="graph.html",
        mime="text/html",
        key="graph-html",
        disabled=not graph.nodes,
        on_click="ignore",
    )
