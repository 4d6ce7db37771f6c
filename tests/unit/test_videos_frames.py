"""The frames chosen from a file are those of a straight decode of it, for many containers, codecs and structures."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import video_files
from av.stream import Disposition
from data_files import fails
from video_files import has_encoder, numbered, write_video

from s5vh.data.videos import container, decode, seeking
from s5vh.data.videos.decode import read_clip, uniform_indices
from s5vh.data.videos.survey import SeekPlan, survey

FRAMES, GOP, WANTED = 48, 8, 11
BY_STRIPES = numbered(FRAMES, height=64, stripe=8)  # encoders of H.265 and AV1 take no smaller ones
UNEVEN = [number + number**2 // 5 for number in range(FRAMES)]  # frames are shown for ever longer
GAPS = [number + 3 * (number >= 20) + 2 * (number >= 31) for number in range(FRAMES)]  # as if frames were dropped

X264 = {"preset": "ultrafast", "bf": "2"}
PYRAMID = {"preset": "ultrafast", "bf": "3", "x264-params": "b-pyramid=normal:b-adapt=0:ref=4"}
OPEN = {"preset": "ultrafast", "bf": "2", "x264-params": "open-gop=1:b-adapt=0"}
REFRESH = {"preset": "ultrafast", "x264-params": "intra-refresh=1"}
INTERLACED = {"preset": "ultrafast", "bf": "2", "x264-params": "interlaced=1"}
SLICES = {"preset": "ultrafast", "bf": "2", "x264-params": "slices=3"}
X265 = {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:wpp=0:frame-threads=1:bframes=2:open-gop=1"}
X265_CLOSED = X265 | {"x265-params": X265["x265-params"].replace("open-gop=1", "open-gop=0")}
B_FRAMES = {"bf": "2"}
HIDDEN8 = {"deadline": "good", "cpu-used": "5", "auto-alt-ref": "1", "lag-in-frames": "12", "arnr-maxframes": "5"}
HIDDEN9 = {"deadline": "good", "cpu-used": "6", "auto-alt-ref": "1", "lag-in-frames": "12"}
AV1 = {"preset": "11", "svtav1-params": "lp=1"}

# (suffix, codec, options of the encoder)
PLAIN = [  # jumps over frames are safe in these, and must be made
    ("mp4", "libx264", X264),
    ("mp4", "libx264", PYRAMID),
    ("mp4", "libx264", SLICES),
    ("mov", "libx264", X264),
    ("mkv", "libx264", X264),
    ("mp4", "libx265", X265_CLOSED),
    ("mkv", "libx265", X265_CLOSED),
    ("webm", "libvpx", HIDDEN8),
    ("webm", "libvpx-vp9", HIDDEN9),
    ("mp4", "libvpx-vp9", HIDDEN9),
    ("webm", "libsvtav1", AV1),
    ("mp4", "libsvtav1", AV1),
]
OTHER = [
    *(("avi", codec, options) for codec, options in [("libx264", X264), ("libx264", PYRAMID)]),
    *(("avi", codec, B_FRAMES) for codec in ("mpeg4", "mpeg2video", "mpeg1video")),
    *(("avi", codec, {}) for codec in ("mjpeg", "msmpeg4", "wmv1", "wmv2", "huffyuv", "ffv1", "flv")),
    ("avi", "libvpx", HIDDEN8),
    ("avi", "libvpx-vp9", HIDDEN9),
    *(("wmv", codec, options) for codec, options in [("wmv2", {}), ("libx264", X264), ("mpeg4", B_FRAMES)]),
    *(("mxf", codec, options) for codec, options in [("mpeg2video", B_FRAMES), ("libx264", X264)]),
    *(("ts", codec, options) for codec, options in [("libx264", OPEN), ("libx265", X265), ("mpeg2video", B_FRAMES)]),
    *(("mpg", codec, B_FRAMES) for codec in ("mpeg1video", "mpeg2video")),
    *(("vob", codec, B_FRAMES) for codec in ("mpeg2video",)),
    *(("mp4", codec, options) for codec, options in [("mpeg4", B_FRAMES), ("mjpeg", {}), ("mpeg2video", B_FRAMES)]),
    *(("mp4", "libx264", options) for options in (OPEN, REFRESH, INTERLACED)),
    *(("mkv", "libx264", options) for options in (OPEN, REFRESH, INTERLACED)),
    *(("mkv", codec, options) for codec, options in [("mpeg4", B_FRAMES), ("ffv1", {}), ("libx265", X265)]),
    *(("flv", codec, options) for codec, options in [("flv", {}), ("libx264", X264)]),
    *(("nut", codec, options) for codec, options in [("mpeg4", B_FRAMES), ("libx264", X264)]),
    ("ogv", "libtheora", {}),
    ("gif", "gif", {}),
    ("ivf", "libvpx", HIDDEN8),
    ("h264", "libx264", X264),
    ("hevc", "libx265", X265),
    ("m2v", "mpeg2video", B_FRAMES),
    ("m4v", "mpeg4", B_FRAMES),
]


def straight(path: Path) -> list[np.ndarray]:
    """All frames of a file, decoded from start to end."""
    with av.open(str(path)) as file:
        stream, found = file.streams.video[0], []
        for packet in file.demux(stream):
            if packet.size:  # a dropped frame is an empty packet, and so is the end
                with suppress(av.InvalidDataError):
                    found += stream.codec_context.decode(packet)
        found += stream.codec_context.decode(None)
        return [np.asarray(frame.to_image()) for frame in found]


def check(path: Path, frames: int | None = None) -> None:
    """`read_clip` finds what a straight decode gives, and nothing wrong with the file."""
    everything = straight(path)
    if frames is not None:
        assert len(everything) == frames
    for count in (WANTED, 2):
        clip = read_clip(path, count, np.asarray)
        assert (clip.count, clip.notes) == (len(everything), [])
        for number, frame in zip(uniform_indices(len(everything), count), clip.frames, strict=True):
            np.testing.assert_array_equal(frame, everything[number])


def written(path: Path, codec: str, options: dict[str, str], **more: object) -> Path:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    return write_video(path, BY_STRIPES, codec, options=options, gop=GOP, **more)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one entry per packet that is decoded; jumps are made wherever they are possible."""
    calls: list[int] = []
    decode = container._decode
    monkeypatch.setattr(container, "_decode", lambda *a: (calls.append(1), decode(*a))[1])
    monkeypatch.setattr(seeking, "_MIN_SEEK", 0)
    return calls


