"""Extraction: features of a video, and the stage that makes feature files of a folder."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from data_files import fails
from PIL import Image
from video_files import numbered, numbers_of, write_audio, write_digits, write_video

from s5vh.base.errors import UserError
from s5vh.cli.main import main
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset
from s5vh.data.features import open_features, validate
from s5vh.data.hdf5 import open_hdf5
from s5vh.data.videos.decode import read_clip, square, uniform_indices
from s5vh.data.videos.extract import Extractor, open_extractor
from s5vh.data.videos.frame_folder import read_video, video_thumbnails
from s5vh.data.videos.stage import extract_dataset

MODULE = """
import os, pathlib
import torch
from torch import nn

class Mean(nn.Module):
    def forward(self, images):
        log = pathlib.Path("calls")
        log.write_text((log.read_text() if log.exists() else "") + f"{len(images)} ")
        if os.environ.get("DIE_AFTER") and len(log.read_text().split()) > int(os.environ["DIE_AFTER"]):
            os._exit(9)
        return torch.nn.functional.adaptive_avg_pool2d(images, 2).flatten(1)

def network():
    return Mean()

class Nan(nn.Module):
    def forward(self, images):
        return images.flatten(1)[:, :12] * (float("nan") if images.max() > 1 else 1)

def broken():
    return Nan()

def flat():
    return nn.Flatten()
"""
DATASET = """\
title: Own
kind: videos
frames: 4
feature_size: 12
backbone: means
dtype: {dtype}
root: {root}
videos: {{network: "{network}", resize: 32, crop: 32, mean: [0, 0, 0], std: [0.5, 0.5, 0.5]{more}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "nets.py").write_text(MODULE)
    (tmp_path / "config/datasets").mkdir(parents=True)
    yield tmp_path
    sys.modules.pop("nets", None)


@pytest.fixture(scope="session")
def digits(tmp_path_factory) -> Path:
    """Twelve clips of two digits; only to be linked from."""
    root = tmp_path_factory.mktemp("digits")
    write_digits(root, 12)
    return root


@pytest.fixture
def corpus(folder, digits) -> Path:
    """data/own with these clips."""
    for file in digits.rglob("*.*"):
        target = folder / "data/own" / file.relative_to(digits)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, target)
    return folder / "data/own"


def dataset(network="nets:network", root="data/own", dtype="float32", more="") -> DatasetConfig:
    text = DATASET.format(network=network, root=root, dtype=dtype, more=more)
    Path("config/datasets/own.yaml").write_text(text)
    return load_dataset("own")


def calls() -> int:
    """Videos that went through the network, the black frame that it is tried on aside."""
    return sum(int(word) > 1 for word in Path("calls").read_text().split())


def rows(output: Path) -> dict[str, dict[str, str]]:
    with (output / "videos.csv").open() as file:
        return {row["path"]: row for row in csv.DictReader(file)}


def test_features_are_the_networks_of_normalised_squares(corpus):
    path = corpus / "digit0/clip00.mp4"
    extractor = open_extractor(dataset(), device="cpu", threads=1)
    assert (extractor.frames, extractor.feature_size) == (4, 12)
    feats = extractor.video(path)
    assert feats.shape == (4, 12) and feats.dtype == np.float32
    frames = read_clip(path, 4, lambda picture: square(picture, 32, 32)).frames
    plain = np.stack([frame.reshape(2, 16, 2, 16, 3).mean(axis=(1, 3)).transpose(2, 0, 1).ravel() for frame in frames])
    np.testing.assert_allclose(feats, plain / 255 / 0.5, rtol=1e-5)
    with fails(f"{corpus / 'gone.mp4'}: cannot be read (No such file or directory)"):
        extractor.video(corpus / "gone.mp4")


def test_long_videos_go_through_the_network_in_pieces(folder, monkeypatch):
    monkeypatch.setattr("s5vh.data.videos.extract._BATCH", 3)
    extractor = open_extractor(dataset().model_copy(update={"frames": 8}))
    path = write_video(folder / "long.mp4", numbered(20))
    feats = extractor.video(path)
    assert Path("calls").read_text().split() == ["1", "3", "3", "2"]
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    np.testing.assert_array_equal(extractor.video(path), feats)


