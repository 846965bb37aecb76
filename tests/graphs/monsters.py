"""Texts that a careless reader would never finish, or would end with a crash."""

from __future__ import annotations

import json


def monsters(size: int) -> dict[str, str]:
    """Name → text of about `size` characters."""
    sixty = 60_000 * size // 2**20
    return {
        "braces": "{" * size,
        "a graph of braces": "digraph " + "{" * size,
        "brackets": "graph " + "[ a " * (size // 4),
        "JSON lists": "[" * size,
        "JSON objects": '{"nodes":' * (size // 9),
        "open quotes": '"\\' * (size // 2),
        "open comments": "/ *" + "/*/" * (size // 3),
        "angles": "digraph { a [label=" + "<" * size,
        "angles in turn": "digraph { a [label=" + "<a>>" * (size // 4),
        "angles left open": "digraph { a [label=" + "<a" * (size // 2),
        "one name": "a" * size,
        "one quoted name": f'dag {{ "{"a" * size}" }}',
        "edges said again": "dag {" + "a -> b " * (size // 7) + "}",
        "groups": "dag { {" + "a " * (size // 4) + "} -> {" + "b " * (size // 4) + "} }",
        "a chain of groups": "dag {" + "->".join(["{a b c d} -> {e f g h}"] * (size // 25)) + "}",
        "calls": "y ~ " + "c(" * (size // 2),
        "plus signs": "y ~ x" + "\n+ x" * (size // 4),
        "blank lines": "y ~ x" + "\n" * size + "z",
        "cells": "a,b\n" * (size // 4),
        "one row": "0,1" + ",0" * (size // 2),
        "quotes in cells": '"""' * (size // 3),
        "nodes": json.dumps({"nodes": [{"name": str(n)} for n in range(sixty)]}),
        "a long number": '{"nodes": [{"id": ' + "9" * size + "}]}",
        "variables": "variable a { } " * (size // 15),
        "tables": "variable a { " + "0.5, " * (size // 5) + "}",
        "arrows": "->" * (size // 2),
        "hashes": "#\n" * (size // 2),
        "slashes": "digraph " + "/ " * (size // 2),
        "words of a head": "digraph " * (size // 8),
        "keys": "graph " * (size // 6),
    }
