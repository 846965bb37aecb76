"""A Parquet file of two gigabytes: seconds and memory until a sample of it is a table.

.venv/bin/python -m benchmarks.large_parquet --gigabytes 2
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from causal_core.tables.read_fork import begin_loading
from causal_core.tables.readers import read_table

_GROUP = 250_000  # rows


def group(rng: np.random.Generator) -> pa.Table:
    """One row group: numbers that hardly pack, whole numbers, words, dates, with gaps."""
    gaps = rng.random(_GROUP) < 0.05
    columns = {f"v{i}": pa.array(rng.normal(size=_GROUP), mask=gaps) for i in range(8)}
    columns["count"] = pa.array(rng.integers(0, 2**40, _GROUP))
    columns["site"] = pa.array(np.array(["north", "south", "east"])[rng.integers(0, 3, _GROUP)])
    columns["treated"] = pa.array(rng.random(_GROUP) < 0.5)
    days = rng.integers(0, 20_000, _GROUP).astype("datetime64[D]")
    columns["seen"] = pa.array(days)
    return pa.table(columns)


def write(path: Path, size: int) -> int:
    """Write groups until the file has `size` bytes; how many rows it then has."""
    rng, rows, writer = np.random.default_rng(0), 0, None
    with path.open("wb") as out:
        while out.tell() < size:
            table = group(rng)
            writer = writer or pq.ParquetWriter(out, table.schema)
            writer.write_table(table, row_group_size=_GROUP)
            rows += len(table)
        assert writer is not None
        writer.close()
    return rows


def watch(peaks: dict[int, int], ended: threading.Event) -> None:
    """Note the most KiB (VmHWM) that each process below this one has held, ten times a second."""
    while not ended.wait(0.1):
        for process in _below(os.getpid()):
            try:
                status = Path(f"/proc/{process}/status").read_text("utf-8")
            except OSError:
                continue  # it has just ended
            if "VmHWM:" in status:
                peaks[process] = int(status.split("VmHWM:")[1].split()[0])


def _below(process: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return []
    return children + [below for child in children for below in _below(child)]


def main() -> None:
    """Print the file's size, then seconds, peak memory and rows of reading it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gigabytes", type=float, default=2)
    size = int(parser.parse_args().gigabytes * 10**9)
    if shutil.disk_usage(tempfile.gettempdir()).free < 2 * size:
        raise SystemExit("Too little disk is free.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.parquet"
        rows = write(path, size)
        print(f"made: {path.stat().st_size / 1e9:.2f} GB, {rows:,} rows", flush=True)
        begin_loading()
        _read(path)


def _read(path: Path) -> None:
    peaks, ended, shares = dict[int, int](), threading.Event(), list[float]()
    watcher = threading.Thread(target=watch, args=(peaks, ended))
    watcher.start()
    start = time.perf_counter()
    try:
        table = read_table(path, on_progress=shares.append)
    finally:
        ended.set()
        watcher.join()
    print(f"read: {time.perf_counter() - start:.1f} s, {len(table):,} rows × {len(table.columns)}")
    print(f"the reading process held at most {max(peaks.values()) / 1024:,.0f} MiB")
    print(f"progress was told {len(shares)} times, last {shares[-1]:.0%}")
    print(table.findings[0].message)


if __name__ == "__main__":
    main()
