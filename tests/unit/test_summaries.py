"""Temporal summaries: values by hand, invariants, torch's twin, and what is hashed and clustered of them."""

from __future__ import annotations

import json

import h5py
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError
from scipy.fft import dct

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.load import load_dataset
from s5vh.config.semantics import ClusteringConfig
from s5vh.config.summaries import COEFFICIENTS, FLAT_IN_WORDS, IN_WORDS, SUMMARIES, summary_size
from s5vh.config.validation import explain
from s5vh.data import summaries
from s5vh.data.summaries import temporal_summary
from s5vh.methods.itq.hashing import ITQ
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.lsh.hashing import LSH
from s5vh.nn.summaries import temporal_summary as in_torch
from s5vh.semantics.clustering import build_semantics, kmeans_centroids
from s5vh.semantics.means import video_means, video_summaries
from s5vh.semantics.recipes import cluster_videos
from s5vh.semantics.semantics_file import read_semantics

ANY_LENGTH = SUMMARIES[:-1]
VIDEO = np.array([[[1, 10], [2, 10], [3, 10], [6, 10]]], np.float32)  # a value that changes, and one that does not

blocks = st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 3)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.floats(-100, 100, width=16))
)


def test_values_by_hand():
    assert temporal_summary(VIDEO, "mean").tolist() == [[3, 10]]
    np.testing.assert_allclose(temporal_summary(VIDEO, "mean_std"), [[3, 10, np.sqrt(3.5), 0]], rtol=1e-7)
    assert temporal_summary(VIDEO, "flat").tolist() == [[1, 10, 2, 10, 3, 10, 6, 10]]
    # sqrt(2)/4 times: -5 cos(pi/8) - cos(3 pi/8), 2 cos(pi/4), -5 cos(3 pi/8) + cos(pi/8); a fifth does not exist.
    wide, narrow = np.cos(np.pi / 8), np.cos(3 * np.pi / 8)
    higher = np.sqrt(2) / 4 * np.array([-5 * wide - narrow, np.sqrt(2), -5 * narrow + wide, 0])
    np.testing.assert_allclose(temporal_summary(VIDEO, "dct5").reshape(5, 2).T, [[3, *higher], [10, 0, 0, 0, 0]],
                               rtol=1e-6, atol=1e-7)  # fmt: skip


