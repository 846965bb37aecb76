"""Rungs and its peers on structural causal models whose answers are known.

    make peers && .venv/bin/python -m benchmarks.structural --rows 5000 --seeds 3

Every method gets the same rows and seeds. Peers run in `.venv-peers`, one process each;
answers are kept in a folder, so that an interrupted run goes on. Reported per world:
counterfactual RMSE on 2,500 held-out units and effect RMSE (both over the outcome's
standard deviation, descendants only), energy distance of draws under do, held-out
log-likelihood, and seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from benchmarks.worlds import WORLDS, World
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

PEERS = ("MAF", "NSF", "TRAM-DAG", "dowhy GOOD", "dowhy BETTER")
OURS = "Rungs"
METHODS = (OURS, *PEERS)
TRUTH = "truth"  # drawn twice: the least energy distance that draws of this size can have
TEST, DRAWS, TRUE_DRAWS, ENERGY = 2500, 10_000, 50_000, 1000
IMAGINED = 16  # counterfactuals averaged where a unit's noise is not unique; peers do the same
QUARTILES = (0.25, 0.75)
KINDS = {"count": "integer"}
UNFINISHED = f"{OURS}.unfinished.npz"  # what is being written: a stopped run leaves no half answer


def interventions(world: World) -> list[tuple[str, float]]:
    """Both quartiles (or levels) of every variable that has descendants."""
    typical = world.run(world.noise(TRUE_DRAWS, 7))
    asked: list[tuple[str, float]] = []
    for node in world.nodes:
        if world.descendants(node.name):
            column = typical[node.name]
            low, high = (float(column.quantile(q)) for q in QUARTILES)
            if node.kind != "continuous":
                low, high = (round(low), round(high)) if node.kind == "count" else (0.0, 1.0)
            asked += [(node.name, low), (node.name, high)]
    return asked


def numbered(world: World) -> list[str]:
    """The variables whose values are numbers that can be averaged."""
    return [node.name for node in world.nodes if node.kind != "categorical"]


# ── Rungs ────────────────────────────────────────────────────────────────────────────


def as_table(world: World, rows: np.ndarray) -> Table:
    """Rows as a person would bring them: levels as labels."""
    frame = pd.DataFrame(rows, columns=world.names)
    kinds = {node.name: KINDS.get(node.kind, node.kind) for node in world.nodes}
    for node in world.nodes:
        if node.kind == "categorical":
            frame[node.name] = frame[node.name].astype(int).map("L{}".format)
    return Table.from_frame(frame, kinds=kinds)


def as_rows(world: World, frame: pd.DataFrame) -> np.ndarray:
    """A table's frame as numbers."""
    frame = frame.copy()
    for node in world.nodes:
        if node.kind == "categorical":
            frame[node.name] = frame[node.name].str[1:].astype(float)
    return frame[world.names].astype(float).to_numpy()


def ours(world: World, spec: dict[str, Any], data: dict[str, np.ndarray]) -> dict[str, Any]:
    """What Rungs answers."""
    import pytorch_lightning  # noqa: F401  (peers' imports are not timed either)

    from causal_core.scm.training import fit

    table, test = as_table(world, data["train"]), as_table(world, data["test"]).frame
    graph = CausalGraph.from_edges(world.edges, nodes=world.names)
    start = time.perf_counter()
    fit(table, graph, seed=spec["seed"], max_epochs=0)
    found: dict[str, Any] = {"first_seconds": time.perf_counter() - start}
    start = time.perf_counter()
    model = fit(table, graph, seed=spec["seed"])
    found["fit_seconds"] = time.perf_counter() - start
    times = 1 if all(n.kind == "continuous" for n in world.nodes) else IMAGINED
    found["log_prob"] = float(np.nanmean(model.log_prob(test)))
    found["rungs"] = [node.rung for node in model.report]
    found["warned"] = [node.name for node in model.report if getattr(node, "doubt", "")]
    labels = {n.name: (lambda v: f"L{int(v)}") for n in world.nodes if n.kind == "categorical"}
    for i, (name, value) in enumerate(spec["do"]):
        do = {name: labels.get(name, lambda v: v)(value)}
        found[f"draws_{i}"] = as_rows(world, model.sample(spec["draws"], do=do, seed=1))
        imagined = as_rows(world, model.counterfactual(test, do, seed=1, draws=times))
        found[f"cf_{i}"] = imagined.reshape(len(test), times, -1).mean(1)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        model.sample(spec["draws"], do=do, seed=2)
        seconds.append(time.perf_counter() - start)
    return found | {"draw_seconds": float(np.median(seconds))}


