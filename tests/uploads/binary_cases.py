"""Workbooks, columnar files, archives, and files that are no tables at all."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import zipfile
import zlib
from datetime import date

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

from tests.uploads.case import Case, clean, every, found, kind, refused, values
from tests.uploads.text_cases import DOSE, PLAIN


def xlsx(*pages: list[list[object]]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    for index, page in enumerate(pages):
        sheet = book.active if index == 0 else book.create_sheet()
        for row in page:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    """A ZIP archive of `files`, `__` in a name standing for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return out.getvalue()


def edited(packed: bytes, member: str, content: bytes) -> bytes:
    """The archive with one member replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


def encrypted(packed: bytes) -> bytes:
    """The archive with the flag of encryption set on every member."""
    data = bytearray(packed)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def bomb(packed: bytes) -> bytes:
    """The archive declaring that its first member unpacks to 4 GB."""
    data = bytearray(packed)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark)
        data[at + offset : at + offset + 4] = struct.pack("<I", 4_000_000_000)
    return bytes(data)


def zeros(size: int) -> bytes:
    """A gzip file that unpacks to `size` bytes."""
    packer = zlib.compressobj(9, wbits=31)
    chunk = b"1,2\n" * 2**18
    parts = [packer.compress(chunk) for _ in range(size // len(chunk))]
    return b"".join([*parts, packer.flush()])


def parquet(frame: pd.DataFrame) -> bytes:
    """`frame` as Parquet."""
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def arrow(**columns: object) -> bytes:
    """Columns as Parquet, without pandas' metadata."""
    out = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def feather(frame: pd.DataFrame) -> bytes:
    """`frame` as Feather."""
    out = io.BytesIO()
    pa.feather.write_feather(frame, out)
    return out.getvalue()


class Hostile:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return eval, ("1/0",)


HEAD = ["dose", "sex"]
BODY = [[1.5, "f"], [2.5, "m"], [3.5, "f"]]
BOOK = xlsx([HEAD, *BODY])
FRAME = pd.DataFrame({"dose": [1.5, 2.5, 3.5], "sex": ["f", "m", "f"]})
HUGE_SHEET = b"""<?xml version="1.0"?><worksheet
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>
<row r="2"><c r="A2"><v>1.5</v></c></row><row r="3"><c r="A3"><v>2.5</v></c></row>
<row r="4"><c r="A4"><v>3.5</v></c></row></sheetData></worksheet>"""
FAR_CELL = HUGE_SHEET.replace(b'<c r="A2">', b'<c r="XFD2">')
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
SHEET = "xl/worksheets/sheet1.xml"

