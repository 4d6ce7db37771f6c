"""Frame features of a video file: a few frames, an image network, one vector a frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from s5vh.base.errors import UserError
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import digest
from s5vh.config.dataset import DatasetConfig
from s5vh.config.videos import NETWORK_SIZES
from s5vh.data.videos.decode import Clip, read_clip, square
from s5vh.data.videos.weights import load_network

_BATCH = 64  # frames that go through the network at a time


class Extractor:
    """Turns video files into features float32 [T, D]; made by `open_extractor`.

    A frame is resized (bilinear, shorter side `resize`), its middle square of `crop` pixels is scaled to 0..1 and
    normalised by `mean` and `std`, and the network makes a vector of it: torchvision's preprocessing for ImageNet. The
    vectors are stored as they come, neither centred nor scaled.

    Every video goes through the network by itself, so its features do not depend on the others of a data set.

    Attributes:
        frames: frames of a video, T.
        feature_size: values of a frame, D.
        key: digest of network, weights and preprocessing; features of another key cannot be compared.
        device: where the network runs.
    """

    def __init__(self, config: DatasetConfig, network: nn.Module, identity: str, device: torch.device):
        settings = config.videos
        self.frames, self.feature_size, self.device = config.frames, config.feature_size, device
        self._resize, self._crop = settings.resize, settings.crop
        # Frames come from the decoder with their channels last; the CPU's convolutions are faster that way, too.
        self._network = network.to(device, memory_format=torch.channels_last)
        self._mean, self._std = (
            torch.tensor(values, device=device).view(3, 1, 1) for values in (settings.mean, settings.std)
        )
        preprocessing = settings.model_dump(mode="json", include={"resize", "crop", "mean", "std"})
        self.key = digest([identity, self.frames, preprocessing])

    def read(self, path: Path) -> Clip:
        """The frames of a video as the network wants them, each uint8 [crop, crop, 3]; for many threads at once.

        Raises:
            UserError: not a video, or nothing in it can be decoded.
        """
        return read_clip(path, self.frames, self._square)

    def features(self, frames: list[np.ndarray]) -> np.ndarray:
        """Features float32 [n, D] of frames uint8 [crop, crop, 3]; for one thread at a time.

        Raises:
            UserError: the network gives another shape, NaN or infinity.
        """
        found = []
        with torch.inference_mode():
            for start in range(0, len(frames), _BATCH):
                images = torch.from_numpy(np.stack(frames[start : start + _BATCH])).to(self.device)
                images = images.permute(0, 3, 1, 2).float().div_(255)
                found.append(self._vectors((images - self._mean) / self._std))
        return np.concatenate(found)

    def video(self, path: Path) -> np.ndarray:
        """Features float32 [T, D] of a video file.

        Raises:
            UserError: not a video, nothing in it can be decoded, or the network fails on it.
        """
        return self.features(self.read(path).frames)

    def _square(self, picture: Image.Image) -> np.ndarray:
        return square(picture, self._resize, self._crop)

    def _vectors(self, images: torch.Tensor) -> np.ndarray:
        vectors = self._network(images)
        if not isinstance(vectors, torch.Tensor) or vectors.shape != (len(images), self.feature_size):
            shape = list(vectors.shape) if isinstance(vectors, torch.Tensor) else type(vectors).__name__
            raise UserError(
                f"videos.network: gives {shape} for {len(images)} images, expected "
                f"[{len(images)}, {self.feature_size}]; correct 'feature_size' or the network"
            )
        return vectors.float().cpu().numpy()


def open_extractor(config: DatasetConfig, *, device: str = "auto", threads: int | None = None) -> Extractor:
    """The extractor of a data set of kind `videos`, its network loaded and tried on one black frame.

    Args:
        config: the data set; its network and preprocessing are used, not its files.
        device: "auto" (a GPU if there is one), or torch's name of a device.
        threads: CPU threads of the network; None leaves torch's setting.

    Raises:
        UserError: another kind of data set; weights that are missing or do not fit; a network that does not work.
    """
    if config.videos is None:
        raise UserError(f"{config.title}: not of kind 'videos', so nothing says what makes its features")
    if threads is not None:
        torch.set_num_threads(threads)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    keep_freed_memory()
    network, identity = load_network(config.videos)
    extractor = Extractor(config, network, identity, torch.device(device))
    if config.videos.network not in NETWORK_SIZES:
        extractor.features([np.zeros((config.videos.crop, config.videos.crop, 3), np.uint8)])
    return extractor
