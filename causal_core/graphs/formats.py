"""Dagitty text to graph and back (placeholder of the first commit)."""
