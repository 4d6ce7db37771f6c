"""Import: links and copies hold the authors' numbers, a bad source leaves nothing, equal videos are found."""

from __future__ import annotations

import os
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.sparse
from data_files import CLASSES, LABELS, D, T, fails, random_features, save, save_mat73

from s5vh.config.dataset import DatasetConfig
from s5vh.data.features import open_features
from s5vh.data.import_features import Imported, import_part
from s5vh.data.overlap import find_overlap

REAL = Path(os.environ.get("S5VH_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A data set in the papers' layout: training set of two files as the database, and queries."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "tiny"
    folder.mkdir(parents=True)
    save(folder / "a.h5", feats=random_features(3, 1))
    save(folder / "b.h5", feats=random_features(2, 2).astype(np.float16))
    save(folder / "q.h5", feats=random_features(4, 3))
    scipy.io.savemat(folder / "a.mat", {"labels": LABELS[:3].astype(float)})
    scipy.io.savemat(folder / "b.mat", {"labels": scipy.sparse.csc_matrix(LABELS[3:].astype(float))})
    save_mat73(folder / "q.mat", labels=LABELS[:4])
    return folder


def tiny(count: int | None = 5, **changes) -> DatasetConfig:
    train = {"features": ["a.h5", "b.h5"], "labels": {"files": ["a.mat", "b.mat"]}, "count": count}
    query = {"features": ["q.h5"], "labels": {"files": ["q.mat"]}, "count": 4}
    parts = {"train": train, "database": "train", "query": query}
    base = {"title": "t", "frames": T, "feature_size": D, "classes": CLASSES, "backbone": "b", "parts": parts}
    return DatasetConfig.model_validate(base | changes)


def expected_train() -> np.ndarray:
    return np.concatenate([random_features(3, 1), random_features(2, 2).astype(np.float16).astype(np.float32)])


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_link_and_copy_give_the_same_numbers(corpus, tmp_path, dtype):
    seen = []
    found = import_part("tiny", tiny(), "database", tmp_path / "link.h5", progress=seen.append)
    assert found == Imported(5, T, D, CLASSES, zero_videos=0) and sum(seen) == 5
    import_part("tiny", tiny(link=False, dtype=dtype), "train", tmp_path / "copy.h5")
    with open_features(tmp_path / "link.h5") as link, open_features(tmp_path / "copy.h5") as copy:
        assert link.feats.is_virtual and link.feats.dtype == np.float32
        assert not copy.feats.is_virtual and copy.feats.dtype == dtype and copy.feats.chunks == (1, T, D)
        np.testing.assert_array_equal(link.feats[()], expected_train())
        np.testing.assert_array_equal(copy.feats[()], expected_train().astype(dtype))
        for file in (link, copy):
            np.testing.assert_array_equal(file.labels, LABELS)
            assert file.ids == [f"train/{index:06d}" for index in range(5)]
            sources = file.provenance["sources"]
            assert [source["file"] for source in sources] == ["a.h5", "b.h5", "a.mat", "b.mat"]
            assert sources[0]["bytes"] == (corpus / "a.h5").stat().st_size
            assert file.provenance["found"]["videos"] == 5
            assert str(tmp_path) not in str(file.provenance)


def test_links_work_from_another_folder_and_with_percent_signs(corpus, tmp_path, monkeypatch):
    strange = tmp_path / "100%b done"
    corpus.rename(strange)
    import_part("tiny", tiny(root=str(strange)), "train", tmp_path / "deep" / "er" / "f.h5")
    monkeypatch.chdir("/")
    with open_features(tmp_path / "deep" / "er" / "f.h5") as file:
        np.testing.assert_array_equal(file.feats[()], expected_train())


@pytest.mark.parametrize("linked", [None, "results", "data"])
def test_links_move_with_the_working_directory(corpus, tmp_path, monkeypatch, linked):
    analysis, elsewhere = tmp_path / "analysis", tmp_path / "elsewhere"
    analysis.mkdir()
    elsewhere.mkdir()
    (tmp_path / "data").rename(analysis / "data")
    (analysis / "results").mkdir()
    if linked:  # a folder of the analysis that is on another disk stays there
        (analysis / linked).rename(elsewhere / linked)
        (analysis / linked).symlink_to(elsewhere / linked)
    monkeypatch.chdir(analysis)
    path = Path("results/tiny/features/train.h5")
    import_part("tiny", tiny(), "train", path)
    with open_features(path) as file:
        names = [source.file_name for source in file.feats.virtual_sources()]
        np.testing.assert_array_equal(file.feats[()], expected_train())
    folder = {None: "../../../data", "results": f"{analysis}/data", "data": f"{elsewhere}/data"}[linked]
    assert names == [f"{folder}/tiny/{name}.h5" for name in "ab"]
    if linked != "results":
        moved = tmp_path / "moved" / "deeper"
        moved.parent.mkdir()
        analysis.rename(moved)
        monkeypatch.chdir("/")
        with open_features(moved / path) as file:
            np.testing.assert_array_equal(file.feats[()], expected_train())
    if linked is None:
        (moved / "data/tiny/a.h5").unlink()
        with fails(
            f"{moved / path}: links to {moved}/data/tiny/a.h5, which is missing; restore it, or run the import again: "
            f"s5vh features --dataset tiny --part train --output {moved / path}"
        ):
            open_features(moved / path)


def test_a_broken_link_is_never_read_as_features(corpus, tmp_path):
    path = tmp_path / "f.h5"
    import_part("tiny", tiny(), "train", path)
    with (corpus / "b.h5").open("ab") as file:
        file.write(b"x")
    again = f"run the import again: s5vh features --dataset tiny --part train --output {path}"
    with fails(f"{path}: links to {corpus / 'b.h5'}, which has changed; {again}"):
        open_features(path)
    (corpus / "b.h5").unlink()
    with fails(f"{path}: links to {corpus / 'b.h5'}, which is missing; restore it, or {again}"):
        open_features(path)
    with h5py.File(path) as file:
        assert np.isnan(file["feats"][3:]).all()


def test_zero_videos_are_counted(corpus, tmp_path):
    feats = random_features(4, 3)
    feats[1:3] = 0
    save(corpus / "q.h5", feats=feats)
    assert import_part("tiny", tiny(), "query", tmp_path / "f.h5").zero_videos == 2


def spoil_nan(folder: Path) -> None:
    feats = random_features(2, 2)
    feats[1, 0, 0] = np.nan
    save(folder / "b.h5", feats=feats)


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize(
    ("spoil", "changes", "part", "message"),
    [
        (
            spoil_nan,
            {},
            "train",
            "data/tiny/b.h5: video 1 has NaN; re-extract its features or omit it",
        ),
        (
            lambda folder: None,
            {"count": 6},
            "train",
            "data/tiny/a.h5, b.h5: 5 videos, expected 6; the download is incomplete or a different "
            "version (if that is intended, fix 'count' in the data set's file)",
        ),
        (
            lambda folder: None,
            {"frames": 9},
            "train",
            "data/tiny/a.h5: 'feats' has 3 frames per video, expected 9; fix 'frames' in the data set's file",
        ),
        (
            lambda folder: (folder / "b.mat").unlink(),
            {},
            "database",
            "tiny: 1 file is missing in data/tiny (b.mat); place them there, or fix the names in "
            "config/datasets/tiny.yaml",
        ),
        (
            lambda folder: scipy.io.savemat(folder / "b.mat", {"labels": LABELS[:4]}),
            {},
            "train",
            "data/tiny/a.mat, b.mat: labels of 7 videos for features of 5; label and feature files do not match",
        ),
        (
            lambda folder: scipy.io.savemat(folder / "q.mat", {"labels": np.zeros((4, CLASSES))}),
            {},
            "query",
            "data/tiny/q.mat: video 0 has no label (4 such videos); label it, omit it, or set "
            "'allow_gaps: true' next to the label files",
        ),
        (
            lambda folder: (
                scipy.io.savemat(folder / "b.mat", {"labels": np.eye(3)[[0, 0]]})
                or scipy.io.savemat(folder / "a.mat", {"labels": np.eye(3)[[0, 0, 1]]})
            ),
            {},
            "query",
            "data/tiny/q.mat: class 2 has 1 queries but no database video (1 such classes); fix the "
            "label files, or set 'allow_gaps: true' next to them",
        ),
    ],
)
def test_a_bad_import_leaves_nothing(corpus, tmp_path, link, spoil, changes, part, message):
    spoil(corpus)
    with fails(message):
        import_part("tiny", tiny(**changes, link=link), part, tmp_path / "out" / "f.h5")
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_double_precision_is_copied_but_not_linked(corpus, tmp_path):
    save(corpus / "q.h5", feats=random_features(4, 3).astype(np.float64))
    with fails("data/tiny/q.h5: type float64 cannot be linked; set 'link: false' to copy it as float32"):
        import_part("tiny", tiny(), "query", tmp_path / "f.h5")
    import_part("tiny", tiny(link=False), "query", tmp_path / "f.h5")
    with open_features(tmp_path / "f.h5") as file:
        np.testing.assert_array_equal(file.feats[()], random_features(4, 3))


def test_overlap_finds_equal_videos_whatever_their_format(tmp_path):
    database = random_features(6).astype(np.float16)
    database[2] = 0
    query = np.concatenate([random_features(2, 9), database[[4, 2, 4]].astype(np.float32)])
    query[3] *= -1  # -0.0 equals 0.0
    save(tmp_path / "d.h5", feats=database, ids=[f"d{index}" for index in range(6)])
    save(tmp_path / "q.h5", feats=query)
    overlap = find_overlap(tmp_path / "q.h5", tmp_path / "d.h5", shown=2)
    assert overlap.count == 3
    assert overlap.pairs == [("000002", "d4"), ("000003", "d2")]


@pytest.mark.skipif(not (REAL / "pennaction").is_dir(), reason="real feature files are not here")
@pytest.mark.parametrize("link", [True, False])
def test_real_files_in_the_papers_layout(tmp_path, link):
    def part(name: str, count: int) -> dict:
        labels = {"files": [f"{name}_labels.mat"]}
        return {"features": [f"{name}_feats.h5"], "labels": labels, "count": count}

    config = tiny(
        frames=25,
        feature_size=147,
        classes=15,
        link=link,
        root=str(REAL / "{name}"),
        parts={"train": part("train", 1258), "database": "train", "query": part("test", 1068)},
    )
    for name, videos in (("database", 1258), ("query", 1068)):
        found = import_part("pennaction", config, name, tmp_path / f"{name}.h5")
        assert found == Imported(videos, 25, 147, 15, zero_videos=0)
    assert find_overlap(tmp_path / "query.h5", tmp_path / "database.h5").count == 0
    with open_features(tmp_path / "query.h5") as file, h5py.File(REAL / "pennaction/test_feats.h5") as source:
        np.testing.assert_array_equal(file.feats[()], source["feats"][()])
        truth = scipy.io.loadmat(REAL / "pennaction/test_labels.mat")["labels"]
        np.testing.assert_array_equal(file.labels, truth)
