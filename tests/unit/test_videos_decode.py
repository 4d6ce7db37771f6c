"""Decoding: which frames, which way up, from which files; on real files that are encoded here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from data_files import fails
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from video_files import numbered, numbers_of, write_audio, write_video

from s5vh.base.errors import UserError
from s5vh.data.videos import container, decode, seeking
from s5vh.data.videos.decode import read_clip, square, thumbnails, uniform_indices

FRAMES = 120
WANTED = [12, 36, 60, 84, 108]  # the middles of five parts of 120 frames


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


@pytest.fixture(scope="module")
def h264(folder: Path) -> Path:
    return write_video(folder / "h264.mp4", numbered(FRAMES))


def seen(path: Path, count: int = 5) -> list[int]:
    return numbers_of(read_clip(path, count, np.asarray).frames)


@given(total=st.integers(1, 10**7), count=st.integers(1, 200))
def test_indices_are_the_middles_of_equal_parts(total: int, count: int) -> None:
    indices = uniform_indices(total, count)
    assert len(indices) == count
    assert indices.min() >= 0 and indices.max() < total
    assert (np.diff(indices) >= 0).all()
    assert np.ptp(np.diff(indices)) <= 1 if count > 2 else True
    assert abs(int(indices[0] + indices[-1]) - (total - 1)) <= 1  # as far from the start as from the end
    assert set(uniform_indices(total, total).tolist()) == set(range(total)) if total < 1000 else True


@pytest.mark.parametrize(
    ("name", "codec", "called"),
    [
        ("a.mp4", "mpeg4", "mpeg4"),
        ("b.webm", "libvpx", "vp8"),
        ("c.avi", "mpeg4", "mpeg4"),
        ("d.avi", "mjpeg", "mjpeg"),
        ("e.ts", "libx264", "h264"),
    ],
)
def test_containers_and_codecs(folder: Path, name: str, codec: str, called: str) -> None:
    clip = read_clip(write_video(folder / name, numbered(FRAMES), codec), 5, np.asarray)
    assert numbers_of(clip.frames) == WANTED
    assert (clip.count, clip.width, clip.height, clip.codec, clip.notes) == (FRAMES, 96, 48, called, [])
    assert clip.seconds == pytest.approx(FRAMES / 25, abs=0.1)


def test_frames_are_counted_and_not_timed(folder: Path) -> None:
    times = [number + number**2 // 4 for number in range(FRAMES)]
    assert seen(write_video(folder / "slower.mkv", numbered(FRAMES), times=times)) == WANTED


@pytest.mark.parametrize("gop", [5, 30, 1000])
def test_jumps_do_not_change_what_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch, gop: int) -> None:
    path = write_video(folder / f"gop{gop}.mp4", numbered(FRAMES), gop=gop)
    calls, decoded = [], container._decode
    monkeypatch.setattr(container, "_decode", lambda *a: (calls.append(1), decoded(*a))[1])
    assert seen(path) == WANTED
    # Without jumps it takes 109 frames, and two more for those stored in another order, to reach the last one.
    assert len(calls) == 111 if gop == 1000 else len(calls) < 90
    calls.clear()
    monkeypatch.setattr(seeking, "_MIN_SEEK", FRAMES)
    assert seen(path) == WANTED
    assert len(calls) == 111


@pytest.mark.parametrize(("frames", "wanted"), [(1, [0, 0, 0, 0, 0]), (3, [0, 0, 1, 2, 2])])
def test_short_videos_repeat_frames(folder: Path, frames: int, wanted: list[int]) -> None:
    clip = read_clip(write_video(folder / f"{frames}.mp4", numbered(frames)), 5, np.asarray)
    assert numbers_of(clip.frames) == wanted
    assert clip.count == frames and clip.notes == []
    assert len({id(frame) for frame in clip.frames}) == frames  # repeated, not copied


@pytest.mark.parametrize(("rotation", "brightest"), [(90, "bottom"), (-90, "top"), (180, "right"), (0, "left")])
def test_frames_are_turned_upright(folder: Path, rotation: int, brightest: str) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32] = 255  # turned anticlockwise by 90 degrees, the left becomes the bottom
    path = write_video(folder / f"turned{rotation}.mp4", [picture] * 3, rotation=rotation)
    clip = read_clip(path, 1, np.asarray)
    halves = {
        "top": clip.frames[0][: clip.height // 2],
        "bottom": clip.frames[0][clip.height // 2 :],
        "left": clip.frames[0][:, : clip.width // 2],
        "right": clip.frames[0][:, clip.width // 2 :],
    }
    assert max(halves, key=lambda side: halves[side].mean()) == brightest
    assert (clip.width, clip.height) == ((48, 64) if abs(rotation) == 90 else (64, 48))


def test_files_that_are_no_videos(folder: Path, h264: Path) -> None:
    for name, content in (
        ("empty.mp4", b""),
        ("text.mp4", b"not a video\n" * 50),
        ("noise.avi", bytes(range(256)) * 9),
    ):
        (folder / name).write_bytes(content)
        with fails(f"{folder / name}: not a video file, or its start or end is missing"):
            read_clip(folder / name, 5, np.asarray)
    with fails(f"{write_audio(folder / 'sound.mp4')}: has no video stream, only audio"):
        read_clip(folder / "sound.mp4", 5, np.asarray)
    # An MP4 file says at its end where its frames are.
    (folder / "cut.mp4").write_bytes(h264.read_bytes()[:4000])
    with fails(f"{folder / 'cut.mp4'}: not a video file, or its start or end is missing"):
        read_clip(folder / "cut.mp4", 5, np.asarray)
    with fails(f"{folder / 'gone.mp4'}: cannot be read (No such file or directory)"):
        read_clip(folder / "gone.mp4", 5, np.asarray)


@pytest.mark.parametrize(
    ("name", "codec", "note"),
    [
        ("cut.avi", "mpeg4", r"the file is damaged or truncated: it has \d+ of 120 frames"),
        ("cut.webm", "libvpx", r"its frames end after [12]\.\d of 4\.8 s"),
    ],
)
def test_what_is_left_of_a_truncated_video_is_used(folder: Path, name: str, codec: str, note: str) -> None:
    path = write_video(folder / f"whole_{name}", numbered(FRAMES), codec)
    data = path.read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    clip = read_clip(folder / name, 5, np.asarray)
    assert 20 < clip.count < 100
    assert numbers_of(clip.frames) == uniform_indices(clip.count, 5).tolist()
    assert len(clip.notes) == 1 and re.fullmatch(note, clip.notes[0])


def test_a_hole_in_a_video_costs_the_frames_in_it(folder: Path, h264: Path) -> None:
    data = bytearray(h264.read_bytes())
    start = len(data) // 3
    data[start : start + 800] = bytes(800)
    (folder / "hole.mp4").write_bytes(data)
    clip = read_clip(folder / "hole.mp4", 20, np.asarray)
    wanted = uniform_indices(FRAMES, 20).tolist()
    found = numbers_of(clip.frames)
    assert clip.count == FRAMES and len(found) == 20
    assert sum(a == b for a, b in zip(found, wanted, strict=True)) >= 12
    assert len(clip.notes) == 1 and clip.notes[0].endswith("of 20 frames could not be decoded and were replaced")


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "libx264"), ("avi", "mpeg4"), ("ts", "libx264"), ("mkv", "libx264")]
)
def test_damage_of_any_kind_gives_frames_or_one_line(folder: Path, suffix: str, codec: str) -> None:
    data = write_video(folder / f"sound.{suffix}", numbered(40), codec).read_bytes()
    rng = np.random.default_rng(5)
    outcomes = set()
    for number in range(40):
        damaged = bytearray(data)
        for start in rng.integers(len(data), size=rng.integers(1, 20)):
            damaged[start : start + number] = rng.bytes(number)
        path = folder / f"damaged.{suffix}"
        path.write_bytes(damaged)
        try:
            outcomes.add(len(read_clip(path, 6, np.asarray).frames))
        except UserError as error:
            assert str(error).startswith(f"{path}: ") and "\n" not in str(error)
            outcomes.add("failed")
    assert outcomes - {"failed"} == {6}


def test_memory_does_not_grow_with_the_video(folder: Path) -> None:
    frame = np.zeros((480, 640, 3), np.uint8)
    path = write_video(folder / "long.avi", [frame] * 300, "mpeg4", gop=300)
    program = f"""
