"""PCAH, spectral hashing and MFH, held to slow implementations with dense matrices and loops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.methods import linear_hash
from s5vh.methods.load import load_method
from s5vh.methods.mfh import hashing as mfh_module
from s5vh.methods.mfh.hashing import MFH
from s5vh.methods.pcah.hashing import PCAH
from s5vh.methods.sh.hashing import SH, smoothest


@pytest.fixture
def feats():
    """50 videos of 3 frames x 8 values with distinct variances and a mean far from zero."""
    rng = np.random.default_rng(0)
    return (7 + np.linspace(3, 0.4, 8) * rng.standard_normal((50, 3, 8))).astype(np.float32)


def centered(feats, features):
    vectors = feats.astype(np.float64)
    if features == "mean_std":
        vectors = np.concatenate([vectors.mean(axis=1), vectors.std(axis=1)], axis=1)
    else:
        vectors = vectors.mean(axis=1) if features == "mean" else vectors.reshape(len(feats), -1)
    return vectors - vectors.mean(axis=0)


def directions(vectors):
    """Principal directions as rows, each with its largest entry positive."""
    found = np.linalg.svd(vectors)[2]
    return np.array([row if row[np.abs(row).argmax()] > 0 else -row for row in found])


def assert_equal_where_clear(codes, values, least=1e-4):
    """Codes are the signs of `values`, but where these are within rounding error of 0."""
    clear = np.abs(values) > least
    assert clear.mean() > 0.99
    np.testing.assert_array_equal(codes[clear], np.sign(values)[clear])


@pytest.mark.parametrize("features", ["mean", "flat"])
def test_pcah_takes_signs_of_principal_components(features, feats):
    vectors = centered(feats, features)
    assert_equal_where_clear(PCAH(bits=6, seed=0, features=features).fit(feats).encode(feats),
                             vectors @ directions(vectors)[:6].T)  # fmt: skip


def test_pcah_codes_are_nested_and_need_no_seed(feats):
    longer = PCAH(bits=6, seed=0).fit(feats).encode(feats)
    np.testing.assert_array_equal(PCAH(bits=4, seed=9).fit(feats).encode(feats), longer[:, :4])


def plain_sh(vectors, bits, epsilon):
    """The paper's three steps: values of the eigenfunctions, [N, bits], and their (direction, frequency)."""
    projected = vectors @ directions(vectors)[: min(bits, vectors.shape[1])].T
    found = []
    for j in range(projected.shape[1]):
        a, b = projected[:, j].min(), projected[:, j].max()
        for k in range(1, bits + 1):
            eigenvalue = 1 - math.exp(-(epsilon**2) / 2 * abs(k * math.pi / (b - a)) ** 2)
            found.append((eigenvalue, j, k, a, b))
    found = sorted(found)[:bits]
    values = [[math.sin(math.pi / 2 + k * math.pi / (b - a) * (x[j] - a)) for _, j, k, a, b in found]
              for x in projected]  # fmt: skip
    return np.array(values), [[j, k] for _, j, k, *_ in found]


@pytest.mark.parametrize("features", ["mean", "flat"])
@pytest.mark.parametrize("bits", [1, 8, 24])
def test_sh_is_the_thresholded_eigenfunctions_of_the_paper(features, bits, feats, monkeypatch):
    monkeypatch.setattr(linear_hash, "_BLOCK_BYTES", 7 * 4 * 24)  # the box spans all blocks
    method = SH(bits=bits, seed=0, features=features).fit(feats)
    values, modes = plain_sh(centered(feats, features), bits, epsilon=0.1)
    assert method.state()["modes"].tolist() == modes
    assert_equal_where_clear(method.encode(feats), values)


def test_sh_chooses_low_frequencies_of_wide_directions():
    assert smoothest(np.array([4.0, 1.0]), 5).tolist() == [[0, 1], [0, 2], [0, 3], [0, 4], [1, 1]]
    assert smoothest(np.array([1.0, 4.0]), 3).tolist() == [[1, 1], [1, 2], [1, 3]]
    assert smoothest(np.array([1.0, 1.1]), 3).tolist() == [[1, 1], [0, 1], [1, 2]]