# ── one cell: a world, a number of rows, a seed ──────────────────────────────────────


def prepare(folder: Path, world: World, rows: int, seed: int) -> tuple[Path, dict[str, Any]]:
    """The job's folder, with its data written."""
    job = folder / f"{world.name}-{rows}-{seed}".replace(" ", "-").replace(":", "")
    job.mkdir(parents=True, exist_ok=True)
    spec = {
        "names": world.names,
        "kinds": {node.name: node.kind for node in world.nodes},
        "edges": world.edges,
        "do": interventions(world),
        "draws": DRAWS,
        "seed": seed,
    }
    (job / "spec.json").write_text(json.dumps(spec))
    train = world.run(world.noise(rows, seed)).to_numpy()
    test = world.run(world.noise(TEST, 1000 + seed)).to_numpy()
    np.savez(job / "data.npz", train=train, test=test)
    return job, spec


def answered(job: Path, spec: dict[str, Any], world: World, method: str) -> dict[str, Any]:
    """A method's answers, from the folder where they are there already."""
    path = job / f"{method}.npz"
    if not path.exists():
        if method == OURS:
            found = ours(world, spec, dict(np.load(job / "data.npz")))
            np.savez_compressed(job / UNFINISHED, **found)
            (job / UNFINISHED).replace(path)
        else:
            python = Path(os.environ.get("RUNGS_PEERS", ".venv-peers/bin/python"))
            script = Path(__file__).with_name("peers.py")
            environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
            subprocess.run([python, script, job, method], check=False, env=environment)
    return dict(np.load(path)) if path.exists() else {"error": "it ended without a word"}


def scored(world: World, spec: dict[str, Any], found: dict[str, Any], seed: int) -> dict[str, Any]:
    """A method's errors."""
    if "error" in found:
        return {"error": str(found["error"])}
    spread = world.run(world.noise(TRUE_DRAWS, 7)).std()
    units, crowd = world.noise(TEST, 1000 + seed), world.noise(TRUE_DRAWS, 77)
    wrong, missed, energy = [], [], []
    for i in range(0, len(spec["do"]), 2):
        name = spec["do"][i][0]
        named = [n for n in world.descendants(name) if n in numbered(world)]
        places = [world.names.index(n) for n in named]
        scale = spread[named].to_numpy()
        means = []
        for k in (i, i + 1):
            do = dict([spec["do"][k]])
            truth = world.run(units, do)[named].to_numpy()
            gap = (found[f"cf_{k}"][:, places] - truth) / scale
            wrong.append(np.sqrt((gap**2).mean(0)))
            acted = world.run(crowd, do)[named].to_numpy()
            drawn = found[f"draws_{k}"][:, places]
            means.append((drawn.mean(0), acted.mean(0)))
            energy.append(distance(drawn / scale, acted / scale))
        (low, true_low), (high, true_high) = means
        missed.append(((high - low) - (true_high - true_low)) / scale)
    flat = np.concatenate(missed)
    return {
        "counterfactual": float(np.sqrt(np.mean(np.concatenate(wrong) ** 2))),
        "effect": float(np.sqrt(np.mean(flat**2))),
        "effect median": float(np.median(np.abs(flat))),
        "energy": float(np.mean(energy)),
        "log-likelihood": float(found["log_prob"]),
        "fit": float(found["fit_seconds"]),
        "draws": float(found["draw_seconds"]),
        "first": float(found.get("first_seconds", np.nan)),
    }


