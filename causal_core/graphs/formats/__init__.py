"""Graphs as text: one file for each format, and `registry` to read and write any of them."""

from causal_core.graphs.formats.registry import FORMATS, read_graph, sniff, write_graph

__all__ = ["FORMATS", "read_graph", "sniff", "write_graph"]
