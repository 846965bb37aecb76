"""A checkpoint that the disk has damaged costs an epoch, never the fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from causal_core.errors import ModelError
from causal_core.graphs.graph import CausalGraph
from causal_core.scm.checkpoint import DurableCheckpoints, newest_whole
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.progress import Progress
from causal_core.scm.training import fit
from causal_core.tables.table import Table

Damage = Callable[[Path], None]


class Stopped(Exception):
    """Stands for a kill: it leaves the fit from inside."""


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def fitted(hear: Callable[[Progress], None], folder: Path | None = None) -> StructuralCausalModel:
    rng = np.random.default_rng(0)
    x, z, noise = rng.normal(size=(3, 300))
    y = np.sin(2 * x * z) + 0.3 * noise  # no sum of curves and products: nets have a chance
    table = Table.from_frame(pd.DataFrame({"x": x, "z": z, "y": y}))
    graph = CausalGraph.parse("dag { x -> y; z -> y }")
    return fit(table, graph, members=2, max_epochs=5, on_progress=hear, checkpoint=folder)


def test_a_fit_goes_on_from_the_checkpoint_before_a_damaged_one(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if (progress.stage, progress.epoch) == ("final", 4):  # whose checkpoint comes after it
            raise Stopped

    with pytest.raises(Stopped):
        fitted(stop, tmp_path)
    cut(tmp_path / "final.ckpt")
    told: list[Progress] = []
    again, whole = fitted(told.append, tmp_path), fitted(lambda _: None)
    assert (told[0].stage, told[0].epoch) == ("final", 3)  # one epoch more than without damage
    for name, equation in whole.equations.items():
        for part, weights in equation.weights.items():
            assert torch.equal(weights, again.equations[name].weights[part]), (name, part)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Where the states 1, 2 and 3 were saved, one after the other."""
    path = tmp_path / "race.ckpt"
    for epoch in (1, 2, 3):
        DurableCheckpoints().save_checkpoint({"epoch": epoch, "at": torch.ones(100)}, path)
    return path


def test_two_generations_are_kept(saved: Path) -> None:
    assert newest_whole(saved) == saved
    assert DurableCheckpoints().load_checkpoint(saved)["epoch"] == 3
    assert len(list(saved.parent.iterdir())) == 2
    DurableCheckpoints().remove_checkpoint(saved)
    assert not list(saved.parent.iterdir())


@pytest.mark.parametrize("damage", [cut, emptied, flipped, Path.unlink])
def test_whatever_happened_to_the_newest_the_one_before_is_read(
    saved: Path, damage: Damage
) -> None:
    damage(saved)
    kept = newest_whole(saved)
    assert kept is not None
    assert DurableCheckpoints().load_checkpoint(kept)["epoch"] == 2
    damage(kept)
    assert newest_whole(saved) is None


def test_a_damaged_checkpoint_is_never_read(saved: Path) -> None:
    flipped(saved)
    with pytest.raises(ModelError, match="damaged"):
        DurableCheckpoints().load_checkpoint(saved)
