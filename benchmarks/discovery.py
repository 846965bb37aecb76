"""Rungs' search for a graph beside other libraries', on tables whose graph is known.

    make peers && .venv/bin/python -m benchmarks.discovery --seeds 5

Every method gets the same rows, standardised (`benchmarks.discovery_worlds`). Peers run in
`.venv-discovery-peers`, one process for each kind of table, with a limit of time; the
networks' BIF files are those of the package pgmpy there. Answers are kept in a folder, so
that an interrupted run goes on.

Reported, as medians over the seeds: SHD, the pairs whose edge is wrong; SID and AID, the
share of ordered pairs whose effect is wrong after adjusting for parents or ancestors
(`causal_core.discovery.compare`); F1 of the edges, directions aside; seconds of computing on
one core. Methods that say more than which graphs are equivalent are measured against the
graph itself, where an open edge is wrong; the others, class against class. They are marked
→ and ≈: compare like with like.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.discovery_peers import PEERS
from benchmarks.discovery_worlds import Sample, worlds
from causal_core.discovery.compare import Effects, effects, skeleton_f1
from causal_core.discovery.discover import discover
from causal_core.discovery.grow_shrink import GrowShrinkTree
from causal_core.discovery.normal_score import linear_score
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import completed, matrices, to_graph
from causal_core.rng import generator

Answer = tuple[np.ndarray, bool, float]  # marks [p, p], whether all arrows are meant, seconds
OURS = ("auto", "linear", "non-normal", "additive", "discrete", "mixed")
TRIVIAL = ("random order", "sort and regress")
DIRECTS = {"non-normal", "additive", "DirectLiNGAM", *TRIVIAL}
SLOW = {"causal-learn GES": 20}  # columns at most


def suits(method: str, sample: Sample) -> bool:
    """Whether a method is made for such columns."""
    numbers, levels = not sample.discrete.any(), bool(sample.discrete.all())
    if len(sample.dag) > SLOW.get(method, 1000):
        return False
    if method in ("linear", "non-normal", "additive", "FLOP", "DirectLiNGAM"):
        return numbers
    if method == "discrete":
        return levels
    if method == "mixed":
        return not numbers
    return numbers or levels or not method.startswith("causal-learn")


# ── who answers ──────────────────────────────────────────────────────────────────────


def ours(sample: Sample, method: str, seed: int) -> Answer:
    """The search alone, without resamples."""
    begun = time.process_time()
    found = discover(sample.table, method, seed=seed)
    seconds = time.process_time() - begun
    directed, open_ = matrices(found.graph)
    return directed + 2 * open_, found.method in DIRECTS, seconds


def trivial(sample: Sample, method: str, seed: int) -> Answer:
    """Each column on those before it, by BIC: in an order drawn at random, or by how much of
    a column the others explain (R²: Reisach et al. 2023; the spreads are all 1)."""
    begun = time.process_time()
    score, size = linear_score(sample.columns), len(sample.dag)
    order = generator(seed, "order").permutation(size)
    if method == "sort and regress":
        inverse = np.linalg.pinv(np.corrcoef(sample.columns.T))
        order = np.argsort(1 - 1 / inverse.diagonal())
    dag, before = np.zeros((size, size), dtype=int), 0
    for j in order.tolist():
        dag[list(GrowShrinkTree(score, j, (1 << size) - 1).best(before)[1]), j] = 1
        before |= 1 << j
    return dag, True, time.process_time() - begun


def peers(job: Path, method: str, python: Path, seconds: float) -> None:
    """Let a peer answer the tables of a job, for so long."""
    script = Path(__file__).with_name("discovery_peers.py")
    arguments = [python, script, job, method]
    try:
        subprocess.run(arguments, timeout=seconds, capture_output=True, check=True)
    except subprocess.TimeoutExpired:
        print(f"{method} took longer than {seconds:.0f} s: {job.name}", flush=True)
    except subprocess.CalledProcessError as error:
        print(f"{method} failed: {job.name}: {error.stderr.decode()[-300:]}", flush=True)


# ── how far they are off ─────────────────────────────────────────────────────────────


def scored(sample: Sample, answer: Answer) -> dict[str, float | str]:
    """The distances of an answer."""
    marks, directs, seconds = answer
    truth = sample.dag.astype(int)
    if not directs:
        directed, open_ = completed(sample.dag)
        truth = directed + 2 * open_
    wrong, apart = marks != truth, _apart(sample.names, marks, truth)
    return {
        "SHD": int(np.triu(wrong | wrong.T, 1).sum()),
        "SID": apart.parents / apart.pairs if apart else np.nan,
        "AID": apart.ancestors / apart.pairs if apart else np.nan,
        "F1": skeleton_f1(*(_skeleton(sample.names, m) for m in (marks, truth))),
        "seconds": seconds,
        "means": "→" if directs else "≈",
    }


def _apart(names: list[str], marks: np.ndarray, truth: np.ndarray) -> Effects | None:
    """None where the answer is no graph that has effects: tests may direct a circle."""
    try:
        return effects(*(to_graph(names, m == 1, m == 2) for m in (marks, truth)))
    except GraphError:
        return None


def _skeleton(names: list[str], marks: np.ndarray) -> CausalGraph:
    joined = (marks > 0) | (marks.T > 0)
    return to_graph(names, np.zeros_like(joined), joined)


def rows(
    name: str, make: Callable[[np.random.Generator], Sample], asked: argparse.Namespace
) -> Iterable[dict[str, float | str]]:
    """What every method makes of one kind of table."""
    job = asked.folder / name.replace(" ", "-").replace(",", "").replace("=", "")
    job.mkdir(parents=True, exist_ok=True)
    samples = [make(np.random.default_rng(seed)) for seed in range(asked.seeds)]
    for seed, sample in enumerate(samples):
        np.savez(job / f"{seed}.npz", columns=sample.columns, discrete=sample.discrete)
    for method in (m for m in (*OURS, *PEERS, *TRIVIAL) if suits(m, samples[0])):
        if method in PEERS and not asked.ours:
            peers(job, method, asked.python, asked.timeout)
        for seed, sample in enumerate(samples):
            kept = job / method / f"{seed}.npz"
            if method in PEERS:
                if not kept.exists():
                    continue
                told = np.load(kept)
                answer = told["graph"], method in DIRECTS, float(told["seconds"])
            else:
                answer = (ours if method in OURS else trivial)(sample, method, seed)
            yield {"table": name, "method": method, "seed": seed, **scored(sample, answer)}


def report(results: pd.DataFrame) -> str:
    """One Markdown table: medians over the seeds."""
    columns = ["SHD", "SID", "AID", "F1", "seconds"]
    keys = ["table", "method", "means"]
    groups = results.groupby(keys, sort=False)
    grouped = groups[columns].median().assign(answers=groups.size()).reset_index()
    seeds = results["seed"].nunique()
    lines = ["| table | method | SHD | SID | AID | F1 | seconds |", "|---" * 7 + "|"]
    for row in grouped.to_dict("records"):
        shares = [f"{row[c]:.2f}" if np.isfinite(row[c]) else "–" for c in columns[1:]]
        method = f"{row['method']} {row['means']}"
        if row["answers"] < seeds:
            method += f" ({row['answers']} of {seeds} in time)"
        told = [row["table"], method, f"{row['SHD']:g}", *shares]
        lines.append("| " + " | ".join(told) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run what is asked and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--tables", default="")
    parser.add_argument("--ours", action="store_true", help="peers only as answered before")
    parser.add_argument("--timeout", type=float, default=300.0)
    parser.add_argument("--python", type=Path, default=Path(".venv-discovery-peers/bin/python"))
    parser.add_argument("--folder", type=Path, default=Path(".artifacts/discovery"))
    asked = parser.parse_args()
    libraries = asked.python.parent.parent.glob("lib/python*/site-packages")
    models = next(libraries) / "pgmpy" / "utils" / "example_models"
    found: list[dict[str, float | str]] = []
    for name, make in worlds(models).items():
        if asked.tables in name:
            found += rows(name, make, asked)
            print(report(pd.DataFrame([r for r in found if r["table"] == name])), flush=True)
    results = pd.DataFrame(found)
    results.to_csv(asked.folder / "results.csv", index=False)
    print("\n" + report(results))


if __name__ == "__main__":
    main()
