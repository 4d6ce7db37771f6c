"""The S5VH authors' clusters and hash centers, made here in their form, as our semantics and centers files."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.centers.centers_file import read_centers
from s5vh.centers.import_centers import import_centers
from s5vh.centers.statistics import center_statistics
from s5vh.cli import main
from s5vh.data.features import write_features
from s5vh.methods.model_file import read_model
from s5vh.semantics.import_semantics import FILES, import_semantics
from s5vh.semantics.semantics_file import read_semantics

VIDEOS, CLUSTERS, SIZE = 60, 5, 4
LATENT, ANCHORS, NEIGHBOURS, CENTROIDS = FILES
ORDER = np.array([2, 0, 1, 4, 3])  # row r of semantic.h5 is the cluster ORDER[r] of the first k-means
TOGETHER = "use files of one data set"
AGAIN = "download it again"


def save(path, **arrays):
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array


@pytest.fixture
def released(tmp_path, monkeypatch):
    """Clusters that are far apart, numbered differently by the two clusterings."""
    monkeypatch.chdir(tmp_path)
    Path("ucf").mkdir()
    rng = np.random.default_rng(3)
    anchors = 10 * np.eye(CLUSTERS, SIZE) + rng.standard_normal((CLUSTERS, SIZE))
    latent = anchors[np.arange(VIDEOS) % CLUSTERS] + 0.1 * rng.standard_normal((VIDEOS, SIZE))
    distances = np.linalg.norm(latent[:, None] - anchors, axis=2)
    pos = np.argsort(distances, axis=1)[:, :3]
    second = anchors[ORDER] + 0.1 * rng.standard_normal((CLUSTERS, SIZE))
    unit = second / np.linalg.norm(second, axis=1, keepdims=True)
    save(f"ucf/{LATENT}", feats=latent.astype(np.float32))
    save(f"ucf/{ANCHORS}", feats=anchors.astype(np.float32))
    save(f"ucf/{NEIGHBOURS}", pos=pos)
    save(f"ucf/{CENTROIDS}", matrix=unit.astype(np.float32))
    save("ucf/hash_center_8.h5", matrix=np.sign(rng.standard_normal((CLUSTERS, 8))))
    return {"latent": latent, "anchors": anchors, "pos": pos, "unit": unit}


def run(*words):
    return main([str(word) for word in words])


def fails(capsys, *words):
    assert run(*words) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("s5vh: error: ")
    return error.removeprefix("s5vh: error: ")


def test_files_become_a_semantics_file(released, capsys):
    assert run("import-semantics", "ucf", "--output=c5.h5") == 0
    said = capsys.readouterr().err.splitlines()
    found = read_semantics("c5.h5")
    assert np.array_equal(found.projected, released["latent"].astype(np.float32))
    assert np.array_equal(found.centroids, released["anchors"].astype(np.float32))
    assert np.array_equal(found.nearest, released["pos"]) and np.array_equal(found.assignments, released["pos"][:, 0])
    assert found.cluster_sizes.tolist() == [12] * CLUSTERS
    np.testing.assert_allclose(found.W, released["unit"] @ released["unit"].T, atol=1e-6)
    assert found.pca_mean is None and found.pca_components is None
    assert said == [
        "c5.h5: 60 videos, 5 clusters of 12 to 12; 100.0% of the pseudo-labels are the nearest centroid",
        "c5.h5: W comes from a different clustering than the pseudo-labels: cluster indices match for 0.0% of the "
        "videos, 100.0% after optimal matching",
    ]
    with h5py.File("c5.h5") as file:
        record = json.loads(file.attrs["provenance"])
    assert [origin["file"] for origin in record["imported"]] == list(FILES)
    assert record["agreement"] == {"nearest": 1.0, "numbered": 0.0, "renumbered": 1.0}


def test_agreement_counts_videos(released):
    pos = released["pos"].copy()
    pos[:15] = pos[:15, ::-1]  # a quarter of the labels is not the nearest centroid any more
    save(f"ucf/{NEIGHBOURS}", pos=pos)
    unit = released["unit"][np.argsort(ORDER)]  # rows in the order of the pseudo-labels
    save(f"ucf/{CENTROIDS}", matrix=unit)
    _, agreement = import_semantics("ucf")
    assert agreement.nearest == 0.75 and agreement.numbered == 0.75 and agreement.renumbered == 0.75


def test_similarity_matrix_is_not_read(released, capsys):
    Path("ucf/final_train_sim_matrix.h5").write_bytes(b"not even HDF5")
    assert run("import-semantics", "ucf", "--output=c5.h5") == 0
    assert capsys.readouterr().err.splitlines()[-1] == "ucf/final_train_sim_matrix.h5: not needed, skipped"


def test_clusters_without_videos_are_kept(released):
    pos = np.where(released["pos"] == 4, 0, released["pos"])
    save(f"ucf/{NEIGHBOURS}", pos=pos.astype(np.float64))
    assert run("import-semantics", "ucf", "--output=c5.h5") == 0
    assert read_semantics("c5.h5").cluster_sizes.tolist() == [24, 12, 12, 12, 0]


@pytest.mark.parametrize(
    ("name", "key", "change", "message"),
    [
        (ANCHORS, "feats", lambda a: a[:, :3], f"shape (5, 3), expected (5, 4) to match {LATENT}; {TOGETHER}"),
        (CENTROIDS, "matrix", lambda a: a[:4], f"shape (4, 4), expected (5, 4) to match {ANCHORS}; {TOGETHER}"),
        (CENTROIDS, "matrix", lambda a: a * (np.arange(5) != 2)[:, None], f"'matrix' has a row of zeros; {AGAIN}"),
        (
            NEIGHBOURS,
            "pos",
            lambda a: a[:59],
            f"'pos' has shape (59, 3), expected (60, 3) for the 60 videos of {LATENT}; {TOGETHER}",
        ),
        (
            NEIGHBOURS,
            "pos",
            lambda a: a[:, :2],
            f"'pos' has shape (60, 2), expected (60, 3) for the 60 videos of {LATENT}; {TOGETHER}",
        ),
        (
            NEIGHBOURS,
            "pos",
            lambda a: a + 1,
            f"'pos' has values from 1 to 5, expected integers from 0 to 4, the rows of {ANCHORS}; {TOGETHER}",
        ),
        (
            NEIGHBOURS,
            "pos",
            lambda a: a / 2,
            f"'pos' has values from 0.0 to 2.0, expected integers from 0 to 4, the rows of {ANCHORS}; {TOGETHER}",
        ),
        (
            LATENT,
            "feats",
            lambda a: np.where(np.arange(60)[:, None] == 7, np.nan, a),
            f"'feats' has NaN or infinity in row 7; {AGAIN}",
        ),
        (LATENT, "feats", lambda a: a[0], "'feats' has shape (4,) of float32, expected a matrix of numbers"),
    ],
)
def test_a_file_that_is_wrong(released, capsys, name, key, change, message):
    with h5py.File(f"ucf/{name}") as file:
        array = file[key][()]
    save(f"ucf/{name}", **{key: change(array)})
    assert fails(capsys, "import-semantics", "ucf", "--output=c5.h5") == f"ucf/{name}: {message}"
    assert not Path("c5.h5").exists()


def test_files_that_are_missing_or_foreign(released, capsys):
    words = ["import-semantics", "ucf", "--output=c5.h5"]
    assert fails(capsys, "import-semantics", "data", "--output=c5.h5") == (
        f"data: no such folder; expected one with {', '.join(FILES)}"
    )
    save(f"ucf/{CENTROIDS}", centers=np.eye(5))
    assert fails(capsys, *words) == f"ucf/{CENTROIDS}: no array 'matrix' (the file has: centers); download it again"
    Path(f"ucf/{CENTROIDS}").write_bytes(Path(f"ucf/{LATENT}").read_bytes()[:900])
    assert fails(capsys, *words) == f"ucf/{CENTROIDS}: the file is truncated; download or create it again"
    Path(f"ucf/{CENTROIDS}").unlink()
    assert fails(capsys, *words) == f"ucf/{CENTROIDS}: no such file"


@pytest.mark.parametrize("form", ["signs", "bits", "booleans", "reals"])
def test_centers_become_a_centers_file(released, capsys, form):
    run("import-semantics", "ucf", "--output=c5.h5")
    with h5py.File("ucf/hash_center_8.h5") as file:
        centers = file["matrix"][()]
    forms = {"signs": centers, "bits": (centers + 1) / 2, "booleans": centers > 0, "reals": 0.3 * centers}
    save("ucf/hash_center_8.h5", matrix=forms[form])
    capsys.readouterr()
    assert run("import-centers", "ucf/hash_center_8.h5", "--semantics=c5.h5", "--output=k8.h5") == 0
    found = read_centers("k8.h5")
    assert found.centers.dtype == np.int8 and np.array_equal(found.centers, centers)
    expected = center_statistics(centers, read_semantics("c5.h5").W)
    rounded = 40 if form == "reals" else 0
    assert found.statistics == expected | {"solver": "imported", "rounded": rounded}
    assert found.objective_trace.tolist() == [expected["objective"]]
    said = capsys.readouterr().err.splitlines()
    tail = ", 40 values replaced by their sign" if rounded else ""
    assert said == [
        f"k8.h5: 5 centers of 8 bits, objective {expected['objective']:.1f}, smallest Hamming distance "
        f"{expected['minimum_distance']}{tail}"
    ]


def test_centers_that_are_wrong(released, capsys):
    run("import-semantics", "ucf", "--output=c5.h5")
    capsys.readouterr()
    words = ["import-centers", "ucf/hash_center_8.h5", "--semantics=c5.h5", "--output=k8.h5"]
    save("ucf/hash_center_8.h5", matrix=np.ones((4, 8)))
    assert fails(capsys, *words) == f"ucf/hash_center_8.h5: 4 centers for 5 clusters; {TOGETHER}"
    save("ucf/hash_center_8.h5", matrix=np.where(np.eye(5, 8) > 0, 0.0, -1.0))
    assert fails(capsys, *words) == (
        "ucf/hash_center_8.h5: 5 values are 0 while others are neither 0 nor 1, so their bits are ambiguous; "
        "download the file again"
    )
    save("ucf/hash_center_8.h5", matrix=np.full((5, 8), np.inf))
    assert fails(capsys, *words) == f"ucf/hash_center_8.h5: 'matrix' has NaN or infinity in row 0; {AGAIN}"
    save("ucf/hash_center_8.h5", adj=np.ones((5, 8)))
    assert fails(capsys, *words) == f"ucf/hash_center_8.h5: no array 'matrix' (the file has: adj); {AGAIN}"
    assert not Path("k8.h5").exists()


def test_a_network_trains_on_imported_clusters_and_centers(released):
    labels = np.eye(5, dtype=np.uint8)[released["pos"][:, 0]]
    feats = np.repeat(released["latent"].astype(np.float32)[:, None], 6, axis=1)
    ids = [f"v{i}" for i in range(VIDEOS)]
    write_features("train.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    run("import-semantics", "ucf", "--output=c5.h5")
    run("import-centers", "ucf/hash_center_8.h5", "--semantics=c5.h5", "--output=k8.h5")
    prepared = ["--prepared=semantics=c5.h5", "--prepared=centers=k8.h5"]
    tiny = {
        "semantics": {"clusters": 5},
        "model": {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0},
        "training": {"epochs": 1, "evaluate_every": 1, "batch_size": 30, "selection": "last"},
    }
    words = ["train", "--dataset=demo", "--method=s5vh", "--bits=8", f"--overrides={json.dumps({'s5vh': tiny})}"]
    words += [f"--{part}=train.h5" for part in ("train", "database", "query")]
    assert run(*words, *prepared, "--output-dir=cell", "--device=cpu") == 0
    assert read_model("cell/model.safetensors").training["epoch"] == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_signs_and_bits_are_the_same_centers(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    clusters, bits = rng.integers(1, 7, 2)
    centers = rng.choice([-1.0, 1.0], (clusters, bits))
    W = np.eye(clusters)
    path = tmp_path_factory.mktemp("centers") / "x.h5"
    for matrix in (centers, (centers + 1) / 2, rng.uniform(0.1, 3, centers.shape) * centers):
        save(path, matrix=matrix)
        assert np.array_equal(import_centers(path, W).centers, centers)
