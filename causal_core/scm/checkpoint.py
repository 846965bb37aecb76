"""Training checkpoints: written durably, read without unpickling objects.

Each begins with the SHA-256 of what follows. The one before the newest is kept, so that
a file damaged on disk costs one epoch and not the fit.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.plugins.io import CheckpointIO

from causal_core.durable import write_durably
from causal_core.errors import ModelError

_DIGEST = hashlib.sha256().digest_size  # bytes


class DurableCheckpoints(CheckpointIO):
    """How Lightning's training state reaches the disk and comes back."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: Any, storage_options: Any | None = None
    ) -> None:
        buffer = io.BytesIO()
        torch.save(checkpoint, buffer)
        content = buffer.getvalue()
        try:
            if Path(path).exists():
                os.replace(path, _before(Path(path)))
            write_durably(Path(path), hashlib.sha256(content).digest() + content)
        except OSError as error:
            raise ModelError(
                f"What was learned so far could not be kept: {error.strerror}.",
                "Make room in the data folder, and start the fit again: it goes on from there.",
            ) from error

    def load_checkpoint(
        self, path: Any, map_location: Any | None = None, weights_only: bool | None = None
    ) -> dict[str, Any]:
        content = _whole(Path(path))
        if content is None:
            raise ModelError(f"The checkpoint {path} is damaged.", "Start the fit anew.")
        state: dict[str, Any] = torch.load(
            io.BytesIO(content), map_location="cpu", weights_only=True
        )
        return state

    def remove_checkpoint(self, path: Any) -> None:
        for one in (Path(path), _before(Path(path))):
            one.unlink(missing_ok=True)


def newest_whole(path: Path) -> Path | None:
    """The checkpoint at `path`, else the one before it; None where neither can be read."""
    return next((one for one in (path, _before(path)) if _whole(one) is not None), None)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before")


def _whole(path: Path) -> bytes | None:
    """What the file holds; None when it is missing or not what was written."""
    if not path.is_file():
        return None
    written = path.read_bytes()
    digest, content = written[:_DIGEST], written[_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None
