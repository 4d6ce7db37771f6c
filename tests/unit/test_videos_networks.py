"""The image networks and their weights."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from data_files import fails
from download_server import Served
from safetensors.torch import save_file
from torch import nn

from s5vh.base.errors import UserError
from s5vh.config.videos import VideosConfig
from s5vh.data.videos import weights
from s5vh.data.videos.networks import HEADS, NETWORKS
from s5vh.data.videos.weights import load_network, load_weights, randomise, read_weights, weights_file

pytest_plugins = ("download_fixtures",)

RESNET = VideosConfig(network="resnet50")


def parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


# Parameters with the classification layer, and features: of torchvision, and of EfficientNet-Lite0 as timm has it.
NUMBERS = [("vgg16", 138_357_544, 4096), ("resnet50", 25_557_032, 2048), ("efficientnet_lite0", 4_652_008, 1280)]


@pytest.mark.parametrize(("name", "whole", "size"), NUMBERS)
def test_parameters_are_as_published(name: str, whole: int, size: int) -> None:
    with torch.device("meta"):
        network, used = NETWORKS[name](head=True), NETWORKS[name]()
    assert parameters(network) == whole
    assert parameters(network) - parameters(used) == size * 1000 + 1000
    head = {key for key in network.state_dict() if key.startswith(HEADS[name])}
    assert set(used.state_dict()) == set(network.state_dict()) - head and len(head) == 2


# First, last and odd names and shapes as torchvision and the package have them, and how many there are.
NAMES = {
    "vgg16": (
        32,
        {
            "features.0.weight": [64, 3, 3, 3],
            "features.28.bias": [512],
            "classifier.0.weight": [4096, 25088],
            "classifier.3.bias": [4096],
            "classifier.6.weight": [1000, 4096],
        },
    ),
    "resnet50": (
        320,
        {
            "conv1.weight": [64, 3, 7, 7],
            "bn1.running_var": [64],
            "layer1.0.downsample.0.weight": [256, 64, 1, 1],
            "layer2.0.conv2.weight": [128, 128, 3, 3],
            "layer3.5.bn3.num_batches_tracked": [],
            "layer4.0.downsample.1.running_mean": [2048],
            "layer4.2.conv3.weight": [2048, 512, 1, 1],
            "fc.weight": [1000, 2048],
        },
    ),
    "efficientnet_lite0": (
        296,
        {
            "_conv_stem.weight": [32, 3, 3, 3],
            "_blocks.0._depthwise_conv.weight": [32, 1, 3, 3],
            "_blocks.1._expand_conv.weight": [96, 16, 1, 1],
            "_blocks.8._depthwise_conv.weight": [480, 1, 5, 5],
            "_blocks.15._bn2.running_var": [320],
            "_conv_head.weight": [1280, 320, 1, 1],
            "_fc.bias": [1000],
        },
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_those_of_the_files(name: str) -> None:
    with torch.device("meta"):
        state = NETWORKS[name](head=True).state_dict()
    count, some = NAMES[name]
    assert len(state) == count
    assert {key: list(state[key].shape) for key in some} == some


def test_one_frame_through_vgg16() -> None:
    network, _ = load_network(VideosConfig(network="vgg16", weights="random"))
    with torch.inference_mode():
        features = network(torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)))
    assert features.shape == (1, 4096)
    assert features.min() == 0 and 0.3 < (features > 0).float().mean() < 0.7  # fc7 after its ReLU
    assert 0.01 < features.std() < 100


def test_resnet50_by_a_plain_writing_of_its_last_block() -> None:
    network, identity = load_network(VideosConfig(network="resnet50", weights="random", weights_seed=3))
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    seen = {}
    network.layer4[2].register_forward_hook(lambda _, inputs, output: seen.update(x=inputs[0], y=output))
    with torch.inference_mode():
        features = network(images)
        block, F = network.layer4[2], torch.nn.functional

        def norm(x, bn):
            return (x - bn.running_mean[:, None, None]) / (bn.running_var[:, None, None] + 1e-5).sqrt() * bn.weight[
                :, None, None
            ] + bn.bias[:, None, None]

        x = F.relu(norm(F.conv2d(seen["x"], block.conv1.weight), block.bn1))
        x = F.relu(norm(F.conv2d(x, block.conv2.weight, padding=1), block.bn2))
        x = F.relu(norm(F.conv2d(x, block.conv3.weight), block.bn3) + seen["x"])
    strides = [network.layer2[0].conv1.stride, network.layer2[0].conv2.stride, network.layer2[0].downsample[0].stride]
    assert strides == [(1, 1), (2, 2), (2, 2)]
    torch.testing.assert_close(seen["y"], x, rtol=1e-4, atol=1e-4)
    assert seen["y"].shape == (2, 2048, 2, 2)
    torch.testing.assert_close(features, seen["y"].mean(dim=(2, 3)))
    assert identity == "resnet50 random 3" and not network.training
    assert 0.01 < features.std() < 100  # sixteen blocks do not blow it up


def test_random_weights_are_fixed_by_their_seed() -> None:
    def first(seed: int) -> torch.Tensor:
        network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Linear(8, 64))
        randomise(network, seed)
        assert not network[0].bias.any() and network[1].running_var.eq(1).all()
        assert network[2].weight.std().item() == pytest.approx((2 / 8) ** 0.5, rel=0.15)
        return network[0].weight

    assert torch.equal(first(1), first(1)) and not torch.equal(first(1), first(2))


class Tiny(nn.Module):
    """A network with a head and a norm, for files of a few bytes."""

    def __init__(self, head: bool = False):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3)
        self.bn1 = nn.BatchNorm2d(4)
        if head:
            self.fc = nn.Linear(4, 10)

    def forward(self, images):
        return self.bn1(self.conv1(images)).mean(dim=(2, 3))


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """ResNet-50 is as small as can be; its weights as torchvision would store them."""
    monkeypatch.setitem(weights.NETWORKS, "resnet50", Tiny)
    torch.manual_seed(0)
    return Tiny(head=True).state_dict()


def from_file(file: Path) -> nn.Module:
    return load_network(RESNET.model_copy(update={"weights": str(file)}))[0]


def test_weights_come_from_both_kinds_of_files(tiny, tmp_path):
    torch.save(tiny, tmp_path / "w.pth")
    save_file(tiny, tmp_path / "w.safetensors")
    torch.save({"state_dict": tiny, "epoch": 3}, tmp_path / "checkpoint.pth")
    older = {name: value for name, value in tiny.items() if "tracked" not in name and not name.startswith("fc")}
    torch.save(older, tmp_path / "older.pth")
    torch.save(tiny | {"fc.weight": torch.zeros(2, 4)}, tmp_path / "tuned.pth")
    images = torch.rand(2, 3, 8, 8)
    network = Tiny(head=True).eval()
    network.load_state_dict(tiny)
    for name in ("w.pth", "w.safetensors", "checkpoint.pth", "older.pth", "tuned.pth"):
        torch.testing.assert_close(from_file(tmp_path / name)(images), network(images))


def test_files_that_do_not_fit(tiny, tmp_path):
    file = tmp_path / "w.pth"
    what = "; use weights of the network in videos.network, with the names of the file that it takes by default"
    del tiny["conv1.bias"]
    torch.save(tiny, file)
    with fails(f"{file}: is missing conv1.bias{what}"):
        from_file(file)
    torch.save(tiny | {"conv1.bias": torch.zeros(4), "extra": torch.zeros(1)}, file)
    with fails(f"{file}: has unknown extra{what}"):
        from_file(file)
    torch.save({"a": torch.zeros(1)}, file)
    with fails(f"{file}: is missing conv1.weight, conv1.bias, bn1.weight and 3 more{what}"):
        from_file(file)
    torch.save(tiny | {"conv1.bias": torch.zeros(5)}, file)
    with fails(f"{file}: conv1.bias is [5], expected [4]"):
        from_file(file)
    with fails(f"{tmp_path / 'no.pth'}: no such file; fix videos.weights"):
        from_file(tmp_path / "no.pth")
    torch.save([1, 2], file)
    with fails(f"{file}: not a mapping of names to tensors; save the network's state_dict()"):
        from_file(file)


def test_nothing_of_a_weights_file_is_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    torch.save({"conv1.weight": Evil()}, tmp_path / "evil.pth")
    (tmp_path / "noise.pth").write_bytes(b"noise" * 100)
    (tmp_path / "noise.safetensors").write_bytes(b"noise" * 100)
    for name in ("evil.pth", "noise.pth", "noise.safetensors"):
        with pytest.raises(UserError, match=f"{name}: not a readable weights file"):
            read_weights(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_published_weights_are_downloaded_once_and_checked(tiny, server, tmp_path, monkeypatch):
    source = tmp_path / "source.pth"
    torch.save(tiny, source)
    digits = hashlib.sha256(source.read_bytes()).hexdigest()[:8]
    name = f"net-{digits}.pth"
    monkeypatch.delenv("S5VH_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(weights, "_SERVER", f"{server.url}/")
    monkeypatch.setitem(weights.PUBLISHED, "resnet50", name)
    cached = tmp_path / "hub/checkpoints" / name
    with pytest.raises(UserError, match=rf"^{name}: cannot be downloaded .* set videos.weights to your own file"):
        weights_file(RESNET)
    assert not cached.exists()
    server.files[f"/{name}"] = Served(source.read_bytes())
    assert weights_file(RESNET) == cached and cached.read_bytes() == source.read_bytes()
    asked = len(server.asked)
    assert load_network(RESNET)[1].startswith(f"resnet50 {digits}")
    assert len(server.asked) == asked
    cached.write_bytes(b"broken")
    with fails(f"{cached}: not the file published by torchvision; delete it and run the same command again"):
        weights_file(RESNET)
    cached.unlink()
    server.files[f"/{name}"] = Served(b"another content than its name says")
    with pytest.raises(UserError, match=r"is not the file published by torchvision\); place the file at"):
        weights_file(RESNET)
    assert not [file for file in cached.parent.iterdir() if file.suffix != ".lock"]
    monkeypatch.setenv("S5VH_MIRROR", str(tmp_path / "mirror"))
    (tmp_path / "mirror/weights").mkdir(parents=True)
    shutil.copy(source, tmp_path / "mirror/weights" / name)
    asked = len(server.asked)
    assert weights_file(RESNET).read_bytes() == source.read_bytes()
    assert len(server.asked) == asked


def test_published_names_carry_their_hashes():
    assert weights.PUBLISHED == {"vgg16": "vgg16-397923af.pth", "resnet50": "resnet50-0676ba61.pth"}


MODULE = """
from torch import nn