def floor(world: World, spec: dict[str, Any], seed: int) -> dict[str, Any]:
    """The energy distance of two draws of the truth itself."""
    spread = world.run(world.noise(TRUE_DRAWS, 7)).std()
    one, other = world.noise(ENERGY, 2000 + seed), world.noise(ENERGY, 3000 + seed)
    energy = []
    for name, value in spec["do"]:
        named = [n for n in world.descendants(name) if n in numbered(world)]
        drawn = [world.run(noise, {name: value})[named] / spread[named] for noise in (one, other)]
        energy.append(distance(drawn[0].to_numpy(), drawn[1].to_numpy()))
    return {"energy": float(np.mean(energy))}


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Energy distance of two samples (Székely & Rizzo 2013), from their first rows."""
    one, other = one[:ENERGY], other[:ENERGY]
    within = cdist(one, one).mean() + cdist(other, other).mean()
    return float(2 * cdist(one, other).mean() - within)


# ── the report ───────────────────────────────────────────────────────────────────────


def table_of(results: pd.DataFrame, column: str, digits: int = 3) -> str:
    """Worlds × methods in Markdown, the median over seeds; the best of a row in bold."""
    medians = results.pivot_table(column, "world", "method", aggfunc="median", sort=False)
    medians = medians.reindex(columns=[m for m in (*METHODS, TRUTH) if m in medians])
    lines = [
        "| world | " + " | ".join(medians.columns) + " |",
        "|---" * (1 + medians.shape[1]) + "|",
    ]
    for world, row in medians.iterrows():
        rivals = row.drop(TRUTH, errors="ignore")
        best = rivals.max() if column == "log-likelihood" else rivals.min()
        cells = [_cell(value, best, digits) for value in row]
        lines.append(f"| {world} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: float, best: float, digits: int) -> str:
    if np.isnan(value):
        return "–"
    shown = f"{value:.{digits}f}"
    return f"**{shown}**" if shown == f"{best:.{digits}f}" else shown


def verdict(results: pd.DataFrame) -> str:
    """How often Rungs is at or below the best peer, and how far above it at worst."""
    medians = results.pivot_table("counterfactual", "world", "method", aggfunc="median", sort=False)
    known = [world.name for world in WORLDS if world.monotone]
    medians = medians.loc[[name for name in known if name in medians.index]]
    rivals = [p for p in PEERS if p in medians]
    if OURS not in medians or not rivals:
        return "No peer was asked."
    peers = medians[rivals].min(axis=1)
    ratio = (medians[OURS] / peers).dropna()
    won = int((ratio <= 1.0005).sum())
    return (
        f"Counterfactual RMSE at or below the best peer on {won} of {len(ratio)} worlds; "
        f"at worst {ratio.max():.2f} times the best ({ratio.idxmax()})."
    )


def main() -> None:
    """Run what is asked and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--methods", nargs="+", default=list(METHODS))
    parser.add_argument("--worlds", default="")
    parser.add_argument("--folder", type=Path, default=Path(".artifacts/structural"))
    asked = parser.parse_args()
    lines = []
    for world in (w for w in WORLDS if asked.worlds in w.name):
        for seed in range(asked.seeds):
            job, spec = prepare(asked.folder, world, asked.rows, seed)
            truth = {"world": world.name, "seed": seed, "method": TRUTH}
            lines.append(truth | floor(world, spec, seed))
            for method in asked.methods:
                score = scored(world, spec, answered(job, spec, world, method), seed)
                lines.append({"world": world.name, "seed": seed, "method": method, **score})
                print(lines[-1], flush=True)
    results = pd.DataFrame(lines)
    results.to_csv(asked.folder / f"results-{asked.rows}.csv", index=False)
    for column in ("counterfactual", "effect", "energy", "log-likelihood", "fit"):
        print(f"\n### {column}\n\n{table_of(results, column)}")
    print("\n" + verdict(results))


if __name__ == "__main__":
    main()