def test_sh_has_more_bits_than_directions():
    line = np.linspace(2, 5, 38, dtype=np.float32)[:, None, None] * np.array([1, 0, 0], np.float32)
    codes = SH(bits=4, seed=0).fit(line).encode(line)
    waves = np.cos(np.pi * np.outer(np.linspace(0, 1, 38), [1, 2, 3, 4]))  # nowhere 0, as 37 is prime
    np.testing.assert_array_equal(codes, np.sign(waves))


def test_sh_extends_the_eigenfunctions_beyond_the_training_videos():
    method = SH(bits=2, seed=0).fit(np.array([0.0, 2.0], np.float32)[:, None, None])
    places = np.array([-0.6, 0.1, 0.9, 1.3, 2.6], np.float32)  # zeros: 1; 0.5 and 1.5, and those every 2 and 1 further
    assert method.encode(places[:, None, None]).tolist() == [[1, -1], [1, 1], [1, -1], [-1, -1], [-1, -1]]


def plain_mfh(vectors, bits, neighbours, alpha, beta):
    """Smallest eigenvalues and eigenvectors of D but for the constant one, and W, all with dense matrices."""
    count, width = vectors.shape
    adjacency = np.zeros((count, count))
    for p in range(count):
        near = sorted((np.sum((vectors[p] - vectors[q]) ** 2), q) for q in range(count) if q != p)[:neighbours]
        for _, q in near:
            adjacency[p, q] = adjacency[q, p] = 1
    laplacian = np.diag(adjacency.sum(axis=1)) - adjacency
    centering = np.eye(count) - 1 / count
    inverse = np.linalg.inv(vectors.T @ vectors + beta * np.eye(width))
    left_over = centering - vectors @ inverse @ vectors.T
    eigenvalues, eigenvectors = np.linalg.eigh(laplacian + alpha * left_over)
    assert eigenvalues[0] == pytest.approx(0, abs=1e-9) and np.ptp(eigenvectors[:, 0]) < 1e-6
    embedding = eigenvectors[:, 1 : bits + 1]
    return eigenvalues[1 : bits + 1], embedding, inverse @ vectors.T @ embedding


OPTIONS = [(4, 1.0, 1.0), (10, 50.0, 1e-3), (3, 0.1, 20.0)]


@pytest.mark.parametrize("features", ["mean", "mean_std", "flat"])
@pytest.mark.parametrize(("neighbours", "alpha", "beta"), OPTIONS)
def test_mfh_is_the_linear_fit_of_a_spectral_embedding(features, neighbours, alpha, beta, feats, monkeypatch):
    monkeypatch.setattr(mfh_module, "_ROWS", 7)
    vectors = centered(feats, features)
    method = MFH(bits=5, seed=0, features=features, neighbours=neighbours, alpha=alpha, beta=beta).fit(feats)
    _, _, expected = plain_mfh(vectors, 5, neighbours, alpha, beta)
    found = method.state()["hyperplanes"]
    expected = expected * np.sign((expected * found).sum(axis=0))
    np.testing.assert_allclose(found, expected, atol=1e-3 * np.abs(expected).max())
    assert (np.take_along_axis(found, np.abs(found).argmax(axis=0)[None], 0) > 0).all()
    values = vectors @ expected
    assert_equal_where_clear(method.encode(feats), values / values.std(axis=0), least=5e-3)


@pytest.mark.parametrize("dense", [1000, 0])
def test_mfh_is_within_its_tolerance_of_the_optimum(dense, feats, monkeypatch):
    monkeypatch.setattr(mfh_module, "_DENSE", dense)
    vectors = centered(feats, "mean")
    eigenvalues, *_ = plain_mfh(vectors, 5, 4, 2.0, 1.0)
    whitened = vectors.astype(np.float32)
    laplacian = mfh_module._laplacian(whitened, 4)
    mfh_module._whiten(whitened, 1.0)
    found = mfh_module._embedding(laplacian, whitened, 2.0, 5)
    np.testing.assert_allclose(found.T @ found, np.eye(5), atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-4)
    product = laplacian @ found + 2 * (found - whitened @ (whitened.T @ found))
    np.testing.assert_allclose(np.diag(found.T @ product), eigenvalues, rtol=1e-3)


