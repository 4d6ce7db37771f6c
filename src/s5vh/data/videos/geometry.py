"""From a decoded frame to the picture that a player shows: square pixels, upright, not mirrored."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from PIL import Image

_MAX_ASPECT = 16  # pixel shapes beyond this are nonsense in the file, and ignored


class Display:
    """How the frames of a stream are to be shown. Create it before the first frame is decoded.

    The shape of the pixels may be stated by the container, by the codec, or by both. The container's takes precedence,
    as in FFmpeg. The codec's may change along the video.
    """

    def __init__(self, stream: av.VideoStream):
        self._decoder = stream.codec_context
        stated = stream.sample_aspect_ratio
        self._container = stated if stated != self._decoder.sample_aspect_ratio else None

    def picture(self, frame: av.VideoFrame) -> Image.Image:
        """The frame as shown, RGB. Pixels are made square by enlarging one side."""
        aspect = self._container or self._decoder.sample_aspect_ratio or Fraction(1)
        picture = frame.to_image()
        size = square_pixels(picture.size, aspect)
        if size != picture.size:
            picture = picture.resize(size, Image.Resampling.BILINEAR)
        return oriented(picture, display_matrix(frame))


def square_pixels(size: tuple[int, int], aspect: Fraction) -> tuple[int, int]:
    """Width and height with square pixels of a picture of `size` whose pixels are `aspect` times as wide as high."""
    width, height = size
    if not Fraction(1, _MAX_ASPECT) <= aspect <= _MAX_ASPECT:
        return size
    return (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))


def display_matrix(frame: av.VideoFrame) -> np.ndarray:
    """The linear part [2, 2] of the frame's display matrix: (x, y) is shown at (x, y) @ matrix, with y downwards."""
    try:
        values = np.frombuffer(frame.side_data["DISPLAYMATRIX"], np.int32)
        return values.reshape(3, 3)[:2, :2]
    except KeyError:
        return np.eye(2, dtype=np.int32)
    except ValueError:  # PyAV does not know some other data of the frame, and then gives only the angle
        angle = np.deg2rad(frame.rotation)
        return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def oriented(picture: Image.Image, matrix: np.ndarray) -> Image.Image:
    """The picture in the one of the eight orientations that is nearest to a display matrix [2, 2]."""
    (a, b), (c, d) = matrix.tolist()
    if abs(a) + abs(d) >= abs(b) + abs(c):
        across, down = a, d
    else:
        picture = picture.transpose(Image.Transpose.TRANSPOSE)
        across, down = c, b
    if across < 0:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if down < 0:
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return picture
