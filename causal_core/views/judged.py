"""A judgement of what is held, as the browser shows it beside the graph."""

from __future__ import annotations

from typing import Any

from causal_core.identification.judgement import AdjustmentJudgement
from causal_core.views.path_words import path_lines

SHOWN = (20, 10, 10)  # paths that are listed: biasing, causal and blocked ones


def judged(found: AdjustmentJudgement) -> dict[str, Any]:
    """{"correct", "sentence", "advice", "paths", "more"}: biasing paths first, then causal ones."""
    sorts = (found.biasing, found.causal, found.blocked)
    paths = [path for sort, most in zip(sorts, SHOWN, strict=True) for path in sort[:most]]
    unsaid = len(paths) < sum(map(len, sorts)) or not found.all_paths
    return {
        "correct": found.correct,
        "sentence": found.sentence,
        "advice": found.advice,
        "paths": path_lines(paths),
        "more": "There are more paths than are listed." if unsaid else "",
    }
