"""A saved study opened in an empty store, and its numbers computed anew."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from causal_core.studies import jobs
from causal_core.studies.answered import Answered, answers, differences
from causal_core.studies.bundle import INDEX
from causal_core.studies.jobs import State
from causal_core.studies.store import Store
from causal_core.studies.unbundle import unbundle


@dataclass(frozen=True)
class Replayed:
    """`answers` as they come out here, and `other`: the columns that came out otherwise."""

    name: str
    answers: Sequence[Answered]
    other: Sequence[str]


def replay(content: bytes, folder: Path) -> Replayed:
    """Open the bundle in `folder`, which is to be empty, and answer its questions.

    Raises what `unbundle` raises.
    """
    store = Store.open(folder, alone=True)
    study = unbundle(store, content)
    now = answers(store, study, jobs.newest(store, study.id, State.DONE))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        kept = json.loads(archive.read(INDEX)).get("answers", [])
    store.engine.dispose()
    return Replayed(study.name, now, differences(kept, now))
