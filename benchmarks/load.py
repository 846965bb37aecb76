"""Many people at once: how long a rerun takes, what goes wrong, whose data is seen, what stays.

    .venv/bin/python -m benchmarks.load --sessions 30 --seconds 300 --think 7

Starts the app as `make run` does, with its own data, and lets each session speak Streamlit's
protocol (`benchmarks.load_tab`): upload → graph → fit → moves on Explore → report, on tables
with marks of its own, again and again with pauses as people make them. Then everyone leaves,
the server forgets them (Streamlit keeps a closed tab for two minutes), and its memory is held
against what it held after a first round. What people do is timed apart from the looks that
fragments take by themselves. Answers 1 where one of the aims was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.load_journey import Pace, Watch, journey
from benchmarks.load_server import Memory, Server, served
from benchmarks.load_tab import Tab, Timed

P95_SECONDS = 1.0
MEMORY_SHARE = 0.10
FORGET_SECONDS = 190.0  # Streamlit's 120 for a closed tab, a minute until it looks, and some


@dataclass
class Found:
    """What the sessions of one round saw."""

    timed: list[Timed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    foreign: set[bytes] = field(default_factory=set)
    seen: int = 0
    tables: list[int] = field(default_factory=list)  # the session's number, for each
    waited: list[float] = field(default_factory=list)  # for something to explore, for each
    peak: Memory = field(default_factory=lambda: Memory(0.0, 0.0))


async def session(url: str, number: int, seconds: float, pace: Pace, found: Found) -> None:
    """One person: table after table until the time is over, or one table if there is none."""
    watch, rng = Watch(), random.Random(number)
    tab = Tab(url, watch.received)
    time_over = asyncio.timeout(seconds or None)
    try:
        async with time_over, tab:
            while True:
                found.waited.append(await journey(tab, watch, pace, rng))
                found.tables.append(number)
                if not seconds:
                    break
    except Exception as error:  # whatever stops a session is counted and told
        if not time_over.expired():
            found.faults.append(f"session {number} on {tab.page}: {type(error).__name__} {error}")
    found.timed += tab.timed
    found.faults += tab.faults
    found.foreign |= watch.foreign
    found.seen += watch.seen


async def together(server: Server, sessions: int, seconds: float, pace: Pace) -> Found:
    """So many sessions at once; the server's memory is looked at every second."""
    found = Found()

    async def measured() -> None:
        while True:
            now, peak = server.memory(), found.peak
            found.peak = Memory(max(now.server, peak.server), max(now.others, peak.others))
            await asyncio.sleep(1)

    memory = asyncio.create_task(measured())
    await asyncio.gather(*(session(server.url, i, seconds, pace, found) for i in range(sessions)))
    memory.cancel()
    return found


async def left(server: Server, seconds: float) -> Memory:
    """The memory once everyone has left and been forgotten; one more visit clears them away."""
    await asyncio.sleep(seconds)
    async with Tab(server.url, lambda _: None):
        pass
    await asyncio.sleep(min(5.0, seconds))
    return server.memory()


def report(found: Found) -> None:
    """A table of the seconds by what was done, and the counts."""
    print("what | times | p50 s | p95 s | max s")
    groups: dict[str, list[float]] = {}
    for one in sorted(found.timed, key=lambda one: not one.act):
        groups.setdefault(one.what, []).append(one.seconds)
    groups["all that people did"] = _acts(found)
    groups["all looks of fragments"] = [one.seconds for one in found.timed if not one.act]
    groups["all"] = [one.seconds for one in found.timed]
    groups["(waiting for something to explore)"] = found.waited
    for name, seconds in groups.items():
        if seconds:
            p50, p95 = np.quantile(seconds, (0.5, 0.95))
            print(f"{name} | {len(seconds)} | {p50:.2f} | {p95:.2f} | {max(seconds):.2f}")
    print(
        f"\n{len(found.tables)} tables from upload to report, by {len(set(found.tables))} "
        f"sessions; {len(found.faults)} errors"
    )
    print(f"{found.seen} own marks came back, {len(found.foreign)} of another session")
    for fault in sorted(set(found.faults)):
        print(f"  {found.faults.count(fault)} × {fault[:300]}")


def _acts(found: Found) -> list[float]:
    return [one.seconds for one in found.timed if one.act]


async def measure(home: Path, sessions: int, seconds: float, pace: Pace) -> bool:
    """The whole measurement; whether every aim was reached."""
    with served(home) as server:
        await together(server, sessions, 0, pace)
        before = await left(server, FORGET_SECONDS)
        begun = server.cpu_seconds()
        found = await together(server, sessions, seconds, pace)
        worked, load = server.cpu_seconds() - begun, os.getloadavg()[1]
        after = await left(server, FORGET_SECONDS)
    report(found)
    for name, now in (("before", before), ("peak", found.peak), ("after", after)):
        print(f"memory {name}: server {now.server:.0f} MiB, workers {now.others:.0f} MiB")
    p95 = float(np.quantile(_acts(found), 0.95))
    grown = after.server / before.server - 1
    all_grown = after.total / before.total - 1
    print(f"the server took {worked:.0f} s of CPU; load {load:.1f}, {os.cpu_count()} CPUs")
    print(f"\np95 {p95:.2f} s; memory: server {grown:+.1%}, with its workers {all_grown:+.1%}")
    clean = not found.faults and not found.foreign and found.seen > 0
    everyone = len(set(found.tables)) == sessions
    given_back = max(grown, all_grown) <= MEMORY_SHARE
    return clean and everyone and p95 <= P95_SECONDS and given_back


def main() -> None:
    """Read the arguments, measure, print; the exit status says whether the aims were reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--think", type=float, default=Pace.mean)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rungs-load-") as home:
        measured = measure(Path(home), asked.sessions, asked.seconds, Pace(asked.think))
        reached = asyncio.run(measured)
    raise SystemExit(not reached)


if __name__ == "__main__":
    main()
