"""Settings of a data set that is made of video files, `kind: videos`."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from s5vh.config.validation import Strict

NETWORK_SIZES = {"vgg16": 4096, "resnet50": 2048}  # values that a frame gets, D
RANDOM = "random"


class VideosConfig(Strict):
    """Video files of your own, and what makes frame features of them."""

    manifest: str | None = Field(
        None,
        description="CSV file inside `root` with the columns `path` and, if you like, `label` or `labels` (`;` "
        "between several) and `split` (`train`, `database`, `query`); null: every folder in `root` is a class",
    )
    query_share: float = Field(0.2, gt=0, lt=1, description="share of each class kept for queries, without a `split`")
    split_seed: int = Field(1, description="decides which videos these are; adding videos moves few of the others")
    database: Literal["train", "own"] = Field(
        "train", description="`train`: search among the training videos; `own`: the manifest's rows of split `database`"
    )
    network: str = Field(
        "resnet50",
        description="`resnet50`: global average pool, 2048 values; `vgg16`: fc7 after its ReLU, 4096 values; or "
        "`module:function`, a function of yours without arguments that returns a torch module from images "
        "[n, 3, crop, crop] to [n, D]",
    )
    weights: str | None = Field(
        None,
        description="null: ImageNet weights as torchvision publishes them, downloaded once (of a function of yours: as "
        "it returns the network); a .pth or .safetensors file with the same names; `random`: untrained, to try things",
    )
    weights_seed: int = Field(1, description="of `weights: random`")
    resize: PositiveInt = Field(256, description="shorter side of a frame, pixels")
    crop: PositiveInt = Field(224, description="side of the square cut from its middle, pixels")
    mean: tuple[float, float, float] = Field(
        (0.485, 0.456, 0.406), description="subtracted from red, green and blue in 0 to 1; ImageNet's"
    )
    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat] = Field(
        (0.229, 0.224, 0.225), description="then divided by; ImageNet's"
    )

    @field_validator("network")
    @classmethod
    def _known(cls, network: str) -> str:
        if network not in NETWORK_SIZES and not re.fullmatch(r"[\w.]+:\w+", network):
            raise ValueError(f"must be {', '.join(NETWORK_SIZES)} or module:function, got {network!r}")
        return network

    @model_validator(mode="after")
    def _consistent(self) -> VideosConfig:
        if self.crop > self.resize:
            raise ValueError(f"'crop' ({self.crop}) must not be larger than 'resize' ({self.resize})")
        if self.database == "own" and self.manifest is None:
            raise ValueError("'database: own' needs a 'manifest' whose column 'split' says which videos these are")
        return self

    @property
    def untrained(self) -> bool:
        """Whether features come from random weights, which every heading then says."""
        return self.weights == RANDOM
