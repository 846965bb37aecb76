"""What a worker can do: the kinds of jobs, each a function from its context to its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from causal_core.studies.store import Store

if TYPE_CHECKING:
    from causal_core.scm.progress import Progress

_EQUATIONS_SHARE = 0.75  # of a fit's time; the correlational net takes the rest


class Report(Protocol):
    """Says how far a job is; raises `Stopped` when the job is to end."""

    def __call__(
        self, stage: str, fraction: float, epoch: int = 0, train: float = 0, held_out: float = 0
    ) -> None: ...


@dataclass(frozen=True)
class Context:
    """What a task may use: its spec, the store, a folder of its own that survives a kill.

    `publish` shows digests of a first result while the task goes on.
    """

    store: Store
    spec: Mapping[str, Any]
    folder: Path
    report: Report
    publish: Callable[[dict[str, str]], None]


Task = Callable[[Context], Mapping[str, Any]]


def fit_models(context: Context) -> dict[str, Any]:
    """Fit the structural equations and the correlational net; both are kept as blobs.

    A first sketch of both is published within a second or two, before anything is trained.

    spec: {"table": digest, "graph": json, "seed": int}. Result: {"model": digest,
    "association": digest, "report": one dict per equation}.
    """
    from causal_core.association.training import fit_association
    from causal_core.graphs.graph import CausalGraph
    from causal_core.scm.training import fit
    from causal_core.tables.table import Table

    store, spec = context.store, context.spec
    table = Table.from_bytes(store.get_blob(spec["table"]))
    graph = CausalGraph.from_json(spec["graph"])
    seed = int(spec.get("seed", 0))

    def listen(start: float, share: float) -> Callable[[Progress], None]:
        def hear(p: Progress) -> None:
            at = start + share * p.fraction
            context.report(p.stage, at, p.epoch, p.train, p.held_out)

        return hear

    context.report("start", 0.0)
    columns = table.select(graph.observed)
    sketch = fit(table, graph, seed=seed, max_epochs=0)
    seen = fit_association(columns, seed=seed, max_epochs=0)
    context.publish(
        {
            "model": store.put_blob(sketch.to_bytes()),
            "association": store.put_blob(seen.to_bytes()),
        }
    )
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


TASKS: dict[str, Task] = {"fit": fit_models}
