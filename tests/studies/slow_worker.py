"""A worker that knows slow and stubborn tasks, started by the tests as a process of its own."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from causal_core.errors import ModelError
from causal_core.studies import worker
from causal_core.studies.tasks import TASKS, Context

STEPS = 20


def count(context: Context) -> dict[str, Any]:
    """Twenty steps, each kept: a second attempt starts where the first one ended."""
    kept = context.folder / "step"
    first = int(kept.read_text()) if kept.exists() else 0
    for step in range(first, STEPS):
        time.sleep(float(context.spec.get("seconds", 0.05)))
        kept.write_text(str(step + 1))
        context.report("count", (step + 1) / STEPS, step + 1, 1 / (step + 1), 2 / (step + 1))
    return {"first": first, "steps": STEPS}


def stubborn(context: Context) -> dict[str, Any]:
    """Never reports after its start, so that no cancel reaches it."""
    context.report("stubborn", 0.1)
    time.sleep(60)
    return {}


def swell(context: Context) -> dict[str, Any]:
    """Takes 400 MiB and never reports, as one long step of a library would."""
    context.report("swell", 0.1)
    held = b"x" * (400 * 2**20)
    time.sleep(60)
    return {"held": len(held)}


def refuse(context: Context) -> dict[str, Any]:
    raise ModelError("No equation fits “x”.", "Leave it out.")


def stumble(context: Context) -> dict[str, Any]:
    raise ZeroDivisionError("secret detail")


TASKS.update(count=count, stubborn=stubborn, swell=swell, refuse=refuse, stumble=stumble)

if __name__ == "__main__":
    worker.warm_up = lambda: None  # no torch for counting
    worker.main([str(Path(sys.argv[1])), *sys.argv[2:]])
