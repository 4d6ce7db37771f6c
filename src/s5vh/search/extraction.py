"""Which frame features a model wants of a video file, and what makes them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from s5vh.base.errors import UserError
from s5vh.search.index import ModelFile


class Extraction:
    """The way from video files to frame features for one index; nothing is loaded before a video file is met.

    Args:
        model: the index's model. The settings of the data set that it was trained on are the default.
        kept: what the index was built with: {"dataset": name, "settings": DatasetConfig as JSON, "key": digest of
            network, weights and preprocessing}. It wins, so that all videos of an index, and its queries, are extracted
            alike. None if the index has no video files yet.
        dataset: name of the data set whose settings to take instead of the model's.
        device, threads: see the command line.
    """

    def __init__(
        self,
        model: ModelFile,
        kept: dict[str, Any] | None = None,
        dataset: str | None = None,
        *,
        device: str = "auto",
        threads: int | None = None,
    ):
        self._model, self._kept, self._dataset = model, kept, dataset
        self._device, self.threads = device, threads

    @property
    def facts(self) -> dict[str, Any]:
        """What to keep with the index."""
        return self._settings | {"key": self.extractor.key}

    @cached_property
    def _settings(self) -> dict[str, Any]:
        if self._kept is not None:
            if self._dataset not in (None, self._kept["dataset"]):
                raise UserError(f"--dataset {self._dataset}: the videos of the index were extracted with the settings "
                                f"of '{self._kept['dataset']}', and all must be alike; leave it out")  # fmt: skip
            return self._kept
        from s5vh.config.load import load_dataset

        name = self._dataset or self._model.dataset
        config = load_dataset(name)
        if config.kind != "videos":
            raise UserError(
                f"data set '{name}' is of kind '{config.kind}' and says nothing about video files, so features for the "
                f"model ({self._model}) cannot be made from them; give feature files, or name with --dataset the data "
                "set of kind 'videos' that its features come from"
            )
        return {"dataset": name, "settings": config.model_dump(mode="json", exclude={"methods", "source"})}

    @cached_property
    def extractor(self) -> Any:
        """`s5vh.data.videos.extract.Extractor`, which makes float32 [T, D] of a video file."""
        from s5vh.config.dataset import DatasetConfig
        from s5vh.data.videos.extract import open_extractor

        config = DatasetConfig.model_validate(self._settings["settings"])
        made = open_extractor(config, device=self._device, threads=self.threads)
        if self._kept is not None and made.key != self._kept["key"]:
            raise UserError(
                f"data set '{self._kept['dataset']}': its image network or its weights are not those that the videos "
                "of the index were extracted with; put the weights back, or build another index"
            )
        return made

    @property
    def used(self) -> bool:
        """Whether a video file was met."""
        return "extractor" in self.__dict__
