"""The peers of `benchmarks.discovery`, run by an environment of their own.

    .venv-discovery-peers/bin/python benchmarks/discovery_peers.py JOB PEER

JOB is a folder with one `SEED.npz` for each table: `columns` [rows, p] and `discrete` [p].
Each answer goes to JOB/PEER/SEED.npz: `graph` [p, p] (1: an arrow from row to column, 2: an
open edge) and `seconds` of computing. Settings are the libraries' own defaults, but that
scores and tests are those for the kind of columns, and FLOP's as its authors recommend.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Peer = Callable[[np.ndarray, np.ndarray], np.ndarray]


def flop(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """flopsearch: λ = 2, 20 restarts."""
    import flopsearch

    return np.asarray(flopsearch.flop(np.ascontiguousarray(columns), 2.0, restarts=20))


def lingam(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """lingam: DirectLiNGAM, whose adaptive lasso drops arrows."""
    from lingam import DirectLiNGAM

    return np.asarray(DirectLiNGAM().fit(columns).adjacency_matrix_ != 0).T.astype(int)


def causallearn_pc(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """causal-learn: PC with Fisher's z, or χ² for levels."""
    from causallearn.search.ConstraintBased.PC import pc

    test = "chisq" if discrete.all() else "fisherz"
    return _marks(pc(columns, indep_test=test, show_progress=False).G.graph)


def causallearn_ges(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """causal-learn: GES with BIC, or BDeu for levels."""
    from causallearn.search.ScoreBased.GES import ges

    score = "local_score_BDeu" if discrete.all() else "local_score_BIC"
    return _marks(ges(columns, score)["G"].graph)


def causallearn_boss(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """causal-learn: BOSS with BIC, or BDeu for levels; it scores without its cache."""
    from causallearn.search.PermutationBased.BOSS import boss

    score = "local_score_BDeu" if discrete.all() else "local_score_BIC_from_cov"
    return _marks(boss(columns, score, verbose=False).graph)


def andrey_pc(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """andrey-core: PC with Fisher's z, G² for levels, degenerate Gaussian for both."""
    from andrey import pc

    test = "gsq" if discrete.all() else "degen_gauss" if discrete.any() else "fisherz"
    return _structure(pc(columns, indep_test=test, **_levels(discrete)))


def andrey_ges(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """andrey-core: GES with BIC, BDeu for levels, conditional Gaussian BIC for both."""
    from andrey import ges

    return _structure(ges(columns, score_func=_score(discrete), **_levels(discrete)))


def andrey_boss(columns: np.ndarray, discrete: np.ndarray) -> np.ndarray:
    """andrey-core: BOSS with BIC, BDeu for levels, degenerate Gaussian BIC for both."""
    from andrey import boss

    score = _score(discrete).replace("cond_gauss", "degen_gauss")
    return _structure(boss(columns, score_func=score, **_levels(discrete)))


def _score(discrete: np.ndarray) -> str:
    if discrete.all():
        return "local_score_BDeu"
    return "local_score_cond_gauss" if discrete.any() else "local_score_BIC"


def _levels(discrete: np.ndarray) -> dict[str, list[int]]:
    both = discrete.any() and not discrete.all()
    return {"categorical": discrete.nonzero()[0].tolist()} if both else {}


def _structure(found: Any) -> np.ndarray:
    """From marks at the ends of edges: 1 a tail, 2 an arrowhead."""
    marks = np.asarray(found.structure.to_numpy())
    arrows = (marks == 1) & (marks.T == 2)
    return np.asarray(arrows + 2 * ((marks == 1) & (marks.T == 1)))


def _marks(graph: np.ndarray) -> np.ndarray:
    """From causal-learn's ends of edges: −1 a tail, 1 an arrowhead at the row."""
    arrows = (graph == -1) & (graph.T == 1)
    return np.asarray(arrows + 2 * ((graph == graph.T) & (graph != 0)))


PEERS: dict[str, Peer] = {
    "FLOP": flop,
    "DirectLiNGAM": lingam,
    "causal-learn PC": causallearn_pc,
    "causal-learn GES": causallearn_ges,
    "causal-learn BOSS": causallearn_boss,
    "andrey PC": andrey_pc,
    "andrey GES": andrey_ges,
    "andrey BOSS": andrey_boss,
}


def main() -> None:
    """Answer every table that has no answer yet."""
    warnings.simplefilter("ignore")
    folder, name = Path(sys.argv[1]), sys.argv[2]
    (folder / name).mkdir(exist_ok=True)
    small = np.random.default_rng(0).normal(size=(100, 3))  # so that imports are not timed
    PEERS[name](small, np.zeros(3, dtype=bool))
    for path in sorted(folder.glob("*.npz")):
        if (folder / name / path.name).exists():
            continue
        data = np.load(path)
        begun = time.process_time()
        graph = PEERS[name](data["columns"], data["discrete"])
        seconds = time.process_time() - begun
        np.savez(folder / name / path.name, graph=graph, seconds=seconds)


if __name__ == "__main__":
    main()
