"""From decoded frames to pictures as players show them: orientation and shape of the pixels."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from video_files import has_encoder, write_video

from s5vh.data.videos.decode import read_clip, thumbnails
from s5vh.data.videos.geometry import display_matrix, oriented, square_pixels

# Where a display matrix ((a, b), (c, d)) shows the pixel (x, y): at (a x + c y, b x + d y), with y downwards.
ORIENTATIONS = [((a, 0), (0, d)) for a, d in product((1, -1), repeat=2)]
ORIENTATIONS += [((0, b), (c, 0)) for b, c in product((1, -1), repeat=2)]
COLOURS = np.array([[[220, 30, 30], [30, 200, 30]], [[30, 30, 220], [230, 230, 230]]], np.uint8)  # of the quarters


def shown(picture: np.ndarray, matrix: tuple[tuple[int, int], tuple[int, int]]) -> np.ndarray:
    """The picture [h, w, ...] in an orientation, pixel by pixel."""
    (a, b), (c, d) = matrix
    pixels = product(range(len(picture[0])), range(len(picture)))
    places = {(a * x + c * y, b * x + d * y): picture[y, x] for x, y in pixels}
    left, top = (min(place[axis] for place in places) for axis in (0, 1))
    height, width = picture.shape[:2] if a else picture.shape[1::-1]
    return np.array([[places[left + x, top + y] for x in range(width)] for y in range(height)])


def quarters(picture: np.ndarray) -> np.ndarray:
    """Mean colours of the four quarters, [2, 2, 3]."""
    height, width = picture.shape[:2]
    halves = picture.reshape(2, height // 2, 2, width // 2, 3)
    return halves.mean(axis=(1, 3))


@pytest.mark.parametrize("matrix", ORIENTATIONS)
def test_every_orientation_moves_every_pixel_to_its_place(matrix: tuple) -> None:
    picture = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    made = np.asarray(oriented(Image.fromarray(picture), np.array(matrix)))
    np.testing.assert_array_equal(made, shown(picture, matrix))


@given(
    matrix=st.sampled_from(ORIENTATIONS),
    noise=st.lists(st.floats(-0.4, 0.4), min_size=4, max_size=4),
    scale=st.sampled_from([1e-3, 1.0, 65536.0]),
)
def test_other_matrices_count_as_the_nearest_orientation(matrix: tuple, noise: list[float], scale: float) -> None:
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    noisy = scale * (np.array(matrix) + np.reshape(noise, (2, 2)))
    np.testing.assert_array_equal(np.asarray(oriented(Image.fromarray(picture), noisy)), shown(picture, matrix))


@pytest.mark.parametrize(("angle", "turned"), [(0, 0), (90, 1), (180, 2), (-180, 2), (-90, 3)])
def test_the_angle_counts_if_the_matrix_cannot_be_had(angle: int, turned: int) -> None:
    class Frame:
        rotation = angle

        @property
        def side_data(self) -> None:
            raise ValueError("999 is not a valid Type")

    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    made = np.asarray(oriented(Image.fromarray(picture), display_matrix(Frame())))
    np.testing.assert_array_equal(made, np.rot90(picture, turned))


def test_a_matrix_of_zeros_changes_nothing() -> None:
    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    np.testing.assert_array_equal(np.asarray(oriented(Image.fromarray(picture), np.zeros((2, 2)))), picture)


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
@pytest.mark.parametrize("matrix", ORIENTATIONS)
def test_files_in_every_orientation(tmp_path: Path, suffix: str, matrix: tuple) -> None:
    picture = COLOURS.repeat(24, axis=0).repeat(32, axis=1)
    (a, b), (c, d) = (65536 * np.array(matrix)).tolist()
    path = write_video(tmp_path / f"a.{suffix}", [picture] * 3, matrix=[a, b, 0, c, d, 0, 0, 0, 1 << 30])
    clip = read_clip(path, 1, np.asarray)
    expected = shown(picture, matrix)
    assert (clip.width, clip.height) == expected.shape[1::-1] and clip.frames[0].shape == expected.shape
    assert np.abs(quarters(clip.frames[0]) - shown(COLOURS, matrix)).max() < 25  # of lossy compression


def disc(width: int, height: int, aspect: Fraction) -> np.ndarray:
    """A white disc, stored with pixels `aspect` times as wide as high: uint8 [height, width, 3]."""
    radius = 0.4 * min(width * aspect, height)
    across = (np.arange(width) + 0.5 - width / 2) * float(aspect)
    down = np.arange(height) + 0.5 - height / 2
    inside = across**2 + down[:, None] ** 2 <= float(radius) ** 2
    return (255 * inside).astype(np.uint8)[..., None].repeat(3, axis=2)


def box(picture: np.ndarray) -> tuple[int, int]:
    """Width and height of what is white."""
    white = picture.mean(axis=2) > 128
    return int(np.ptp(np.flatnonzero(white.any(axis=0)))) + 1, int(np.ptp(np.flatnonzero(white.any(axis=1)))) + 1


@pytest.mark.parametrize("aspect", [Fraction(2), Fraction(1, 2), Fraction(16, 11), Fraction(12, 11), Fraction(1)])
@pytest.mark.parametrize(
    ("suffix", "codec"),
    [  # the shape is stated by container and codec, the container, and by the codec
        *(("mp4", "libx264"), ("mp4", "libvpx-vp9"), ("mkv", "libx264")),
        *(("ts", "libx264"), ("avi", "mpeg4"), ("mpg", "mpeg2video")),
    ],
)
def test_a_disc_stays_a_disc(tmp_path: Path, suffix: str, codec: str, aspect: Fraction) -> None:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    if codec == "mpeg2video" and aspect != 1:
        aspect = Fraction(4, 3) * Fraction(144, 160)  # it states the shape of the whole picture: 4:3, 16:9 or 2.21:1
    path = write_video(tmp_path / f"a.{suffix}", [disc(160, 144, aspect)] * 3, codec, aspect=aspect)
    clip = read_clip(path, 1, np.asarray)
    assert (clip.width, clip.height) == square_pixels((160, 144), aspect) == clip.frames[0].shape[1::-1]
    width, height = box(clip.frames[0])
    assert width == pytest.approx(height, abs=3) and height > 50


def test_the_container_decides_about_the_shape_of_pixels(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [disc(160, 144, Fraction(1, 2))] * 3, aspect=Fraction(2))
    data = path.read_bytes()
    stated = b"pasp" + struct.pack(">II", 2, 1)
    assert data.count(stated) == 1
    path.write_bytes(data.replace(stated, b"pasp" + struct.pack(">II", 1, 2)))
    width, height = box(read_clip(path, 1, np.asarray).frames[0])
    assert width == pytest.approx(height, abs=3)


def test_pixels_are_made_square_before_frames_are_turned(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [disc(160, 144, Fraction(2))] * 3, aspect=Fraction(2), rotation=90)
    clip = read_clip(path, 1, np.asarray)
    assert (clip.width, clip.height) == (144, 320)
    width, height = box(clip.frames[0])
    assert width == pytest.approx(height, abs=3)
    assert thumbnails(path, 1, height=40)[0].shape == (40, 18, 3)


def test_the_shape_of_the_pixels_may_change_along_a_video(tmp_path: Path) -> None:
    shapes = (Fraction(1), Fraction(2))
    parts = [
        write_video(tmp_path / f"{shape}.ts".replace("/", "-"), [disc(160, 144, shape)] * 30, aspect=shape)
        for shape in shapes
    ]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    sizes = [frame.shape[1::-1] for frame in read_clip(joined, 4, np.asarray).frames]
    assert sizes == [(160, 144), (160, 144), (320, 144), (320, 144)]


@given(width=st.integers(1, 5000), height=st.integers(1, 5000), aspect=st.fractions(Fraction(1, 16), Fraction(16)))
def test_square_pixels_keep_all_detail(width: int, height: int, aspect: Fraction) -> None:
    made = square_pixels((width, height), aspect)
    assert made[0] >= width and made[1] >= height and (made[0] == width or made[1] == height)
    assert abs(made[0] - made[1] * width * aspect / height) <= max(1, width * aspect / height)


def test_nonsense_aspects_are_ignored() -> None:
    assert square_pixels((160, 144), Fraction(1000)) == (160, 144)
    assert square_pixels((160, 144), Fraction(0)) == (160, 144)
