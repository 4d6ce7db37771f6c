"""Frame features of a video: an image network applied to a few sampled frames."""

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
from s5vh.config.videos import IMAGE_NETWORKS, WHOLE
from s5vh.data.videos.decode import Clip, square, squeezed
from s5vh.data.videos.frame_folder import read_video
from s5vh.data.videos.weights import load_network

_BATCH = 64  # frames per forward pass


class Extractor:
    """Extracts features float32 [T, D] from videos, files or folders of frames; created by `open_extractor`.

    Frames are resized (bilinear, shorter side `resize`), center-cropped to `crop` pixels, scaled to [0, 1], normalised
    with `mean` and `std`, as in torchvision's ImageNet preprocessing, then passed through the network. With `resize`
    "whole", they are squeezed into the square of `crop` pixels instead, so that nothing of them is lost. The vectors
    are stored without centring or scaling.

    Each video is passed through the network separately, so its features do not depend on the rest of the data set.

    Attributes:
        frames: frames per video, T.
        feature_size: feature dimension, D.
        key: digest of network, weights and preprocessing; features with different keys are not comparable.
        device: device of the network.
    """

    def __init__(self, config: DatasetConfig, network: nn.Module, identity: str, device: torch.device):
        settings = config.videos
        self.frames, self.feature_size, self.device = config.frames, config.feature_size, device
        self._resize, self._crop = settings.resize, settings.crop
        # The decoder returns channels-last frames, and CPU convolutions are faster in that layout, too.
        self._network = network.to(device, memory_format=torch.channels_last)
        self._mean, self._std = (
            torch.tensor(values, device=device).view(3, 1, 1) for values in (settings.mean, settings.std)
        )
        preprocessing = settings.model_dump(mode="json", include={"resize", "crop", "mean", "std"})
        self.key = digest([identity, self.frames, preprocessing])

    def read(self, path: Path) -> Clip:
        """Read the preprocessed frames of a video, each uint8 [crop, crop, 3]; thread-safe.

        Raises:
            UserError: not a video, or no frame can be decoded.
        """
        return read_video(path, self.frames, self._square)

    def features(self, frames: list[np.ndarray]) -> np.ndarray:
        """Features float32 [n, D] of frames uint8 [crop, crop, 3]; not thread-safe.

        Raises:
            UserError: the network's output has the wrong shape.
        """
        vectors = []
        with torch.inference_mode():
            for start in range(0, len(frames), _BATCH):
                images = torch.from_numpy(np.stack(frames[start : start + _BATCH])).to(self.device)
                images = images.permute(0, 3, 1, 2).float().div_(255)
                vectors.append(self._vectors((images - self._mean) / self._std))
        return np.concatenate(vectors)

    def video(self, path: Path) -> np.ndarray:
        """Features float32 [T, D] of a video file.

        Raises:
            UserError: not a video, no frame can be decoded, or the network's output has the wrong shape.
        """
        return self.features(self.read(path).frames)

    def thumbnail(self, clip: Clip, number: int, side: int) -> np.ndarray:
        """One of the frames that `read` gave, small and in proportion: the center of it, uint8 RGB [side, side, 3]."""
        picture = Image.fromarray(clip.frames[number])
        if self._resize == WHOLE:  # back to the proportions of the video
            longer = round(self._crop * max(clip.width, clip.height) / min(clip.width, clip.height))
            wide = clip.width >= clip.height
            picture = picture.resize((longer, self._crop) if wide else (self._crop, longer))
        return square(picture, side, side)

    def _square(self, picture: Image.Image) -> np.ndarray:
        return squeezed(picture, self._crop) if self._resize == WHOLE else square(picture, self._resize, self._crop)

    def _vectors(self, images: torch.Tensor) -> np.ndarray:
        vectors = self._network(images)
        if not isinstance(vectors, torch.Tensor) or vectors.shape != (len(images), self.feature_size):
            shape = list(vectors.shape) if isinstance(vectors, torch.Tensor) else type(vectors).__name__
            raise UserError(
                f"videos.network: output {shape} for {len(images)} images, expected "
                f"[{len(images)}, {self.feature_size}]; fix 'feature_size' or the network"
            )
        return vectors.float().cpu().numpy()


def open_extractor(config: DatasetConfig, *, device: str = "auto", threads: int | None = None) -> Extractor:
    """Create the extractor of a data set of kind `videos`; custom networks are tested on one black frame.

    Args:
        config: the data set; only its network and preprocessing are used, not its files.
        device: "auto" (a GPU if there is one), or a torch device name.
        threads: CPU threads of the network; None leaves torch's setting.

    Raises:
        UserError: the data set is of another kind; weights are missing or do not match; the network does not work.
    """
    if config.videos is None:
        raise UserError(f"{config.title}: not of kind 'videos', so it has no network to extract features with")
    if threads is not None:
        torch.set_num_threads(threads)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    keep_freed_memory()
    network, identity = load_network(config.videos)
    extractor = Extractor(config, network, identity, torch.device(device))
    if config.videos.network not in IMAGE_NETWORKS:
        extractor.features([np.zeros((config.videos.crop, config.videos.crop, 3), np.uint8)])
    return extractor
