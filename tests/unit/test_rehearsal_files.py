"""Files of a rehearsal: the authors' layout with random content, at any scale, and what a scale changes in settings."""

from __future__ import annotations

import hashlib

import h5py
import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.config.dataset import DatasetConfig
from s5vh.config.load import load_dataset, load_run
from s5vh.data.features import open_features
from s5vh.data.import_features import import_part
from s5vh.data.rehearsal import bytes_of, write_authors_files
from s5vh.planning.rehearsal.scale import EPOCHS, LEAST_VIDEOS, scaled_count, scaled_dataset, thinned

TINY = DatasetConfig.model_validate(
    {
        "title": "Tiny",
        "frames": 3,
        "feature_size": 4,
        "classes": 5,
        "backbone": "none",
        "parts": {
            "train": {"features": ["a/train_1.h5", "a/train_2.h5"], "key": "x", "count": 7},
            "database": {
                "features": ["database.h5"],
                "labels": {"files": ["l1.mat", "l2.mat"], "key": "l"},
                "count": 11,
            },
            "query": {"features": ["query.h5"], "labels": {"files": ["query.h5.labels"]}, "count": 5},
        },
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_authors_files("tiny", TINY, folder, dtype="float16")
    return folder


class TestFiles:
    def test_layout(self, folder):
        files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
        assert files == set(TINY.file_names())
        with h5py.File(folder / "a/train_1.h5") as one, h5py.File(folder / "a/train_2.h5") as two:
            assert (one["x"].shape, two["x"].shape, one["x"].dtype) == ((4, 3, 4), (3, 3, 4), np.float16)
            assert one["x"].chunks is None and one["x"][:].min() >= 0 and not np.array_equal(one["x"][:3], two["x"][:])
        assert bytes_of(TINY, "float16") == (7 + 11 + 5) * 3 * 4 * 2

    def test_are_imported(self, folder, tmp_path):
        config = TINY.model_copy(update={"root": str(folder)})
        for part, videos in (("train", 7), ("database", 11), ("query", 5)):
            import_part("tiny", config, part, tmp_path / f"{part}.h5")
            with open_features(tmp_path / f"{part}.h5", 3, 4) as file:
                assert file.shape == (videos, 3, 4)
                if part != "train":
                    assert (file.labels.sum(axis=1) == 1).all() and file.labels.any(axis=0).all()

    def test_same_seed_same_bytes(self, folder, tmp_path):
        def digest(place):
            return [hashlib.sha256((place / name).read_bytes()[128:]).digest() for name in TINY.file_names()]

        for name, seed in (("tiny", 1), ("other", 1), ("tiny", 2)):
            write_authors_files(name, TINY, tmp_path / f"{name}{seed}", dtype="float16", seed=seed)
        assert digest(tmp_path / "tiny1") == digest(folder)
        assert digest(tmp_path / "other1") != digest(folder) != digest(tmp_path / "tiny2")


class TestScale:
    @pytest.mark.parametrize(
        ("count", "fraction", "expected"),
        [(45_585, 1, 45_585), (45_585, 0.01, 456), (1000, 0.01, LEAST_VIDEOS), (100, 0.5, 100), (409_788, 1e-9, 300)],
    )
    def test_counts(self, count, fraction, expected):
        assert scaled_count(count, fraction, classes=300 if count == 409_788 else 50) == expected

    def test_shapes_and_names_stay(self):
        real = load_dataset("yfcc")
        small = DatasetConfig.model_validate(scaled_dataset("yfcc", real, 0.001, ["mcmsh", "itq_mean"]))
        assert (small.frames, small.feature_size, small.file_names()) == (25, 4096, real.file_names())
        assert [small.files(part).count for part in ("train", "database", "query")] == [410, 256, 256]
        assert small.source.shares == []  # nothing is ever downloaded
        assert (small.semantics.clusters, small.semantics.pca) == (205, 205)
        assert small.methods["mcmsh"]["semantics"]["clusters"] == 205
        assert small.methods["mcmsh"]["training"]["epochs"] == EPOCHS and "training" not in small.methods["itq_mean"]

    def test_nothing_is_lowered_at_full_size(self):
        full = scaled_dataset("fcvid", load_dataset("fcvid"), 1, ["mcmsh"])
        assert full["parts"]["train"]["count"] == 45_585 and "semantics" not in full["methods"]["mcmsh"]

    def test_own_folders_are_left_alone(self):
        own = TINY.model_copy(update={"root": "/elsewhere"})
        assert scaled_dataset("tiny", own, 1, [])["root"] == "data/{name}"

    def test_unknown_number_of_videos(self):
        with pytest.raises(UserError, match=r"config/datasets/demo\.yaml: only data sets of kind 'papers'"):
            scaled_dataset("demo", load_dataset("demo"), 0.1, [])

    def test_thin_grid_keeps_methods(self):
        config = load_run({"methods": ["s5vh", "ssvh"], "bits": [16, 32], "seeds": [3, 4]})
        thin = load_run({"methods": ["s5vh", "ssvh"]}, thinned(config))
        assert (thin.methods, thin.bits, thin.seeds) == (["s5vh", "ssvh"], [32], [3])