@pytest.mark.parametrize("times", [None, UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize(("suffix", "codec", "options"), PLAIN)
def test_plain_files(
    tmp_path: Path, decoded: list[int], suffix: str, codec: str, options: dict[str, str], times: list[int] | None
) -> None:
    path = written(tmp_path / f"a.{suffix}", codec, options, times=times)
    check(path, FRAMES)
    decoded.clear()
    read_clip(path, 2, np.asarray)  # frames 12 and 36, which is 4 after a keyframe
    assert len(decoded) < 36


@pytest.mark.parametrize(("suffix", "codec", "options"), OTHER)
def test_other_files(tmp_path: Path, decoded: list[int], suffix: str, codec: str, options: dict[str, str]) -> None:
    check(written(tmp_path / f"a.{suffix}", codec, options))


@pytest.mark.parametrize(
    ("suffix", "codec"), [("avi", "mpeg4"), ("avi", "mjpeg"), ("avi", "libx264"), ("mkv", "mpeg4")]
)
def test_dropped_frames(tmp_path: Path, suffix: str, codec: str) -> None:
    # AVI has an empty packet for each.
    check(written(tmp_path / f"a.{suffix}", codec, {}, times=GAPS), FRAMES)


def pieces(folder: Path, suffix: str, codec: str, *clocks: Callable[[int], int]) -> Path:
    """Pieces of one kind one after the other, each with its own clock: the time of its frame i."""
    made = folder / f"joined.{suffix}"
    with made.open("wb") as file:
        for number, clock in enumerate(clocks):
            times = [clock(frame) for frame in range(FRAMES)]
            part = written(folder / f"{number}.{suffix}", codec, {"bf": "2"}, times=times)
            file.write(part.read_bytes())
    return made


CLOCKS = {
    "same": (lambda i: i, lambda i: i),
    "interleaved": (lambda i: 2 * i, lambda i: 2 * i + 1),
    "overlapping": (lambda i: i, lambda i: i + FRAMES // 2),
    "backwards": (lambda i: i + 500, lambda i: i),
    "later": (lambda i: i, lambda i: i + 5000),
}


@pytest.mark.parametrize("clocks", CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("ts", "libx264"), ("ts", "mpeg2video"), ("mpg", "mpeg2video"), ("mkv", "libx264"), ("webm", "libvpx")],
)
def test_joined_pieces(tmp_path: Path, decoded: list[int], suffix: str, codec: str, clocks: tuple) -> None:
    check(pieces(tmp_path, suffix, codec, *clocks))


def test_joined_pieces_of_other_sizes(tmp_path: Path) -> None:
    if not has_encoder("mpeg2video"):
        pytest.skip("no encoder mpeg2video")
    small = write_video(tmp_path / "small.ts", BY_STRIPES, "mpeg2video", options=B_FRAMES)
    large = write_video(tmp_path / "large.ts", numbered(FRAMES), "mpeg2video", options=B_FRAMES)
    (tmp_path / "both.ts").write_bytes(small.read_bytes() + large.read_bytes())
    check(tmp_path / "both.ts")


def copied(source: Path, path: Path, change: Callable[[int, av.Packet], av.Packet | None], **options: str) -> Path:
    """A copy of a file with changed packets, without those that become None."""
    with av.open(str(source)) as old, av.open(str(path), "w", options=options) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for number, packet in enumerate(old.demux(old.streams.video[0])):
            made = change(number, packet) if packet.size else None
            if made is not None:
                made.stream = stream
                new.mux(made)
    return path


def with_content(packet: av.Packet, content: bytes) -> av.Packet:
    made = av.Packet(content)
    for name in ("pts", "dts", "duration", "time_base", "is_keyframe"):
        setattr(made, name, getattr(packet, name))
    return made


@pytest.mark.parametrize("codec", ["libx264", "mpeg4", "libvpx-vp9"])
def test_edit_lists_hide_frames(tmp_path: Path, decoded: list[int], codec: str) -> None:
    def earlier(_number: int, packet: av.Packet) -> av.Packet:
        shift = round(5 / 25 / packet.time_base)  # the first five frames get times before zero
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        return packet

    source = written(tmp_path / "whole.mp4", codec, X264 if codec == "libx264" else {})
    check(copied(source, tmp_path / "edited.mp4", earlier, avoid_negative_ts="disabled"), FRAMES - 5)


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_edit_lists_end_videos(tmp_path: Path, decoded: list[int], codec: str) -> None:
    path = written(tmp_path / "a.mp4", codec, X264 if codec == "libx264" else {})
    data = bytearray(path.read_bytes())
    place = data.index(b"elst") + 12
    (length,) = struct.unpack_from(">I", data, place)
    struct.pack_into(">I", data, place, length // 3)
    path.write_bytes(data)
    assert len(straight(path)) < FRAMES - 10
    check(path)


def test_truncated_files_are_still_called_so(tmp_path: Path) -> None:
    source = written(tmp_path / "whole.mp4", "mpeg4", {})
    path = copied(source, tmp_path / "a.mp4", lambda _number, packet: packet, movflags="faststart")
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 3])
    clip = read_clip(path, 2, np.asarray)
    assert 10 < clip.count < FRAMES
    assert f"the file is damaged or truncated: it has {clip.count} of {FRAMES} frames" in clip.notes


@pytest.mark.parametrize("suffix", ["webm", "mkv", "avi", "ivf"])
def test_hidden_frames_of_vp8(tmp_path: Path, decoded: list[int], suffix: str) -> None:
    def hide(number: int, packet: av.Packet) -> av.Packet:
        content = bytearray(bytes(packet))
        if number % 5 == 3:
            content[0] &= ~16
        return with_content(packet, bytes(content))

    path = copied(written(tmp_path / "whole.webm", "libvpx", {}), tmp_path / f"hidden.{suffix}", hide)
    check(path, FRAMES - len(range(3, FRAMES, 5)))
    decoded.clear()
    read_clip(path, 2, np.asarray)
    assert (len(decoded) < 30) == (suffix in ("webm", "mkv"))


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("suffix", ["webm", "mp4"])
def test_hidden_frames_of_vp9(tmp_path: Path, decoded: list[int], suffix: str, joined: bool) -> None:
    hidden: list[bytes] = []

    def hide(number: int, packet: av.Packet) -> av.Packet | None:
        content = bytes(packet)
        if number == 2 * GOP:  # a keyframe; of others, the flag cannot be changed in place
            content = bytes([content[0] & ~2]) + content[1:]
            if joined:
                hidden.append(content)
                return None
        elif hidden:  # two frames in one packet, whose index is at its end
            sizes = b"".join(len(part).to_bytes(2, "little") for part in (hidden[0], content))
            content = hidden.pop() + content + b"\xc9" + sizes + b"\xc9"
        return with_content(packet, content)

    path = copied(written(tmp_path / "whole.webm", "libvpx-vp9", {}), tmp_path / f"hidden.{suffix}", hide)
    check(path, FRAMES - 1)


def test_frames_without_times(tmp_path: Path) -> None:
    source = written(tmp_path / "whole.mkv", "libx264", X264)
    path = copied(source, tmp_path / "a.nut", lambda _number, packet: with_content(packet, bytes(packet)))
    check(path, FRAMES)
    assert survey(path).plan is None


@pytest.mark.parametrize(("suffix", "codec"), [("ts", "libx264"), ("ts", "mpeg2video"), ("mpg", "mpeg2video")])
def test_recordings_that_start_between_keyframes(tmp_path: Path, suffix: str, codec: str) -> None:
    path = written(tmp_path / f"whole.{suffix}", codec, {"bf": "2"})
    with av.open(str(path)) as file:
        places = [packet.pos for packet in file.demux(file.streams.video[0]) if packet.size]
    (tmp_path / f"a.{suffix}").write_bytes(path.read_bytes()[places[GOP + 3] :])
    check(tmp_path / f"a.{suffix}")


def test_a_stream_without_an_index(tmp_path: Path, decoded: list[int]) -> None:
    source = written(tmp_path / "whole.mkv", "libx264", X264)
    check(copied(source, tmp_path / "a.mkv", lambda _number, packet: packet, live="1"), FRAMES)


def test_the_first_of_several_videos_is_read(tmp_path: Path, decoded: list[int]) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as file:
        streams = [file.add_stream(codec, rate=25) for codec in ("mpeg4", "libx264")]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number, pair in enumerate(zip(BY_STRIPES, BY_STRIPES[::-1], strict=True)):
            for stream, picture in zip(streams, pair, strict=True):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame.pts = number
                file.mux(stream.encode(frame))
        for stream in streams:
            file.mux(stream.encode())
    check(tmp_path / "a.mkv", FRAMES)


def test_cover_pictures_are_no_videos(tmp_path: Path) -> None:
    source = written(tmp_path / "whole.mp4", "libx264", X264)
    for name, video in (("both.mp4", True), ("cover.mp4", False)):
        with av.open(str(source)) as old, av.open(str(tmp_path / name), "w") as new:
            cover = new.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt, cover.disposition = 32, 32, "yuvj420p", Disposition.attached_pic
            if video:
                stream = new.add_stream_from_template(old.streams.video[0])
            new.mux(cover.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
            new.mux(cover.encode())
            for packet in old.demux(old.streams.video[0]):
                if video and packet.size:
                    packet.stream = stream
                    new.mux(packet)
    clip = read_clip(tmp_path / "both.mp4", WANTED, np.asarray)
    assert (clip.count, clip.codec, clip.notes) == (FRAMES, "h264", [])
    with fails(f"{tmp_path / 'cover.mp4'}: has no video stream, only a cover picture"):
        read_clip(tmp_path / "cover.mp4", WANTED, np.asarray)


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "avi"])
def test_sound_may_be_longer_than_the_video(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        sound = file.add_stream("mp2", rate=44100, layout="mono")
        for number, picture in enumerate(BY_STRIPES):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts = number
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
        for number in range(200):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 44100, 1152 * number
            file.mux(sound.encode(frame))
        file.mux(sound.encode())
    check(path, FRAMES)


@pytest.mark.parametrize("late", [-3, 500])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi", "flv"])
def test_videos_that_do_not_start_at_zero(tmp_path: Path, suffix: str, late: int) -> None:
    times = [number + late for number in range(FRAMES)]
    check(written(tmp_path / f"a.{suffix}", "libx264", X264, times=times))


def test_fragmented_files(tmp_path: Path, decoded: list[int]) -> None:
    source = written(tmp_path / "whole.mp4", "libx264", X264)
    path = copied(source, tmp_path / "a.mp4", lambda _number, packet: packet, movflags="frag_keyframe+empty_moov")
    check(path, FRAMES)
    decoded.clear()
    read_clip(path, 2, np.asarray)
    assert len(decoded) < 36


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "libx264"), ("mkv", "libx264"), ("webm", "libvpx"), ("gif", "gif")]
)
def test_the_last_frame_may_be_shown_for_long(tmp_path: Path, suffix: str, codec: str) -> None:
    times = [*range(FRAMES - 1), 2 * FRAMES]
    check(written(tmp_path / f"a.{suffix}", codec, {}, times=times), FRAMES)


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libsvtav1", "libvpx-vp9"])
def test_a_jump_that_misses_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: str) -> None:
    path = written(tmp_path / "a.mp4", codec, video_files._OPTIONS[codec])
    found = survey(path)
    # In truth, decoding can start at every eighth frame only.
    plan = SeekPlan(found.plan.times, {time: number for number, time in enumerate(found.plan.times)})
    monkeypatch.setattr(decode, "survey", lambda path: replace(found, plan=plan))
    monkeypatch.setattr(seeking, "_MIN_SEEK", 0)
    check(path, FRAMES)
