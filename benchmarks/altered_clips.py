"""Copies of video files, altered as copies in archives are, and generated clips to hide the originals among.

Used by near_duplicates.py. All files are H.264, written by PyAV with one thread, so the same input gives the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageOps

from s5vh.base.files import atomic
from s5vh.data.videos.container import frames, open_container, picture_stream
from s5vh.data.videos.geometry import Display

Picture = Callable[[Image.Image], Image.Image]
Timing = Callable[[int], tuple[np.ndarray, np.ndarray]]

_QUALITY = {"preset": "ultrafast", "crf": "23"}
_RATE = Fraction(25)  # of generated clips, and of files that state none


def unchanged(picture: Image.Image) -> Image.Image:
    return picture


def smaller(picture: Image.Image) -> Image.Image:
    """Half as wide and half as high."""
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)


def cropped(picture: Image.Image) -> Image.Image:
    """Without a tenth of the width at the left and right, and of the height above and below."""
    across, down = round(picture.width / 10), round(picture.height / 10)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def letterboxed(picture: Image.Image) -> Image.Image:
    """With black bars above and below, each a sixth of the picture's height."""
    bar = round(picture.height / 6)
    return ImageOps.expand(picture, (0, bar, 0, bar), fill=0)


def with_logo(picture: Image.Image) -> Image.Image:
    """With an opaque sign in the upper right corner, a quarter of the width and a sixth of the height."""
    width, height = picture.width // 4, picture.height // 6
    left, top = picture.width - width - picture.width // 40, picture.height // 40
    marked = picture.copy()
    draw = ImageDraw.Draw(marked)
    draw.rectangle((left, top, left + width - 1, top + height - 1), fill="white")
    draw.ellipse((left + 2, top + 2, left + height - 3, top + height - 3), fill="red")
    draw.rectangle((left + height, top + height // 3, left + width - 4, top + 2 * height // 3), fill="black")
    return marked


def every_frame(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the frames shown and when each is shown, in frame durations, int64 [n] each; of a video of `count`."""
    return np.arange(count), np.arange(count)


def at_speed(speed: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Played `speed` times as fast at the same frame rate: round(count / speed) frames, the nearest ones in time."""
    times = np.arange(max(1, round(count / speed)))
    return np.minimum(((times + 0.5) * speed).astype(np.int64), count - 1), times


def trimmed(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Without the first and the last tenth."""
    cut = count // 10
    kept = np.arange(cut, count - cut)
    return kept, kept - cut


def frames_dropped(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Without a quarter of the frames, drawn at random; the others keep their times, so the video is as long."""
    kept = np.sort(np.random.default_rng(count).permutation(count)[: max(1, count - count // 4)])
    return kept, kept


@dataclass(frozen=True)
class Alteration:
    """One way of altering a video.

    Attributes:
        title: in plain words.
        picture: what is done to every frame.
        timing: which frames are shown when; from the number of frames.
        bit_rate: share of the source's bit rate; None encodes at constant quality.
    """

    title: str
    picture: Picture = unchanged
    timing: Timing = every_frame
    bit_rate: float | None = None


ALTERATIONS = {
    "bit_rate": Alteration("a quarter of the bit rate", bit_rate=0.25),
    "smaller": Alteration("half as wide and half as high", smaller),
    "cropped": Alteration("a tenth cut off at each side", cropped),
    "letterboxed": Alteration("black bars above and below", letterboxed),
    "logo": Alteration("a logo in a corner", with_logo),
    "mirrored": Alteration("mirrored", ImageOps.mirror),
    "slower": Alteration("0.9 times the speed", timing=partial(at_speed, 0.9)),
    "faster": Alteration("1.1 times the speed", timing=partial(at_speed, 1.1)),
    "trimmed": Alteration("first and last tenth cut off", timing=trimmed),
    "dropped": Alteration("a quarter of the frames dropped", timing=frames_dropped),
}


def pictures(path: Path) -> Iterator[Image.Image]:
    """All frames of a video in order, as a player shows them; frames that cannot be decoded are left out."""
    with open_container(path) as container:
        stream = picture_stream(path, container)
        display = Display(stream)
        yield from (display.picture(frame) for frame in frames(container, stream) if frame is not None)


def write_clip(
    path: Path, shown: Iterable[tuple[int, Image.Image]], rate: Fraction = _RATE, bit_rate: float | None = None
) -> None:
    """Encode pictures of one size, each with the time at which it is shown, in 1/rate seconds; atomically.

    Args:
        bit_rate: in bits per second; None encodes at constant quality. An odd last row or column is left out.
    """
    with atomic(path) as temporary, av.open(str(temporary), "w", format="mp4") as container:
        options = _QUALITY if bit_rate is None else {"preset": _QUALITY["preset"]}
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 1
        if bit_rate is not None:
            stream.bit_rate = max(1000, round(bit_rate))
        for number, (time, picture) in enumerate(shown):
            size = picture.width // 2 * 2, picture.height // 2 * 2  # 4:2:0 has a colour for every 2 x 2 pixels
            if number == 0:
                stream.width, stream.height = size
            frame = av.VideoFrame.from_image(picture.crop((0, 0, *size)))
            frame.pts, frame.time_base = int(time), 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_copy(source: Path, alteration: Alteration, path: Path) -> None:
    """Write the altered copy of a video; no more than one frame is kept in memory."""
    with open_container(source) as container:
        stream = picture_stream(source, container)
        rate = stream.average_rate or _RATE
        count = sum(frame is not None for frame in frames(container, stream))
    numbers, times = alteration.timing(count)

    def shown() -> Iterator[tuple[int, Image.Image]]:
        position = 0
        for number, picture in enumerate(pictures(source)):
            altered = None
            while position < len(numbers) and numbers[position] == number:
                altered = alteration.picture(picture) if altered is None else altered
                yield times[position], altered
                position += 1

    bits = None if alteration.bit_rate is None else 8 * source.stat().st_size / float(count / rate)
    write_clip(path, shown(), rate, None if bits is None else alteration.bit_rate * bits)


def generated(seed: int, count: int = 150, size: tuple[int, int] = (320, 256)) -> Iterator[Image.Image]:
    """A camera that pans over a random landscape of soft colours, before which one to three small objects move.

    Half of all seeds are grey, like infrared pictures.
    """
    rng = np.random.default_rng(seed)
    width, height = size
    grey = rng.random() < 0.5
    coarse = rng.integers(2, 9, 2)
    canvas = Image.fromarray(rng.integers(0, 256, (*coarse, 3), dtype=np.uint8))
    canvas = canvas.resize((2 * width, 2 * height), Image.Resampling.BICUBIC)
    fine = Image.fromarray(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8))
    fine = fine.resize(canvas.size, Image.Resampling.BICUBIC)
    canvas = Image.blend(canvas, fine, rng.uniform(0, 0.4))
    start, end = rng.uniform(0, 1, (2, 2)) * (width, height)
    objects = [
        (rng.uniform(0, 1, (2, 2)) * (width, height), rng.uniform(2, 16), tuple(rng.integers(0, 256, 3).tolist()))
        for _ in range(rng.integers(1, 4))
    ]
    for share in np.linspace(0, 1, count):
        left, top = np.round(start + share * (end - start)).astype(int).tolist()
        picture = canvas.crop((left, top, left + width, top + height))
        draw = ImageDraw.Draw(picture)
        for (first, last), radius, colour in objects:
            x, y = first + share * (last - first)
            draw.ellipse((x - radius, y - radius / 2, x + radius, y + radius / 2), fill=colour)
        yield picture.convert("L").convert("RGB") if grey else picture


def write_generated(path: Path, seed: int) -> None:
    """Write the generated clip of a seed."""
    write_clip(path, enumerate(generated(seed)))
