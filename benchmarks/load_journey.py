"""What each session of the load test does, on tables that no other session may ever see.

Upload → Data → Graph → Fit → Explore → report. As a person would, it goes to Explore with the
first sketch as soon as that is offered, and the fit goes on. A table's column names and levels
hold a mark of its own; any other session that receives it has been shown what is not its own.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
import uuid
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from streamlit.proto.BidiComponent_pb2 import BidiComponent

from benchmarks.load_tab import Tab

ROWS = 200
FIT_SECONDS = 600.0  # thirty fits wait for few workers
MOVES = 6  # on Explore, for each table
_MARK = re.compile(rb"canary[0-9a-f]{32}")


@dataclass
class Watch:
    """The marks of one session, and those of others that it was shown."""

    own: set[bytes] = field(default_factory=set)
    foreign: set[bytes] = field(default_factory=set)
    seen: int = 0  # own marks: that none is foreign says something only if these arrive

    def mark(self) -> str:
        """A mark that no one else has."""
        made = f"canary{uuid.uuid4().hex}"
        self.own.add(made.encode())
        return made

    def received(self, content: bytes) -> None:
        """Look through what arrived."""
        marks = _MARK.findall(content)
        self.seen += len(marks)
        self.foreign |= set(marks) - self.own


@dataclass(frozen=True)
class Pace:
    """How long a person looks before the next move: on average `mean` seconds; 0 does not look.

    Exponential, at most ten times the mean, as the think time of TPC-W (2002, clause 5.3.2.1),
    whose mean is 7 s.
    """

    mean: float = 7.0

    async def look(self, rng: random.Random) -> None:
        """Wait as a person does."""
        if self.mean:
            await asyncio.sleep(min(rng.expovariate(1 / self.mean), 10 * self.mean))


def table(mark: str, rng: random.Random) -> tuple[bytes, str]:
    """A CSV of three columns and ROWS rows, and the graph of it as dagitty text."""
    draw = np.random.default_rng(rng.getrandbits(32))
    group = draw.integers(0, 2, ROWS)
    cause = group + draw.normal(size=ROWS)
    outcome = 2 * cause - group + draw.normal(size=ROWS)
    names = [f"{what}_{mark}" for what in ("group", "cause", "outcome")]
    levels = np.array([f"low_{mark}", f"high_{mark}"])[group]
    frame = pd.DataFrame(dict(zip(names, (levels, cause.round(4), outcome.round(4)), strict=True)))
    group_, cause_, outcome_ = names
    text = f"dag {{ {group_} -> {cause_}  {group_} -> {outcome_}  {cause_} -> {outcome_} }}"
    return frame.to_csv(index=False).encode(), text


async def journey(tab: Tab, watch: Watch, pace: Pace, rng: random.Random) -> float:
    """One table from its upload to its report, which must hold the table's mark.

    Returns the seconds from asking for a fit to the offer to explore. Raises RuntimeError where
    the app does not lead on, TimeoutError where it does not answer.
    """
    mark = watch.mark()
    content, text = table(mark, rng)
    if tab.page:
        tab.doing = "back to Start"
        await tab.visit("")
    await pace.look(rng)
    tab.doing = "upload"
    await tab.upload("upload", "table.csv", content)
    await _go_on(tab, "data", "next-graph", pace, rng)
    tab.doing = "graph"
    await tab.set("graph-text", string_value=text)
    await tab.press("graph-paste")
    await _go_on(tab, "graph", "next-fit", pace, rng)
    tab.doing = "begin to fit"
    await tab.press("fit")
    waited = await _to_explore(tab, pace, rng)
    for move in range(MOVES):
        await pace.look(rng)
        await _explore(tab, move, rng)
    tab.doing = "download"
    if mark.encode() not in await tab.download("report"):
        raise RuntimeError("the report is of another table")
    return waited


async def _go_on(tab: Tab, page: str, key: str, pace: Pace, rng: random.Random) -> None:
    if tab.page != page:
        raise RuntimeError(f"on page {tab.page!r} instead of {page!r}")
    await pace.look(rng)
    tab.doing = f"{page} → {key.removeprefix('next-')}"
    await tab.press(key)


async def _to_explore(tab: Tab, pace: Pace, rng: random.Random) -> float:
    """Wait until there is something to explore and go there, again if the fit ended just then."""
    begun = time.perf_counter()
    await tab.until(("next-explore", "sketch"), FIT_SECONDS)
    waited = time.perf_counter() - begun
    while tab.page == "fit":
        await pace.look(rng)
        tab.doing = "first Explore"
        await tab.press(await tab.until(("next-explore", "sketch"), FIT_SECONDS))
    return waited


async def _explore(tab: Tab, move: int, rng: random.Random) -> None:
    """Let the slider go, ask about another row, or turn the question round."""
    if move % 3 == 0:
        places = json.loads(_json((await tab.drawn("hero-")).bidi_component))["cause"]["positions"]
        tab.doing = "drag"
        await tab.set("hero-", json_value=json.dumps({"position": rng.choice(places)}))
    elif move % 3 == 1:
        tab.doing = "another row"
        await tab.set("row-", double_value=rng.randint(1, ROWS))
    else:
        box = (await tab.drawn("outcome-")).selectbox
        tab.doing = "another question"
        await tab.set("outcome-", string_value=rng.choice(list(box.options)))


def _json(component: BidiComponent) -> str:
    return str(component.json or component.mixed.json)
