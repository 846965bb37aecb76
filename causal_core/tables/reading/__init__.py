"""Bytes → table, run in a child process: `parse` is the way through, one file per stage."""
