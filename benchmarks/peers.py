"""The peers of `benchmarks.structural`, run by an environment of their own.

    .venv-peers/bin/python benchmarks/peers.py JOB PEER

JOB is a folder with `spec.json` and `data.npz`; the answers go to JOB/PEER.npz. Each peer
has the settings that its own documentation recommends for unknown functional forms.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import torch

DISCRETE = ("binary", "count", "categorical")
FLOW_EPOCHS = 1000  # Javaloy et al. (2023), appendix
TRAM_EPOCHS = 400
BATCH = 4096


def draws_of(spec: dict[str, Any]) -> int:
    """How many counterfactuals of a unit are averaged: where its noise is unique, one."""
    return 16 if any(kind in DISCRETE for kind in spec["kinds"].values()) else 1


class Peer(Protocol):
    """A fitted model of one table."""

    def log_prob(self, rows: np.ndarray) -> float: ...

    def draw(self, name: str, value: float, count: int) -> np.ndarray: ...

    def imagine(self, rows: np.ndarray, name: str, value: float) -> np.ndarray: ...


class Flow:
    """A causal normalizing flow of `causalflows`, fitted to standardised columns."""

    def __init__(self, spec: dict[str, Any], train: np.ndarray, kind: str) -> None:
        from causalflows.flows import CausalMAF, CausalNSF

        self.spec, self.names = spec, spec["names"]
        self.seen = train.min(0), train.max(0)
        noisy = self._dequantised(train, np.random.default_rng(spec["seed"]))
        self.centre, self.scale = noisy.mean(0), noisy.std(0)
        make = {"maf": CausalMAF, "nsf": CausalNSF}[kind]
        self.flow = make(len(self.names), adjacency=self._adjacency(), hidden_features=(64, 64))
        self._fit(self._standard(noisy))

    def _adjacency(self) -> torch.Tensor:
        size = len(self.names)
        matrix = torch.eye(size, dtype=torch.bool)
        for cause, effect in self.spec["edges"]:
            matrix[self.names.index(effect), self.names.index(cause)] = True
        return matrix

    def _dequantised(self, rows: np.ndarray, stream: np.random.Generator) -> np.ndarray:
        discrete = np.array([self.spec["kinds"][n] in DISCRETE for n in self.names])
        return rows + discrete * stream.uniform(-0.5, 0.5, rows.shape)

    def _standard(self, rows: np.ndarray) -> torch.Tensor:
        return torch.tensor((rows - self.centre) / self.scale, dtype=torch.float32)

    def _fit(self, rows: torch.Tensor) -> None:
        """Adam with its rate falling along a cosine; the best held-out epoch is kept."""
        cut = int(0.9 * len(rows))
        optimizer = torch.optim.Adam(self.flow.parameters(), lr=1e-3)
        steps = FLOW_EPOCHS * -(-cut // BATCH)
        rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=steps)
        best, kept = np.inf, self.flow.state_dict()
        for epoch in range(FLOW_EPOCHS):
            for part in torch.randperm(cut).split(BATCH):
                loss = -self.flow().log_prob(rows[part]).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                rate.step()
            if epoch % 10 == 9:
                with torch.no_grad():
                    held_out = float(-self.flow().log_prob(rows[cut:]).mean())
                if held_out < best:
                    best = held_out
                    kept = {k: v.clone() for k, v in self.flow.state_dict().items()}
        self.flow.load_state_dict(kept)

    @torch.no_grad()
    def log_prob(self, rows: np.ndarray) -> float:
        """Mean joint log-likelihood; of dequantised values where columns are discrete."""
        noisy = self._dequantised(rows, np.random.default_rng(1))
        scored = self.flow().log_prob(self._standard(noisy)).mean()
        return float(scored) - float(np.log(self.scale).sum())

    @torch.no_grad()
    def draw(self, name: str, value: float, count: int) -> np.ndarray:
        index, at = self._action(name, value)
        return self._rows(self.flow().sample_interventional(index, at, (count,)))

    @torch.no_grad()
    def imagine(self, rows: np.ndarray, name: str, value: float) -> np.ndarray:
        index, at = self._action(name, value)
        answers = []
        for seed in range(draws_of(self.spec)):
            noisy = self._standard(self._dequantised(rows, np.random.default_rng(seed)))
            answers.append(self._rows(self.flow().compute_counterfactual(noisy, index, at)))
        return np.mean(answers, axis=0)

    def _action(self, name: str, value: float) -> tuple[int, float]:
        index = self.names.index(name)
        return index, float((value - self.centre[index]) / self.scale[index])

    def _rows(self, values: torch.Tensor) -> np.ndarray:
        rows = values.double().numpy() * self.scale + self.centre
        for i, name in enumerate(self.names):
            if self.spec["kinds"][name] in DISCRETE:
                rows[:, i] = np.clip(np.round(rows[:, i]), self.seen[0][i], self.seen[1][i])
        return rows


class Tram:
    """TRAM-DAG with complex intercepts, its most flexible form."""

    def __init__(self, spec: dict[str, Any], train: np.ndarray) -> None:
        from tramdag import CausalFlowDAG

        self.spec, self.names = spec, spec["names"]
        self.centre, self.scale = np.zeros(len(self.names)), np.ones(len(self.names))
        for i, name in enumerate(self.names):
            if not self._ordinal(name):
                self.centre[i], self.scale[i] = train[:, i].mean(), train[:, i].std()
        self.flow = CausalFlowDAG({name: self._node(name, train) for name in self.names})
        frame, cut = self._frame(train), int(0.9 * len(train))
        self.flow.fit(
            frame[:cut],
            frame[cut:],
            epochs=TRAM_EPOCHS,
            schedule="plateau",
            plateau_patience=15,
            freeze_patience=45,
            restore_best=True,
            verbose=0,
            seed=spec["seed"],
        )

    def _ordinal(self, name: str) -> bool:
        return self.spec["kinds"][name] in ("binary", "categorical")

    def _node(self, name: str, train: np.ndarray) -> Any:
        from tramdag import ContinuousNode, OrdinalNode

        parents = {cause: "ci" for cause, effect in self.spec["edges"] if effect == name}
        if self._ordinal(name):
            levels = int(train[:, self.names.index(name)].max()) + 1
            return OrdinalNode(levels=levels, parents=parents)
        return ContinuousNode(parents=parents)

    def _frame(self, rows: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame((rows - self.centre) / self.scale, columns=self.names)

    @torch.no_grad()
    def log_prob(self, rows: np.ndarray) -> float:
        """Mean joint log-likelihood."""
        return float(self.flow.log_prob(self._frame(rows)).mean() - np.log(self.scale).sum())

    @torch.no_grad()
    def draw(self, name: str, value: float, count: int) -> np.ndarray:
        return self._rows(self.flow.sample(count, do=self._do(name, value)))

    @torch.no_grad()
    def imagine(self, rows: np.ndarray, name: str, value: float) -> np.ndarray:
        answers = []
        for seed in range(draws_of(self.spec)):
            noise = self.flow.abduct(self._frame(rows), seed=seed)
            answers.append(self._rows(self.flow.sample(do=self._do(name, value), u=noise)))
        return np.mean(answers, axis=0)

    def _do(self, name: str, value: float) -> dict[str, float]:
        index = self.names.index(name)
        return {name: float((value - self.centre[index]) / self.scale[index])}

    def _rows(self, frame: pd.DataFrame) -> np.ndarray:
        rows = frame[self.names].to_numpy(float) * self.scale + self.centre
        for i, name in enumerate(self.names):
            if self.spec["kinds"][name] == "count":
                rows[:, i] = np.round(rows[:, i]).clip(0)
        return rows


class DoWhy:
    """dowhy.gcm with mechanisms that it chooses itself."""

    def __init__(self, spec: dict[str, Any], train: np.ndarray, quality: str) -> None:
        import networkx as nx
        from dowhy import gcm

        gcm.config.disable_progress_bars()
        gcm.config.set_default_n_jobs(1)
        gcm.util.general.set_random_seed(spec["seed"])
        self.gcm, self.spec, self.names = gcm, spec, spec["names"]
        graph = nx.DiGraph([tuple(edge) for edge in spec["edges"]])
        graph.add_nodes_from(self.names)
        self.invertible = all(spec["kinds"][n] == "continuous" for n in self.names)
        make = (
            gcm.InvertibleStructuralCausalModel if self.invertible else gcm.ProbabilisticCausalModel
        )
        self.model = make(graph)
        frame = self._frame(train)
        gcm.auto.assign_causal_mechanisms(
            self.model, frame, quality=getattr(gcm.auto.AssignmentQuality, quality)
        )
        gcm.fit(self.model, frame)

    def _labelled(self, name: str) -> bool:
        return self.spec["kinds"][name] in ("binary", "categorical")

    def _frame(self, rows: np.ndarray) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=self.names)
        for name in filter(self._labelled, self.names):
            frame[name] = frame[name].astype(int).map(str)
        return frame

    def _rows(self, frame: pd.DataFrame) -> np.ndarray:
        return frame[self.names].astype(float).to_numpy()

    def _act(self, name: str, value: float) -> dict[str, Callable[[Any], Any]]:
        return {name: lambda _: str(int(value)) if self._labelled(name) else value}

    def log_prob(self, rows: np.ndarray) -> float:
        """It has none."""
        return float("nan")

    def draw(self, name: str, value: float, count: int) -> np.ndarray:
        act = self._act(name, value)
        drawn = self.gcm.interventional_samples(self.model, act, num_samples_to_draw=count)
        return self._rows(drawn)

    def imagine(self, rows: np.ndarray, name: str, value: float) -> np.ndarray:
        if not self.invertible:
            return np.full(rows.shape, np.nan)
        act = self._act(name, value)
        seen = self._frame(rows)
        return self._rows(self.gcm.counterfactual_samples(self.model, act, observed_data=seen))


PEERS: dict[str, Callable[[dict[str, Any], np.ndarray], Peer]] = {
    "MAF": lambda spec, train: Flow(spec, train, "maf"),
    "NSF": lambda spec, train: Flow(spec, train, "nsf"),
    "TRAM-DAG": Tram,
    "dowhy GOOD": lambda spec, train: DoWhy(spec, train, "GOOD"),
    "dowhy BETTER": lambda spec, train: DoWhy(spec, train, "BETTER"),
}


def answers(spec: dict[str, Any], data: dict[str, np.ndarray], peer: str) -> dict[str, Any]:
    """Fit one peer and ask it everything."""
    start = time.perf_counter()
    model = PEERS[peer](spec, data["train"])
    found: dict[str, Any] = {"fit_seconds": time.perf_counter() - start}
    found["log_prob"] = model.log_prob(data["test"])
    for i, (name, value) in enumerate(spec["do"]):
        found[f"draws_{i}"] = model.draw(name, value, spec["draws"])
        found[f"cf_{i}"] = model.imagine(data["test"], name, value)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        model.draw(*spec["do"][0], spec["draws"])
        seconds.append(time.perf_counter() - start)
    found["draw_seconds"] = float(np.median(seconds))
    return found


def main() -> None:
    """Answer the job; a peer that fails says why instead."""
    job, peer = Path(sys.argv[1]), sys.argv[2]
    spec = json.loads((job / "spec.json").read_text())
    torch.manual_seed(spec["seed"])
    np.random.seed(spec["seed"])
    torch.set_num_threads(1)
    try:
        found = answers(spec, dict(np.load(job / "data.npz")), peer)
    except Exception as error:  # a peer's failure is a result of the benchmark
        found = {"error": f"{type(error).__name__}: {error}"}
    unfinished = job / f"{peer}.unfinished.npz"  # a stopped run leaves no half answer
    np.savez_compressed(unfinished, **found)
    unfinished.replace(job / f"{peer}.npz")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
