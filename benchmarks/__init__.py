"""Measurements of Rungs; each module prints the table that the README shows."""