def test_key_follows_what_makes_the_features():
    keys = {open_extractor(dataset(network)).key for network in ("nets:network", "nets:broken")}
    settings = dataset().videos
    changed = [settings.model_copy(update=change) for change in ({"resize": 40}, {"crop": 30}, {"mean": (0, 0, 1)})]
    keys |= {open_extractor(dataset().model_copy(update={"videos": one})).key for one in changed}
    assert len(keys) == 5
    assert open_extractor(dataset(dtype="float16")).key in keys


def test_networks_that_do_not_fit():
    with fails("videos.network: output [1, 3072] for 1 images, expected [1, 12]; fix 'feature_size' or the network"):
        open_extractor(dataset("nets:flat"))
    with fails("Demo (moving digits): not of kind 'videos', so it has no network to extract features with"):
        open_extractor(load_dataset("demo"))


def test_stage_writes_feature_files_pictures_and_a_list(corpus, folder):
    write_audio(corpus / "digit0/sound.mp4")
    (corpus / "digit1/text.mp4").write_text("no video\n" * 99)
    (corpus / "digit1/empty.webm").touch()
    avi = next(corpus.glob("digit1/*.avi"))
    (corpus / "digit1/cut.avi").write_bytes(avi.read_bytes()[: avi.stat().st_size // 2])
    output = folder / "out"
    found = extract_dataset("own", dataset(), output, device="cpu", threads=2)
    assert (found.videos, found.failed, found.damaged, found.reused) == (13, 3, 1, 0)
    listed = rows(output)
    assert list(listed) == sorted(listed) and len(listed) == 16
    assert {path: row["reason"] for path, row in listed.items() if row["status"] == "failed"} == {
        "digit0/sound.mp4": "has no video stream, only audio",
        "digit1/empty.webm": "not a video file, or its start or end is missing",
        "digit1/text.mp4": "not a video file, or its start or end is missing",
    }
    assert listed["digit1/cut.avi"]["status"] == "damaged"
    assert "of 8 frames" in listed["digit1/cut.avi"]["reason"]
    good = listed["digit0/clip00.mp4"]
    assert (good["status"], good["frames"], good["seconds"], good["codec"]) == ("ok", "8", "0.32", "h264")
    assert (good["width"], good["height"]) == ("64", "64")
    pictures = open_hdf5(output / "thumbnails.h5")
    for part in ("train", "query"):
        videos = validate(output / f"{part}.h5", 4, 12)[0]
        with open_features(output / f"{part}.h5") as features:
            assert features.class_names == ["digit0", "digit1"]
            assert features.ids == [path for path, row in listed.items() if row["part"] == part and row["codec"]]
            assert [features.class_names[label.argmax()] for label in features.labels] == [
                path.split("/")[0] for path in features.ids
            ]
            extractor = open_extractor(dataset())
            np.testing.assert_array_equal(features.feats[0], extractor.video(corpus / features.ids[0]))
            assert features.provenance["failed"] == 3
        assert pictures[part].shape == (videos, 5, 64, 64, 3) and pictures[part].dtype == np.uint8
    pictures.close()
    assert not (output / "database.h5").exists()


def write_frames(folder: Path, pictures: list[np.ndarray], pattern: str = "frame{}.png") -> Path:
    folder.mkdir(parents=True)
    for number, pixels in enumerate(pictures, 1):
        Image.fromarray(pixels).save(folder / pattern.format(number))
    return folder


def test_frames_of_a_folder_are_those_of_the_video(folder):
    pictures = numbered(23)
    frames = write_frames(folder / "frames", pictures)
    Image.fromarray(pictures[0]).save(frames / "cover.png")
    clip = read_video(frames, 5, np.asarray)
    assert numbers_of(clip.frames) == uniform_indices(23, 5).tolist()
    assert numbers_of(clip.frames) == numbers_of(
        read_video(write_video(folder / "v.mp4", pictures), 5, np.asarray).frames
    )
    assert (clip.count, clip.seconds, clip.width, clip.height, clip.codec, clip.notes) == (23, None, 96, 48, "png", [])
    assert numbers_of(read_video(frames, 30, np.asarray).frames) == uniform_indices(23, 30).tolist()
    assert [picture.shape for picture in video_thumbnails(frames, 2, height=24)] == [(24, 48, 3)] * 2


def test_damaged_frames_are_replaced(folder):
    frames = write_frames(folder / "frames", numbered(4))
    (frames / "frame1.png").write_bytes(b"")
    whole = (frames / "frame3.png").read_bytes()
    (frames / "frame3.png").write_bytes(whole[: len(whole) // 2])
    clip = read_video(frames, 4, np.asarray)
    assert numbers_of(clip.frames) == [1, 1, 1, 3]
    assert clip.notes == ["2 of 4 frames could not be read and were replaced (frame1.png: not a picture)"]
    for number in (2, 4):
        (frames / f"frame{number}.png").write_bytes(b"no picture")
    with fails(f"{frames}: none of its frames can be read (frame1.png: not a picture)"):
        read_video(frames, 4, np.asarray)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_pictures_of_any_kind_become_rgb(folder, mode):
    frames = folder / "frames"
    frames.mkdir()
    for number in (1, 2):
        Image.new("RGB", (8, 6), "white").convert(mode).save(frames / f"{number}.tif")
    clip = read_video(frames, 2, np.asarray)
    assert all((picture == 255).all() and picture.shape == (6, 8, 3) for picture in clip.frames)


def test_pictures_are_turned_upright(folder):
    frames = folder / "frames"
    frames.mkdir()
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation: a quarter turn
    for number in (1, 2):
        Image.new("RGB", (8, 6)).save(frames / f"{number}.jpg", exif=turned)
    clip = read_video(frames, 2, np.asarray)
    assert (clip.width, clip.height, clip.frames[0].shape) == (6, 8, (8, 6, 3))


def test_folders_of_frames_are_extracted_and_what_is_no_video_is_listed(corpus, folder, capsys):
    write_frames(corpus / "digit0/walk", numbered(6), "{}.jpg")
    (corpus / "digit1/notes.txt").touch()
    (corpus / "digit1/same.avi").symlink_to(next(corpus.glob("digit1/*.avi")))
    output = folder / "out"
    assert extract_dataset("own", dataset(), output, threads=1).videos == 13
    told = capsys.readouterr().err.splitlines()
    clip = next(corpus.glob("digit1/clip*.avi")).relative_to(corpus)
    assert told[:3] == [
        "own: passed over 1 (text or data): digit1/notes.txt",
        f"own: passed over 1 (the same as another): digit1/same.avi [{clip}]",
        "own: 13 videos to extract",
    ]
    listed = rows(output)
    assert list(listed) == sorted(listed)
    walk = listed["digit0/walk"]
    assert (walk["status"], walk["frames"], walk["seconds"], walk["codec"]) == ("ok", "6", "", "jpeg")
    assert {path: row["reason"] for path, row in listed.items() if row["status"] == "passed over"} == {
        "digit1/notes.txt": "text or data",
        "digit1/same.avi": f"the same as another: {clip}",
    }
    assert extract_dataset("own", dataset(), output, threads=1).reused == 13
    Image.new("RGB", (96, 48)).save(corpus / "digit0/walk/3.jpg")
    assert extract_dataset("own", dataset(), output, threads=1).reused == 12


def test_splits_of_folders_are_the_parts(corpus, folder):
    for split, clips in (("train", range(4)), ("test", range(4, 6)), ("database", range(6))):
        for digit in ("digit0", "digit1"):
            (corpus / split / digit).mkdir(parents=True)
            for clip in clips:
                source = sorted((corpus / digit).iterdir())[clip]
                target = corpus / split / digit / source.name
                shutil.copy(source, target)
    for digit in ("digit0", "digit1"):
        shutil.rmtree(corpus / digit)
    extract_dataset("own", dataset(more=", database: own"), folder / "out", threads=1)
    for part, count in (("train", 8), ("database", 12), ("query", 4)):
        with open_features(f"out/{part}.h5") as features:
            assert features.shape == (count, 4, 12) and features.class_names == ["digit0", "digit1"]
            assert {name.split("/")[1] for name in features.ids} == {"digit0", "digit1"}


def test_new_and_changed_videos_alone_are_extracted_again(corpus, folder):
    output = folder / "out"
    extract_dataset("own", dataset(), output, threads=1)
    assert calls() == 12
    before = {name: (output / name).read_bytes() for name in ("train.h5", "query.h5")}
    shutil.copy(corpus / "digit0/clip00.mp4", corpus / "digit0/new.mp4")
    os.utime(corpus / "digit1/clip07.webm", ns=(0, 0))
    found = extract_dataset("own", dataset(), output, threads=1)
    assert (calls(), found.reused) == (14, 11)
    assert (output / "train.h5").read_bytes() != before["train.h5"]
    # Another number format, or another network, is another extraction; going back costs nothing.
    assert extract_dataset("own", dataset(dtype="float16"), output, threads=1).reused == 0
    assert extract_dataset("own", dataset(), output, threads=1).reused == 13


def test_a_killed_run_goes_on_where_it_was(corpus, folder):
    dataset()
    command = [sys.executable, "-m", "s5vh", "extract", "--dataset=own", "--output-dir=out", "--threads=1"]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(command, env=variables | {"DIE_AFTER": "6"}, capture_output=True, text=True)
    assert killed.returncode == 9, killed.stderr
    assert not any(Path("out").glob("*.h5"))
    assert len(list(Path("out/shards").rglob("*.npz"))) == 5
    before = calls()
    found = extract_dataset("own", load_dataset("own"), Path("out"), threads=1)
    assert (found.videos, found.reused) == (12, 5)
    assert calls() - before == 7
    whole = extract_dataset("own", load_dataset("own"), Path("again"), threads=1)
    assert whole.reused == 0
    for part in ("train", "query"):
        with open_features(f"out/{part}.h5") as one, open_features(f"again/{part}.h5") as two:
            np.testing.assert_array_equal(one.feats[:], two.feats[:])


def test_a_broken_shard_is_made_again(corpus):
    extract_dataset("own", dataset(), Path("out"), threads=1)
    shard = next(Path("out/shards").rglob("*.npz"))
    shard.write_bytes(shard.read_bytes()[:100])
    assert extract_dataset("own", dataset(), Path("out"), threads=1).reused == 11


def test_few_videos_are_decoded_ahead_of_the_network(corpus, monkeypatch):
    ahead, most = [0], [0]
    read, features = Extractor.read, Extractor.features

    def counted(self, path):
        ahead[0] += 1
        most[0] = max(most[0], ahead[0])
        return read(self, path)

    def done(self, frames):
        ahead[0] -= len(frames) > 1
        return features(self, frames)

    monkeypatch.setattr(Extractor, "read", counted)
    monkeypatch.setattr(Extractor, "features", done)
    extract_dataset("own", dataset(), Path("out"), threads=2)
    assert 1 <= most[0] <= 5  # two for each thread, and the one that the network has


def test_database_of_its_own_and_videos_without_labels(corpus, folder):
    files = sorted(file.relative_to(corpus).as_posix() for file in corpus.rglob("*.*"))
    splits = ["train"] * 6 + ["database"] * 4 + ["query"] * 2
    lines = [f"{file},{split}" for file, split in zip(files, splits, strict=True)]
    (corpus / "list.csv").write_text("\n".join(["path,split", *lines]))
    config = dataset(more=", manifest: list.csv, database: own")
    extract_dataset("own", config, folder / "out", threads=1)
    for part, count in (("train", 6), ("database", 4), ("query", 2)):
        with open_features(f"out/{part}.h5") as features:
            assert features.shape == (count, 4, 12)
            assert features.labels is None and features.class_names is None
            assert features.ids == [file for file, split in zip(files, splits, strict=True) if split == part]
    with open_hdf5("out/thumbnails.h5") as pictures:
        assert sorted(pictures) == ["database", "query", "train"]


def test_nothing_is_left_of_a_part_or_a_class(corpus, folder):
    report = folder / "out/videos.csv"
    extract_dataset("own", dataset(), folder / "out", threads=1)
    parts = {path: row["part"] for path, row in rows(folder / "out").items()}

    def spoil(*chosen: str) -> None:
        for path in chosen:
            (corpus / path).unlink()  # a link, whose other end must stay whole
            (corpus / path).write_bytes(b"x")

    spoil(*(path for path, part in parts.items() if part == "train" and path.startswith("digit1")))
    with fails(
        "data/own: class 'digit1' has queries but no readable video in the database; add one, or omit the class (see "
        "out/videos.csv for unreadable videos)"
    ):
        extract_dataset("own", dataset(), Path("out"), threads=1)
    assert sum(row["status"] == "failed" for row in rows(report.parent).values()) == 5
    queries = [path for path, part in parts.items() if part == "query"]
    spoil(*queries)
    with fails(f"data/own: none of the {len(queries)} videos of the part 'query' can be read; see out/videos.csv"):
        extract_dataset("own", dataset(), Path("out"), threads=1)


def test_a_network_that_gives_nan_fails_the_video_only(corpus, folder):
    bright = np.full((32, 32, 3), 255, np.uint8)
    write_video(corpus / "digit0/bright.avi", [bright] * 4, "mjpeg")
    for file in corpus.rglob("clip*"):
        file.unlink()
    dark = np.zeros((32, 32, 3), np.uint8)
    for label in ("digit0", "digit1"):
        for number in range(3):
            write_video(corpus / label / f"dark{number}.avi", [dark] * 4, "mjpeg")
    found = extract_dataset("own", dataset("nets:broken"), folder / "out", threads=1)
    assert (found.videos, found.failed) == (6, 1)
    assert rows(folder / "out")["digit0/bright.avi"]["reason"] == "the network's output has NaN or infinity"


def test_an_error_of_a_library_fails_the_video_only(corpus, monkeypatch):
    read = Extractor.read

    def odd(self, path):
        if path.name == "clip00.mp4":
            raise ValueError("no such pixel format")
        return read(self, path)

    monkeypatch.setattr(Extractor, "read", odd)
    assert extract_dataset("own", dataset(), Path("out"), threads=1).failed == 1
    assert rows(Path("out"))["digit0/clip00.mp4"]["reason"] == "ValueError: no such pixel format"


def test_values_too_large_for_float16(corpus, folder):
    config = dataset(dtype="float16")
    config = config.model_copy(update={"videos": config.videos.model_copy(update={"std": (1e-6, 1e-6, 1e-6)})})
    with pytest.raises(UserError, match=r"^features up to .* do not fit in float16; set 'dtype: float32'$"):
        extract_dataset("own", config, folder / "out", threads=1)


def test_command(corpus, capsys):
    dataset()
    assert main(["extract", "--dataset=own", "--output-dir=out", "--threads=1", "--device=cpu"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "own: 12 videos to extract",
        "own: 12 of 12 videos",
        "out: features of 12 videos (videos.csv)",
    ]
    assert main(["extract", "--dataset=demo", "--output-dir=out"]) == 2
    assert capsys.readouterr().err == "s5vh: error: data set 'demo' is of kind 'demo', not 'videos'\n"


def test_resnet50_from_a_video_to_features(corpus):
    more = ", weights: random"
    text = DATASET.format(network="resnet50", root="data/own", dtype="float32", more=more)
    Path("config/datasets/own.yaml").write_text(text.replace("feature_size: 12", "feature_size: 2048"))
    extractor = open_extractor(load_dataset("own"), device="cpu", threads=1)
    feats = extractor.video(corpus / "digit0/clip00.mp4")
    assert feats.shape == (4, 2048) and np.isfinite(feats).all() and feats.std() > 0
    frames = read_clip(corpus / "digit0/clip00.mp4", 4, lambda picture: square(picture, 32, 32)).frames
    images = torch.stack([torch.from_numpy(frame.copy()).permute(2, 0, 1) / 255 / 0.5 for frame in frames])
    with torch.inference_mode():
        np.testing.assert_allclose(feats, extractor._network(images), rtol=1e-4, atol=1e-4)


def test_resizing_is_that_of_pillow():
    noise = np.random.default_rng(0).integers(0, 256, (30, 50, 3), np.uint8)
    expected = Image.fromarray(noise).resize((27, 16), Image.Resampling.BILINEAR).crop((5, 0, 21, 16))
    np.testing.assert_array_equal(square(Image.fromarray(noise), 16, 16), np.asarray(expected))
