"""One cell of the grid: a method on a data set at one code length with one seed."""

from __future__ import annotations

import json

from pydantic import Field, PositiveInt

from s5vh.config.base import Strict
from s5vh.config.method import MethodConfig


class Cell(Strict):
    """What a training or fitting job needs to know; rules hand it over as JSON, so any change of it re-runs the job."""

    dataset: str
    method: str
    bits: PositiveInt
    seed: int = Field(ge=0)
    settings: MethodConfig

    def to_json(self) -> str:
        """Stable text: keys sorted, no title (renaming a method in tables must not retrain it)."""
        value = self.model_dump(mode="json", exclude={"settings": {"title", "published_variant"}})
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Cell:
        value = json.loads(text)
        value["settings"] = {"title": value["method"]} | value["settings"]
        return cls.model_validate(value)
