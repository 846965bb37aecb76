"""Equations on disk: one safetensors file whose header carries the rest as JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from causal_core.durable import write_durably
from causal_core.errors import ModelError, RungsError
from causal_core.mechanisms.choose import Standard
from causal_core.scm.equation import Equation
from causal_core.tables.schema import Kind, Variable

_FORMAT = 2
_DISBELIEVED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    RungsError,
    TypeError,
    ValueError,
)


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
        raise ModelError(
            f"“{path}” does not hold a {kind} of this version of Rungs.",
            "Choose a file that this version has saved, or fit the equations again.",
        )
    with believed(path):
        return *_restored(header, tensors), header


@contextmanager
def believed(path: str | os.PathLike[str]) -> Iterator[None]:
    """ModelError for whatever goes wrong in taking a file at its word."""
    try:
        yield
    except _DISBELIEVED as e:
        raise ModelError(
            f"“{path}” says things of its equations that cannot be true ({e}).",
            "The file was changed or damaged: take another copy, or fit the equations again.",
        ) from e


def _restored(
    header: Mapping[str, Any], tensors: Mapping[str, Tensor]
) -> tuple[tuple[Variable, ...], dict[str, Standard], dict[str, Equation]]:
    variables = tuple(_variable(stored) for stored in header["variables"])
    known = {v.name: v for v in variables}
    standards = {name: Standard(**stored) for name, stored in header["standards"].items()}
    for name, standard in standards.items():
        if not all(map(math.isfinite, asdict(standard).values())) or standard.scale <= 0:
            raise ValueError(f"the scale of “{name}” is not a positive number")
    equations = {}
    for index, described in enumerate(header["equations"]):
        weights = {
            name.partition(".")[2]: value
            for name, value in tensors.items()
            if name.partition(".")[0] == str(index)
        }
        equation = Equation.restored(described, known, standards, weights)
        equation.check()
        equations[described["variable"]] = equation
    if equations.keys() != known.keys():
        raise ValueError("not every variable has its equation")
    return variables, standards, equations


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