WORKBOOKS: list[Case] = [
    clean("workbook", BOOK, every(DOSE, values("sex", "f", "m", "f")), "upload.xlsx"),
    found("workbook called .csv", BOOK, "extension", DOSE),
    found("two sheets", xlsx([HEAD, *BODY], [["x"], [1]]), "sheets", DOSE, "u.xlsx"),
    found("first sheet empty", xlsx([], [HEAD, *BODY]), "sheets", DOSE, "u.xlsx"),
    refused("no sheet filled", xlsx([]), "empty", "u.xlsx"),
    found("title above the table", xlsx([["Survey"], [], HEAD, *BODY]), "preamble", DOSE, "u.xlsx"),
    found(
        "formulas never calculated",
        xlsx([HEAD, *BODY, ["=A2*2", "m"]]),
        "formulas",
        values("dose", 1.5, 2.5, 3.5, None),
        "u.xlsx",
    ),
    found(
        "excel errors",
        xlsx([HEAD, *BODY, ["#N/A", "m"]]),
        "excel-errors",
        values("dose", 1.5, 2.5, 3.5, None),
        "u.xlsx",
    ),
    found(
        "excel dates",
        xlsx([["day", "n"], [date(1970, 1, 2), 1], [date(1970, 1, 4), 2], [date(1970, 1, 3), 9]]),
        "date-order dates",
        values("day", 1.0, 3.0, 2.0),
        "u.xlsx",
    ),
    found(
        "text ids in excel",
        xlsx([["id", "n"], ["007", 1], ["008", 2], ["100", 4]]),
        "leading-zeros",
        values("id", "007", "008", "100"),
        "u.xlsx",
    ),
    clean(
        "truth values in excel",
        xlsx([["ok", "n"], [True, 1], [False, 2], [True, 4]]),
        values("ok", True, False, True),
        "u.xlsx",
    ),
    clean(
        "claims a million rows",
        edited(BOOK, SHEET, HUGE_SHEET),
        values("a", 1.5, 2.5, 3.5),
        "u.xlsx",
    ),
    refused("a cell in column 16,384", edited(BOOK, SHEET, FAR_CELL), "16,384 columns", "u.xlsx"),
    refused("entities in the XML", edited(BOOK, SHEET, LAUGHS), "damaged", "u.xlsx"),
    refused("workbook cut off", BOOK[: len(BOOK) // 2], "damaged", "u.xlsx"),
    refused("workbook without sheets' XML", edited(BOOK, SHEET, b"<nonsense"), "damaged", "u.xlsx"),
    refused("workbook that declares 4 GB", bomb(BOOK), "Unpacked", "u.xlsx"),
    refused("old .xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007", "u.xls"),
    refused(
        "workbook with a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "password",
        "u.xlsx",
    ),
    refused("opendocument", archive(mimetype=b"x", content__xml=b"<a/>"), "OpenDocument", "u.ods"),
]

COLUMNAR: list[Case] = [
    clean("parquet", parquet(FRAME), DOSE, "u.parquet"),
    found("parquet called .csv", parquet(FRAME), "extension", DOSE),
    clean("parquet with an index", parquet(FRAME.set_index("sex")), DOSE, "u.parquet"),
    clean(
        "parquet with categories",
        parquet(FRAME.astype({"sex": "category"})),
        values("sex", "f", "m", "f"),
        "u.parquet",
    ),
    clean(
        "parquet with ordered levels",
        parquet(
            pd.DataFrame(
                {"g": pd.Categorical(["lo", "hi", "mid"], ["lo", "mid", "hi"], ordered=True)}
            )
        ),
        every(kind("g", "ordinal"), lambda t: t.variable("g").levels == ("lo", "mid", "hi")),
        "u.parquet",
    ),
    clean(
        "parquet with missing integers",
        arrow(n=[1, None, 3, 4]),
        values("n", 1, None, 3, 4),
        "u.parquet",
    ),
    clean(
        "parquet with missing truth values",
        arrow(b=[True, None, False]),
        values("b", True, None, False),
        "u.parquet",
    ),
    found(
        "parquet with large ids",
        arrow(n=[2**60, 2**60 + 1, 2**60]),
        "big-id",
        kind("n", "binary"),
        "u.parquet",
    ),
    found(
        "parquet with infinities",
        arrow(n=[1.5, float("inf"), 3.5]),
        "infinite",
        values("n", 1.5, None, 3.5),
        "u.parquet",
    ),
    found(
        "parquet with lists",
        arrow(n=[[1, 2], [3], [3]]),
        "nested",
        kind("n", "binary"),
        "u.parquet",
    ),
    refused("parquet with binary cells", arrow(n=[b"\x00", b"\x01"]), "binary data", "u.parquet"),
    found(
        "parquet with times",
        arrow(n=[date(1970, 1, 2), date(1970, 1, 3), None]),
        "dates",
        values("n", 1.0, 2.0, None),
        "u.parquet",
    ),
    found(
        "parquet with -999",
        arrow(n=[1.5, -999.0, 3.5]),
        "sentinel",
        values("n", 1.5, None, 3.5),
        "u.parquet",
    ),
    refused("parquet cut off", parquet(FRAME)[:-20], "damaged", "u.parquet"),
    refused("parquet of nothing but its mark", b"PAR1" * 3, "damaged", "u.parquet"),
    refused("parquet without rows", parquet(FRAME.head(0)), "no rows", "u.parquet"),
    clean("feather", feather(FRAME), DOSE, "u.feather"),
    refused("feather of the first version", b"FEA1" + bytes(90), "first version", "u.feather"),
    refused("feather cut off", feather(FRAME)[:100], "damaged", "u.feather"),
]

PACKED: list[Case] = [
    clean("zipped csv", archive(a__csv=PLAIN), DOSE, "u.zip"),
    clean("zipped csv called .csv", archive(a__csv=PLAIN), DOSE),
    clean("zip from a mac", archive(a__csv=PLAIN, **{"__MACOSX/._a__csv": b"\x00"}), DOSE, "u.zip"),
    clean("zip with a read-me", archive(a__csv=PLAIN, README__md=b"hello"), DOSE, "u.zip"),
    clean("zipped parquet", archive(a__parquet=parquet(FRAME)), DOSE, "u.zip"),
    refused(
        "several tables in a zip", archive(a__csv=PLAIN, b__csv=PLAIN), "“a.csv”, “b.csv”", "u.zip"
    ),
    refused("empty zip", archive(), "empty", "u.zip"),
    refused("zip in a zip", archive(a__zip=archive(a__csv=PLAIN)), "another archive", "u.zip"),
    refused("zip with a password", encrypted(archive(a__csv=PLAIN)), "password", "u.zip"),
    refused("zip cut off", archive(a__csv=PLAIN)[:60], "damaged", "u.zip"),
    refused("zip that declares 4 GB", bomb(archive(a__csv=PLAIN)), "Unpacked", "u.zip"),
    refused("zip of a picture", archive(a__csv=b"\x89PNG\r\n\x1a\n" + bytes(50)), "PNG", "u.zip"),
    clean("gzipped csv", gzip.compress(PLAIN), DOSE, "u.csv.gz"),
    refused("gzip cut off", b"\x1f\x8b\x08garbage", "damaged", "u.csv.gz"),
]

NO_TABLES: list[Case] = [
    refused("empty", b"", "empty"),
    refused("only blanks", b" \n\n  \n", "empty"),
    refused("only a mark", b"\xef\xbb\xbf", "empty"),
    refused("binary garbage", bytes(range(256)) * 20, "neither"),
    refused("random bytes", zlib.compress(PLAIN * 90)[2:], "neither"),
    refused("zeros", bytes(5000), "neither"),
    refused("pickle", pickle.dumps(Hostile()), "pickle"),
    refused("pickle of protocol 0", pickle.dumps(Hostile(), protocol=0), "pickle"),
    refused("pickle called .parquet", pickle.dumps(FRAME), "pickle", "u.parquet"),
    refused("web page", b"<!DOCTYPE html>\n<html><body>Not found</body></html>", "web page"),
    refused(
        "web page saved as .xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        "web page",
        "u.xls",
    ),
    refused("json", b'{"a": [1, 2]}', "JSON"),
    refused("json records", b'[{"a": 1}, {"a": 2}]', "JSON"),
    refused("xml", b"<?xml version='1.0'?><a/>", "XML"),
    refused("pdf", b"%PDF-1.7 ...", "PDF"),
    refused("png", b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
    refused("sqlite", b"SQLite format 3\x00" + bytes(90), "SQLite"),
    refused("stata", b"<stata_dta><header>", "Stata"),
    refused("numpy", b"\x93NUMPY\x01\x00", "NumPy"),
    refused("program", b"\x7fELF" + bytes(90), "program"),
]
