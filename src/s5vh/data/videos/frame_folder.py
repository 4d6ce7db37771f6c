"""Reading of videos that are folders of numbered pictures, and of videos of either kind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from s5vh.base.errors import UserError
from s5vh.data.videos.decode import Clip, read_clip, thumbnails, uniform_indices
from s5vh.data.videos.frame_names import frames_in

T = TypeVar("T")


def read_video(path: Path, count: int, transform: Callable[[Image.Image], T]) -> Clip:
    """`count` uniformly spaced frames of a video file or of a folder of frames; see `read_clip`."""
    return read_frames(path, count, transform) if path.is_dir() else read_clip(path, count, transform)


def read_frames(folder: Path, count: int, transform: Callable[[Image.Image], T]) -> Clip:
    """`count` uniformly spaced pictures of a folder, in natural order of their names; only these are opened.

    A picture that cannot be read is replaced by the nearest one before it (or after it, at the start), as `read_clip`
    does with lost frames. There are no seconds.

    Raises:
        UserError: the folder cannot be read or has no single numbering of pictures, or none of these can be read.
    """
    names = frames_in(folder)
    wanted = uniform_indices(len(names), count).tolist()
    decoded: dict[int, T] = {}
    size, codec, reason = (0, 0), "", ""
    for number in sorted(set(wanted)):
        try:
            with Image.open(folder / names[number]) as picture:
                upright = _in_8_bits(ImageOps.exif_transpose(picture)).convert("RGB")
                codec = (picture.format or "").lower()
            decoded[number], size = transform(upright), upright.size
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            reason = reason or f"{names[number]}: {_reason(error)}"
    if not decoded:
        raise UserError(f"{folder}: none of its frames can be read ({reason})")
    lost = len(set(wanted)) - len(decoded)
    notes = [f"{lost} of {len(set(wanted))} frames could not be read and were replaced ({reason})"] if lost else []
    available = sorted(decoded)
    frames = [decoded[available[max(0, bisect_right(available, number) - 1)]] for number in wanted]
    return Clip(frames, len(names), None, *size, codec, notes)


def video_thumbnails(path: Path, count: int, height: int = 96) -> list[np.ndarray]:
    """Thumbnails of a video file or of a folder of frames; see `thumbnails`."""
    if not path.is_dir():
        return thumbnails(path, count, height)

    def small(picture: Image.Image) -> np.ndarray:
        width = max(1, round(picture.width * height / picture.height))
        return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))

    return read_frames(path, count, small).frames


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Scale 16-bit grey values; Pillow's own conversion would clip them."""
    if picture.mode == "F":
        raise ValueError("floating-point values, whose range is unknown; convert it to 8 or 16 bits")
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        values = np.asarray(picture, dtype=np.int64)
        if values.min() < 0 or values.max() > 65535:
            raise ValueError("values beyond 16 bits; convert it to 8 or 16 bits")
        return Image.fromarray((values // 257).astype(np.uint8))
    return picture


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "not a picture"
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
