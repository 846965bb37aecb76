"""Packed files: the declared size is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from causal_core.errors import LimitError, TableError
from causal_core.limits import limit

_TABLES = {".csv", ".tsv", ".txt", ".tab", ".dat", ".parquet", ".feather", ".arrow", ".xlsx"}
_CHUNK = 2**20


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, checked: readable, not encrypted, not larger than allowed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise TableError(
            "The archive is damaged or was cut off.", "Pack or export the file again."
        ) from None
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise TableError("The archive is locked with a password.", "Pack it without a password.")
    _check_size(sum(member.file_size for member in members))
    return archive


def workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is an Excel workbook; TableError for other office documents."""
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return True
    if "xl/workbook.bin" in names:
        raise TableError("The file is a binary Excel workbook (.xlsb).", "Save it as .xlsx.")
    if "content.xml" in names and "mimetype" in names:
        raise TableError("The file is an OpenDocument file.", "Save it as .xlsx or CSV.")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise TableError("The file is a document, not a table.", "Save its table as CSV or .xlsx.")
    return False


def only_table(archive: zipfile.ZipFile) -> tuple[str, bytes]:
    """Name and bytes of the one table in the archive; TableError for none or several."""
    members = [m for m in archive.infolist() if not m.is_dir() and not _hidden(m.filename)]
    tables = [m for m in members if PurePosixPath(m.filename).suffix.lower() in _TABLES]
    chosen = tables or members
    if not chosen:
        raise TableError("The archive is empty.", "Pack one table into it.")
    if len(chosen) > 1:
        names = ", ".join(f"“{PurePosixPath(m.filename).name}”" for m in chosen[:5])
        raise TableError(
            f"The archive holds {len(chosen)} files: {names}.", "Choose one and bring it alone."
        )
    return PurePosixPath(chosen[0].filename).name, _bytes(archive, chosen[0])


def gunzipped(data: bytes) -> bytes:
    """The content of a gzip file, stopped at the limit."""
    unpacker, parts, size = zlib.decompressobj(wbits=31), [], 0
    try:
        part = unpacker.decompress(data, _CHUNK)
        while part:
            size += len(part)
            _check_size(size)
            parts.append(part)
            part = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
    except zlib.error:
        raise TableError("The gzip file is damaged.", "Pack or export the file again.") from None
    return b"".join(parts)


def _hidden(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError):
        raise TableError(
            f"“{member.filename}” in the archive is damaged.", "Pack or export it again."
        ) from None


def _check_size(size: int) -> None:
    if size > limit("unpacked_bytes"):
        raise LimitError(
            f"Unpacked, the file is {size / 2**20:,.0f} MiB; at most "
            f"{limit('unpacked_bytes') / 2**20:,.0f} MiB are read.",
            "Bring fewer rows or columns, or use Parquet.",
        )
