"""Small real video files for the tests, encoded on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

_BITS = 8
_OPTIONS = {  # fast, and for H.264 with frames that are stored in another order than shown
    "libx264": {"crf": "20", "preset": "ultrafast", "bf": "2"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:wpp=0:frame-threads=1:bframes=2"},
}
_PIXELS = {"mjpeg": "yuvj420p", "gif": "rgb8", "huffyuv": "yuv422p", "ffv1": "yuv420p"}


def write_video(
    path: Path,
    frames: Sequence[np.ndarray],
    codec: str = "libx264",
    *,
    times: Sequence[int] | None = None,
    rotation: int | None = None,
    matrix: Sequence[int] | None = None,
    aspect: Fraction | None = None,
    gop: int = 12,
    options: dict[str, str] | None = None,
    pixels: str | None = None,
) -> Path:
    """Encode frames uint8 [h, w, 3] at 25 a second, or shown at `times` in units of 1/25 s.

    Args:
        rotation: anticlockwise angle in degrees by which players turn the frames.
        matrix: the nine numbers of the display matrix instead.
        aspect: width of a pixel over its height.
        gop: frames between keyframes.
        options: of the encoder, instead of fast ones.
        pixels: pixel format, by default one that the codec takes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=_OPTIONS.get(codec, {}) if options is None else options)
        if codec != "libsvtav1":  # which goes by quality
            stream.bit_rate = 2_000_000
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = pixels or _PIXELS.get(codec, "yuv420p")
        stream.codec_context.gop_size = gop
        stream.codec_context.thread_count = 1  # threads of libvpx spin, for minutes if cores are busy
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if rotation is not None:
            stream.set_display_rotation(rotation)
        if matrix is not None:
            stream.set_display_matrix(matrix)
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts = number if times is None else times[number]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def has_encoder(codec: str) -> bool:
    try:
        av.Codec(codec, "w")
    except ValueError:  # av.codec.codec.UnknownCodecError
        return False
    return True


def numbered(count: int, height: int = 48, stripe: int = 12) -> list[np.ndarray]:
    """Frames that show their number in binary, as eight black or white stripes; compression cannot change it."""
    stripes = (np.arange(count)[:, None] >> np.arange(_BITS)) & 1
    rows = (255 * stripes).astype(np.uint8).repeat(stripe, axis=1)
    return [np.broadcast_to(row[None, :, None], (height, len(row), 3)) for row in rows]


def numbers_of(pictures: Sequence[np.ndarray]) -> list[int]:
    """Numbers that such frames show, at any size."""
    stripes = [np.asarray(picture)[..., :3].mean(axis=(0, 2)).reshape(_BITS, -1).mean(axis=1) for picture in pictures]
    return [int(((row > 128) << np.arange(_BITS)).sum()) for row in stripes]


def write_audio(path: Path) -> Path:
    """A file with sound and no picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_digits(folder: Path, videos: int, frames: int = 8, classes: int = 2) -> list[Path]:
    """`videos` clips of moving digits, a folder a digit, in three containers."""
    from s5vh.config.dataset import DemoConfig
    from s5vh.data.demo import Clips, plan_clips, render

    config = DemoConfig()
    everything = plan_clips(config)["train"]
    rows = np.concatenate([np.flatnonzero(everything.digit == digit)[: videos // classes] for digit in range(classes)])
    clips = Clips(everything.image[rows], everything.digit[rows], everything.motion[rows], everything.seed[rows])
    kinds = (("mp4", "libx264"), ("webm", "libvpx"), ("avi", "mpeg4"))
    written = []
    for number, clip in enumerate(render(clips, frames, config)):
        grey = (255 * clip.clip(0, 1)).astype(np.uint8).repeat(2, axis=1).repeat(2, axis=2)
        suffix, codec = kinds[number % len(kinds)]
        path = folder / f"digit{clips.digit[number]}" / f"clip{number:02d}.{suffix}"
        written.append(write_video(path, [np.stack([frame] * 3, axis=-1) for frame in grey], codec))
    return written
