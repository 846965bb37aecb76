"""Where the shelf's own data files lie; `data/SOURCES.md` says where each comes from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from causal_core.errors import TableError

FOLDER = Path(__file__).resolve().parents[3] / "data"


def read_file(name: str) -> pd.DataFrame:
    """The CSV file `name` of the shelf, as numbers."""
    try:
        return pd.read_csv(FOLDER / name)
    except OSError:
        raise TableError(
            f"The example's file data/{name} is missing.", "Restore the folder data/."
        ) from None


def read_causaldata(name: str) -> pd.DataFrame:
    """The data set `name` of the package causaldata."""
    try:
        import causaldata
    except ImportError:
        raise TableError(
            "The package causaldata, which holds this example, is not installed.",
            "Install what requirements.txt lists.",
        ) from None
    return pd.DataFrame(getattr(causaldata, name).load_pandas().data)
