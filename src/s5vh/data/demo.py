"""The built-in demo corpus "moving digits": real handwritten digits, animated at run time, without any download.

Each of the 1,797 digit images shipped with scikit-learn (8 x 8 pixels, UCI "Optical recognition of handwritten digits")
is turned into a few clips of T frames, each with its own motion. A clip's label is the pair (digit, motion). Motions
come in time-reversed pairs, one per axis, so a model that ignores frame order cannot distinguish them. A motion may be
repeated: from start to end, and again from the start, at a speed and from a phase that differ from clip to clip. Then
no frame number means the same in two clips of a class. Without repetition, clips of a class are aligned in time, and
comparing frame by frame gives the class away. There are two sets of motions, straight and curved ones. Images are split
between database and queries before rendering: no image is in both.

Frame features come from a small convolutional network with fixed, seeded random weights; it is not trained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import h5py
import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.config.dataset import DatasetConfig, DemoConfig, Motions
from s5vh.data.aspects import Aspect
from s5vh.data.features import write_features
from s5vh.data.hdf5 import create_hdf5
from s5vh.data.motions import AXES, DIRECTIONS, MOTIONS, offsets

CANVAS = 32  # side length in pixels
DIGITS = 10
PER_DIGIT = len(AXES)  # motions
CLASSES = DIGITS * PER_DIGIT
THUMBNAILS = 5  # thumbnail frames per clip
_SPLIT_SEED = 0
_BLOCK = 64  # clips per rendered block
_SAMPLE = 256  # clips used to estimate mean and scale of the features


def class_names(motions: Motions = "straight") -> list[str]:
    """Names of the 90 classes, e.g. "3 drifts left"; class index = digit * 9 + motion."""
    return [f"{digit} {motion}" for digit in range(DIGITS) for motion in MOTIONS[motions]]


def aspects() -> list[Aspect]:
    """Digit and axis of the motion, and the direction of the motion among clips of the same digit and axis."""
    digit, motion = np.divmod(np.arange(CLASSES), PER_DIGIT)
    axis = digit * (max(AXES) + 1) + np.array(AXES)[motion]
    return [Aspect("digit_axis", axis), Aspect("direction", np.array(DIRECTIONS)[motion], within="digit_axis")]


@dataclass(frozen=True)
class Clips:
    """Clips to render: source image, digit, motion and random seed of each."""

    image: np.ndarray  # int [n], index into scikit-learn's digits
    digit: np.ndarray  # int [n]
    motion: np.ndarray  # int [n]
    seed: np.ndarray  # int [n], one generator per clip, so that clips are independent of each other
    motions: Motions = "straight"  # the set that `motion` numbers

    def __getitem__(self, rows: slice) -> Clips:
        return Clips(self.image[rows], self.digit[rows], self.motion[rows], self.seed[rows], self.motions)

    def __len__(self) -> int:
        return len(self.image)

    @property
    def labels(self) -> np.ndarray:
        """One-hot labels, uint8 [n, 90]."""
        return np.eye(CLASSES, dtype=np.uint8)[self.digit * PER_DIGIT + self.motion]

    @property
    def ids(self) -> list[str]:
        return [
            f"digit{image:04d}-{MOTIONS[self.motions][motion].replace(' ', '-')}"
            for image, motion in zip(self.image, self.motion, strict=True)
        ]


def plan_clips(config: DemoConfig) -> dict[str, Clips]:
    """Split the source images and assign motions to each: {"train": ..., "query": ...}.

    The split is stratified by digit and, like the choice of motions, fixed by `config.seed`.
    """
    from sklearn.datasets import load_digits

    digits = load_digits().target
    rng = np.random.default_rng([config.seed, _SPLIT_SEED])
    parts: dict[str, list[np.ndarray]] = {"train": [], "query": []}
    for digit in range(DIGITS):
        images = rng.permutation(np.flatnonzero(digits == digit))
        cut = round(len(images) * config.query_share)
        parts["query"].append(images[:cut])
        parts["train"].append(images[cut:])
    clips = {}
    for part, per_image in (("train", config.train_clips_per_image), ("query", config.query_clips_per_image)):
        images = np.concatenate(parts[part])
        motions = np.stack([rng.permutation(PER_DIGIT)[:per_image] for _ in images])
        image, motion = np.repeat(images, per_image), motions.ravel()
        order = rng.permutation(len(image))
        image, motion = image[order], motion[order]
        clips[part] = Clips(image, digits[image], motion, rng.integers(2**31, size=len(image)), config.motions)
    return clips


def _motion_parameters(clips: Clips, frames: int, config: DemoConfig) -> dict[str, np.ndarray]:
    """Position, angle and size of the digit in every frame, [n, T] each (canvas half-width = 1, radians)."""
    n = len(clips)
    draw = np.stack([np.random.default_rng(seed).uniform(-1, 1, size=8) for seed in clips.seed]).T[..., None]
    # Clips of one motion vary in speed and phase. Both distributions are symmetric in time, so that a motion and its
    # reverse have the same distribution of frame sets.
    time = np.linspace(-1, 1, frames)
    speed = 1 + config.speed_jitter * draw[0]
    shift = config.phase_jitter * draw[1]
    if config.repetitions is None:
        progress = speed * time + shift
    else:  # from -1 to 1 in every period, then from -1 again
        progress = 2 * np.mod((config.repetitions * speed * time + shift + 1) / 2, 1) - 1
    x = np.broadcast_to(config.position_jitter * draw[2], (n, frames)).copy()
    y = np.broadcast_to(config.position_jitter * draw[3], (n, frames)).copy()
    angle = np.broadcast_to(config.angle_jitter * draw[4], (n, frames)).copy()
    size = np.broadcast_to(config.size * (1 + config.size_jitter * draw[5]), (n, frames)).copy()
    start = {"x": x, "y": y, "angle": angle}
    for motion in np.unique(clips.motion):
        rows = clips.motion == motion
        for name, change in offsets(clips.motions, motion, progress[rows], config).items():
            if name == "log_size":
                size[rows] *= np.exp(change)
            else:
                start[name][rows] += change
    return start | {"size": size}


def render(clips: Clips, frames: int, config: DemoConfig) -> np.ndarray:
    """Render clips: float32 [n, T, 32, 32], ink 1 on background 0, plus independent noise in every frame."""
    import torch
    import torch.nn.functional as F
    from sklearn.datasets import load_digits

    n = len(clips)
    images = torch.from_numpy(load_digits().images[clips.image] / 16.0).float()
    p = {name: torch.from_numpy(value).float() for name, value in _motion_parameters(clips, frames, config).items()}
    cos, sin = torch.cos(p["angle"]) / p["size"], torch.sin(p["angle"]) / p["size"]
    # Rows of the affine map from canvas to image coordinates: rotation and scaling about the digit's centre.
    theta = torch.stack(
        [
            torch.stack([cos, sin, -cos * p["x"] - sin * p["y"]], dim=-1),
            torch.stack([-sin, cos, sin * p["x"] - cos * p["y"]], dim=-1),
        ],
        dim=-2,
    ).reshape(n * frames, 2, 3)
    source = images[:, None, None].expand(n, frames, 1, 8, 8).reshape(n * frames, 1, 8, 8)
    grid = F.affine_grid(theta, [n * frames, 1, CANVAS, CANVAS], align_corners=False)
    drawn = F.grid_sample(source, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    video = drawn.reshape(n, frames, CANVAS, CANVAS).numpy()
    for i, seed in enumerate(clips.seed):
        rng = np.random.default_rng([seed, 1])
        video[i] += config.noise * rng.standard_normal(video[i].shape, dtype=np.float32)
    return video


class RandomConvNet:
    """Fixed random frame features: three strided 3 x 3 convolutions with ReLU, then 2 x 2 average pooling.

    Weights are Gaussian with variance 2 / fan-in from numpy's seeded generator, so they do not depend on torch.
    The output size is D = 4 * channels of the last layer; D must be a multiple of 16.
    """

    def __init__(self, feature_size: int, seed: int):
        import torch

        channels = (1, feature_size // 16, feature_size // 8, feature_size // 4)
        rng = np.random.default_rng([seed, 2])
        self.weights = [
            torch.from_numpy((rng.standard_normal((out, into, 3, 3)) * (2 / (9 * into)) ** 0.5).astype(np.float32))
            for into, out in pairwise(channels)
        ]

    def __call__(self, video: np.ndarray) -> np.ndarray:
        """Map float32 [n, T, 32, 32] to [n, T, D]."""
        import torch
        import torch.nn.functional as F

        x = torch.from_numpy(video.reshape(-1, 1, CANVAS, CANVAS))
        with torch.inference_mode():
            for weight in self.weights:
                x = F.relu(F.conv2d(x, weight, stride=2, padding=1))
            x = F.adaptive_avg_pool2d(x, 2).flatten(1)
        return x.numpy().reshape(*video.shape[:2], -1)


def make_demo(config: DatasetConfig, output: Path) -> None:
    """Write train.h5 (also the database), query.h5 and thumbnails.h5 to the folder `output`.

    Features are standardised using the first training clips with straight motions: their mean frame is subtracted, and
    all values are divided by a single scale, so that the average variance is 1. So a frame has the same features in two
    corpora that differ in their motions.

    Raises:
        UserError: the settings do not match the corpus.
    """
    if config.feature_size % 16:
        raise UserError(f"demo: feature_size is {config.feature_size}, must be a multiple of 16")
    if config.classes != CLASSES:
        raise UserError(f"demo: classes is {config.classes}, must be {CLASSES} (digits x motions)")
    demo = config.demo
    network = RandomConvNet(config.feature_size, demo.seed)
    plan = plan_clips(demo)
    sample = network(render(replace(plan["train"][:_SAMPLE], motions="straight"), config.frames, demo))
    mean = sample.mean(axis=(0, 1))
    deviation = (sample - mean).std()
    shown = np.linspace(0, config.frames - 1, THUMBNAILS).round().astype(int)
    record = provenance(settings=config.model_dump(mode="json", exclude={"methods"}), seed=demo.seed)
    with create_hdf5(output / "thumbnails.h5") as pictures:
        pictures.create_dataset("class_names", data=class_names(demo.motions), dtype=h5py.string_dtype("utf-8"))
        for part, clips in plan.items():
            size = (len(clips), THUMBNAILS, CANVAS, CANVAS)
            stored = pictures.create_dataset(part, size, "uint8", compression="gzip")

            def blocks(clips: Clips = clips, stored: h5py.Dataset = stored) -> Iterator[np.ndarray]:
                for start in range(0, len(clips), _BLOCK):
                    video = render(clips[start : start + _BLOCK], config.frames, demo)
                    stored[start : start + len(video)] = (255 * video[:, shown].clip(0, 1)).astype(np.uint8)
                    yield (network(video) - mean) / deviation

            write_features(
                output / f"{part}.h5",
                blocks(),
                shape=(len(clips), config.frames, config.feature_size),
                dtype="float16",
                labels=clips.labels,
                ids=clips.ids,
                provenance=record,
                aspects=aspects(),
            )
