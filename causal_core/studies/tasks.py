"""What a worker can do: the kinds of jobs, each a function from its context to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from causal_core.errors import RungsError
from causal_core.studies.store import Store

if TYPE_CHECKING:
    from causal_core.discovery.discover import Discovered
    from causal_core.graphs.graph import CausalGraph
    from causal_core.scm.progress import Progress
    from causal_core.tables.table import Table

_EQUATIONS_SHARE = 0.75  # of a fit's time; the correlational net takes the rest
_SEARCH_SHARE, _JUDGE_SECONDS = 0.75, 5.0  # of a search; then equations judge its graphs


class Report(Protocol):
    """Says how far a job is; raises `Stopped` when the job is to end."""

    def __call__(
        self, stage: str, fraction: float, epoch: int = 0, train: float = 0, held_out: float = 0
    ) -> None: ...


@dataclass(frozen=True)
class Context:
    """What a task may use: its spec, the store, a folder of its own that survives a kill.

    `publish` shows a first result while the task goes on: digests, or short text. `sketch` is
    what was shown before the job was taken (`sketches`).
    """

    store: Store
    spec: Mapping[str, Any]
    folder: Path
    report: Report
    publish: Callable[[dict[str, str]], None]
    sketch: Mapping[str, str] = field(default_factory=dict)


Task = Callable[[Context], Mapping[str, Any]]


def fit_models(context: Context) -> dict[str, Any]:
    """Fit the structural equations and the correlational net; both are kept as blobs.

    A first sketch of both is published within a second or two, before anything is trained,
    unless it was drawn while the job waited.

    spec: {"table": digest, "graph": json, "seed": int}. Result: {"model": digest,
    "association": digest, "report": one dict per equation}.
    """
    from causal_core.association.training import fit_association
    from causal_core.scm.training import fit

    store = context.store
    table, graph, seed = _asked(store, context.spec)

    def listen(start: float, share: float) -> Callable[[Progress], None]:
        def hear(p: Progress) -> None:
            at = start + share * p.fraction
            context.report(p.stage, at, p.epoch, p.train, p.held_out)

        return hear

    context.report("start", 0.0)
    columns = table.select(graph.observed)
    if not context.sketch:
        context.publish(sketch_models(store, context.spec))
    model = fit(
        table,
        graph,
        seed=seed,
        on_progress=listen(0.0, _EQUATIONS_SHARE),
        checkpoint=context.folder / "equations",
    )
    seen = fit_association(
        columns,
        seed=seed,
        on_progress=listen(_EQUATIONS_SHARE, 1 - _EQUATIONS_SHARE),
        checkpoint=context.folder / "association",
    )
    return {
        "model": store.put_blob(model.to_bytes()),
        "association": store.put_blob(seen.to_bytes()),
        "report": [node.to_dict() for node in model.report],
    }


def sketch_models(store: Store, spec: Mapping[str, Any]) -> dict[str, str]:
    """Digests of both models as far as they are solved at once; `spec` as in `fit_models`."""
    from causal_core.association.training import fit_association
    from causal_core.scm.training import fit

    table, graph, seed = _asked(store, spec)
    sketch = fit(table, graph, seed=seed, max_epochs=0)
    seen = fit_association(table.select(graph.observed), seed=seed, max_epochs=0)
    return {
        "model": store.put_blob(sketch.to_bytes()),
        "association": store.put_blob(seen.to_bytes()),
    }


def _asked(store: Store, spec: Mapping[str, Any]) -> tuple[Table, CausalGraph, int]:
    """The table, the graph and the seed of a fit."""
    from causal_core.graphs.graph import CausalGraph
    from causal_core.tables.table import Table

    table = Table.from_bytes(store.get_blob(spec["table"]))
    return table, CausalGraph.from_json(spec["graph"]), int(spec.get("seed", 0))


def discover_graph(context: Context) -> dict[str, Any]:
    """Search for the graph; the best so far is published as the resamples come in.

    spec: {"table": digest, "columns": names, "method": str, "tiers", "required",
    "forbidden": lists, "resamples": int, "seconds": float, "seed": int, "environment":
    name or None, "targets": {level: names}}.
    Result: {"found": `discovery.stored` JSON}.
    """
    from causal_core.discovery.discover import discover
    from causal_core.discovery.knowledge import Knowledge
    from causal_core.discovery.stored import to_json
    from causal_core.tables.table import Table

    spec = context.spec
    table = Table.from_bytes(context.store.get_blob(spec["table"])).select(spec["columns"])
    knowledge = Knowledge(
        tuple(tuple(tier) for tier in spec.get("tiers", [])),
        frozenset((one, other) for one, other in spec.get("required", [])),
        frozenset((one, other) for one, other in spec.get("forbidden", [])),
    )

    def tell(found: Discovered, share: float) -> None:
        context.publish({"found": to_json(found)})
        context.report("resamples", _SEARCH_SHARE * share)

    context.report("search", 0.0)
    found = discover(
        table,
        spec.get("method", "auto"),
        knowledge,
        int(spec.get("resamples", 0)),
        int(spec.get("seed", 0)),
        seconds=float(spec.get("seconds", 10.0)),
        tell=tell,
        environment=spec.get("environment"),
        targets=spec.get("targets"),
    )
    context.publish({"found": to_json(found)})
    return {"found": to_json(found), **_judged(context, table, found)}


def _judged(context: Context, table: Table, found: Discovered) -> dict[str, Any]:
    """The graphs found, by how well equations on them tell of rows set aside."""
    from causal_core.scm.held_out import held_out

    def tell(share: float) -> None:
        context.report("judge", _SEARCH_SHARE + (1 - _SEARCH_SHARE) * share)

    graphs = [one.arrows for one in found.alternatives]
    if len(graphs) < 2:
        return {"held_out": [None] * len(graphs), "unjudged": ""}
    tell(0.0)
    seed = int(context.spec.get("seed", 0))
    try:
        scores = held_out(table, graphs, seed, seconds=_JUDGE_SECONDS, tell=tell)
    except RungsError as error:  # the search stands, whatever the equations make of a column
        return {"held_out": [None] * len(graphs), "unjudged": str(error)}
    return {"held_out": [None if one is None else asdict(one) for one in scores], "unjudged": ""}


def refute_estimate(context: Context) -> dict[str, Any]:
    """Try to refute an estimate; each check is published as it is done.

    spec: {"table": digest, "graph": json, "treatment", "outcome": names, "values": two,
    "level": one or None, "adjusted": names or None, "seed": int}.
    Result: {"refutations": `estimation.stored` JSON}.
    """
    from causal_core.estimation.refutation import Refutation, refute
    from causal_core.estimation.stored import to_json
    from causal_core.graphs.graph import CausalGraph
    from causal_core.tables.table import Table

    spec = context.spec
    before, after = spec["values"]
    adjusted = spec.get("adjusted")

    def tell(done: tuple[Refutation, ...], share: float) -> None:
        context.publish({"refutations": to_json(done)})
        context.report("refute", share)

    context.report("estimate", 0.0)
    found = refute(
        Table.from_bytes(context.store.get_blob(spec["table"])),
        CausalGraph.from_json(spec["graph"]),
        spec["treatment"],
        spec["outcome"],
        (before, after),
        spec.get("level"),
        None if adjusted is None else frozenset(adjusted),
        int(spec.get("seed", 0)),
        tell,
    )
    return {"refutations": to_json(found)}


TASKS: dict[str, Task] = {
    "fit": fit_models,
    "discover": discover_graph,
    "refute": refute_estimate,
}
