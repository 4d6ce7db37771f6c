"""Walking through folders of videos: links, unknown files, folders of frames, splits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from data_files import fails
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from test_videos_listing import config, parts, touch
from video_files import numbered, write_audio, write_video

from s5vh.base.errors import UserError
from s5vh.data.videos.found import videos_in
from s5vh.data.videos.frame_names import frames_in, natural_key, numberings
from s5vh.data.videos.listing import has_videos, list_videos
from s5vh.data.videos.passed_over import PassedOver, summaries


def listing_of(root: Path, **videos):
    return list_videos("mine", config(root, **videos))


def passed_over(root: Path, **videos) -> dict[str, str]:
    return {one.path: one.explanation for one in listing_of(root, **videos).passed_over}


def animals(root: Path) -> list[str]:
    paths = [f"{label}/{number}.mp4" for label in ("cats", "dogs") for number in range(3)]
    touch(root, *paths)
    return paths


# Links


def test_links_that_lead_up_change_nothing(tmp_path):
    root = tmp_path / "data/own"
    paths = animals(root)
    before = listing_of(root)
    (root / "cats/up").symlink_to("..")
    (root / "dogs/here").symlink_to(".")
    (root / "dogs/deep").mkdir()
    (root / "dogs/deep/further").symlink_to(tmp_path)
    listing = listing_of(root)
    assert [video.path for video in listing.videos] == paths
    assert listing.videos == before.videos and listing.digest() == before.digest()
    up = "links to a folder above them"
    assert passed_over(root) == {"cats/up/": up, "dogs/here/": up, "dogs/deep/further/": up}
    assert videos_in(root)[0] == paths


def test_folders_that_link_to_each_other_are_visited_once(tmp_path):
    touch(tmp_path, "dogs/0.mp4", *(f"cats/{folder}/{number}.mp4" for folder in "abc" for number in range(2)))
    for folder in "abc":
        for other in set("abc") - {folder}:
            (tmp_path / f"cats/{folder}/to-{other}").symlink_to(f"../{other}")
    listing = listing_of(tmp_path)
    paths = [f"cats/{folder}/{number}.mp4" for folder in "abc" for number in range(2)]
    assert [video.path for video in listing.videos] == [*paths, "dogs/0.mp4"]
    assert [one.reason for one in listing.passed_over] == ["the same as another"] * 6


def test_a_folder_elsewhere_is_followed_and_its_way_back_is_not(tmp_path):
    root, store = tmp_path / "own", tmp_path / "store"
    touch(store, *(f"{number}.mp4" for number in range(3)))
    (store / "back").symlink_to(root)
    root.mkdir()
    (root / "cats").symlink_to(store)
    assert [video.path for video in listing_of(root).videos] == [f"cats/{number}.mp4" for number in range(3)]


def test_a_file_reached_twice_is_listed_once(tmp_path):
    paths = animals(tmp_path)
    (tmp_path / "cats/more").mkdir()
    (tmp_path / "cats/again.mp4").symlink_to("0.mp4")
    os.link(tmp_path / "cats/1.mp4", tmp_path / "cats/more/hard.mp4")
    (tmp_path / "cats/z").symlink_to("more")
    listing = listing_of(tmp_path)
    assert [video.path for video in listing.videos] == paths
    assert {one.path: one.explanation for one in listing.passed_over} == {
        "cats/again.mp4": "the same as another: cats/0.mp4",
        "cats/more/hard.mp4": "the same as another: cats/1.mp4",
        "cats/z": "the same as another: cats/more",
    }
    videos, others = videos_in(tmp_path)
    assert videos == paths and others == list(listing.passed_over)


@pytest.mark.parametrize("kind", ["symbolic", "hard", "folder"])
def test_a_file_in_two_classes_or_splits_is_an_error(tmp_path, kind):
    def again(new: str, old: str) -> None:
        path = tmp_path / new
        if kind == "hard":
            os.link(tmp_path / old, path)
        elif kind == "symbolic":
            path.symlink_to(tmp_path / old)
        else:
            path.parent.rmdir()
            path.parent.symlink_to((tmp_path / old).parent)

    touch(tmp_path, "a/cats/0.mp4", "a/cats/1.mp4", "b/0.mp4")
    (tmp_path / "dogs").mkdir()
    again("dogs/0.mp4", "a/cats/0.mp4")
    first, second = ("a/cats/0.mp4", "dogs/0.mp4")
    with fails(
        f"{tmp_path}: {first} and {second} are the same video, in two classes (a and dogs); keep it in one, or write a "
        "manifest with several labels per video"
    ):
        listing_of(tmp_path)


def test_a_file_in_two_splits_is_an_error(tmp_path):
    touch(tmp_path, "train/cats/0.mp4", "train/cats/1.mp4", "test/cats/2.mp4", "val/cats/3.mp4")
    (tmp_path / "val/cats/same.mp4").symlink_to("../../train/cats/1.mp4")
    listing = listing_of(tmp_path)  # both are trained on
    assert len(listing.videos) == 4 and [one.reason for one in listing.passed_over] == ["the same as another"]
    (tmp_path / "test/cats/same.mp4").symlink_to("../../train/cats/1.mp4")
    with fails(
        f"{tmp_path}: test/cats/same.mp4 and train/cats/1.mp4 are the same video, in two splits (query and train); "
        "keep it in one"
    ):
        listing_of(tmp_path)


# What is no video


def test_ffmpeg_is_asked_about_names_that_tell_nothing(tmp_path):
    clip = write_video(tmp_path / "clip.mp4", numbered(3)).read_bytes()
    root = tmp_path / "own"
    for name in ("noending", "x.dat", "x.rm", "x.mod"):
        (root / "a" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "a" / name).write_bytes(clip)
    sound = write_audio(tmp_path / "sound.mp4").read_bytes()
    (root / "a/sound.ogg").write_bytes(sound)
    (root / "a/words").write_text("no video\n" * 99)
    (root / "a/art.diz").write_text("\x1b[1mart\x1b[0m\n" * 99)
    (root / "a/nothing").touch()
    noise = np.random.default_rng(0).integers(0, 256, 99_999, np.uint8)
    (root / "a/noise.bin").write_bytes(noise.tobytes())
    still, moving = (Image.new("L", (48, 48), grey) for grey in (0, 255))
    still.save(root / "a/still.gif")
    still.save(root / "a/moving.gif", save_all=True, append_images=[moving, still])
    still.convert("RGB").save(root / "a/picture.dat2", format="JPEG")
    listing = listing_of(root)
    assert [video.path for video in listing.videos] == ["a/moving.gif", "a/noending", "a/x.dat", "a/x.mod", "a/x.rm"]
    unknown = "not recognised as videos by FFmpeg"
    assert {one.path: one.explanation for one in listing.passed_over} == {
        "a/art.diz": "text or data",
        "a/noise.bin": unknown,
        "a/nothing": "empty",
        "a/picture.dat2": "pictures",
        "a/sound.ogg": "without a video stream, only audio",
        "a/still.gif": "pictures",
        "a/words": unknown,
    }


@pytest.mark.parametrize(
    "suffix",
    [
        *(".3g2", ".3gpp", ".divx", ".dv", ".f4v", ".M2TS", ".m2v", ".m4v", ".mpe", ".mts"),
        *(".mxf", ".ogv", ".qt", ".rmvb", ".TS", ".vob", ".wtv", ".y4m"),
    ],
)
def test_certain_suffixes_are_not_looked_into(tmp_path, suffix, monkeypatch):
    monkeypatch.setattr("s5vh.data.videos.walk.why_no_video", None)
    touch(tmp_path, f"a/0{suffix}", f"a/1{suffix}")
    assert [video.path for video in listing_of(tmp_path).videos] == [f"a/0{suffix}", f"a/1{suffix}"]


def test_what_is_passed_over_has_a_name_and_a_reason(tmp_path):
    animals(tmp_path)
    touch(tmp_path, "readme.md", "cats/0.srt", "cats/1.srt", "cats/2.srt", "cats/2.en.srt", "cats/0.jpg", "cats/t.wav")
    touch(
        tmp_path, "cats/._0.mp4", ".git/config", "cats/Thumbs.db", "lost+found/x.mp4", "dogs/3.mp4.part", "empty/x.h5"
    )
    (tmp_path / "gone.xyz").symlink_to("nowhere")
    os.mkfifo(tmp_path / "cats/pipe.mp4")
    assert summaries(listing_of(tmp_path).passed_over) == [
        "passed over 1 (folders without videos): empty/",
        "passed over 2 (hidden): .git/, cats/._0.mp4",
        "passed over 1 (not regular files): cats/pipe.mp4",
        "passed over 2 (of the operating system): cats/Thumbs.db, lost+found/",
        "passed over 1 (pictures beside videos): cats/0.jpg",
        "passed over 1 (sound): cats/t.wav",
        "passed over 6 (text or data): cats/0.srt, cats/1.srt, cats/2.en.srt and 3 more",
        "passed over 1 (unfinished downloads): dogs/3.mp4.part",
        "passed over 1 (unreadable (No such file or directory)): gone.xyz",
    ]
    assert has_videos("mine", config(tmp_path))


def test_a_link_to_nothing_with_the_name_of_a_video_is_left_to_the_extraction(tmp_path):
    animals(tmp_path)
    (tmp_path / "cats/annexed.mp4").symlink_to("nowhere")
    (tmp_path / "cats/circle.mp4").symlink_to("circle.mp4")
    listing = listing_of(tmp_path)
    assert {"cats/annexed.mp4", "cats/circle.mp4"} < set(parts(listing)) and listing.digest()


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    animals(tmp_path)
    scandir = os.scandir

    def refused(folder):
        if Path(folder).name == "dogs":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refused)
    message = (
        f"{tmp_path}/dogs: the folder cannot be read (Permission denied); fix its permissions, or move it out of "
        f"{tmp_path}"
    )
    with fails(message):
        listing_of(tmp_path)
    with fails(message):
        videos_in(tmp_path)


def test_names_that_are_not_utf8(tmp_path):
    paths = animals(tmp_path)
    (tmp_path / os.fsdecode(b"cats/notes \xe9.txt")).touch()
    assert passed_over(tmp_path) == {r"cats/notes \xe9.txt": "text or data"}
    (tmp_path / os.fsdecode(b"cats/caf\xe9.mp4")).touch()
    message = (
        rf"{tmp_path}/cats/caf\xe9.mp4: the name is not valid UTF-8 (its bytes are shown as \xNN); rename the file or "
        "folder"
    )
    with fails(message):
        listing_of(tmp_path)
    with fails(message):
        videos_in(tmp_path)
    (tmp_path / os.fsdecode(b"cats/caf\xe9.mp4")).rename(tmp_path / "cats/café\n.mp4")
    assert [video.path for video in listing_of(tmp_path).videos] == [*paths[:3], "cats/café\n.mp4", *paths[3:]]


# Folders of frames


def test_folders_of_frames_are_videos(tmp_path):
    touch(tmp_path, *(f"cats/{video}/frame{number:04}.jpg" for video in ("a.avi", "b") for number in range(1, 4)))
    touch(tmp_path, "cats/b/info.txt", "cats/b/cover.png", "dogs/deep/c/1.png", "dogs/deep/c/10.PNG")
    touch(tmp_path, "dogs/deep/c/2.png", "dogs/deep/c/11.PNG", "cats/poster.jpg")
    touch(tmp_path, "dogs/d/x_1.webp", "dogs/d/x_2.webp")
    listing = listing_of(tmp_path)
    assert {video.path: video.labels for video in listing.videos} == {
        "cats/a.avi": ("cats",),
        "cats/b": ("cats",),
        "dogs/d": ("dogs",),
        "dogs/deep/c": ("dogs",),
    }
    assert frames_in(tmp_path / "dogs/deep/c") == ["1.png", "2.png", "10.PNG", "11.PNG"]
    assert {one.path: one.reason for one in listing.passed_over} == {
        "cats/b/cover.png": "pictures",
        "cats/b/info.txt": "text or data",
        "cats/poster.jpg": "pictures",
    }
    assert has_videos("mine", config(tmp_path))
    assert videos_in(tmp_path)[0] == ["cats/a.avi", "cats/b", "dogs/d", "dogs/deep/c"]
    assert videos_in(tmp_path / "cats/b")[0] == [""]


def test_a_frame_that_changes_changes_the_digest(tmp_path):
    touch(tmp_path, *(f"cats/{video}/{number}.jpg" for video in "ab" for number in range(3)))
    digests = {listing_of(tmp_path).digest()}
    touch(tmp_path, "cats/a/notes.txt")
    digests.add(listing_of(tmp_path).digest())
    assert len(digests) == 1
    (tmp_path / "cats/a/1.jpg").write_bytes(b"other")
    digests.add(listing_of(tmp_path).digest())
    (tmp_path / "cats/a/2.jpg").unlink()
    digests.add(listing_of(tmp_path).digest())
    assert len(digests) == 3


def test_pictures_of_videos_are_not_videos(tmp_path):
    animals(tmp_path)
    touch(tmp_path, *(f"cats/thumbs/{number}.jpg" for number in range(2)))  # named after the files beside
    touch(tmp_path, *(f"dogs/0/{number}.jpg" for number in range(50)))  # the frames of dogs/0.mp4
    touch(tmp_path, *(f"dogs/more/{name}" for name in ("x1.jpg", "x2.jpg", "film.mp4")))
    touch(tmp_path, "cats/alone/1.jpg", "cats/unnumbered/a.jpg", "cats/unnumbered/b.jpg")
    touch(tmp_path, *(f"dogs/e/frame{number}.jpg" for number in range(3)), *(f"dogs/e/s/{n}.jpg" for n in range(5)))
    listing = listing_of(tmp_path)
    assert set(parts(listing)) == {*animals(tmp_path), "dogs/more/film.mp4", "dogs/e"}
    assert summaries(listing.passed_over) == [
        "passed over 3 (pictures): cats/alone/1.jpg, cats/unnumbered/a.jpg, cats/unnumbered/b.jpg",
        "passed over 5 (pictures beside videos): cats/thumbs/0.jpg [one of 2], dogs/0/0.jpg [one of 50], "
        "dogs/e/s/0.jpg [one of 5] and 2 more",
    ]


def test_pictures_of_unclear_meaning_are_an_error(tmp_path):
    touch(tmp_path, "1.jpg", "2.jpg", *(f"cats/{video}/{n}.jpg" for video in "ab" for n in (1, 2)), "cats/x1.jpg")
    touch(tmp_path, "cats/x2.jpg")
    assert set(parts(listing_of(tmp_path))) == {"cats/a", "cats/b"}
    touch(tmp_path, "dogs/frame1.jpg", "dogs/frame2.jpg")
    with fails(
        f"{tmp_path}/dogs: has nothing but numbered pictures (2, such as frame1.jpg), so it is unclear whether it is a "
        "class or a video; the frames of a video belong into a folder below that of its class, such as "
        f"{tmp_path}/dogs/VIDEO/frame1.jpg; videos without classes can be listed in a manifest"
    ):
        listing_of(tmp_path)
    touch(tmp_path, "dogs/v/frame1.jpg", "dogs/v/frame2.jpg", "dogs/v/flow_x_1.jpg", "dogs/v/flow_x_2.jpg")
    with fails(
        f"{tmp_path}/dogs/v: several numberings of pictures (flow_x_#.jpg, frame#.jpg), of which only one can be the "
        "frames of the video; keep the others in a folder outside of the data set"
    ):
        listing_of(tmp_path)


@given(st.lists(st.integers(0, 10**6), min_size=2, unique=True), st.sampled_from(["", "frame", "v1-", "a.b_"]))
def test_frames_are_in_order_of_their_numbers(numbers, prefix):
    names = [f"{prefix}{number}.jpg" for number in numbers]
    assert numberings([*names, "cover.jpg", "1.txt"]) == {f"{prefix}#.jpg".replace("1", "#"): names}
    assert sorted(names, key=natural_key) == [f"{prefix}{number}.jpg" for number in sorted(numbers)]


# Splits


@pytest.mark.parametrize(
    ("folders", "videos", "expected"),
    [
        ("train val test", {}, "train train query"),
        ("Train VAL", {}, "train query"),
        ("training validation Testing", {}, "train train query"),
        ("database query", {}, "train query"),
        ("train gallery queries", {"database": "own"}, "train database query"),
        ("val database test", {"database": "own"}, "train database query"),
    ],
)
def test_folders_of_splits(tmp_path, folders, videos, expected):
    touch(tmp_path, *(f"{folder}/{label}/{folder}.mp4" for folder in folders.split() for label in ("cats", "dogs")))
    touch(tmp_path, "annotations/list.txt")
    listing = listing_of(tmp_path, **videos)
    assert listing.class_names == ("cats", "dogs")
    wanted = dict(zip(folders.split(), expected.split(), strict=True))
    assert parts(listing) == {
        f"{folder}/{label}/{folder}.mp4": part for folder, part in wanted.items() for label in ("cats", "dogs")
    }
    assert [one.path for one in listing.passed_over] == ["annotations/", "annotations/list.txt"]


def test_a_single_split_is_split(tmp_path):
    touch(tmp_path, *(f"train/{label}/{number}.mp4" for label in ("cats", "dogs") for number in range(5)))
    listing = listing_of(tmp_path)
    assert listing.class_names == ("cats", "dogs") and len(listing.part("query")) == 2


@pytest.mark.parametrize("around", ["UCF-101", "a/b", "train"])
def test_folders_around_all_classes_mean_nothing(tmp_path, around):
    touch(tmp_path, *(f"{around}/{label}/{number}.mp4" for label in ("cats", "dogs") for number in range(5)))
    assert listing_of(tmp_path).class_names == ("cats", "dogs")
    touch(tmp_path, *(f"{around}/{label}/v/f{number}.jpg" for label in ("cats", "dogs") for number in range(5)))
    assert f"{around}/cats/v" in parts(listing_of(tmp_path))


def test_folders_around_all_splits_mean_nothing(tmp_path):
    touch(tmp_path, *(f"K400/{split}/{label}/{split}.mp4" for split in ("train", "val") for label in ("cats", "dogs")))
    listing = listing_of(tmp_path)
    assert listing.class_names == ("cats", "dogs")
    assert [video.path for video in listing.part("query")] == ["K400/val/cats/val.mp4", "K400/val/dogs/val.mp4"]


def test_a_single_class(tmp_path):
    touch(tmp_path, *(f"cats/{number}.mp4" for number in range(5)), "cats/deep/5.mp4")
    assert listing_of(tmp_path).class_names == ("cats",)


def test_classes_may_be_called_like_splits(tmp_path):
    touch(tmp_path, *(f"{label}/{number}.mp4" for label in ("train", "plane", "car") for number in range(3)))
    touch(tmp_path, "train/steam/4.mp4")
    assert listing_of(tmp_path).class_names == ("car", "plane", "train")


def test_splits_without_classes(tmp_path):
    touch(tmp_path, "train/0.mp4", "train/1.mp4", "test/2.mp4")
    listing = listing_of(tmp_path)
    assert not listing.labelled and set(parts(listing).values()) == {"train", "query"}
    touch(tmp_path, "test/cats/3.mp4")
    with fails(
        f"{tmp_path}: 3 videos are outside the class folders (such as test/2.mp4); place them in one, or use no class "
        "folders at all"
    ):
        listing_of(tmp_path)


def test_splits_of_unclear_meaning_are_an_error(tmp_path):
    touch(tmp_path, *(f"{split}/cats/{split}.mp4" for split in ("train", "test", "extra")))
    with fails(
        f"{tmp_path}: test and train are named like splits, but extra is not, so it is unclear what the folders mean; "
        "use only splits or only classes, or write a manifest"
    ):
        listing_of(tmp_path)
    (tmp_path / "extra").rename(tmp_path / "database")
    with fails(
        f"{tmp_path}: 1 videos have the split 'database', but the database is the training videos; set 'database: own' "
        "under 'videos'"
    ):
        listing_of(tmp_path)


def test_order_does_not_depend_on_the_file_system(tmp_path, monkeypatch):
    animals(tmp_path)
    touch(tmp_path, *(f"cats/v/{n}.jpg" for n in range(3)), "cats/b.txt", "B/1.mp4", "a/1.mp4", "a/2.mp4")
    os.link(tmp_path / "a/1.mp4", tmp_path / "a/0.mp4")
    before = listing_of(tmp_path)
    scandir = os.scandir

    class Backwards(list):
        __enter__, __exit__ = (lambda self: self), (lambda self, *_: None)

    monkeypatch.setattr(os, "scandir", lambda path: Backwards(reversed(sorted(scandir(path), key=lambda e: e.name))))
    assert listing_of(tmp_path) == before and listing_of(tmp_path).digest() == before.digest()
    assert PassedOver("a/1.mp4", "the same as another", "a/0.mp4") in before.passed_over


def test_errors_are_one_line(tmp_path):
    touch(tmp_path, "cats/0.mp4", "li\nne.mp4")
    with pytest.raises(UserError) as caught:
        listing_of(tmp_path)
    assert "\n" not in str(caught.value)