def test_the_first_bit_of_mfh_separates_two_groups_without_links():
    groups = np.repeat([[[-9.0, 0, 0]], [[9.0, 0, 0]]], 12, axis=0)
    feats = (groups + np.random.default_rng(1).standard_normal((24, 1, 3))).astype(np.float32)
    bit = MFH(bits=1, seed=0, neighbours=3).fit(feats).encode(feats)[:, 0]
    assert bit.tolist() == [-1] * 12 + [1] * 12


def test_a_video_and_its_duplicate_are_neighbours_but_none_is_its_own():
    places = np.array([[0.0], [0.0], [5.0], [5.1]], np.float32)
    laplacian = mfh_module._laplacian(places, 1).toarray()
    assert laplacian.tolist() == [[1, -1, 0, 0], [-1, 1, 0, 0], [0, 0, 1, -1], [0, 0, -1, 1]]


def test_options_that_are_fractions_come_back_from_a_file(feats):
    method = MFH(bits=2, seed=0, neighbours=3, alpha=0.25, beta=0.5).fit(feats)
    assert MFH.load_state(method.state()).options == {"neighbours": 3, "alpha": 0.25, "beta": 0.5}


def test_many_videos_take_an_iteration_to_the_same_codes(monkeypatch):
    rng = np.random.default_rng(4)
    groups = rng.standard_normal((12, 16))[rng.integers(0, 12, 300)] * np.linspace(3, 1, 16)
    feats = (groups + 0.3 * rng.standard_normal((300, 16))).astype(np.float32)[:, None]
    exact = MFH(bits=4, seed=0).fit(feats).encode(feats)
    monkeypatch.setattr(mfh_module, "_DENSE", 299)
    iterated = MFH(bits=4, seed=0).fit(feats).encode(feats)
    assert (exact == iterated).mean(axis=0).min() > 0.99


SAME = np.full((9, 2, 5), 3.0, np.float32)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda feats: PCAH(bits=9, seed=0).fit(feats),
            "PCAH: 9 bits require as many principal directions, but 50 videos of 8 dimensions have at most 8; "
            "use fewer bits or more videos",
        ),
        (
            lambda feats: MFH(bits=9, seed=0).fit(feats),
            "MFH: 9 bits require as many principal directions, but 50 videos of 8 dimensions have at most 8; "
            "use fewer bits or more videos",
        ),
        (
            lambda feats: PCAH(bits=2, seed=0).fit(SAME),
            "PCAH: 2 bits require as many principal directions, but the features have rank 0; use fewer bits",
        ),
        (
            lambda feats: MFH(bits=2, seed=0, neighbours=4).fit(SAME),
            "MFH: 2 bits require as many principal directions, but the features have rank 0; use fewer bits",
        ),
        (
            lambda feats: SH(bits=2, seed=0).fit(SAME),
            "SH: the features of all 9 training videos are the same, so there are no principal directions; "
            "check the features",
        ),
        (
            lambda feats: SH(bits=2, seed=0).fit(feats[:1]),
            "SH: the features of all 1 training videos are the same, so there are no principal directions; "
            "check the features",
        ),
        (
            lambda feats: MFH(bits=2, seed=0, neighbours=50).fit(feats),
            "MFH: 50 neighbours requested for 50 training videos; use at most 49",
        ),
        (lambda feats: MFH(bits=2, seed=0, alpha=0.0), "MFH: alpha must be positive, got 0.0"),
        (lambda feats: MFH(bits=2, seed=0, neighbours=-1), "MFH: neighbours must be positive, got -1"),
        (
            lambda feats: SH.load_state(SH(bits=2, seed=0).fit(feats).state() | {"modes": np.array([[0, 1], [9, 1]])}),
            "SH: arrays of the saved model have inconsistent shapes; train it again",
        ),
        (
            lambda feats: SH.load_state(SH(bits=2, seed=0).fit(feats).state() | {"box": np.zeros((2, 5))}),
            "SH: arrays of the saved model have inconsistent shapes; train it again",
        ),
    ],
)
def test_wrong_input_is_explained(make, message, feats):
    with pytest.raises(UserError) as error:
        make(feats)
    assert str(error.value) == message


def test_recipes_ask_for_enough_videos():
    for name, least in (("pcah_mean", 17), ("sh_flat", 2), ("mfh_mean", 17)):
        assert load_method(name).minimum_videos(16) == least
    assert load_method("mfh_mean").minimum_videos(4) == load_method("mfh_mean").model.neighbours + 1
