"""What all methods without a network have in common, and LSH and ITQ."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from s5vh.base.errors import UserError
from s5vh.config.summaries import SUMMARIES
from s5vh.methods import linear_hash, principal_hash
from s5vh.methods.itq.hashing import ITQ, rotate
from s5vh.methods.lsh.hashing import LSH
from s5vh.methods.mfh.hashing import MFH
from s5vh.methods.pcah.hashing import PCAH
from s5vh.methods.sh.hashing import SH

SEEDED = [LSH, ITQ]
METHODS = [*SEEDED, PCAH, SH, MFH]


@pytest.fixture
def feats():
    """60 videos of 4 frames x 10 values with very unequal variances and a mean far from zero."""
    rng = np.random.default_rng(0)
    scale = np.linspace(0.2, 3, 10)
    return (5 + scale * rng.standard_normal((60, 4, 10))).astype(np.float32)


@pytest.mark.parametrize("method", SEEDED)
@pytest.mark.parametrize("features", ["mean", "flat"])
def test_equal_seeds_give_equal_codes_and_other_seeds_others(method, features, feats):
    codes = [method(bits=8, seed=seed, features=features).fit(feats).encode(feats) for seed in (3, 3, 4)]
    assert codes[0].dtype == np.int8 and codes[0].shape == (60, 8)
    assert set(np.unique(codes[0])) == {-1, 1}
    np.testing.assert_array_equal(codes[0], codes[1])
    assert (codes[0] != codes[2]).any()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("features", SUMMARIES)
def test_codes_do_not_depend_on_block_size_or_storage(method, features, feats, tmp_path, monkeypatch):
    whole = method(bits=8, seed=0, features=features).fit(feats).encode(feats)
    monkeypatch.setattr(linear_hash, "_BLOCK_BYTES", 7 * 4 * 40)
    with h5py.File(tmp_path / "feats.h5", "w") as file:
        stored = file.create_dataset("feats", data=feats, chunks=(1, 4, 10))
        np.testing.assert_array_equal(method(bits=8, seed=0, features=features).fit(stored).encode(stored), whole)


@pytest.mark.parametrize("method", METHODS)
def test_the_mean_of_the_training_videos_decides_nothing(method, feats):
    plain = method(bits=6, seed=0).fit(feats).encode(feats)
    shifted = method(bits=6, seed=0).fit(feats + 4).encode(feats + 4)
    np.testing.assert_array_equal(plain, shifted)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("features", SUMMARIES)
def test_state_restores_the_method_through_its_files(method, features, feats, tmp_path):
    fitted = method(bits=8, seed=2, features=features).fit(feats)
    np.savez(tmp_path / "state.npz", **fitted.state())
    save_file(fitted.state(), tmp_path / "model.safetensors")
    with np.load(tmp_path / "state.npz", allow_pickle=False) as file:
        states = [dict(file), load_file(tmp_path / "model.safetensors")]
    for state in states:
        restored = method.load_state(state)
        assert (restored.bits, restored.seed, restored.features) == (8, 2, features)
        assert restored.options == fitted.options
        np.testing.assert_array_equal(restored.encode(feats), fitted.encode(feats))


def test_lsh_code_is_the_side_of_each_hyperplane_through_the_mean(feats):
    method = LSH(bits=5, seed=1).fit(feats)
    normals = np.random.default_rng(1).standard_normal((10, 5), dtype=np.float32)
    means = feats.mean(axis=1)
    expected = np.where((means - means.mean(axis=0)) @ normals >= 0, 1, -1)
    np.testing.assert_array_equal(method.encode(feats), expected)


def test_half_precision_features_are_averaged_in_full_precision():
    # 60,000 + 60,000 is infinite in float16.
    feats = np.full((3, 2, 4), 60000, np.float16)
    feats[0] = 0
    codes = LSH(bits=4, seed=0).fit(feats).encode(feats)
    np.testing.assert_array_equal(codes[1], codes[2])
    np.testing.assert_array_equal(codes[0], -codes[1])


def test_the_mean_of_many_blocks_is_summed_in_double_precision(monkeypatch):
    feats = np.ones((101, 1, 2), np.float32)
    feats[0] = 2**25  # in single precision, adding 1 to this changes nothing
    monkeypatch.setattr(linear_hash, "_BLOCK_BYTES", 1)
    mean = LSH(bits=2, seed=0).fit(feats).state()["mean"]
    assert mean.dtype == np.float32 and mean.tolist() == [np.float32((2**25 + 100) / 101)] * 2


def test_itq_rotation_is_orthogonal_and_never_raises_the_loss(feats):
    method = ITQ(bits=8, seed=0, features="flat").fit(feats)
    rotation = method.state()["rotation"]
    np.testing.assert_allclose(rotation.T @ rotation, np.eye(8), atol=1e-12)
    loss = method.quantization_loss
    assert loss.shape == (51,)
    assert (np.diff(loss) <= 1e-9 * loss[0]).all()
    assert loss[-1] < 0.97 * loss[0]


def test_itq_loss_is_the_distance_of_the_codes_to_the_rotated_data():
    projected = np.random.default_rng(0).standard_normal((50, 6))
    rotation, loss = rotate(projected, 7, np.random.default_rng(1))
    rotated = projected @ rotation
    assert loss[-1] == pytest.approx(sum((np.sign(value) - value) ** 2 for value in rotated.ravel()))


def test_itq_finds_the_rotation_of_a_rotated_cube():
    rng = np.random.default_rng(5)
    corners = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T.repeat(5, axis=0).astype(float)
    turned = corners @ np.linalg.qr(rng.standard_normal((3, 3)))[0]
    # A start may end in a local minimum; the best of a few must find the cube, where nothing is lost.
    assert min(rotate(turned, 50, np.random.default_rng(seed))[1][-1] for seed in range(5)) < 1e-20


def test_itq_components_are_the_principal_directions(feats):
    components = ITQ(bits=4, seed=0).fit(feats).state()["components"].astype(float)
    means = feats.mean(axis=1, dtype=np.float64)
    _, _, directions = np.linalg.svd(means - means.mean(axis=0))
    np.testing.assert_allclose(np.abs(directions[:4] @ components), np.eye(4), atol=1e-4)


def test_itq_subspace_iteration_agrees_with_the_exact_directions(feats, monkeypatch):
    exact = ITQ(bits=3, seed=0, features="flat").fit(feats).state()["components"]
    monkeypatch.setattr(principal_hash, "_EXACT_DIMENSIONS", 1)
    monkeypatch.setattr(principal_hash, "_OVERSAMPLING", 8)
    iterated = ITQ(bits=3, seed=0, features="flat").fit(feats).state()["components"]
    np.testing.assert_allclose(iterated.T @ iterated, np.eye(3), atol=1e-5)
    centered = feats.reshape(60, -1) - feats.reshape(60, -1).mean(axis=0)
    held = [((centered @ components) ** 2).sum() for components in (iterated, exact)]
    assert held[0] == pytest.approx(held[1], rel=1e-3)


def principal(feats, count):
    """Leading directions, [T D, count] in descending order of variance, with the largest entry of each positive."""
    flat = feats.reshape(len(feats), -1).astype(np.float64)
    directions = np.linalg.svd(flat - flat.mean(axis=0))[2][:count].T
    return directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(count)])


@pytest.mark.parametrize("block", [64 * 2**20, 7 * 4 * 40])  # all videos at once, and seven at a time
@pytest.mark.parametrize("limit", [2048, 40, 39])  # the flattened videos have 40 values
def test_itq_directions_are_ordered_and_signed_however_they_are_found(limit, block, monkeypatch):
    rng = np.random.default_rng(3)
    # Variances fall off, so that the directions are distinct; the shared mean must not count as one.
    scale = 2.0 ** -np.arange(40)[:, None]
    mixed = np.linalg.qr(rng.standard_normal((40, 40)))[0] @ (30 * scale * rng.standard_normal((40, 60)))
    feats = (9 + mixed.T).reshape(60, 4, 10).astype(np.float32)
    monkeypatch.setattr(principal_hash, "_EXACT_DIMENSIONS", limit)
    monkeypatch.setattr(linear_hash, "_BLOCK_BYTES", block)
    for seed in range(4):  # from other starts, the signs come out otherwise unless they are fixed
        found = ITQ(bits=4, seed=seed, features="flat").fit(feats).state()["components"]
        np.testing.assert_allclose(found, principal(feats, 4), atol=2e-3)


def test_itq_iterates_until_little_is_gained(monkeypatch):
    monkeypatch.setattr(principal_hash, "_EXACT_DIMENSIONS", 1)
    monkeypatch.setattr(principal_hash, "_OVERSAMPLING", 1)
    rng = np.random.default_rng(0)
    feats = rng.standard_normal((300, 1, 80)).astype(np.float32)  # nearly equal variances: slow
    passes, products = [], ITQ._centered
    monkeypatch.setattr(ITQ, "_centered", lambda self, feats: passes.append(1) or products(self, feats))

    def passes_and_variance(most):
        monkeypatch.setattr(principal_hash, "_MAX_PASSES", most)
        passes.clear()
        components = ITQ(bits=3, seed=0).fit(feats).state()["components"]
        centered = feats[:, 0] - feats[:, 0].mean(axis=0)
        return len(passes) - 1, ((centered @ components) ** 2).sum()  # one pass projects

    (two, little), (many, more) = passes_and_variance(2), passes_and_variance(12)
    assert two == 2 and many == 12 and more > 1.1 * little
    easy = feats * 4.0 ** -np.arange(80)
    feats = easy.astype(np.float32)
    assert 2 <= passes_and_variance(12)[0] <= 4


def test_itq_takes_as_many_directions_as_there_are():
    feats = np.random.default_rng(0).standard_normal((5, 2, 4)).astype(np.float32)
    assert ITQ(bits=4, seed=0, features="flat").fit(feats).encode(feats).shape == (5, 4)  # 5 videos span 4
    assert ITQ(bits=4, seed=0).fit(np.tile(feats, (3, 1, 1)) + feats[0]).encode(feats).shape == (5, 4)
    with pytest.raises(UserError, match=r"at most 4; use fewer bits or more videos$"):
        ITQ(bits=5, seed=0, features="flat").fit(feats)
    nearly = feats.copy()
    nearly[:, :, 3] = 1e-4 * feats[:, :, 3]  # small, but not rounding error
    assert ITQ(bits=4, seed=0).fit(nearly).state()["components"].shape == (4, 4)
    nearly[:, :, 3] = 1e-7 * feats[:, :, 3]
    with pytest.raises(UserError, match=r"the features have rank 3; use fewer bits$"):
        ITQ(bits=4, seed=0).fit(nearly)


def test_itq_rotation_by_hand():
    projected = np.random.default_rng(0).standard_normal((9, 3)) + np.array([0.5, 0, -0.2])
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    losses = [((np.sign(projected @ rotation) - projected @ rotation) ** 2).sum()]
    for _ in range(3):
        left, _, right = np.linalg.svd(projected.T @ np.sign(projected @ rotation))
        rotation = left @ right
        losses.append(((np.sign(projected @ rotation) - projected @ rotation) ** 2).sum())
    found, loss = rotate(projected, 3, np.random.default_rng(1))
    np.testing.assert_allclose(found, rotation, atol=1e-12)
    np.testing.assert_allclose(loss, losses)
    unturned, first = rotate(projected, 0, np.random.default_rng(1))
    assert first == pytest.approx(losses[:1])
    np.testing.assert_allclose(unturned.T @ unturned, np.eye(3), atol=1e-12)
    assert rotate(np.zeros((2, 1)), 0, np.random.default_rng(0))[1].tolist() == [2]  # sign(0) is +1


def test_itq_codes_are_signs_of_rotated_centred_projections(feats):
    method = ITQ(bits=5, seed=0, iterations=3).fit(feats)
    state, means = method.state(), feats.mean(axis=1)
    assert state["iterations"].tolist() == [3] and state["quantization_loss"].shape == (4,)
    np.testing.assert_allclose(state["mean"], means.mean(axis=0), rtol=1e-5)
    rotated = (means - means.mean(axis=0)) @ state["components"] @ state["rotation"]
    clear = np.abs(rotated) > 1e-3
    np.testing.assert_array_equal(method.encode(feats)[clear], np.where(rotated >= 0, 1, -1)[clear])
    loss = ((np.where(rotated >= 0, 1, -1) - rotated) ** 2).sum()
    assert state["quantization_loss"][-1] == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize("bits", [1, 4096])
def test_codes_from_one_bit_to_the_longest(bits, feats):
    assert LSH(bits=bits, seed=0, features="flat").fit(feats).encode(feats[:1]).shape == (1, bits)
    with pytest.raises(UserError, match=r"between 1 and 4096, got 4097$"):
        LSH(bits=4097, seed=0)


def test_a_video_on_the_hyperplane_has_a_positive_bit(feats):
    method = LSH(bits=3, seed=0).fit(feats)
    method.arrays["normals"] = np.zeros((10, 3), np.float32)
    assert (method.encode(feats) == 1).all() and method.encode(feats[:0]).shape == (0, 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LSH(bits=0, seed=0), "LSH: bits must be between 1 and 4096, got 0"),
        (lambda: LSH(bits=4, seed=-1), "LSH: seed must not be negative, got -1"),
        (
            lambda: ITQ(bits=4, seed=0, features="max"),
            "ITQ: features must be one of mean, mean_std, dct5, flat, got 'max'",
        ),
        (lambda: ITQ(bits=4, seed=0, turns=3), "ITQ: unknown option turns (known: iterations)"),
        (lambda: LSH(bits=4, seed=0, turns=3), "LSH: unknown option turns (known: none)"),
        (lambda: ITQ(bits=4, seed=0, iterations=-1), "ITQ: iterations must not be negative, got -1"),
        (
            lambda: LSH(bits=4, seed=0).fit(np.zeros((3, 4), np.float32)),
            "LSH: expected features [videos, frames, dimensions], got shape (3, 4)",
        ),
        (
            lambda: LSH(bits=4, seed=0).fit(np.zeros((0, 2, 4), np.float32)),
            "LSH: there are no training videos",
        ),
        (
            lambda: LSH(bits=4, seed=0).fit(np.full((3, 2, 4), np.nan, np.float32)),
            "LSH: the training features contain NaN or infinite values",
        ),
        (
            lambda: ITQ(bits=4, seed=0).fit(np.ones((4, 2, 9), np.float32)),
            "ITQ: 4 bits require as many principal directions, but 4 videos of 9 dimensions have at most 3; "
            "use fewer bits or more videos",
        ),
        (
            lambda: ITQ(bits=2, seed=0).fit(np.arange(9, dtype=np.float32)[:, None, None] * np.ones((1, 2, 5))),
            "ITQ: 2 bits require as many principal directions, but the features have rank 1; use fewer bits",
        ),
        (
            lambda: LSH.load_state({"bits": np.array([4])}),
            "LSH: saved model is missing seed, features, mean, normals; train it again",
        ),
    ],
)
def test_wrong_input_is_explained(make, message):
    with pytest.raises(UserError) as error:
        make()
    assert str(error.value) == message


def test_constant_features_have_no_direction(monkeypatch):
    feats = np.ones((9, 2, 5), np.float32)
    for limit in (2048, 1):
        monkeypatch.setattr(principal_hash, "_EXACT_DIMENSIONS", limit)
        with pytest.raises(UserError, match="the features have rank 0"):
            ITQ(bits=2, seed=0).fit(feats)


def test_encoding_features_of_another_shape_is_refused(feats):
    method = LSH(bits=4, seed=0).fit(feats)
    with pytest.raises(UserError) as error:
        method.encode(np.zeros((2, 4, 11), np.float32))
    assert str(error.value) == "LSH: fitted on 10 dimensions, got 11 from features of shape (2, 4, 11)"


def test_encoding_features_with_nan_is_refused(feats):
    method = LSH(bits=4, seed=0).fit(feats)
    broken = feats.copy()
    broken[5, 1, 2] = np.nan
    with pytest.raises(UserError, match="contain NaN"):
        method.encode(broken)


def test_a_saved_model_whose_arrays_disagree_is_refused(feats):
    state = ITQ(bits=4, seed=0).fit(feats).state()
    state["rotation"] = state["rotation"][:3]
    with pytest.raises(UserError) as error:
        ITQ.load_state(state)
    assert str(error.value) == "ITQ: arrays of the saved model have inconsistent shapes; train it again"


def test_encoding_before_fitting_is_a_programming_error(feats):
    with pytest.raises(RuntimeError, match="LSH is not fitted yet"):
        LSH(bits=4, seed=0).encode(feats)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("features", SUMMARIES)
def test_a_single_value_that_is_not_finite_is_refused(method, features, feats):
    for value in (np.nan, np.inf):
        spoilt = feats.copy()
        spoilt[7, 2, 5] = value
        with pytest.raises(UserError, match="the training features contain NaN or infinite values"):
            method(bits=4, seed=0, features=features).fit(spoilt)


@pytest.mark.parametrize("shape", [(3, 0, 4), (3, 4, 0), (3, 4), (3, 4, 5, 6)])
def test_features_have_videos_frames_and_dimensions(shape):
    with pytest.raises(UserError) as error:
        LSH(bits=4, seed=0).fit(np.zeros(shape, np.float32))
    assert str(error.value) == f"LSH: expected features [videos, frames, dimensions], got shape {shape}"


def test_itq_turns_fifty_times_unless_told_otherwise():
    assert ITQ.defaults == {"iterations": 50} == ITQ(bits=4, seed=0).options and LSH.defaults == {}
