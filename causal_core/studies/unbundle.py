"""Opening a bundle that came from anywhere: every part is checked before it is kept."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from causal_core.errors import LimitError, RungsError, StudyError, UnknownColumn, UnknownLevel
from causal_core.graphs.graph import CausalGraph
from causal_core.limits import limit
from causal_core.studies import jobs, room, scenarios, versions
from causal_core.studies.bundle import FORMAT, INDEX, PARTS, member_of
from causal_core.studies.merge import NOTES
from causal_core.studies.numbered import LONGEST
from causal_core.studies.store import Store, Study
from causal_core.tables.reading import archives

if TYPE_CHECKING:
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.tables.table import Table

_DISBELIEVED = (AttributeError, LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)
_CELL = 8  # bytes


class _Loads(Protocol):
    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self: ...


_Model = TypeVar("_Model", bound=_Loads)


def is_bundle(content: bytes) -> bool:
    """Whether these bytes are a zip with a study's index in it."""
    if not content.startswith(b"PK"):
        return False
    try:
        return INDEX in archives.opened(content).namelist()
    except RungsError:
        return False


def unbundle(store: Store, content: bytes) -> Study:
    """A new study of the store from the bytes of `bundle`.

    Raises StudyError for what is no bundle, is damaged or says what cannot be true, and
    LimitError for one that is too large. Nothing is kept then.
    """
    if not is_bundle(content):
        raise StudyError("This file is no study of Rungs.", "Choose a file that Rungs has saved.")
    with _believed():
        parts = _Parts.of(content)
        model = _checked(parts)
        about = parts.index["study"]
        choices = _choices(about["choices"], model)
        graph = None if about["graph"] is None else CausalGraph.from_json(about["graph"]).to_json()
        undo = tuple(map(str, about["undo"]))
        example = None if about["example"] is None else str(about["example"])
        kept = [(str(v["name"]), CausalGraph.from_json(v["graph"]).to_json()) for v in parts.graphs]
        settings = _scenarios(parts.scenarios, model)
    digests = dict(zip(parts.contents, room.take_in(store, *parts.contents.values()), strict=True))
    with store.writing():  # all of it, or no study
        study = store.create(
            str(about["name"])[:LONGEST] or "Study",
            example=example,
            undo=undo,
            source=digests.get("source"),
            table=digests.get("table"),
            graph=graph,
            choices=choices,
        )
        for name, one in kept:
            versions.keep(store, study.id, name, one)
        for name, looked in settings:
            scenarios.keep(store, study.id, name, looked)
        if model is not None:
            _adopt(store, study, parts.index["fit"], digests)
        return store.get(study.id)


def _adopt(store: Store, study: Study, fit: Mapping[str, Any], digests: Mapping[str, str]) -> None:
    result = {**fit["result"], "model": digests["model"], "association": digests["association"]}
    jobs.adopt(store, study.id, "fit", {**fit["spec"], "table": digests["fitted"]}, result)


@dataclass(frozen=True)
class _Parts:
    """A bundle's index and the bytes of its parts, each as its digest says."""

    index: Mapping[str, Any]
    contents: Mapping[str, bytes]

    @classmethod
    def of(cls, content: bytes) -> _Parts:
        with archives.opened(content) as archive:
            index = json.loads(archive.read(INDEX))
            if index["format"] != FORMAT:
                raise StudyError(
                    "This study was saved by another version of Rungs.", "Open it with that one."
                )
            digests = {part: str(index["parts"][part]) for part in PARTS if part in index["parts"]}
            found = {part: archive.read(member_of(digests, part)) for part in digests}
        for part, bytes_ in found.items():
            if hashlib.sha256(bytes_).hexdigest() != digests[part]:
                raise ValueError(f"{part} is not what the index says")
        return cls(index, found)

    @property
    def graphs(self) -> list[Mapping[str, Any]]:
        """The kept graphs, the oldest first."""
        return sorted(self.index["versions"], key=lambda version: int(version["number"]))

    @property
    def scenarios(self) -> list[Mapping[str, Any]]:
        """The kept settings, the oldest first; an older Rungs saved none."""
        return sorted(self.index.get("scenarios", ()), key=lambda one: int(one["number"]))


