"""A table as one Parquet file that reads back without loss.

The cells are in the person's own labels, so that any Parquet reader can use the file;
kinds, levels, units and findings are JSON in its metadata, under the key `rungs`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from causal_core.errors import TableError
from causal_core.tables.encoding import encode_column
from causal_core.tables.finding import Finding
from causal_core.tables.schema import Kind, Variable

_KEY = b"rungs"
Unpacked = tuple[tuple[Variable, ...], np.ndarray, tuple[Finding, ...], str]


def pack(
    frame: pd.DataFrame, variables: Sequence[Variable], findings: Iterable[Finding], name: str
) -> bytes:
    """Parquet bytes of `frame`, which is in normal form."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [pa.array(frame.iloc[:, i], from_pandas=True) for i in range(frame.shape[1])]
    about = {
        "variables": [_variable_dict(v) for v in variables],
        "findings": [finding.to_dict() for finding in findings],
        "name": name,
    }
    names = [v.name for v in variables]
    table = pa.Table.from_arrays(arrays, names=names).replace_schema_metadata(
        {_KEY: json.dumps(about).encode()}
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def unpack(stored: bytes) -> Unpacked:
    """Variables, codes, findings and name; TableError if `stored` is not from `pack`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(stored))
        about = json.loads((table.schema.metadata or {})[_KEY])
        variables = tuple(_variable(v) for v in about["variables"])
        findings = tuple(Finding.from_dict(f) for f in about["findings"])
        codes = np.empty((table.num_rows, table.num_columns), order="F")
        for index, variable in enumerate(variables):
            column = table.column(index).to_pandas()
            codes[:, index] = encode_column(column, variable)
    except (pa.ArrowException, KeyError, ValueError, TypeError, OSError) as error:
        raise TableError(
            "The stored table cannot be read back.", "Read the original file again."
        ) from error
    return variables, codes, findings, str(about["name"])


def stored_size(path: Path) -> tuple[int, int]:
    """Rows and columns of what `pack` made, read from the file's end; TableError for others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path)
    except pa.ArrowException as error:
        raise TableError("The stored table cannot be read back.") from error
    return found.num_rows, found.num_columns


def schema_json(variables: Iterable[Variable]) -> str:
    """The schema as canonical JSON: equal variables give equal text."""
    return json.dumps([_variable_dict(v) for v in variables], sort_keys=True)


def _variable_dict(variable: Variable) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "name": variable.name,
        "kind": str(variable.kind),
        "levels": list(variable.levels),
        "unit": variable.unit,
    }
    if not math.isnan(variable.low):
        stored |= {"low": variable.low, "high": variable.high}
    return stored


def _variable(stored: dict[str, Any]) -> Variable:
    return Variable(
        stored["name"],
        Kind(stored["kind"]),
        tuple(stored["levels"]),
        stored["unit"],
        stored.get("low", math.nan),
        stored.get("high", math.nan),
    )
