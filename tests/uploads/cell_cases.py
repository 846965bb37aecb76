"""Numbers, dates, codes and missing cells in all the ways people write them."""

from __future__ import annotations

from collections.abc import Callable

from causal_core.tables.table import Table
from tests.uploads.case import Case, clean, every, found, kind, values


def column(*cells: str) -> bytes:
    """A file whose column `v` holds `cells`, tab-separated beside an index of letters."""
    return ("v\tk\n" + "".join(f"{c}\t{'pq'[i % 2]}\n" for i, c in enumerate(cells))).encode()


def unit(expected: str) -> Callable[[Table], bool]:
    """The check that the column `v` has this unit."""
    return lambda table: table.variable("v").unit == expected


NUMBERS: list[Case] = [
    clean("scientific", column("1e3", "2.5E-1", "-3"), values("v", 1000, 0.25, -3)),
    clean("points without zero", column(".5", "1.", "+2.5"), values("v", 0.5, 1, 2.5)),
    clean("typographic minus", column("\u22125", "3", "7"), values("v", -5, 3, 7)),
    clean("accountants' brackets", column("(5)", "3", "(7)"), values("v", -5, 3, -7)),
    clean("spaces around numbers", column(" 1.5", "2.5 ", " 4 "), values("v", 1.5, 2.5, 4)),
    found(
        "decimal comma", column("1,5", "2,25", "3,0"), "decimal-comma", values("v", 1.5, 2.25, 3)
    ),
    found(
        "decimal comma between semicolons",
        b"a;b\n1,5;x\n2,25;y\n3,0;x\n",
        "decimal-comma",
        values("a", 1.5, 2.25, 3),
    ),
    found(
        "thousands", column("1,234", "12,345.5", "7"), "thousands", values("v", 1234, 12345.5, 7)
    ),
    found(
        "thousands by points",
        column("1.234,5", "12.345,0", "7,5"),
        "thousands",
        values("v", 1234.5, 12345, 7.5),
    ),
    found(
        "thousands by spaces",
        column("1 234", "12 345,5", "7"),
        "thousands",
        values("v", 1234, 12345.5, 7),
    ),
    found(
        "thousands by apostrophes",
        column("1'234", "12'345.5", "7"),
        "thousands",
        values("v", 1234, 12345.5, 7),
    ),
    found(
        "thousands by thin spaces",
        column("1\u202f234", "12\u202f345", "7"),
        "thousands",
        values("v", 1234, 12345, 7),
    ),
    found(
        "1,234 beside decimal commas",
        b"a;b\n1,234;1,5\n2,345;2,5\n9,876;3,75\n",
        "decimal-comma decimal-comma",
        values("a", 1.234, 2.345, 9.876),
    ),
    found(
        "dollars",
        column("$5", "$7.50", "$1,000"),
        "currency thousands",
        every(values("v", 5, 7.5, 1000), unit("USD")),
    ),
    found(
        "euros behind",
        column("5 €", "7,50 €", "9 €"),
        "currency decimal-comma",
        every(values("v", 5, 7.5, 9), unit("EUR")),
    ),
    found(
        "percent", column("5%", "7.5 %", "9%"), "percent", every(values("v", 5, 7.5, 9), unit("%"))
    ),
    found(
        "units in the cells",
        column("5 kg", "7.5 kg", "9 kg"),
        "unit-suffix",
        every(values("v", 5, 7.5, 9), unit("kg")),
    ),
    clean(
        "different units stay text", column("5 kg", "7 lb", "9 g", "5 kg"), kind("v", "categorical")
    ),
    found(
        "infinite",
        column("1.5", "inf", "3.5", "-Infinity"),
        "infinite",
        values("v", 1.5, None, 3.5, None),
    ),
    found(
        "beyond every number",
        column("1.5", "1e999", "3.5", "7", "8", "9"),
        "bad-cells",
        values("v", 1.5, None, 3.5, 7, 8, 9),
    ),
    found(
        "text in a number column",
        column("1.5", "2.5", "oops", "4", "5", "6"),
        "bad-cells",
        values("v", 1.5, 2.5, None, 4, 5, 6),
    ),
    clean(
        "much text in a number column", column("1", "b", "c", "b", "c"), kind("v", "categorical")
    ),
    clean("0 and 1", column("0", "1", "1"), kind("v", "binary")),
    clean("true and false", column("true", "FALSE", "True"), values("v", True, False, True)),
    found(
        "true, false and missing",
        column("true", "NA", "false"),
        "missing-marks",
        values("v", True, None, False),
    ),
]

