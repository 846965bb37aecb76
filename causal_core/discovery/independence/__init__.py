"""Tests of conditional independence, chosen by the kinds of the columns."""
