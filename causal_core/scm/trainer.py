"""The Lightning side of a fit: the module, the stream of rows and the durable checkpoint.

Imported only where something trains: Lightning costs seconds and 90 MiB.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from causal_core.rng import derive_seed
from causal_core.scm.checkpoint import DurableCheckpoints, newest_whole
from causal_core.scm.data import Rows
from causal_core.scm.ladder import Rung
from causal_core.scm.program import Program
from causal_core.scm.progress import Schedule

Mask = Callable[[Tensor, torch.Generator], Tensor]
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)  # no banners and tips

_GROUP = 10  # steps that Lightning counts as one: its own work per step costs as much as ours
_MOST_HELD_OUT = 4096  # rows that choose the best epoch


class RowStream(IterableDataset[Tensor]):
    """Groups of batches of row numbers; (seed, epoch) alone decides their order.

    An epoch is a fixed number of steps: several passes over few rows, a part of many.
    """

    def __init__(self, rows: int, seed: int, schedule: Schedule) -> None:
        self.rows, self.seed, self.steps, self.epoch = rows, seed, schedule.steps, 0
        self.batch = min(schedule.batch, max(32, rows // 8))

    def __len__(self) -> int:
        return self.steps // _GROUP

    def __iter__(self) -> Iterator[Tensor]:
        order = torch.Generator().manual_seed(derive_seed(self.seed, "rows", self.epoch))
        whole = max(1, self.rows // self.batch)
        passes = [
            torch.randperm(self.rows, generator=order)[: whole * self.batch]
            for _ in range(math.ceil(self.steps / whole))
        ]
        batches = torch.cat(passes).reshape(-1, self.batch)[: self.steps]
        yield from batches.split(_GROUP)


class Trainer(pl.LightningModule):
    """Trains every slot of a program at once and keeps each equation's best epoch.

    The same equation of other rows (folds, members) keeps the same epoch: all their held-out
    rows choose it, so that it does not flatter the rows of one fold.

    `mask` hides inputs (the correlational net) given codes and a generator.
    """

    best: Tensor
    alike: Tensor
    codes: Tensor
    weights: Tensor
    held_out: Tensor
    held_out_weights: Tensor
    base: Tensor
    held_out_base: Tensor

    def __init__(
        self,
        program: Program,
        learn: Rows,
        judge: Rows,
        schedule: Schedule,
        seed: int,
        on_epoch: Callable[[int, float, float], None],
        mask: Mask | None = None,
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.program, self.schedule, self.seed = program, schedule, seed
        codes = learn.codes
        self.stream = RowStream(len(codes), seed, schedule)
        self._on_epoch, self._mask = on_epoch, mask
        self._total, self._seen = 0.0, 0
        repeats = 1 if mask is None else max(1, _MOST_HELD_OUT // len(judge.codes))
        judge = judge.head(_MOST_HELD_OUT)
        held_out, theirs = judge.codes.repeat(repeats, 1), judge.weights.repeat(1, repeats)
        self._uneven = bool(torch.isnan(codes).any() or (learn.weights != 1).any())
        known = {"codes": codes, "weights": learn.weights}
        known |= {"held_out": held_out, "held_out_weights": theirs}
        if mask is None:  # the closed-form part stays as it is: it is computed once
            program.skip.requires_grad_(False)
            known |= {"base": program.base(codes), "held_out_base": program.base(held_out)}
        for name, value in known.items():
            self.register_buffer(name, value.detach().contiguous(), persistent=False)
        self.register_buffer("alike", _alike(program), persistent=False)
        self.register_buffer("best", torch.full((len(program.slots),), math.inf))
        for name, value in program.named_parameters():
            self.register_buffer(f"best_{name}", value.detach().clone())

    # ── what Lightning asks ──────────────────────────────────────────────────────

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        optimizer = torch.optim.Adam(self._learned(), lr=self.schedule.rate, fused=True)
        steps = self.schedule.epochs * self.schedule.steps
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimizer, max(1, steps), eta_min=self.schedule.least_rate
        )
        return {"optimizer": optimizer, "lr_scheduler": cosine}

    def _learned(self) -> list[nn.Parameter]:
        return [p for p in self.program.parameters() if p.requires_grad]

    def on_train_start(self) -> None:
        if not torch.isfinite(self.best).any():
            self._keep_best()

    def on_train_epoch_start(self) -> None:
        self._total, self._seen = 0.0, 0

    def training_step(self, group: Tensor, index: int) -> None:
        optimizer, cosine = (
            self.trainer.optimizers[0],
            self.trainer.lr_scheduler_configs[0].scheduler,
        )
        for step, rows in enumerate(group, start=index * _GROUP):
            loss = self._loss(rows, step)
            optimizer.zero_grad()
            self.manual_backward(loss)
            optimizer.step()
            cosine.step()  # type: ignore[call-arg]

    def _loss(self, rows: Tensor, step: int) -> Tensor:
        codes = self.codes.index_select(0, rows)
        if self._mask is None:
            loss = -self.program.log_prob(codes, base=self.base.index_select(1, rows))
        else:
            loss = -self.program.log_prob(codes, self._given(codes, step))
        if self._uneven:
            counts = self.program.weighed(Rows(codes, self.weights[:, rows]))
            per_slot = (loss * counts).sum(1) / counts.sum(1).clamp_min(1.0)
        else:
            per_slot = loss.mean(1)
        self._total += float(per_slot.detach().mean())
        self._seen += 1
        return per_slot.sum()

    def on_train_epoch_end(self) -> None:
        held_out = self._keep_best()
        self._on_epoch(self.current_epoch + 1, self._total / max(1, self._seen), held_out)

    # ── the best epoch of each equation ──────────────────────────────────────────

    def _given(self, codes: Tensor, step: int) -> Tensor:
        assert self._mask is not None
        names = (self.seed, self.schedule.stage, self.current_epoch, step)
        return self._mask(codes, torch.Generator().manual_seed(derive_seed(*names)))

    @torch.no_grad()
    def _keep_best(self) -> float:
        """Keep the slots that improved on the held-out rows; the mean best loss."""
        loss = self._held_out_loss()
        better = loss < self.best
        self.best = torch.where(better, loss, self.best)
        for name, value in self.program.named_parameters():
            kept = getattr(self, f"best_{name}")
            chosen = better[: len(value)].reshape(-1, 1, 1)
            setattr(self, f"best_{name}", torch.where(chosen, value.detach(), kept))
        return float(self.best[torch.isfinite(self.best)].mean())

    def _held_out_loss(self) -> Tensor:
        codes = self.held_out
        if self._mask is None:
            scores = self.program.log_prob(codes, base=self.held_out_base)
        else:
            stream = torch.Generator().manual_seed(self.seed)
            scores = self.program.log_prob(codes, self._mask(codes, stream))
        counts = self.program.weighed(Rows(codes, self.held_out_weights))
        loss, rows = (
            torch.zeros_like(part).index_add(0, self.alike, part)[self.alike]
            for part in (-(scores * counts).sum(1), counts.sum(1))
        )
        mean = loss / rows.clamp_min(1.0)
        return torch.where(torch.isfinite(mean), mean, torch.full_like(mean, math.inf))

    @torch.no_grad()
    def restore_best(self) -> None:
        """Give every slot of the program its best epoch's weights."""
        for name, value in self.program.named_parameters():
            value.copy_(getattr(self, f"best_{name}"))


def _alike(program: Program) -> Tensor:
    """For each slot [slots], the first that is the same equation of other rows."""
    first: dict[tuple[str, Rung], int] = {}
    places = [first.setdefault((s.node, s.rung), i) for i, s in enumerate(program.slots)]
    return torch.tensor(places, dtype=torch.long)


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
    """Train to the end of the schedule, resuming from `checkpoint` or the one before it."""
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
        resume = newest_whole(checkpoint) if checkpoint is not None else None
        trainer.fit(module, DataLoader(module.stream, batch_size=None), ckpt_path=resume)
    module.cpu()
    module.restore_best()
