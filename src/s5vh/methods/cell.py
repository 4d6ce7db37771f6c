"""One cell of the grid: a method on a data set at one code length with one seed."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SerializeAsAny, ValidationError

from s5vh.base.errors import UserError
from s5vh.config.grid_cell import GridCell
from s5vh.config.validation import CodeLength, Seed, Strict, explain
from s5vh.methods.discovery import settings_class
from s5vh.methods.settings import DESCRIPTIVE, MethodSettings


class Cell(Strict):
    """All inputs of a training or fitting job. Rules pass it as JSON, so any change to it reruns the job."""

    dataset: str
    method: str
    bits: CodeLength
    seed: Seed
    settings: SerializeAsAny[MethodSettings]

    def requires(self) -> dict[str, Path]:
        """Artifacts of other rules that this cell depends on, by name."""
        return self.settings.requires(GridCell(self.dataset, self.method, self.bits, self.seed))

    def to_json(self) -> str:
        """Canonical JSON of everything that determines the cell's result; see `decisive`."""
        settings = decisive(self.settings)
        value = self.model_dump(mode="json", exclude={"settings"}) | {"settings": settings}
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, where: str = "--cell") -> Cell:
        """Parse the output of `to_json`; raises `UserError` starting with `where` for anything else."""
        try:
            value = json.loads(text)
            settings = {"title": value["method"]} | value["settings"]
            value["settings"] = settings_class(settings["implementation"], where).model_validate(settings)
            return cls.model_validate(value)
        except (ValueError, KeyError, TypeError, RecursionError) as error:  # pydantic's ValidationError is a ValueError
            raise UserError(f"{where}: not the settings of a cell ({error}); see `s5vh settings`") from None


def decisive(settings: MethodSettings) -> dict[str, Any]:
    """Settings that determine a result, as JSON-serializable data.

    Settings that are declared by methods, or that several of them share, are always included. Those of the engine and
    of prepared artifacts (`TrainingConfig`, `ClusteringConfig`, ...) are included only if they differ from their
    defaults, which never change. So adding one whose default is the previous behaviour reruns nothing.
    """
    return {key: value for key, value in _decisive(settings).items() if key not in DESCRIPTIVE}


def _decisive(model: BaseModel) -> dict[str, Any]:
    dumped = model.model_dump(mode="json")
    result: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            if inner := _decisive(value):
                result[name] = inner
        elif _of_a_method(_declared_by(type(model), name)) or value != field.get_default(call_default_factory=True):
            result[name] = dumped[name]
    return result


def _of_a_method(module: str) -> bool:
    return module != MethodSettings.__module__ and not module.startswith("s5vh.config.")


@cache
def _declared_by(model: type[BaseModel], field: str) -> str:
    """Module of the class that declares a field, or redeclares it with another default."""
    return next(base.__module__ for base in model.__mro__ if field in inspect.get_annotations(base))


def cell_of(value: Mapping[str, Any]) -> Cell:
    """Build a cell from its coordinates and settings; raises `UserError` if they are invalid."""
    try:
        return Cell(**value)
    except ValidationError as error:
        raise explain(error, f"{value['method']} on {value['dataset']}") from None
