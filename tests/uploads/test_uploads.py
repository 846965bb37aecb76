"""Every awkward file has its written outcome: clean, found, or refused with a remedy."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from causal_core.errors import RungsError
from causal_core.tables.reading.parse import parse
from causal_core.tables.table import Table
from tests.uploads import binary_cases, cell_cases, text_cases
from tests.uploads.case import Case

CASES = [
    *text_cases.FORMS,
    *text_cases.LAYOUT,
    *text_cases.NAMES,
    *cell_cases.NUMBERS,
    *cell_cases.CODES,
    *cell_cases.DATES,
    *binary_cases.WORKBOOKS,
    *binary_cases.COLUMNAR,
    *binary_cases.PACKED,
    *binary_cases.NO_TABLES,
]
READ = [case for case in CASES if case.outcome != "refused"]
REFUSED = [case for case in CASES if case.outcome == "refused"]


def test_the_corpus_is_large_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_read_with_the_written_findings(case: Case) -> None:
    table = parse(case.data, case.file)
    assert sorted(finding.code for finding in table.findings) == sorted(case.codes)
    assert case.check(table)
    assert all(finding.message.endswith(".") for finding in table.findings)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refused_with_place_and_remedy(case: Case) -> None:
    with pytest.raises(RungsError) as caught:
        parse(case.data, case.file)
    assert case.says in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_what_was_read_survives_storing(case: Case) -> None:
    table = parse(case.data, case.file)
    back = Table.from_bytes(table.to_bytes())
    assert back == table
    assert back.findings == table.findings


UNDONE = [
    (case, finding.undo)
    for case in READ
    for finding in parse(case.data, case.file).findings
    if finding.undo
]


@pytest.mark.parametrize(
    ("case", "key"), UNDONE, ids=[f"{case.name} - {key}" for case, key in UNDONE]
)
def test_every_repair_can_be_undone(case: Case, key: str) -> None:
    table = _undone(case, {key})
    assert table is None or key not in {finding.undo for finding in table.findings}
    assert table is None or table != parse(case.data, case.file) or key.startswith("spaces")


def _undone(case: Case, keys: Collection[str]) -> Table | None:
    """The table without these repairs; None where it cannot be read without them."""
    try:
        return parse(case.data, case.file, keys)
    except RungsError:
        return None


def test_undoing_gives_the_cells_back() -> None:
    def read(data: str, key: str) -> list[object]:
        return parse(data.encode(), "x.csv", {key})["v"].tolist()

    assert read("v\tk\n12\tp\n-999\tq\n15\tp\n", "sentinel:v") == [12, -999, 15]
    assert read("v\tk\n007\tp\n012\tq\n100\tp\n", "leading-zeros:v") == [7, 12, 100]
    assert read("v\tk\n1,234\tp\n2,500\tq\n3,000\tp\n", "thousands:v") == [1.234, 2.5, 3.0]
    assert read("v\tk\n1.5\tp\nNA\tq\n2\tp\n", "missing-marks:v") == ["1.5", "NA", "2"]
    assert read("v\tk\n5%\tp\n7%\tq\n5%\tp\n", "percent:v") == ["5%", "7%", "5%"]
    assert read("v\tk\n2024-01-01\tp\n2024-01-02\tq\n2024-01-01\tp\n", "date-order:v")[0] == (
        "2024-01-01"
    )
