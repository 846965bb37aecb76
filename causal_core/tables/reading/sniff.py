"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

from causal_core.errors import TableError

_SAVE = "Save the table as CSV, Excel (.xlsx) or Parquet."
_UNPACK = "Unpack it, or pack the table as ZIP."
# first bytes → (what it is, what to do): formats that are recognised and refused
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _SAVE),
    (b"\x89PNG", "a PNG picture", _SAVE),
    (b"\xff\xd8\xff", "a JPEG picture", _SAVE),
    (b"GIF8", "a GIF picture", _SAVE),
    (b"RIFF", "a sound, film or picture", _SAVE),
    (b"{\\rtf", "an RTF document", _SAVE),
    (b"SQLite format 3", "an SQLite database", "Export one table of it as CSV or Parquet."),
    (b"\x89HDF", "an HDF5 file", _SAVE),
    (b"\x93NUMPY", "a NumPy array", _SAVE),
    (b"RDX", "R data", 'In R: write.csv(data, "data.csv", row.names = FALSE).'),
    (b"<stata_dta>", "a Stata file", "In Stata: export delimited using data.csv."),
    (b"$FL2", "an SPSS file", "In SPSS, save it as CSV or Excel."),
    (b"FEA1", "a Feather file of the first version", "Write it again as Feather or Parquet."),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "packed with xz", _UNPACK),
    (b"7z\xbc\xaf", "packed with 7-Zip", _UNPACK),
    (b"Rar!", "packed with RAR", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", _UNPACK),
    (b"\x7fELF", "a program", _SAVE),
    (b"MZ\x90", "a program", _SAVE),
)
_MARKUP: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype html", "a web page", "Open it in a browser, copy the table to a spreadsheet."),
    (b"<html", "a web page", "Open it in a browser and copy the table to a spreadsheet."),
    (b"<table", "a web page's table", "Open it in a spreadsheet and save it as CSV."),
    (b"<?xml", "an XML document", _SAVE),
)
_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"ARROW1", "feather"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind_of(data: bytes) -> str:
    """“parquet”, “feather”, “zip”, “gzip” or “text”; TableError for what is none of them."""
    head = data[:4096]
    for magic, kind in _KNOWN:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        _refuse_ole(data)
    for magic, what, remedy in _REFUSED:
        if head.startswith(magic):
            raise TableError(f"The file is {what}, not a table.", remedy)
    _refuse_pickle(data)
    _refuse_markup(head)
    return "text"


def _refuse_ole(data: bytes) -> None:
    if _ENCRYPTED in data:
        raise TableError(
            "The Excel workbook is locked with a password.", "Save it without a password."
        )
    raise TableError(
        "The file is an Excel workbook of the format before 2007 (.xls).",
        "Open it and save it as .xlsx or CSV.",
    )


def _refuse_pickle(data: bytes) -> None:
    old = data[:2] in (b"(l", b"(d", b"c_", b"cp", b"co", b"cb") and b"\n." in data[-4:]
    if (data[:1] == b"\x80" and data[1:2] in b"\x02\x03\x04\x05" and data[-1:] == b".") or old:
        raise TableError(
            "The file is a Python pickle, which can run programs when it is opened.",
            "Write the table with to_parquet or to_csv instead.",
        )


def _refuse_markup(head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for opening, what, remedy in _MARKUP:
        if start.startswith(opening):
            raise TableError(f"The file is {what}, not a table.", remedy)
    if start.startswith((b"{", b"[{", b"[[")):
        raise TableError("The file is JSON, not a table.", _SAVE)