@pytest.mark.parametrize("frames", [1, 2, 4, 5, 6, 30])
def test_coefficients_are_scipys(frames):
    feats = np.random.default_rng(0).standard_normal((3, frames, 2)).astype(np.float32)
    expected = np.zeros((3, COEFFICIENTS, 2))
    found = dct(feats.astype(np.float64), axis=1, norm="ortho")[:, :COEFFICIENTS] / np.sqrt(frames)
    expected[:, : found.shape[1]] = found
    np.testing.assert_allclose(temporal_summary(feats, "dct5"), expected.reshape(3, -1), atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(blocks, st.sampled_from(SUMMARIES))
def test_first_comes_the_mean_of_each_video_alone(feats, kind):
    found = temporal_summary(feats, kind)
    videos, frames, width = feats.shape
    assert found.dtype == np.float32 and found.shape == (videos, summary_size(kind, frames, width))
    alone = np.concatenate([temporal_summary(video[None], kind) for video in feats])
    np.testing.assert_allclose(found, alone, rtol=1e-6, atol=1e-6)
    if kind != "flat":
        np.testing.assert_array_equal(found[:, :width], temporal_summary(feats, "mean"))


@settings(max_examples=30, deadline=None)
@given(arrays(np.float32, 3, elements=st.floats(-(2.0**100), 2.0**100, width=32)), st.integers(1, 40))
def test_what_stands_still_has_zeros_after_its_mean(frame, frames):
    still = np.tile(frame, (2, frames, 1))
    for kind in ("mean_std", "dct5"):
        found = temporal_summary(still, kind)
        np.testing.assert_array_equal(found[:, :3], still[:, 0])
        assert not found[:, 3:].any()


@settings(max_examples=30, deadline=None)
@given(blocks)
def test_time_reversed_changes_the_sign_of_odd_coefficients_alone(feats):
    found, back = temporal_summary(feats, "dct5"), temporal_summary(feats[:, ::-1], "dct5")
    signs = np.repeat([1, -1, 1, -1, 1], feats.shape[2])
    np.testing.assert_allclose(back, found * signs, atol=1e-4)
    for kind in ("mean", "mean_std"):
        np.testing.assert_allclose(temporal_summary(feats[:, ::-1], kind), temporal_summary(feats, kind), atol=1e-4)


def test_lengths_do_not_matter():
    # The same movement, sampled five and fifty times.
    few, many = (np.sin(3 * (np.arange(n) + 0.5) / n)[None, :, None].astype(np.float32) for n in (50, 500))
    for kind in ANY_LENGTH:
        np.testing.assert_allclose(temporal_summary(few, kind), temporal_summary(many, kind), atol=1e-3)


def test_pieces_do_not_matter(monkeypatch):
    feats = np.random.default_rng(0).standard_normal((7, 6, 3)).astype(np.float16)
    whole = {kind: temporal_summary(feats, kind) for kind in SUMMARIES}
    for values in (1, 2 * 6 * 3):
        monkeypatch.setattr(summaries, "_PIECE", values)
        for kind in SUMMARIES:
            np.testing.assert_allclose(temporal_summary(feats, kind), whole[kind], rtol=1e-6, atol=1e-7)


@settings(max_examples=30, deadline=None)
@given(blocks, st.sampled_from(SUMMARIES))
def test_torch_agrees(feats, kind):
    found = in_torch(torch.from_numpy(feats), kind)
    np.testing.assert_allclose(found, temporal_summary(feats, kind), rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(in_torch(torch.from_numpy(feats)[None], kind)[0], found)


@pytest.mark.parametrize("kind", SUMMARIES)
def test_torch_has_gradients_where_nothing_moves(kind):
    feats = torch.tensor(VIDEO, requires_grad=True)
    in_torch(feats, kind).square().sum().backward()
    assert feats.grad.isfinite().all() and feats.grad[0, :, 0].abs().min() > 0
    double = feats.detach().double().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: in_torch(x[..., :1], kind), double)


def test_means_of_methods_and_clusters_are_as_they_were():
    feats = np.random.default_rng(0).standard_normal((50, 30, 20)).astype(np.float16)
    np.testing.assert_array_equal(video_means(feats), np.mean(feats, axis=1, dtype=np.float64).astype(np.float32))
    single = feats.astype(np.float32)
    (_, vectors), *_ = LSH(bits=4, seed=0)._blocks(feats)
    np.testing.assert_array_equal(vectors, single.mean(axis=1))


@pytest.mark.parametrize("kind", SUMMARIES)
def test_summaries_of_a_file_are_read_in_blocks(kind):
    feats = np.random.default_rng(0).standard_normal((9, 4, 3)).astype(np.float16)
    np.testing.assert_array_equal(video_summaries(feats, kind, 2), temporal_summary(feats, kind))
    feats[5, 1, 2] = np.inf
    with pytest.raises(UserError, match=r"^video 5 \(counted from 0\) has NaN or infinite features"):
        video_summaries(feats, kind, 2)


@pytest.mark.parametrize("kind", ANY_LENGTH)
def test_models_take_videos_of_other_lengths(kind):
    feats = np.random.default_rng(0).standard_normal((40, 10, 6)).astype(np.float32)
    method = ITQ(bits=4, seed=0, features=kind).fit(feats)
    slow = method.encode(feats.repeat(3, axis=1))
    assert (slow == method.encode(feats)).mean() > 0.9
    assert method.encode(feats[:, :2]).shape == (40, 4)
    with pytest.raises(UserError, match=r"from features of shape \(40, 10, 5\)$"):
        method.encode(feats[..., :5])


def test_models_saved_before_there_were_summaries_still_load():
    feats = np.random.default_rng(0).standard_normal((20, 3, 5)).astype(np.float32)
    for number, kind in enumerate(("mean", "flat")):
        fitted = LSH(bits=4, seed=0, features=kind).fit(feats)
        state = fitted.state()
        del state["features"]
        restored = LSH.load_state(state | {"flat": np.array([number])})
        assert restored.features == kind
        np.testing.assert_array_equal(restored.encode(feats), fitted.encode(feats))
    with pytest.raises(UserError, match=r"^LSH: arrays of the saved model have inconsistent shapes; train it again$"):
        LSH.load_state(fitted.state() | {"features": np.array([4])})


@pytest.mark.parametrize("limit", [2048, 10])
def test_itq_finds_what_only_time_tells(limit, monkeypatch):
    # Two groups of videos with the same means: still ones, and ones that change.
    monkeypatch.setattr("s5vh.methods.principal_hash._EXACT_DIMENSIONS", limit)
    random = np.random.default_rng(0)
    moving = np.arange(40) % 2
    change = np.array([-3, -1, 1, 3])[:, None] * moving[:, None, None] * np.ones(8)
    feats = (change + 0.1 * random.standard_normal((40, 1, 8))).astype(np.float32)
    for kind, tells in (("mean", False), ("mean_std", True), ("dct5", True)):
        codes = ITQ(bits=1, seed=0, features=kind).fit(feats).encode(feats)[:, 0]
        assert (abs(np.corrcoef(codes, moving)[0, 1]) == pytest.approx(1)) == tells


@pytest.mark.parametrize("kind", SUMMARIES)
@pytest.mark.parametrize("pca", [None, 3])
def test_clusters_of_summaries(kind, pca):
    feats = np.random.default_rng(0).standard_normal((30, 4, 5)).astype(np.float32)
    found = cluster_videos(feats, ClusteringConfig(clusters=4, pca=pca, features=kind))
    values = temporal_summary(feats, kind)
    np.testing.assert_allclose(found.pca_mean, values.mean(axis=0), atol=1e-6)
    if pca is None:
        np.testing.assert_allclose(found.projected, values - values.mean(axis=0), atol=1e-6)
    else:
        assert found.pca_components.shape == (3, values.shape[1])
        np.testing.assert_allclose(found.projected, (values - found.pca_mean) @ found.pca_components.T, atol=1e-5)
    np.testing.assert_array_equal(found.centroids, kmeans_centroids(found.projected, 4, 1, 5, 100))


def test_clusters_know_time():
    moving = np.arange(20) % 2
    change = np.array([-3, -1, 1, 3])[:, None] * moving[:, None, None] * np.ones(2)
    feats = (change + 0.01 * np.random.default_rng(0).standard_normal((20, 1, 2))).astype(np.float32)
    found = build_semantics(feats, 2, features="mean_std").assignments
    assert abs(np.corrcoef(found, moving)[0, 1]) == pytest.approx(1)
    with pytest.raises(UserError) as error:
        build_semantics(np.ones((5, 2, 3), np.float32), 2, features="dct5")
    assert (
        str(error.value)
        == "2 clusters requested, but the 5 training videos have only 1 distinct summaries; use at most 1"
    )
    with pytest.raises(UserError) as error:
        build_semantics(feats, 2, 5, features="mean_std")
    assert str(error.value) == "PCA to 5 dimensions requested for 20 videos of dimension 4; use at most 4"


@pytest.mark.parametrize("recipe", ["released", "lloyd"])
def test_recipes_of_the_authors_cluster_the_means_as_before(recipe):
    feats = np.random.default_rng(0).standard_normal((60, 3, 4)).astype(np.float32)
    found = cluster_videos(feats, ClusteringConfig(clusters=4, pca=2, recipe=recipe, seed=3, centered=False))
    assert found.pca_mean is None and found.pca_components.shape == (2, 4)
    with pytest.raises(ValidationError) as error:
        ClusteringConfig(recipe=recipe, features="flat")
    assert str(explain(error.value, "own.yaml")) == (
        f"own.yaml: features is 'flat', must be 'mean' with recipe '{recipe}', as in the authors' code; others require "
        "recipe 'paper'"
    )


def test_settings_of_summaries():
    for name, kind in (("itq_mean", "mean"), ("itq_mean_std", "mean_std"), ("itq_dct5", "dct5"), ("itq_flat", "flat")):
        method = load_method(name)
        assert method.model.features == kind and method.fixed_length == (kind == "flat")
    with pytest.raises(UserError) as error:
        load_method("itq_mean", overrides={"itq_mean": {"model": {"features": "max"}}})
    assert str(error.value).endswith(
        "itq_mean.yaml: model.features: must be 'mean', 'mean_std', 'dct5' or 'flat', got 'max'"
    )
    with pytest.raises(UserError, match=r"model\.features: must be 'mean', 'mean_std' or 'dct5', got 'flat'$"):
        load_method("mfh_mean", overrides={"mfh_mean": {"model": {"features": "flat"}}})
    # Cells and files of clusters that were there before are the same ones.
    assert load_dataset("demo").semantics.features == "mean"
    assert '"semantics"' not in resolve_cell("ucf101", "s5vh", 16, 1).to_json()
    changed = resolve_cell("ucf101", "s5vh", 16, 1, {"s5vh": {"semantics": {"features": "dct5"}}})
    assert changed.requires()["semantics"].name == "c100_pca512_dct5.h5"
    assert '"semantics":{"features":"dct5"}' in changed.to_json()


def test_words_name_all_summaries():
    assert [kind for kind in SUMMARIES if f"`{kind}`:" in f"{IN_WORDS}; {FLAT_IN_WORDS}"] == list(SUMMARIES)


def test_a_data_set_may_choose_what_is_clustered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/datasets").mkdir(parents=True)
    own = load_dataset("ucf101").model_dump(mode="json") | {"semantics": {"features": "dct5", "pca": None}}
    (tmp_path / "config/datasets/mine.yaml").write_text(json.dumps(own))
    labels = {
        name: load_method(name, "mine").semantics.label
        for name in ("s5vh", "s5vh-released", "s5vh+separate_clusterings", "s5vh_centers_released", "mcmsh-released")
    }
    assert labels["s5vh"] == "c100_dct5"
    assert not [label for name, label in labels.items() if name != "s5vh" and "dct5" in label]


def test_the_command_that_clusters(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    feats = np.random.default_rng(0).standard_normal((12, 3, 4)).astype(np.float32)
    with h5py.File("train.h5", "w") as file:
        file["feats"] = feats
    words = ["semantics", "--features=train.h5", "--clusters=3", "--summary=dct5", "--threads=1", "--output=c3_dct5.h5"]
    assert main([*words, "--recipe=lloyd"]) == 2 and not (tmp_path / "c3_dct5.h5").exists()
    assert capsys.readouterr().err.endswith(
        "semantics: features is 'dct5', must be 'mean' with recipe 'lloyd', as in the authors' code; others require "
        "recipe 'paper'\n"
    )
    assert main(words) == 0
    np.testing.assert_array_equal(read_semantics("c3_dct5.h5").W, build_semantics(feats, 3, features="dct5").W)
    with h5py.File("c3_dct5.h5") as file:
        assert json.loads(file.attrs["provenance"])["settings"]["features"] == "dct5"
