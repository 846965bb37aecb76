"""The Lightning side of a fit: the module, the stream of rows and the durable checkpoint.

Imported only where something trains: Lightning costs seconds and 90 MiB.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from causal_core.rng import derive_seed
from causal_core.scm.checkpoint import DurableCheckpoints
from causal_core.scm.program import Program

Mask = Callable[[Tensor, torch.Generator], Tensor]
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)  # no banners and tips

_ROWS_PER_EPOCH = 20_480
_LEAST_STEPS = 12


@dataclass(frozen=True)
class Schedule:
    """How long and how fast one stage trains."""

    stage: str
    epochs: int
    rate: float
    patience: int = 6

    @property
    def least_rate(self) -> float:
        """Where the cosine ends."""
        return self.rate / 50


class RowStream(IterableDataset[Tensor]):
    """Batches of row numbers; (seed, epoch) alone decides their order."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rows, self.seed, self.epoch = rows, seed, 0
        self.batch = min(1024, max(32, rows // 8))
        whole = max(1, min(rows, _ROWS_PER_EPOCH) // self.batch)
        self.passes = math.ceil(_LEAST_STEPS / whole)
        self.steps = whole * self.passes

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Tensor]:
        order = torch.Generator().manual_seed(derive_seed(self.seed, "rows", self.epoch))
        per_pass = self.steps // self.passes
        for _ in range(self.passes):
            shuffled = torch.randperm(self.rows, generator=order)
            for step in range(per_pass):
                yield shuffled[step * self.batch : (step + 1) * self.batch]


class Trainer(pl.LightningModule):
    """Trains every slot of a program at once and keeps each slot's best epoch.

    `codes` [rows, variables]; `boosts` [members, rows] weigh the rows for each ensemble
    member; `mask` hides inputs (the correlational net) given codes and a generator.
    """

    best: Tensor
    boosts: Tensor
    member: Tensor
    codes: Tensor
    held_out: Tensor
    quiet: Tensor  # epochs since any slot improved; part of what a resumed fit starts from

    def __init__(
        self,
        program: Program,
        codes: Tensor,
        held_out: Tensor,
        boosts: Tensor,
        schedule: Schedule,
        seed: int,
        on_epoch: Callable[[int, float, float], None],
        mask: Mask | None = None,
    ) -> None:
        super().__init__()
        self.program, self.schedule, self.seed = program, schedule, seed
        self.stream = RowStream(len(codes), seed)
        self._on_epoch, self._mask = on_epoch, mask
        self._total, self._seen = 0.0, 0
        for name, value in {"codes": codes, "held_out": held_out, "boosts": boosts}.items():
            self.register_buffer(name, value, persistent=False)
        member = torch.tensor([slot.member for slot in program.slots])
        self.register_buffer("member", member, persistent=False)
        self.register_buffer("quiet", torch.zeros((), dtype=torch.long))
        self.register_buffer("best", torch.full((len(program.slots),), math.inf))
        for name, value in program.named_parameters():
            self.register_buffer(f"best_{name}", value.detach().clone())

    # ── what Lightning asks ──────────────────────────────────────────────────────

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        optimizer = torch.optim.Adam(self.program.parameters(), lr=self.schedule.rate)
        steps = self.schedule.epochs * self.stream.steps
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimizer, max(1, steps), eta_min=self.schedule.least_rate
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cosine, "interval": "step"}}

    def on_train_start(self) -> None:
        if not torch.isfinite(self.best).any():
            self._keep_best()
        self._stop_when_quiet()

    def on_train_epoch_start(self) -> None:
        self._total, self._seen = 0.0, 0

    def training_step(self, rows: Tensor, index: int) -> Tensor:
        codes, weights = self.codes[rows], self.boosts[self.member][:, rows]
        given = self._given(codes, index)
        weights = weights * self.program.usable(codes)
        loss = -self.program.log_prob(codes, given)
        per_slot = (loss * weights).sum(1) / weights.sum(1).clamp_min(1.0)
        self._total += float(per_slot.detach().mean())
        self._seen += 1
        return per_slot.sum()

    def on_train_epoch_end(self) -> None:
        held_out = self._keep_best()
        self._on_epoch(self.current_epoch + 1, self._total / max(1, self._seen), held_out)
        self._stop_when_quiet()

    def _stop_when_quiet(self) -> None:
        if int(self.quiet) >= self.schedule.patience:
            self.trainer.should_stop = True

    # ── the best epoch of each slot ──────────────────────────────────────────────

    def _given(self, codes: Tensor, index: int) -> Tensor | None:
        if self._mask is None:
            return None
        names = (self.seed, self.schedule.stage, self.current_epoch, index)
        return self._mask(codes, torch.Generator().manual_seed(derive_seed(*names)))

    @torch.no_grad()
    def _keep_best(self) -> float:
        """Keep the slots that improved on the held-out rows; the mean best loss."""
        loss = self._held_out_loss()
        better = loss < self.best - 1e-4
        self.quiet = torch.where(better.any(), torch.zeros_like(self.quiet), self.quiet + 1)
        better = loss < self.best
        self.best = torch.where(better, loss, self.best)
        for name, value in self.program.named_parameters():
            kept = getattr(self, f"best_{name}")
            chosen = better[: len(value)].reshape(-1, 1, 1)
            setattr(self, f"best_{name}", torch.where(chosen, value.detach(), kept))
        return float(self.best[torch.isfinite(self.best)].mean())

    def _held_out_loss(self) -> Tensor:
        codes = self.held_out
        given = None
        if self._mask is not None:
            given = self._mask(codes, torch.Generator().manual_seed(self.seed))
        usable = self.program.usable(codes)
        loss = -(self.program.log_prob(codes, given) * usable).sum(1)
        mean = loss / usable.sum(1).clamp_min(1.0)
        return torch.where(torch.isfinite(mean), mean, torch.full_like(mean, math.inf))

    @torch.no_grad()
    def restore_best(self) -> None:
        """Give every slot of the program its best epoch's weights."""
        for name, value in self.program.named_parameters():
            value.copy_(getattr(self, f"best_{name}"))


class _SaveEachEpoch(pl.callbacks.Checkpoint):
    """Saves after each epoch; a `Checkpoint`, because Lightning calls other callbacks before
    the module's own hook, which keeps the best weights that have to be saved too."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_train_epoch_end(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        trainer.save_checkpoint(self._path)


class _TellEpoch(pl.Callback):
    def on_train_epoch_start(self, trainer: pl.Trainer, module: pl.LightningModule) -> None:
        loader = trainer.train_dataloader
        assert isinstance(loader, DataLoader)
        assert isinstance(loader.dataset, RowStream)
        loader.dataset.epoch = trainer.current_epoch


def run(module: Trainer, checkpoint: Path | None) -> None:
    """Train to the end of the schedule, resuming from `checkpoint` where it exists."""
    callbacks: list[pl.Callback] = [_TellEpoch()]
    if checkpoint is not None:
        callbacks.append(_SaveEachEpoch(checkpoint))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = pl.Trainer(
            max_epochs=module.schedule.epochs,
            accelerator="auto",
            devices=1,
            logger=False,
            callbacks=callbacks,
            plugins=[DurableCheckpoints()],
            enable_progress_bar=False,
            enable_model_summary=False,
            enable_checkpointing=checkpoint is not None,
            num_sanity_val_steps=0,
        )
        resume = str(checkpoint) if checkpoint is not None and checkpoint.exists() else None
        trainer.fit(module, DataLoader(module.stream, batch_size=None), ckpt_path=resume)
    module.cpu()
    module.restore_best()