import resource, pathlib, numpy
from s5vh.data.videos.decode import read_clip
small = lambda picture: numpy.asarray(picture.resize((8, 8)))
read_clip(pathlib.Path({str(path)!r}), 2, small)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
clip = read_clip(pathlib.Path({str(path)!r}), 150, small)
print(clip.count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    count, kibibytes = map(int, done.stdout.split())
    assert count == 300
    assert kibibytes < 20 * 1024  # 150 frames are 132 MiB


def test_thumbnails_keep_the_proportions(h264: Path) -> None:
    pictures = thumbnails(h264, 3, height=24)
    assert [picture.shape for picture in pictures] == [(24, 48, 3)] * 3
    assert pictures[0].dtype == np.uint8
    assert numbers_of(pictures) == uniform_indices(FRAMES, 3).tolist()
    assert thumbnails(h264, 1)[0].shape == (96, 192, 3)


def test_square_is_the_middle_of_the_resized_frame() -> None:
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 200
    cut = square(Image.fromarray(picture), 50, 40)
    assert cut.shape == (40, 40, 3)
    assert (cut[:, 1:-1] == 200).all()
    tall = square(Image.fromarray(picture.transpose(1, 0, 2)), 50, 40)
    assert (tall[1:-1] == 200).all()


@pytest.mark.parametrize(
    ("count", "cut", "stated", "chosen", "notes"),
    [
        (5, False, 0, "cccgg", ["3 of 5 frames could not be decoded and were replaced"]),
        (2, True, 0, "cg", ["the file is damaged or truncated: it has 10 frames", "1 of 2 frames"]),
        (1, False, 20, "c", ["the file is damaged or truncated: it has 10 of 20 frames", "1 of 1 frames"]),
        (20, False, 0, "c" * 14 + "g" * 6, ["8 of 10 frames could not be decoded and were replaced"]),
    ],
)
def test_a_lost_frame_is_replaced_by_the_one_before_it(monkeypatch, count, cut, stated, chosen, notes) -> None:
    """Of ten frames, only those with the numbers 3 and 7 could be decoded."""
    found = SimpleNamespace(packets=10, notes=("first",), cut=cut, stated=stated, seconds=1.5, codec="h264")
    monkeypatch.setattr(decode, "survey", lambda path: found)
    read = decode._Read(None, 10, {7: "g", 3: "c"}, (64, 48))
    monkeypatch.setattr(decode, "_read", lambda *given: read)
    clip = read_clip(Path("a.mp4"), count, None)
    assert "".join(clip.frames) == chosen
    assert (clip.count, clip.seconds, clip.width, clip.height, clip.codec) == (10, 1.5, 64, 48, "h264")
    assert clip.notes[0] == "first" and len(clip.notes) == 1 + len(notes)
    assert all(note.startswith(start) for note, start in zip(clip.notes[1:], notes, strict=True))
    read.frames.clear()
    with fails("a.mp4: none of its 10 frames can be decoded"):
        read_clip(Path("a.mp4"), count, None)


def test_frames_that_are_all_there_need_no_note(monkeypatch) -> None:
    found = SimpleNamespace(packets=2, notes=(), cut=False, stated=0, seconds=None, codec="h264")
    monkeypatch.setattr(decode, "survey", lambda path: found)
    monkeypatch.setattr(decode, "_read", lambda *given: decode._Read(None, 2, {0: "a", 1: "b"}, (1, 1)))
    clip = read_clip(Path("a.mp4"), 4, None)
    assert (clip.frames, clip.notes) == (list("aabb"), [])


def test_the_size_is_that_of_the_first_frame_and_frames_are_transformed() -> None:
    read = decode._Read(lambda picture: picture.size[0], 9)
    for number, size in ((4, (6, 3)), (2, (8, 5))):
        read.keep(number, Image.new("RGB", size))
    assert (read.size, read.frames, read.count) == ((6, 3), {4: 6, 2: 8}, 9)


def test_squares_are_cut_to_the_pixel_and_smoothed() -> None:
    picture = np.arange(10 * 4 * 3, dtype=np.uint8).reshape(4, 10, 3)
    np.testing.assert_array_equal(square(Image.fromarray(picture), 4, 2), picture[1:3, 4:6])
    turned = picture.transpose(1, 0, 2).copy()
    np.testing.assert_array_equal(square(Image.fromarray(turned), 4, 3), turned[3:6, 0:3])
    stripes = np.zeros((8, 8, 3), np.uint8)
    stripes[:, ::2] = 200
    assert 90 < square(Image.fromarray(stripes), 4, 4)[1:3, 1:3].mean() < 110  # neighbours are averaged
    wide = Image.new("RGB", (7, 3))  # 11.67 by 5 pixels become 12 by 5
    assert square(wide, 5, 12).shape == (12, 12, 3)