def _checked(parts: _Parts) -> StructuralCausalModel | None:
    """The bundle's model, after all its parts were read; None where it has no fit."""
    tables = {
        part: _table(parts.contents[part]) for part in ("table", "fitted") if part in parts.contents
    }
    if parts.index["fit"] is None:
        return None
    from causal_core.association.model import AssociationModel
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.scm.report import NodeReport

    model = _loaded(StructuralCausalModel, parts.contents["model"])
    seen = _loaded(AssociationModel, parts.contents["association"])
    fit, known = parts.index["fit"], {v.name: v for v in tables["fitted"].variables}
    for variable in (*model.variables, *seen.variables):
        own = known[variable.name]
        if (own.kind, own.levels) != (variable.kind, variable.levels):
            raise ValueError(f"the model's “{variable.name}” is not the table's")
    if CausalGraph.from_json(fit["spec"]["graph"]).claims != model.graph.claims:
        raise ValueError("the model follows another graph")
    for report in fit["result"]["report"]:
        NodeReport.from_dict(report)
    return model


def _loaded(kind: type[_Model], content: bytes) -> _Model:
    with tempfile.TemporaryDirectory(prefix="rungs-model-") as folder:
        path = Path(folder) / "model.safetensors"
        path.write_bytes(content)
        return kind.load(path)


def _table(content: bytes) -> Table:
    """The table, its declared size looked at first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from causal_core.tables.table import Table

    try:
        about = pq.read_metadata(pa.BufferReader(content))
    except pa.ArrowException as error:
        raise ValueError("the table is no Parquet") from error
    if about.num_rows > limit("rows") or about.num_columns > limit("columns"):
        raise LimitError("The study's table is too large.", "Raise the limits, or take fewer rows.")
    if about.num_rows * about.num_columns * _CELL > limit("read_memory"):
        raise LimitError("The study's table takes too much memory.", "Take fewer rows.")
    return Table.from_bytes(content)


def _choices(kept: Mapping[str, Any], model: StructuralCausalModel | None) -> dict[str, Any]:
    """The notes, and what was looked at last, where the model can be asked it; no other choice."""
    notes = str(kept.get(NOTES, "")).replace("\x00", "")
    chosen: dict[str, Any] = {NOTES: notes} if notes else {}
    asked = kept.get("explore")
    return chosen if model is None or not asked else chosen | {"explore": _looked(asked, model)}


def _scenarios(
    kept: Sequence[Mapping[str, Any]], model: StructuralCausalModel | None
) -> list[tuple[str, dict[str, Any]]]:
    """Names and settings that the model can be asked; those of an older fit stay behind."""
    found: list[tuple[str, dict[str, Any]]] = []
    if model is None:
        return found
    for one in kept:
        with suppress(UnknownColumn, UnknownLevel):
            found.append((str(one["name"]), _looked(one["looked"], model)))
    return found


def _looked(asked: Mapping[str, Any], model: StructuralCausalModel) -> dict[str, Any]:
    """A question and the slider's position, where there is one."""
    from causal_core.queries.kept import from_dict, position_from, to_dict

    question = from_dict(asked, model.by_name)
    if asked.get("position") is None:
        return to_dict(question)
    position = position_from(asked, model.by_name[question.cause])
    return to_dict(question) | {"position": position}


@contextmanager
def _believed() -> Iterator[None]:
    """StudyError for whatever goes wrong in taking a bundle at its word."""
    try:
        yield
    except (StudyError, LimitError):
        raise
    except (RungsError, *_DISBELIEVED) as error:
        raise StudyError(
            "This study's file is damaged, or was changed by hand.", "Save it again where it is."
        ) from error
