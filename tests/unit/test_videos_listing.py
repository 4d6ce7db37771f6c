"""Which videos there are, what they are, and what the data set's file may say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from data_files import fails
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, load_run
from s5vh.config.validation import explain
from s5vh.data.download.availability import has_labels, is_available, missing_message
from s5vh.data.videos.listing import Video, _split, list_videos
from s5vh.planning.datasets import run_of
from s5vh.planning.run import resolve_run

SHIPPED = Path(__file__).resolve().parents[2] / "config/config.yaml"


def config(root: Path, classes: int | None = None, **videos) -> DatasetConfig:
    return DatasetConfig(
        title="Mine",
        kind="videos",
        frames=4,
        feature_size=2048,
        backbone="b",
        root=str(root),
        classes=classes,
        videos={"network": "resnet50"} | videos,
    )


def touch(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def parts(listing) -> dict[str, str]:
    return {video.path: video.part for video in listing.videos}


def test_folders_are_classes(tmp_path):
    touch(tmp_path, *(f"cats/{i}.mp4" for i in range(4)), *(f"dogs/deep/er/{i}.WebM" for i in range(6)))
    touch(tmp_path, "cats/readme.txt", "cats/.hidden.mp4", ".cache/x.mp4", "notes.csv")
    listing = list_videos("mine", config(tmp_path, query_share=0.25))
    assert listing.class_names == ("cats", "dogs") and listing.labelled
    assert {video.labels for video in listing.videos} == {("cats",), ("dogs",)}
    assert [video.path for video in listing.videos] == sorted(video.path for video in listing.videos)
    assert [sum(v.labels == (label,) for v in listing.part("query")) for label in ("cats", "dogs")] == [1, 2]
    assert len(listing.part("train")) == 7


def test_videos_without_folders_have_no_classes(tmp_path):
    touch(tmp_path, *(f"{i}.avi" for i in range(10)))
    listing = list_videos("mine", config(tmp_path))
    assert not listing.labelled and listing.class_names == ()
    assert len(listing.part("query")) == 2
    assert not has_labels("bare", config(tmp_path))


def test_digest_follows_the_files(tmp_path):
    touch(tmp_path, "a/0.mp4", "a/1.mp4")
    before = list_videos("mine", config(tmp_path)).digest()
    assert list_videos("mine", config(tmp_path)).digest() == before
    (tmp_path / "a/0.mp4").write_bytes(b"other")
    changed = list_videos("mine", config(tmp_path)).digest()
    touch(tmp_path, "a/2.mp4")
    assert len({before, changed, list_videos("mine", config(tmp_path)).digest()}) == 3


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5), share=st.floats(0.01, 0.99), seed=st.integers())
def test_split_keeps_a_video_of_every_class_to_search(sizes, share, seed):
    videos = [Video(f"{label}/{i}.mp4", (str(label),)) for label, size in enumerate(sizes) for i in range(size)]
    settings = config(Path("x"), query_share=share, split_seed=seed).videos
    done = _split(videos, settings)
    assert [video.path for video in done] == [video.path for video in videos]
    for label, size in enumerate(sizes):
        queries = sum(video.part == "query" for video in done if video.labels == (str(label),))
        assert queries == min(max(1, round(share * size)), size - 1)
    assert _split(videos[::-1], settings)[::-1] == done


def test_another_seed_is_another_split_and_new_videos_move_few():
    videos = [Video(f"a/{i}.mp4", ("a",)) for i in range(100)]
    one, two = (_split(videos, config(Path("x"), split_seed=seed).videos) for seed in (1, 2))
    assert one != two
    more = _split([*videos, Video("a/new.mp4", ("a",))], config(Path("x"), split_seed=1).videos)
    assert sum(a != b for a, b in zip(one, more, strict=False)) <= 2


def manifest(root: Path, text: str, **videos):
    touch(root, *(f"{name}.mp4" for name in "abcdef"))
    (root / "link.mp4").symlink_to("a.mp4")
    (root / "folder").mkdir()
    (root / "list.csv").write_text(text)
    return list_videos("mine", config(root, manifest="list.csv", **videos))


def test_manifest_with_labels_and_split(tmp_path):
    lines = ["path,labels,split", "a.mp4,x;y,train", "b.mp4,y,query", './c.mp4,"z, or so",database',
             "d.mp4,y;y,database", "e.mp4,,train"]  # fmt: skip
    listing = manifest(tmp_path, "\n".join(lines), database="own")
    assert listing.class_names == ("x", "y", "z, or so")
    assert parts(listing) == {"a.mp4": "train", "b.mp4": "query", "c.mp4": "database", "d.mp4": "database",
                              "e.mp4": "train"}  # fmt: skip
    assert listing.videos[3].labels == ("y",)


def test_manifest_with_paths_only(tmp_path):
    listing = manifest(tmp_path, "\ufeffpath\na.mp4\nb.mp4\nc.mp4\n")
    assert not listing.labelled
    assert sorted(parts(listing).values()) == ["query", "train", "train"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,label\na.mp4,x\n", "no column 'path' (the first line has: file, label)"),
        ("", "no column 'path' (the first line has: nothing)"),
        ("path,lable\na.mp4,x\n", "unknown column 'lable' (did you mean 'label'?)"),
        ("path,label,labels\na.mp4,x,y\n", "has both columns 'label' and 'labels'; keep one"),
        ("path,split\na.mp4,train\nb.mp4,qery\n", "line 3: split 'qery' (did you mean 'query'?)"),
        ("path,label\na.mp4,x\nb.mp4\n", "line 3: 1 values for 2 columns; quote values that contain a comma"),
        ("path,label\na.mp4,x,y\n", "line 2: 3 values for 2 columns; quote values that contain a comma"),
        ("path,label\n,x\n", "line 2: no path"),
        ("path\na.mp4\nb.mp4\n./a.mp4\n", "a.mp4 is listed twice; a video belongs to one split"),
        (
            "path,split\na.mp4,train\nb.mp4,database\nc.mp4,query\n",
            "1 videos have the split 'database', but the database is the training videos; set 'database: own' under "
            "'videos'",
        ),
        (
            "path,split\na.mp4,train\nb.mp4,train\n",
            "no videos in the part 'query' (2 in total); add videos, or fix the column 'split'",
        ),
        ("path\na.mp4\nlink.mp4\n", "a.mp4 and link.mp4 are the same file; a video belongs to one split"),
        ("path\na.mp4\nfolder\n", None),
        (
            "path,label\na.mp4,x\nb.mp4,x\nc.mp4,\nd.mp4,\n",
            "c.mp4 has no label, but others have; label either all database and query videos or none",
        ),
        ("path\n", "no videos; see `videos` in config/datasets/mine.yaml for the expected layout"),
    ],
)
def test_wrong_lines_of_a_manifest(tmp_path, text, message):
    nothing_there = f"{tmp_path}/folder: has no numbered pictures, such as frame0001.jpg and frame0002.jpg"
    with fails(nothing_there if message is None else f"{tmp_path / 'list.csv'}: {message}"):
        manifest(tmp_path, text)


def test_manifest_of_files_that_are_not_there(tmp_path):
    with fails(f"{tmp_path / 'list.csv'}: no such video: x.mp4 and 1 more; paths are relative to {tmp_path}"):
        manifest(tmp_path, "path\na.mp4\nx.mp4\ny.mp4\n")
    (tmp_path / "list.csv").write_bytes(b"path\n\xff\xfe\n")
    with pytest.raises(UserError, match="not a readable CSV file in UTF-8"):
        list_videos("mine", config(tmp_path, manifest="list.csv"))
    (tmp_path / "list").mkdir()
    with fails(f"{tmp_path / 'list'}: cannot be read (Is a directory)"):
        list_videos("mine", config(tmp_path, manifest="list"))


def test_manifest_of_folders_of_frames(tmp_path):
    touch(tmp_path, *(f"{video}/{number}.png" for video in "ab" for number in (1, 2)))
    (tmp_path / "list.csv").write_text("path,split\na,train\nb/,query\n")
    listing = list_videos("mine", config(tmp_path, manifest="list.csv"))
    assert parts(listing) == {"a": "train", "b": "query"} and listing.passed_over == ()


def test_wrong_folders(tmp_path):
    touch(tmp_path, "cats/0.mp4", "loose.mp4")
    with fails(
        f"{tmp_path}: 1 videos are outside the class folders (such as loose.mp4); place them in one, or use no class "
        "folders at all"
    ):
        list_videos("mine", config(tmp_path))
    (tmp_path / "loose.mp4").unlink()
    with fails(f"{tmp_path}: no videos in the part 'query' (1 in total); add videos, or fix the names of "
               "the split folders"):  # fmt: skip
        list_videos("mine", config(tmp_path))
    touch(tmp_path, "cats/1.mp4")
    with fails(f"{tmp_path}: 1 classes, expected 3; fix or remove 'classes'"):
        list_videos("mine", config(tmp_path, classes=3))


@pytest.mark.parametrize(
    ("videos", "message"),
    [
        (
            {"network": "resnet18"},
            "videos.network: must be auto, efficientnet_lite0, resnet50, vgg16 or module:function, got 'resnet18'",
        ),
        ({"crop": 300}, "videos: 'crop' (300) must not be larger than 'resize' (256)"),
        ({"network": "vgg16"}, "'feature_size' is 2048, but the feature dimension of vgg16 is 4096"),
        ({"manifst": "a"}, "videos: unknown key 'manifst' (did you mean 'manifest'?)"),
    ],
)
def test_wrong_settings(videos, message):
    with pytest.raises(ValidationError) as caught:
        config(Path("x"), **videos)
    assert str(explain(caught.value, "mine.yaml")) == f"mine.yaml: {message}"


def test_number_of_classes_is_needed_without_videos():
    with pytest.raises(ValidationError) as caught:
        DatasetConfig(title="A", frames=2, feature_size=2, backbone="b", kind="demo", demo={})
    assert str(explain(caught.value, "a.yaml")) == "a.yaml: key 'classes' is missing"


def test_shipped_own_runs_only_where_videos_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = load_dataset("own")
    assert not is_available("own", own)
    assert missing_message({"own": own}) == (
        "own: no videos in data/own; place them there, one folder per class: data/own/CLASS/FILE.mp4"
    )
    without = run_of(load_run({"methods": ["s5vh"]}))
    assert "own" not in without.datasets and "own" not in without.missing and without.datasets == ["demo"]
    touch(tmp_path, *(f"data/own/{label}/{i}.mp4" for label in "ab" for i in range(3)))
    assert is_available("own", own)
    run = run_of(load_run({"methods": ["s5vh"]}))
    assert run.datasets == ["own"] and run.unlabelled == ()
    assert Run.from_json(run.to_json()).to_json() == run.to_json()


def test_missing_manifest_is_told(tmp_path):
    settings = config(tmp_path, manifest="list.csv")
    assert missing_message({"mine": settings}) == (
        f"mine: video manifest {tmp_path / 'list.csv'} is missing; create it, or fix 'videos.manifest'"
    )


def test_what_is_there_instead_of_videos_is_told(tmp_path):
    touch(tmp_path, "a/song.mp3", "a/notes.txt", "b/song.mp3")
    told = "passed over 2 (sound): a/song.mp3, b/song.mp3"
    assert missing_message({"mine": config(tmp_path)}) == (
        f"mine: no videos in {tmp_path} ({told}) (passed over 1 (text or data): a/notes.txt); place them there, one "
        f"folder per class: {tmp_path}/CLASS/FILE.mp4"
    )
    with fails(
        f"{tmp_path}: no videos; passed over 2 (folders without videos): a/, b/; {told}; passed over 1 (text or data): "
        "a/notes.txt; see `videos` in config/datasets/mine.yaml for the expected layout"
    ):
        list_videos("mine", config(tmp_path))
    with fails(f"{tmp_path / 'gone'}: no such folder"):
        list_videos("mine", config(tmp_path / "gone"))


def test_too_few_videos_are_told_before_anything_runs(tmp_path, monkeypatch):
    touch(tmp_path, *(f"few/data/own/a/{i}.mp4" for i in range(20)), *(f"more/data/own/a/{i}.mp4" for i in range(40)))
    monkeypatch.chdir(tmp_path / "few")
    with fails("own: 16 training videos for 20 clusters; add videos, or set semantics.clusters in "
               "config/datasets/own.yaml"):  # fmt: skip
        resolve_run([SHIPPED], {"datasets": ["own"], "methods": ["s5vh"]})
    monkeypatch.chdir(tmp_path / "more")
    run = {"datasets": ["own"], "methods": ["lsh_mean", "itq_mean"], "bits": [16, 32]}
    run |= {"protocol_study": {"methods": ["itq_mean"], "bits": [8, 64]}, "examples": {"bits": 32}}
    with fails(
        "own: itq_mean requires 33 training videos for 32 bits, but there are 32; add videos, or run less: "
        "--config 'bits=[16]' 'protocol_study={bits: [8]}'"
    ):
        resolve_run([SHIPPED], run)
    with fails(
        "own: itq_mean requires 65 training videos for 64 bits, but there are 32; add videos, or run less: "
        "--config 'methods=[lsh_mean]' 'protocol_study={bits: [8]}'"
    ):
        resolve_run([SHIPPED], run | {"bits": [64], "examples": {"bits": 64}})
    assert resolve_run([SHIPPED], run | {"bits": [16], "examples": {"bits": 16}, "protocol_study": {"bits": [8]}})


def test_published_selection_of_unlabelled_videos_is_refused_while_planning(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, *(f"data/own/{i}.mp4" for i in range(100)))
    run = {"datasets": ["own"], "methods": ["s5vh"]}
    with fails(
        "s5vh on own: training.selection 'published' requires labels, but its videos have none; set it to 'last' or "
        "'held_out' under 'methods' in config/datasets/own.yaml"
    ):
        resolve_run([SHIPPED], run | {"overrides": {"s5vh": {"training": {"selection": "published"}}}})
    assert resolve_run([SHIPPED], run).unlabelled == ("own",)


def test_listing_imports_nothing_heavy():
    code = "import sys, s5vh.planning.run; print({'av', 'numpy', 'torch', 'h5py', 'PIL'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
