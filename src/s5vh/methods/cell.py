"""One cell of the grid: a method on a data set at one code length with one seed."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, PositiveInt, SerializeAsAny, ValidationError

from s5vh.base.errors import UserError
from s5vh.config.grid import GridCell
from s5vh.config.validation import Strict, explain
from s5vh.methods.discovery import settings_class
from s5vh.methods.settings import DESCRIPTIVE, MethodSettings


class Cell(Strict):
    """What a training or fitting job needs to know; rules hand it over as JSON, so any change of it re-runs the job."""

    dataset: str
    method: str
    bits: PositiveInt
    seed: int = Field(ge=0)
    settings: SerializeAsAny[MethodSettings]

    def requires(self) -> dict[str, Path]:
        """Artifacts of other rules that this cell is made from, by name."""
        return self.settings.requires(GridCell(self.dataset, self.method, self.bits, self.seed))

    def to_json(self) -> str:
        """Stable text of everything that decides the cell; see `decisive`."""
        settings = decisive(self.settings)
        value = self.model_dump(mode="json", exclude={"settings"}) | {"settings": settings}
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Cell:
        """The cell of `to_json`; anything else is a `UserError`."""
        try:
            value = json.loads(text)
            settings = {"title": value["method"]} | value["settings"]
            value["settings"] = settings_class(settings["implementation"], "--cell").model_validate(settings)
            return cls.model_validate(value)
        except (ValueError, KeyError, TypeError) as error:  # pydantic's errors are ValueErrors
            raise UserError(f"--cell: not the settings of a cell ({error}); see `s5vh settings`") from None


def decisive(settings: MethodSettings) -> dict[str, Any]:
    """Settings that decide a result, as JSON-able data.

    A method's own settings are all there. Of those that it shares with other methods (`TrainingConfig`,
    `ClusteringConfig`, ...) only what differs from their defaults is, and these defaults never change: so a new shared
    setting, whose default is what was done before, re-runs nothing.
    """
    found = _decisive(settings, type(settings).__module__)
    return {key: value for key, value in found.items() if key not in DESCRIPTIVE}


def _decisive(model: BaseModel, own: str) -> dict[str, Any]:
    plain = model.model_dump(mode="json")
    found: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            if inner := _decisive(value, own):
                found[name] = inner
        elif _declared_by(type(model), name) == own or value != field.get_default(call_default_factory=True):
            found[name] = plain[name]
    return found


def _declared_by(model: type[BaseModel], field: str) -> str:
    """Module of the class that declares a field, or declares it anew with another default."""
    return next(base.__module__ for base in model.__mro__ if field in inspect.get_annotations(base))


def cell_of(value: Mapping[str, Any]) -> Cell:
    """A cell from its coordinates and settings; a wrong one is a `UserError`."""
    try:
        return Cell(**value)
    except ValidationError as error:
        raise explain(error, f"{value['method']} on {value['dataset']}") from None
