"""The Python that makes the numbers of a picture again, from the public face alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

from causal_core.graphs.graph import CausalGraph
from causal_core.queries.questions import Sweep
from causal_core.tables.schema import Kind, Value, Variable


def script(
    variables: Sequence[Variable],
    graph: CausalGraph,
    question: Sweep,
    values: tuple[Value, Value],
    seed: int = 0,
    file: str = "table.csv",
) -> str:
    """A program that reads `file`, fits on `graph` and answers the question at two values."""
    needed = [v for v in variables if v.name in graph.nodes]
    kinds = {v.name: str(Kind(v.kind)) for v in needed}
    held = {question.cause: values[1], **question.do}
    level = "" if question.level is None else f", level={question.level!r}"
    effect = f"Effect({question.cause!r}, {question.outcome!r}, {values!r}{level})"
    acted = f"Intervention({question.outcome!r}, do={held!r}{level})"
    given = f"Association({question.outcome!r}, given={held!r}{level})"
    lines = [
        _HEAD,
        f"KINDS = {_mapping(kinds)}",
        f"GRAPH = CausalGraph.parse({graph.to_dagitty()!r})",
        "",
        f"frame = read_table({file!r}).frame",
        "table = Table.from_frame(frame[list(KINDS)], kinds=KINDS)",
        f"model = fit(table, GRAPH, seed={seed})  # the structural equations",
        f"seen = fit_association(table, seed={seed})  # the same rows, no graph",
        f'print("seeing:", answer(model, {given}, seen))',
        f'print("doing:", answer(model, {acted}))',
        f'print("the effect:", answer(model, {effect}))',
    ]
    if question.row is not None:
        imagined = (
            f"model.counterfactual(table.frame.iloc[[{question.row}]], {held!r}, seed={seed})"
        )
        lines.append(f'print("imagining:", {imagined}[{question.outcome!r}].tolist())')
    return "\n".join(lines) + "\n"


_HEAD = dedent(
    '''\
    """Made by Rungs: the numbers of one picture, computed anew."""

    from causal_core import (
        Association, CausalGraph, Effect, Intervention, Table, answer, fit, fit_association,
        read_table,
    )
    '''
)


def _mapping(items: Mapping[str, str]) -> str:
    inner = "".join(f"    {name!r}: {kind!r},\n" for name, kind in items.items())
    return f"{{\n{inner}}}"
