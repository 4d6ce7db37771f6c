"""Base classes of the methods' settings. Light: the Snakefile reads settings at parse time.

A method's folder has a `settings.py` with a class `Settings`, which says what can be set, which class is trained or
fitted, and which artifacts must exist before. Its docstring opens the method's page of the documentation.
"""

from __future__ import annotations

import string
from pathlib import Path
from typing import ClassVar

from pydantic import Field, field_validator

from s5vh.config.grid import GridCell
from s5vh.config.training import TrainingConfig
from s5vh.config.validation import Strict

DESCRIPTIVE = ("title", "published", "checked_against")  # settings that change no result
CHECKPOINT_FIELDS = ("root", "folder", "dataset", "bits")  # placeholders of `checkpoint`


class PublishedAs(Strict):
    """Where a recipe's printed numbers are found in config/published."""

    method: str = Field(description="column `method` there")
    variant: str = Field("full", description="column `variant` there")


class MethodSettings(Strict):
    """What every method can be told."""

    # Class that is trained or fitted, "module:Class"; loaded only when it is needed.
    implemented_by: ClassVar[str]

    title: str = Field(description="name in tables and figures")
    implementation: str = Field(description="folder of the method in src/s5vh/methods, or in methods/ of your own")
    published: PublishedAs | None = Field(
        None, description="printed numbers that this recipe stands beside; null: nobody printed any"
    )

    checked_against: str = Field("", description="what this recipe was checked against, for the documentation")

    def requires(self, cell: GridCell) -> dict[str, Path]:
        """Artifacts of other rules that a cell is made from, by name; see `s5vh.config.layout` for their places."""
        return {}

    def fewest_videos(self, bits: int) -> int:
        """Training videos without which a cell of this code length cannot be made."""
        return 1


class TrainedSettings(MethodSettings):
    """Settings of a method that the engine trains, or whose network is imported."""

    training: TrainingConfig = TrainingConfig()
    checkpoint: str | None = Field(
        None,
        description="file of the method's authors that the network is taken from, so that nothing is trained; "
        "`{root}`: folder of the data set's files, `{folder}`: last part of it, `{dataset}`: its name, `{bits}`: code "
        "length",
    )

    # Reads a file of the authors, "module:function"; None where no importer exists.
    checkpoint_reader: ClassVar[str | None] = None

    @field_validator("checkpoint")
    @classmethod
    def _placeholders_are_known(cls, pattern: str | None) -> str | None:
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(pattern or "") if field is not None]
        except ValueError as error:
            raise ValueError(f"'{pattern}' is not a pattern ({error})") from None
        for field in fields:
            if field not in CHECKPOINT_FIELDS:
                known = ", ".join(f"{{{name}}}" for name in CHECKPOINT_FIELDS)
                raise ValueError(f"unknown placeholder '{{{field}}}' (known: {known})")
        return pattern


class FittedSettings(MethodSettings):
    """Settings of a method without a network, which is fitted in one go."""


def is_trained(settings: MethodSettings) -> bool:
    """Whether it has a network, which the engine trains unless it is imported."""
    return isinstance(settings, TrainedSettings)


def is_imported(settings: MethodSettings) -> bool:
    """Whether its network is taken from a file of its authors instead of being trained."""
    return isinstance(settings, TrainedSettings) and settings.checkpoint is not None