def network():
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 5))

def text():
    return "network"

number = 3
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "my_encoder.py").write_text(MODULE)
    yield "my_encoder"
    sys.modules.pop("my_encoder", None)


def test_function_of_the_users_own(module, tmp_path):
    network, identity = load_network(VideosConfig(network=f"{module}:network"))
    assert network(torch.ones(2, 3, 4, 4)).shape == (2, 5)
    assert identity == f"{module}:network {hashlib.sha256(MODULE.encode()).hexdigest()}"
    torch.save({"2.weight": torch.ones(5, 3), "2.bias": torch.zeros(5)}, tmp_path / "w.pth")
    network, _ = load_network(VideosConfig(network=f"{module}:network", weights="w.pth"))
    np.testing.assert_allclose(network(torch.ones(1, 3, 4, 4)), 3)
    one, two = (
        load_network(VideosConfig(network=f"{module}:network", weights="random", weights_seed=seed))[0][2].weight
        for seed in (1, 2)
    )
    assert not torch.equal(one, two)


def test_functions_that_do_not_work(module, tmp_path):
    for name, message in (
        ("no_such_module:f", f"No module named 'no_such_module'; install it, or place it in {tmp_path}"),
        ("my_encoder:nothing", "my_encoder has no function 'nothing'"),
        ("my_encoder:number", "my_encoder has no function 'number'"),
        ("my_encoder:text", "returned str, expected a torch.nn.Module"),
    ):
        with fails(f"videos.network '{name}': {message}"):
            load_network(VideosConfig(network=name))


def test_loading_needs_no_second_copy():
    with torch.device("meta"):
        network = nn.Linear(3, 2)
    given = {"weight": torch.ones(2, 3), "bias": torch.zeros(2)}
    load_weights(network, given, Path("w.pth"))
    assert network.weight.data_ptr() == given["weight"].data_ptr()
