"""Bytes to text: which encoding, which line ends, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

import numpy as np

from causal_core.errors import TableError
from causal_core.tables.finding import Finding

_MARKS = (  # the longer mark first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 200_000


def decoded(data: bytes, keep_nul: bool = False) -> tuple[str, list[Finding]]:
    """The text in `data`, lines ending in a bare newline; TableError for what is no text."""
    text, findings = _decoded(data)
    count = text.count("\x00")
    if count > 0.1 * len(text):
        _refuse()
    if count and not keep_nul:
        message = "The file holds NUL bytes, which no text has; they are left out."
        findings.append(Finding("nul", None, message, count, "nul"))
        text = text.replace("\x00", "")
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > 0.005 * len(sample) + 1:
        _refuse()
    if not text.strip():
        raise TableError("The file is empty.", "Choose a file with a header and rows.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), findings


def _refuse() -> None:
    raise TableError(
        "The file is neither a table nor text.", "Choose a CSV, Excel (.xlsx) or Parquet file."
    )


def _decoded(data: bytes) -> tuple[str, list[Finding]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    wide = _wide(data)
    if wide:
        return _strict(data, wide)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _western(data, error.start)


def _strict(data: bytes, encoding: str) -> tuple[str, list[Finding]]:
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if broken > 0.01 * len(text):
        _refuse()
    message = f"Some characters are broken ({encoding.upper()}); they are shown as \ufffd."
    return text, [Finding("broken-text", None, message, broken)] if broken else []


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of mostly Latin text is zero."""
    sample = np.frombuffer(data[: _SAMPLE - _SAMPLE % 2], dtype=np.uint8)
    if len(sample) < 2:
        return ""
    zeros = np.mean(sample[0::2] == 0), np.mean(sample[1::2] == 0)
    if zeros[1] > 0.4 and zeros[0] < 0.1:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.4 and zeros[1] < 0.1 else ""


def _western(data: bytes, at: int) -> tuple[str, list[Finding]]:
    sample = data[:_SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    if high > 0.4 * len(sample) or sample.count(b"\x00") > 0.01 * len(sample):
        _refuse()
    try:
        text, name = data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, name = data.decode("latin-1"), "Latin-1"
    line = data.count(b"\n", 0, at) + 1
    message = (
        f"Line {line} is not UTF-8, so the file is read as {name} (Western European); "
        "save it as UTF-8 if letters look wrong."
    )
    return text, [Finding("encoding", None, message, high)]