CODES: list[Case] = [
    found(
        "leading zeros",
        column("007", "012", "100"),
        "leading-zeros",
        values("v", "007", "012", "100"),
    ),
    found(
        "ids beyond 2^53",
        column("9007199254740993", "9007199254740992", "9007199254740995"),
        "big-id",
        values("v", "9007199254740993", "9007199254740992", "9007199254740995"),
    ),
    found(
        "ids of twenty digits",
        column("12345678901234567890", "12345678901234567891", "12345678901234567890"),
        "big-id",
        kind("v", "binary"),
    ),
    clean("phone numbers", column("+49 170", "+49 171", "+49 170"), kind("v", "binary")),
    found(
        "country NA",
        b"country,n\nDE,1\nNA,2\nFR,4\nAT,7\n",
        "na-kept",
        values("country", "DE", "NA", "FR", "AT"),
    ),
    found(
        "continent NA",
        b"continent,n\nEU,1\nNA,2\nAsia,4\nAfrica,7\n",
        "na-kept",
        values("continent", "EU", "NA", "Asia", "Africa"),
    ),
    found(
        "NA among words",
        b"mood,n\ngood,1\nNA,2\nbad,4\ngood,7\n",
        "missing-marks",
        values("mood", "good", None, "bad", "good"),
    ),
    found(
        "NA among numbers", column("1.5", "NA", "3.5"), "missing-marks", values("v", 1.5, None, 3.5)
    ),
    found(
        "many marks of missing",
        column("1.5", "n/a", "-", "null", "3", "."),
        "missing-marks",
        values("v", 1.5, None, None, None, 3, None),
    ),
    clean(
        "None as a word",
        b"pain,n\nnone,1\nmild,2\nnone,4\n",
        values("pain", "none", "mild", "none"),
    ),
    found("-999", column("12", "-999", "15", "13"), "sentinel", values("v", 12, None, 15, 13)),
    found(
        "-9999 among negatives",
        column("-1.5", "-9999", "2.5", "1"),
        "sentinel",
        values("v", -1.5, None, 2.5, 1),
    ),
    found(
        "999 twice",
        column("12", "999", "15", "999", "13"),
        "sentinel",
        values("v", 12, None, 15, None, 13),
    ),
    clean("999 as a price", column("899", "999", "1099", "999"), values("v", 899, 999, 1099, 999)),
    clean("-99 among debts", column("-99", "-120", "30", "55"), values("v", -99, -120, 30, 55)),
    found(
        "spaces around words", b"sex,n\nf ,1\n m,2\nf,4\n", "spaces", values("sex", "f", "m", "f")
    ),
    found(
        "every text different",
        b"id,n\n" + b"".join(b"k%d,%d\n" % (i, i % 7) for i in range(30)),
        "identifier",
        kind("id", "categorical"),
    ),
    clean(
        "hostile text",
        b'a,b\n"<img src=x onerror=alert(1)>",1\nx,2\nx,4\n',
        values("a", "<img src=x onerror=alert(1)>", "x", "x"),
    ),
]

DATES: list[Case] = [
    found(
        "iso dates",
        column("2024-01-01", "2024-01-02", "1970-01-01"),
        "date-order dates",
        every(values("v", 19723.0, 19724.0, 0.0), unit("days")),
    ),
    found(
        "iso times",
        column("1970-01-01T12:00", "1970-01-02 00:00:00", "1970-01-03T06:00Z"),
        "date-order dates",
        values("v", 0.5, 1.0, 2.25),
    ),
    found(
        "german dates",
        column("31.12.1970", "01.02.1970", "02.01.1970"),
        "date-order dates",
        values("v", 364.0, 31.0, 1.0),
    ),
    found(
        "american dates",
        column("12/31/1970", "02/01/1970", "01/02/1970"),
        "date-order dates",
        values("v", 364.0, 31.0, 1.0),
    ),
    found(
        "british dates",
        column("31/12/1970", "01/02/1970", "02/01/1970"),
        "date-order dates",
        values("v", 364.0, 31.0, 1.0),
    ),
    clean("no dates", column("2024-13-01", "2024-01-02", "2024-13-01"), kind("v", "binary")),
    clean("years", column("1999", "2001", "2024"), kind("v", "integer")),
]
