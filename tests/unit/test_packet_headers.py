"""What packets hold, as read from their headers: hand-made bits, and packets of real encoders."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from video_files import has_encoder, numbered, write_video

from s5vh.data.videos.bitstream import Bits, Look
from s5vh.data.videos.nal_headers import _without_fields
from s5vh.data.videos.packet_headers import packet_looker

CODECS = ("h264", "hevc", "vp8", "vp9", "av1")


def golomb(value: int) -> str:
    """An unsigned Exp-Golomb number as bits."""
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def packed(bits: str) -> bytes:
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


@given(values=st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_exp_golomb_numbers(values: list[int]) -> None:
    bits = Bits(packed("".join(map(golomb, values))))
    assert [bits.golomb() for _ in values] == values


def sequence(*, profile: int, order: int, frames_only: bool, lists: bool = False, chroma: int = 1) -> bytes:
    """A sequence parameter set of H.264."""
    bits = f"{profile:08b}" + "0" * 16 + golomb(0)
    if profile >= 100:
        bits += golomb(chroma) + ("0" if chroma == 3 else "") + golomb(0) + golomb(0) + "0" + f"{lists:b}"
    bits += golomb(4) + golomb(order)
    if order == 0:
        bits += golomb(2)
    if order == 1:
        bits += "0" + golomb(3) + golomb(5) + golomb(2) + golomb(7) + golomb(8)
    bits += golomb(4) + "0" + golomb(5) + golomb(3) + f"{frames_only:b}" + "1" * 20
    # A byte 3 keeps the content from looking like the start of a unit.
    return b"\x67" + packed(bits).replace(b"\0\0", b"\0\0\3")


@pytest.mark.parametrize("frames_only", [True, False])
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(("profile", "chroma"), [(66, 1), (77, 1), (100, 1), (110, 1), (244, 3)])
def test_fields_are_ruled_out_by_the_sequence(profile: int, chroma: int, order: int, frames_only: bool) -> None:
    unit = sequence(profile=profile, order=order, frames_only=frames_only, chroma=chroma)
    assert _without_fields(unit) == frames_only
    assert not _without_fields(unit[:4])


def test_scaling_lists_are_not_read() -> None:
    assert not _without_fields(sequence(profile=100, order=0, frames_only=True, lists=True))


@pytest.mark.parametrize("codec", CODECS)
@given(packet=st.binary(max_size=60), extradata=st.binary(max_size=40))
def test_any_bytes_give_an_answer(codec: str, packet: bytes, extradata: bytes) -> None:
    looker = packet_looker(codec, extradata)
    assert looker is None or isinstance(looker(packet), Look | None)


def test_codecs_without_a_reader() -> None:
    assert packet_looker("mpeg4", b"") is None
    assert packet_looker("h264", None) is None  # without headers from the container


@pytest.mark.parametrize(
    ("codec", "options", "units"),
    [("libx264", {"x264-params": "slices=3:aud=1"}, 3), ("libx264", {"profile": "high", "bf": "2"}, 1)],
)
def test_packets_of_h264(tmp_path: Path, codec: str, options: dict[str, str], units: int) -> None:
    looks = looked_at(write_video(tmp_path / "a.mp4", numbered(24, 64, 8), codec, options=options, gop=8))
    assert [look.shown for look in looks] == [1] * 24
    assert sum(look.restarts for look in looks) == 3


@pytest.mark.parametrize("codec", ["libx265", "libvpx", "libvpx-vp9", "libsvtav1"])
def test_packets_of_other_codecs(tmp_path: Path, codec: str) -> None:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    looks = looked_at(write_video(tmp_path / "a.mkv", numbered(24, 64, 8), codec, gop=8))
    assert [look.shown for look in looks] == [1] * 24
    assert looks[0].restarts and sum(look.restarts for look in looks) == (1 if codec == "libx265" else 3)


@pytest.mark.parametrize("change", ["length", "kind", "parameters"])
def test_packets_of_h264_that_are_not_understood(tmp_path: Path, change: str) -> None:
    path = write_video(tmp_path / "a.mp4", numbered(4, 64, 8))
    looker, packets = opened(path)
    packet = bytearray(packets[-1])
    assert looker(bytes(packet)) == Look(1, False)
    if change == "length":
        packet[3] += 1
    elif change == "kind":
        packet[4] = packet[4] & ~31 | 2  # a part of a slice
    else:
        packet += b"\0\0\0\3\x67\1\2"  # a sequence that the container does not have
    assert looker(bytes(packet)) is None


def opened(path: Path):
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        looker = packet_looker(context.codec.canonical_name, context.extradata)
        return looker, [bytes(packet) for packet in file.demux(file.streams.video[0]) if packet.size]


def looked_at(path: Path) -> list[Look]:
    looker, packets = opened(path)
    return [looker(packet) for packet in packets]
