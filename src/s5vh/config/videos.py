"""Settings of a data set of video files, `kind: videos`."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from s5vh.config.validation import Seed, Strict

NETWORK_SIZES = {"vgg16": 4096, "resnet50": 2048}  # feature dimension, D
RANDOM = "random"


class VideosConfig(Strict):
    """Your own video files, and how frame features are extracted from them."""

    manifest: str | None = Field(
        None,
        description="CSV file in `root` with the column `path` and, optionally, `label` or `labels` (separated by "
        "`;`) and `split` (`train`, `database`, `query`); null: every folder in `root` is a class, "
        "or a split with class folders below, if all are named like one (`train`, `val`, `test`, `query`, `database`)",
    )
    query_share: float = Field(
        0.2, gt=0, lt=1, description="share of each class used as queries unless the videos come split"
    )
    split_seed: int = Field(1, description="seed of that split; adding videos changes the split of few others")
    database: Literal["train", "own"] = Field(
        "train",
        description="`train`: search the training videos; `own`: search the videos whose split is `database`",
    )
    network: str = Field(
        "resnet50",
        description="`resnet50`: global average pooling, 2048 values; `vgg16`: fc7 after ReLU, 4096 values; or "
        "`module:function`, your own function without arguments that returns a torch module mapping images "
        "[n, 3, crop, crop] to [n, D]",
    )
    weights: str | None = Field(
        None,
        description="null: torchvision's ImageNet weights, downloaded once (for your own function: the weights it "
        "returns); a .pth or .safetensors file with the same names; `random`: untrained, for testing",
    )
    weights_seed: Seed = Field(1, description="seed of `weights: random`")
    resize: PositiveInt = Field(256, description="shorter side of a frame, in pixels")
    crop: PositiveInt = Field(224, description="side of the square center crop, in pixels")
    mean: tuple[float, float, float] = Field(
        (0.485, 0.456, 0.406), description="mean of red, green and blue in [0, 1], subtracted; default: ImageNet's"
    )
    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat] = Field(
        (0.229, 0.224, 0.225), description="standard deviation of red, green and blue, divided by; default: ImageNet's"
    )

    @field_validator("network")
    @classmethod
    def _known_network(cls, network: str) -> str:
        if network not in NETWORK_SIZES and not re.fullmatch(r"[\w.]+:\w+", network):
            raise ValueError(f"must be {', '.join(NETWORK_SIZES)} or module:function, got {network!r}")
        return network

    @model_validator(mode="after")
    def _consistent(self) -> VideosConfig:
        if self.crop > self.resize:
            raise ValueError(f"'crop' ({self.crop}) must not be larger than 'resize' ({self.resize})")
        return self

    @property
    def untrained(self) -> bool:
        """Whether features come from random weights, which every heading then states."""
        return self.weights == RANDOM
