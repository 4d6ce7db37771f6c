"""Frame feature extraction for the video files of an index."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from s5vh.base.errors import UserError
from s5vh.search.model_record import ModelFile


class Extraction:
    """Extracts frame features from video files for one index; everything is loaded lazily, on the first video file.

    Args:
        model: the index's model. By default, the settings of the data set it was trained on are used.
        kept: what the index was built with: {"dataset": name, "settings": DatasetConfig as JSON, "key": digest of
            network, weights and preprocessing}. It takes precedence, so that features of all videos and queries are
            extracted in the same way. None if the index has no video files yet.
        dataset: name of a data set whose settings are used instead of the model's.
        device, threads: where to run the image network.
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
        """Settings to store in the index."""
        return self._settings | {"key": self.extractor.key}

    @cached_property
    def _settings(self) -> dict[str, Any]:
        if self._kept is not None:
            if self._dataset not in (None, self._kept["dataset"]):
                raise UserError(f"--dataset {self._dataset}: the index was built with the extraction settings of "
                                f"'{self._kept['dataset']}', which apply to all its videos; "
                                "omit --dataset")  # fmt: skip
            return self._kept
        from s5vh.config.load import load_dataset

        name = self._dataset or self._model.dataset
        config = load_dataset(name)
        if config.kind != "videos":
            raise UserError(
                f"data set '{name}' is of kind '{config.kind}' and has no extraction settings, so features for the "
                f"model ({self._model}) cannot be extracted from video files; provide feature files, or use --dataset "
                "to select the data set of kind 'videos' that its features come from"
            )
        return {"dataset": name, "settings": config.model_dump(mode="json", exclude={"methods", "source"})}

    @cached_property
    def extractor(self) -> Any:
        """`s5vh.data.videos.extract.Extractor`, which turns a video file into float32 [T, D]."""
        from s5vh.config.dataset import DatasetConfig
        from s5vh.data.videos.extract import open_extractor

        config = DatasetConfig.model_validate(self._settings["settings"])
        made = open_extractor(config, device=self._device, threads=self.threads)
        if self._kept is not None and made.key != self._kept["key"]:
            raise UserError(
                f"data set '{self._kept['dataset']}': its image network or weights differ from those used to build the "
                "index; restore the weights, or build a new index"
            )
        if self._kept is None and self._model.extractor not in (None, made.key):
            raise UserError(
                f"data set '{self._settings['dataset']}': frame features would come from {config.network} with "
                f"'videos' settings that differ from those of the model's training videos ({self._model}), so codes "
                "would not be comparable; restore the settings, or train again"
            )
        return made

    @property
    def used(self) -> bool:
        """Whether any video file was processed."""
        return "extractor" in self.__dict__
