"""Equations on disk: one safetensors file whose header carries the rest as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from causal_core.durable import write_durably
from causal_core.errors import ModelError
from causal_core.mechanisms.choose import Standard
from causal_core.scm.equation import Equation
from causal_core.tables.schema import Kind, Variable

_FORMAT = 1


def to_bytes(
    kind: str,
    variables: Sequence[Variable],
    equations: Mapping[str, Equation],
    standards: Mapping[str, Standard],
    more: Mapping[str, Any],
) -> bytes:
    """Everything as one safetensors file."""
    tensors = {
        f"{index}.{name}": value.float().contiguous()
        for index, equation in enumerate(equations.values())
        for name, value in equation.weights.items()
    }
    header = {
        "format": _FORMAT,
        "kind": kind,
        "variables": [asdict(v) for v in variables],
        "standards": {name: asdict(s) for name, s in standards.items()},
        "equations": [e.described() for e in equations.values()],
        **more,
    }
    return save(tensors, metadata={"rungs": json.dumps(header, sort_keys=True)})


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Write durably; ModelError says where it could not."""
    try:
        write_durably(Path(path), content)
    except OSError as error:
        raise ModelError(
            f"The model could not be written to “{path}”: {error.strerror}.",
            "Check that the folder exists, is writable and has space.",
        ) from error


def read(
    path: str | os.PathLike[str], kind: str
) -> tuple[tuple[Variable, ...], dict[str, Standard], dict[str, Equation], dict[str, Any]]:
    """(variables, standards, equations, the rest) of the file at `path`.

    Raises ModelError for a file that is missing, damaged or holds something else.
    """
    header, tensors = _open(path)
    if header.get("kind") != kind or header.get("format") != _FORMAT:
        raise ModelError(f"“{path}” does not hold a {kind}.", "Choose a file that Rungs has saved.")
    variables = tuple(_variable(stored) for stored in header["variables"])
    known = {v.name: v for v in variables}
    standards = {name: Standard(**stored) for name, stored in header["standards"].items()}
    equations = {}
    for index, described in enumerate(header["equations"]):
        weights = {
            name.partition(".")[2]: value
            for name, value in tensors.items()
            if name.partition(".")[0] == str(index)
        }
        equations[described["variable"]] = Equation.restored(described, known, standards, weights)
    return variables, standards, equations, header


def _open(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            header = json.loads((file.metadata() or {}).get("rungs", "{}"))
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(
            f"“{path}” is not a model that can be read.",
            "Fit the equations again, or choose another file.",
        ) from error


def _variable(stored: Mapping[str, Any]) -> Variable:
    return Variable(**{**stored, "kind": Kind(stored["kind"]), "levels": tuple(stored["levels"])})
