"""Names and files that look like something else to the libraries behind."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from video_files import numbered, numbers_of, write_video

from s5vh.base.errors import UserError
from s5vh.data.features import check_finite
from s5vh.data.videos.decode import read_clip
from s5vh.data.videos.found import videos_in
from s5vh.data.videos.frame_folder import read_frames
from s5vh.data.videos.frame_names import frames_in
from s5vh.data.videos.manifest import read_manifest
from s5vh.search.output import check_outputs


@pytest.mark.parametrize("name", ["12:30.mp4", "file:other.mp4", "http:x.mp4", "concat:a.mp4"])
def test_a_colon_in_a_name_is_no_protocol(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "a.mp4", numbered(20), "mpeg4")
    write_video(tmp_path / "other.mp4", numbered(40)[20:], "mpeg4")
    os.rename("a.mp4", name)
    assert numbers_of(read_clip(Path(name), 2, np.asarray).frames) == [5, 15]


def test_pictures_of_16_bits_are_scaled_and_floating_point_is_refused(tmp_path):
    ramp = np.linspace(0, 65535, 64).round().astype(np.uint16).reshape(8, 8)
    for folder, picture in (
        ("png", Image.fromarray(ramp)), ("tiff", Image.fromarray(ramp.astype(np.int32))),
    ):  # fmt: skip
        (tmp_path / folder).mkdir()
        for number in (1, 2):
            picture.save(tmp_path / folder / f"{number}.{folder}")
        clip = read_frames(tmp_path / folder, 2, np.asarray)
        assert clip.notes == []
        np.testing.assert_array_equal(clip.frames[0], np.repeat((ramp // 257)[..., None], 3, axis=2))
    (tmp_path / "float").mkdir()
    for number in (1, 2):
        Image.fromarray(ramp.astype(np.float32) / 65535).save(tmp_path / f"float/{number}.tiff")
    with pytest.raises(UserError, match=r"float: none of its frames can be read \(1.tiff: floating-point values"):
        read_frames(tmp_path / "float", 2, np.asarray)


def test_a_pipe_among_pictures_is_passed_over(tmp_path):
    folder = tmp_path / "clip"
    folder.mkdir()
    for number in (1, 2):
        Image.new("RGB", (4, 4)).save(folder / f"{number}.png")
    os.mkfifo(folder / "3.png")
    assert frames_in(folder) == ["1.png", "2.png"]
    videos, passed_over = videos_in(tmp_path)
    assert videos == ["clip"] and [one.path for one in passed_over] == ["clip/3.png"]


def test_a_column_that_occurs_twice(tmp_path):
    (tmp_path / "list.csv").write_text("path,label,label\na.mp4,x,y\n")
    with pytest.raises(UserError, match=r"list.csv: has the column 'label' twice; keep one$"):
        read_manifest(tmp_path / "list.csv", tmp_path)


def test_an_output_never_replaces_an_input(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.symlink("a.index", "link")
    for output in ("a.index", "./a.index", tmp_path / "a.index", "link"):
        with pytest.raises(UserError, match="is read by this command; choose another name for the file to write"):
            check_outputs([None, Path(output)], ["a.index", "query.h5"])
    check_outputs([None, Path("b.csv")], ["a.index"])


@pytest.mark.parametrize(("value", "what"), [(1e300, "values beyond float32"), (np.inf, "infinity"), (np.nan, "NaN")])
def test_values_that_float32_does_not_have(value, what):
    block = np.zeros((3, 2, 2))
    block[1, 0, 1] = value
    with pytest.raises(UserError, match=rf"^x.h5: video 8 has {what}; re-extract"):
        check_finite(block, 7, "x.h5")
    check_finite(np.full((1, 2, 2), 3e38, np.float32), 0, "x.h5")
