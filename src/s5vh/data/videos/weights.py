"""Networks with their weights: from a file, from torchvision's server, random, or by a function of the user's own."""

from __future__ import annotations

import importlib
import math
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from filelock import FileLock
from torch import Tensor, nn

from s5vh.base.errors import UserError
from s5vh.base.files import disk_error
from s5vh.config.videos import VideosConfig
from s5vh.data.download.fetch import Unavailable, fetch
from s5vh.data.download.records import hash_file
from s5vh.data.download.sources import Entry, host_of, mirrored
from s5vh.data.download.transfer import say
from s5vh.data.videos.networks import HEADS, NETWORKS, Bottleneck

# Names of torchvision's files, IMAGENET1K_V1 of both: the first eight digits of their SHA-256 are in the name.
PUBLISHED = {"vgg16": "vgg16-397923af.pth", "resnet50": "resnet50-0676ba61.pth"}
_SERVER = "https://download.pytorch.org/models/"
_OPTIONAL = "num_batches_tracked"  # a counter that older files lack and evaluation does not use
_SHOWN = 3  # names told in a message


def load_network(settings: VideosConfig) -> tuple[nn.Module, str]:
    """The network on the CPU, ready for evaluation, and a text that identifies it with its weights.

    Raises:
        UserError: no such file, a file that does not fit, a failed download, or a function that does not work.
    """
    if ":" in settings.network:
        network, identity = _by_function(settings)
    else:
        # Without memory of its own until the weights are there: VGG-16 takes half a gigabyte.
        with torch.device("meta"):
            network = NETWORKS[settings.network]()
        identity = settings.network
        if settings.untrained:
            network = network.to_empty(device="cpu")
    if settings.untrained:
        randomise(network, settings.weights_seed)
        identity += f" random {settings.weights_seed}"
    elif settings.weights is not None or ":" not in settings.network:
        file = weights_file(settings)
        load_weights(network, read_weights(file), file, HEADS.get(settings.network))
        identity += f" {hash_file(file)[0]}"
    return network.eval().requires_grad_(False), identity


def weights_file(settings: VideosConfig) -> Path:
    """The file of the weights; torchvision's is downloaded into torch's own cache unless it is there.

    Raises:
        UserError: no such file, a failed download, or one with another content than published.
    """
    if settings.weights is not None:
        return Path(settings.weights)
    name = PUBLISHED[settings.network]
    file = Path(torch.hub.get_dir()) / "checkpoints" / name
    digits = name.partition("-")[2].removesuffix(".pth")
    if not file.is_file():
        _download(name, file, digits)
    elif not hash_file(file)[0].startswith(digits):
        raise UserError(f"{file}: not the file that torchvision publishes; delete it and run the same command again")
    return file


def _download(name: str, file: Path, digits: str) -> None:
    """From the mirror or torchvision's server; another process that wants the same file waits for this one."""
    entry = Entry(file)
    reasons = []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(entry.lock):
            for address in () if file.is_file() else (*mirrored("weights", name), _SERVER + name):
                try:
                    _bring(address, entry)
                except Unavailable as error:
                    reasons.append(str(error))
                    continue
                if hash_file(entry.part)[0].startswith(digits):
                    entry.part.replace(file)
                    entry.note.unlink(missing_ok=True)
                    break
                entry.forget()
                reasons.append(f"{address} is not the file that torchvision publishes")
    except OSError as error:
        raise disk_error(error, file) from None
    if not file.is_file():
        raise UserError(
            f"{name}: cannot be downloaded ({'; '.join(reasons)}); bring the file to {file}, name a file of yours in "
            "videos.weights, or try things with 'weights: random'"
        )


def _bring(address: str | Path, entry: Entry) -> None:
    if isinstance(address, Path):
        if not address.is_file():
            raise Unavailable(f"{address} is not there")
        shutil.copyfile(address, entry.part)
        return
    say(f"fetching {entry.file.name} from {host_of(address)}")
    fetch(address, entry.part, entry.note)


def read_weights(file: Path) -> dict[str, Tensor]:
    """Parameters by name from a .safetensors file, or from a .pth file of which nothing but tensors is read.

    Raises:
        UserError: missing or broken file, or one that holds anything else.
    """
    if not file.is_file():
        raise UserError(f"{file}: no such file; correct videos.weights")
    try:
        if file.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(file)
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        # Both libraries raise what a damaged byte leads to: pickle, zip, key and their own errors.
        first = str(error).strip().split("\n")[0].partition(". ")[0]
        raise UserError(f"{file}: not a readable file of weights ({first})") from None
    if isinstance(found, Mapping) and isinstance(found.get("state_dict"), Mapping):
        found = found["state_dict"]
    if not isinstance(found, Mapping) or not all(isinstance(value, Tensor) for value in found.values()):
        raise UserError(f"{file}: holds no mapping of names to tensors; save the network's state_dict()")
    return dict(found)


def load_weights(network: nn.Module, weights: Mapping[str, Tensor], file: Path, head: str | None = None) -> None:
    """Put weights into a network, which may be on the device meta; names and shapes must fit.

    Args:
        head: beginning of the names of the last layer, which is not used and may be there or not.

    Raises:
        UserError: names that are missing or unknown, or shapes that differ.
    """
    expected = network.state_dict()
    given = {name: value for name, value in weights.items() if head is None or not name.startswith(head)}
    missing = [name for name in expected if name not in given and not name.endswith(_OPTIONAL)]
    unknown = [name for name in given if name not in expected]
    for names, what in ((missing, "lacks"), (unknown, "has unknown")):
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            raise UserError(
                f"{file}: {what} {', '.join(names[:_SHOWN])}{more}; is it a file of the network in videos.network, "
                "with torchvision's names?"
            )
    for name, value in given.items():
        if value.shape != expected[name].shape:
            raise UserError(f"{file}: {name} is {list(value.shape)}, expected {list(expected[name].shape)}")
    for name, value in expected.items():
        # A counter that the file lacks, which is 0 in a network that was just made.
        given.setdefault(name, torch.zeros(value.shape, dtype=value.dtype))
    given = {name: value.to(expected[name].dtype) for name, value in given.items()}
    network.load_state_dict(given, assign=True)


def randomise(network: nn.Module, seed: int) -> None:
    """Untrained weights: He's normal distribution (variance 2 / fan-in), no offsets, norms that change nothing.

    The last norm of a residual block halves what it adds; sixteen full ones would let the values grow without bounds.
    """
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            fan_in = module.weight[0].numel()
            nn.init.normal_(module.weight, 0, math.sqrt(2 / fan_in), generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.reset_parameters()
    for module in network.modules():
        if isinstance(module, Bottleneck):
            nn.init.constant_(module.bn3.weight, 0.5)


def _by_function(settings: VideosConfig) -> tuple[nn.Module, str]:
    """A network made by the user's own `module:function`, looked for in the working directory too."""
    module_name, function = settings.network.split(":")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    where = f"videos.network '{settings.network}'"
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise UserError(f"{where}: {error}; install it, or put it into {folder}") from None
    factory = getattr(module, function, None)
    if not callable(factory):
        raise UserError(f"{where}: {module_name} has no function '{function}'")
    network = factory()
    if not isinstance(network, nn.Module):
        raise UserError(f"{where}: returned {type(network).__name__}, expected a torch.nn.Module")
    file = getattr(module, "__file__", None)
    return network, settings.network + (f" {hash_file(Path(file))[0]}" if file else "")
