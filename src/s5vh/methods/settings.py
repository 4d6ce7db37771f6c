"""Base classes of method settings. Imports stay light: the Snakefile reads settings at parse time.

A method's folder has a `settings.py` with a class `Settings`, which declares the method's settings, the class that
implements it and the artifacts it requires. Its docstring opens the method's documentation page.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Collection
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, field_validator

from s5vh.config.centers import CentersConfig
from s5vh.config.grid_cell import GridCell
from s5vh.config.semantics import ClusteringConfig
from s5vh.config.training import TrainingConfig
from s5vh.config.validation import Strict

DESCRIPTIVE = ("title", "published", "checked_against")  # settings that do not affect results
CHECKPOINT_FIELDS = ("root", "folder", "dataset", "bits")  # placeholders allowed in `checkpoint`


class PublishedAs(Strict):
    """Where to find a recipe's published numbers in config/published."""

    method: str = Field(description="value of the column `method`")
    variant: str = Field("full", description="value of the column `variant`")


class MethodSettings(Strict):
    """Settings common to all methods."""

    # Class that implements the method, "module:Class"; imported only when needed.
    implemented_by: ClassVar[str]

    title: str = Field(description="name in tables and figures")
    implementation: str = Field(description="folder of the method in src/s5vh/methods, or in your own methods/")
    published: PublishedAs | None = Field(None, description="published numbers to show next to this recipe; null: none")

    checked_against: str = Field("", description="what this recipe was verified against, for the documentation")

    def requires(self, cell: GridCell) -> dict[str, Path]:
        """Artifacts of other rules that a cell depends on, by name; see `s5vh.config.layout` for their paths."""
        return {}

    def check_required_methods(self, name: str, settings_of: Callable[[str], MethodSettings]) -> None:
        """Reject a required model of a method that does not fit this one, before that is trained.

        Args:
            name: this method.
            settings_of: settings of a method by its name, on the same data set.
        """

    def with_seeds(self, seed: int, also_vary: Collection[str]) -> Self:
        """The settings of one seed of a run, which is also that of what `also_vary` lists ("clusters", "centers")."""
        kinds = {"clusters": ClusteringConfig, "centers": CentersConfig}
        varied = tuple(kinds[name] for name in also_vary)
        changed = {
            name: value.with_seed(seed)
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), varied)
        }
        return self.model_copy(update=changed)

    def minimum_videos(self, bits: int) -> int:
        """Minimum number of training videos for a cell of this code length."""
        return 1

    @property
    def fixed_length(self) -> bool:
        """Whether it only encodes videos of as many frames as those that it was trained or fitted on."""
        return False


class TrainedSettings(MethodSettings):
    """Settings of a method whose network is trained by the engine or imported."""

    training: TrainingConfig = TrainingConfig()
    checkpoint: str | None = Field(
        None,
        description="authors' checkpoint to import the network from instead of training; `{root}`: folder of the data "
        "set's files, `{folder}`: last component of it, `{dataset}`: name of the data set, `{bits}`: code length",
    )

    # Function that reads the authors' checkpoints, "module:function"; None if there is no importer.
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
    """Settings of a method without a network, fitted in closed form or by its own iterations."""


def is_trained(settings: MethodSettings) -> bool:
    """Whether the method has a network, which the engine trains unless it is imported."""
    return isinstance(settings, TrainedSettings)


def is_imported(settings: MethodSettings) -> bool:
    """Whether the method's network is imported from its authors' checkpoint instead of trained."""
    return isinstance(settings, TrainedSettings) and settings.checkpoint is not None
