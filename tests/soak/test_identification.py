"""ID and IDC at volume: random questions against exact models, `causaleffect` and two worlds.

    pytest tests/soak/test_identification.py -o log_cli=true --log-cli-level=INFO

logs how many questions got which answer, and the largest error of a formula.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "identification"))
from tests.identification.checks import checked, exhibited
from tests.identification.drawn import drawn

FIRST, QUESTIONS, SHOWN = 10_000, 5_000, 200


@pytest.mark.timeout(3600)
def test_random_questions_agree_with_theory_exact_models_and_causaleffect() -> None:
    start, counts, worst = time.perf_counter(), Counter[tuple[str, str]](), 0.0
    differing, shown = [], 0
    for seed in range(FIRST, FIRST + QUESTIONS):
        asked = drawn(seed)
        outcome = checked(asked, seed)
        found = outcome.found
        # Far above rounding, far below the effect of any wrong term.
        assert outcome.error < 1e-8, seed
        worst = max(worst, outcome.error)
        counts[found.way, "conditional" if found.given else "joint"] += 1
        if not outcome.agreed:
            differing.append(seed)
        if not found.identifiable and shown < SHOWN:
            exhibited(found)
            shown += 1
    logging.info("%s", dict(counts))
    logging.info(
        "differing %s, largest error %.1e, two worlds %d, %.0f s",
        differing,
        worst,
        shown,
        time.perf_counter() - start,
    )
    assert not differing
    assert shown == SHOWN
