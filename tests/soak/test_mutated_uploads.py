"""Thousands of damaged files, bombs and pickles: a table or a sentence, soon and in little room."""

from __future__ import annotations

import gzip
import io
import logging
import multiprocessing
import pickle
import random
import resource
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from causal_core.errors import LimitError, RungsError, TableError
from causal_core.tables.reading.parse import parse
from tests.uploads.binary_cases import BOOK, bomb
from tests.uploads.case import Case
from tests.uploads.test_uploads import CASES
from tests.uploads.text_cases import PLAIN

_log = logging.getLogger(__name__)
FILES, SECONDS, BYTES, SOON = 2000, 2.0, 512 * 2**20, 0.2
SCRAPS = [
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\r",
    b"\t",
    b"=1+1",
    b"NA",
    b"1e999",
    b"\n\n",
    b"PK\x03\x04",
]


def _mutated(case: Case, chance: random.Random) -> bytes:
    """The file with bytes turned, cut, doubled or put in."""
    data = bytearray(case.data)
    for _ in range(chance.randint(1, 8)):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        change = chance.randrange(4)
        if change == 0 and data:
            data[min(at, len(data) - 1)] = chance.randrange(256)
        elif change == 1:
            data[at:at] = chance.choice(SCRAPS)
        elif change == 2:
            del data[at : min(to, at + 64)]
        else:
            data[at:at] = data[at : min(to, at + 512)]
    return bytes(data)


def _read_all() -> tuple[int, int, float, int]:
    """How many are tables, how many refused, the longest reading, and the most memory in use."""
    chance, tables, longest = random.Random(0), 0, 0.0
    parse(PLAIN, "warm.csv")
    for _ in range(FILES):
        case = chance.choice(CASES)
        data, begun = _mutated(case, chance), time.perf_counter()
        with suppress(RungsError):
            parse(data, case.file).to_bytes()
            tables += 1
        longest = max(longest, time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return tables, FILES - tables, longest, peak


@pytest.mark.timeout(900)
def test_damaged_files_are_read_or_refused_soon_and_in_little_room() -> None:
    fresh = multiprocessing.get_context("spawn")  # memory that no other test has used
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        tables, refused, longest, peak = pool.submit(_read_all).result()
    _log.info("%d tables, %d refused, %.2f s, %d MiB", tables, refused, longest, peak / 2**20)
    assert longest <= SECONDS
    assert peak <= BYTES


def _zip(name: str, size: int, inner: bytes = b"0") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, inner * size)
    return out.getvalue()


BOMBS = {
    f"{kind} that declares {size}": (data, file)
    for kind, packed, file in (
        ("workbook", BOOK, "u.xlsx"),
        ("zipped CSV", _zip("a.csv", 10_000, b"1,2\n"), "u.zip"),
        ("zipped TSV", _zip("a.tsv", 10_000, b"1\t2\n"), "u.zip"),
        ("zip called .csv", _zip("a.csv", 10_000, b"1,2\n"), "u.csv"),
        ("workbook called .zip", BOOK, "u.zip"),
        ("workbook called .parquet", BOOK, "u.parquet"),
    )
    for size, data in (("4 GB", bomb(packed)), ("4 GB, padded", bomb(packed) + b"\x00" * 64))
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(name: str) -> None:
    data, file = BOMBS[name]
    parse(PLAIN, "warm.csv")
    begun = time.perf_counter()
    with pytest.raises((LimitError, TableError)):
        parse(data, file)
    assert time.perf_counter() - begun < SOON


class Canary:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.write_text, (self.path, "sung")


def _carriers(canary: Canary) -> dict[str, tuple[bytes, str]]:
    pickles = {f"protocol {p}": (pickle.dumps(canary, protocol=p), "u.csv") for p in range(6)}
    plain = pickle.dumps(canary)
    frame = pickle.dumps({"frame": pd.DataFrame({"a": [1]}), "canary": canary})
    return pickles | {
        "called .parquet": (plain, "u.parquet"),
        "called .feather": (plain, "u.feather"),
        "beside a frame": (frame, "u.pkl"),
        "gzipped": (gzip.compress(plain), "u.csv.gz"),
        "zipped": (_zip("a.pkl", 1, plain), "u.zip"),
        "zipped as CSV": (_zip("a.csv", 1, plain), "u.zip"),
    }


def test_pickles_never_run(tmp_path: Path) -> None:
    canary = Canary(tmp_path / "canary")
    pickle.loads(pickle.dumps(canary))
    assert canary.path.exists()  # it would sing
    canary.path.unlink()
    carriers = _carriers(canary)
    assert len(carriers) == len(BOMBS) == 12
    for data, file in carriers.values():
        with pytest.raises(RungsError):
            parse(data, file)
    assert not canary.path.exists()
