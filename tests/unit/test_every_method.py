"""The contract of a method, held by every file in config/methods at tiny sizes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_cells import SHAPE, VIDEOS, features, network, prepare, source, tiny_cell

from s5vh.base.errors import UserError
from s5vh.config.load import names
from s5vh.methods.contract import Batch
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import load_method, method_chain
from s5vh.methods.model_file import StoredModel, read_model, restore_network, save_model
from s5vh.methods.settings import DESCRIPTIVE, is_trained
from s5vh.training.encoding import encode_all, open_encoder
from s5vh.training.engine import train
from s5vh.training.progress import Progress

METHODS = names("methods")
TRAINED = [name for name in METHODS if is_trained(load_method(name))]
FITTED = [name for name in METHODS if name not in TRAINED]


def changes_numbers_only(name: str) -> bool:
    """Whether the recipe extends another one and runs its code with other numbers, such as the weights of losses."""
    *earlier, last = method_chain(name)
    settings = {key: value for key, value in last.settings.items() if key not in DESCRIPTIVE}
    return bool(earlier and settings) and not last.datasets and all(map(_are_numbers, settings.values()))


def _are_numbers(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_are_numbers, value.values()))
    return isinstance(value, int | float) and not isinstance(value, bool)


# Such a recipe takes a step; the rest is what the recipe that it extends is tested for.
WHOLE = [name for name in TRAINED if name.endswith("-released") or not changes_numbers_only(name)]

# Parameters that no loss of a recipe reaches, by the beginning of their names.
UNREACHED = {
    "mcmsh_cluster_only": ("hash.",),
    "autossvh_no_reconstruction": ("decoder", "hash_to_decoder.", "head.", "mask_token"),
}


class Killed(Exception):
    pass


class DiesAfter(Progress):
    """Ends the run while it reports an epoch, before that epoch's checkpoint is written."""

    def __init__(self, epoch: int):
        super().__init__()
        self.last = epoch

    def epoch(self, done, total, history):
        if done == self.last:
            raise Killed


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what cells require is made once, for all methods."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def whole(shared: Path, tmp_path_factory: pytest.TempPathFactory):
    """`whole(name)` is a training of this method with seed 1 to its end; only read, and made once."""
    return cache(lambda name: trained(name, shared, tmp_path_factory.mktemp("whole")))


def trained(name: str, shared: Path, root: Path, seed: int = 1, **options):
    cell = tiny_cell(name, seed)
    model = network(cell, prepare(cell, shared), seed)
    arguments = {"seed": seed, "digest": name, "checkpoint": root / "checkpoint.pt", "checkpoint_seconds": 1e9}
    history = train(model, source(), torch.arange(VIDEOS), cell.settings.training, **arguments | options)
    return cell, model, history


def weights(model) -> bytes:
    return b"".join(value.numpy().tobytes() for value in model.state_dict().values())


def test_there_are_methods_of_both_kinds() -> None:
    assert {"s5vh", "s5vh-released", "conmh", "conmh-released"} <= set(TRAINED)
    assert {"itq_mean", "lsh_flat"} <= set(FITTED)


@pytest.mark.parametrize("name", TRAINED)
def test_losses_are_finite_and_reach_every_parameter(name: str, shared: Path) -> None:
    cell = tiny_cell(name)
    model = network(cell, prepare(cell, shared))
    videos, rows = source(), torch.arange(VIDEOS)
    model.begin_training(videos, rows)
    model.begin_epoch(0, videos)
    generator = torch.Generator().manual_seed(3)
    index = model.partners(rows[:8], generator)
    assert index.ndim == 2 and torch.equal(index[0], rows[:8])
    (_, feats), *_ = videos.batches([index])
    terms = model.losses(Batch(feats, index, 0, generator))
    assert "total" in terms and len(terms) > 1
    assert all(value.ndim == 0 and torch.isfinite(value) for value in terms.values())
    terms["total"].backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert all(one.startswith(UNREACHED.get(name, ())) for one in idle)
    assert bool(idle) == (name in UNREACHED)


@pytest.mark.parametrize("name", WHOLE)
def test_parameter_sets_share_out_all_parameters(name: str, shared: Path) -> None:
    cell = tiny_cell(name)
    model = network(cell, prepare(cell, shared))
    listed = [id(parameter) for one in model.parameter_sets() for parameter in one]
    assert len(listed) == len(set(listed))
    assert set(listed) == {id(parameter) for parameter in model.parameters()}


@pytest.mark.parametrize("name", WHOLE)
def test_training_is_decided_by_its_seed_and_resumes_to_the_byte(
    name: str, whole, shared: Path, tmp_path: Path
) -> None:
    _, first, history = whole(name)
    assert len(history.steps) == 4 * (4 if first.minimum_batch_size <= VIDEOS % 4 else 3)
    assert history.steps[-1]["total"] == history.steps[-1]["total"]
    assert weights(first) != weights(trained(name, shared, tmp_path / "other", seed=2)[1])
    # A second training with the same seed, in two pieces.
    with pytest.raises(Killed):
        trained(name, shared, tmp_path / "killed", checkpoint_seconds=0.0, progress=DiesAfter(3))
    assert (tmp_path / "killed/checkpoint.pt").is_file()
    _, resumed, again = trained(name, shared, tmp_path / "killed")
    assert weights(resumed) == weights(first)
    assert again.steps == history.steps


@pytest.mark.parametrize("name", WHOLE)
def test_codes_are_signs_and_depend_on_their_video_only(name: str, whole) -> None:
    _, model, _ = whole(name)
    feats = features(9, seed=5)
    codes = encode_all(model, source(feats))
    assert codes.shape == (9, SHAPE.bits) and codes.dtype == np.int8
    assert set(np.unique(codes)) <= {-1, 1}
    alone = np.concatenate([encode_all(model, source(feats[i : i + 1])) for i in range(9)])
    assert np.array_equal(alone, codes)
    assert np.array_equal(encode_all(model, source(feats[::-1].copy()))[::-1], codes)
    half = feats.astype(np.float16)
    assert np.array_equal(encode_all(model, source(half)), encode_all(model, source(half.astype(np.float32))))


@pytest.mark.parametrize("name", WHOLE)
def test_codes_in_bfloat16_are_signs_and_nearly_those_in_float32(name: str, whole, monkeypatch) -> None:
    if name != "s5vh_lstm":  # torch's LSTM in bfloat16 does not exist on every processor
        monkeypatch.setattr("s5vh.methods.contract.has_bfloat16_products", lambda: True)
    _, model, _ = whole(name)
    exact, rounded = encode_all(model, source()), encode_all(model, source(), precision="bfloat16")
    assert rounded.dtype == np.int8 and set(np.unique(rounded)) <= {-1, 1}
    assert rounded.shape == exact.shape and np.mean(rounded != exact) < 0.1
    assert np.array_equal(encode_all(model, source()), exact)


@pytest.mark.parametrize("name", WHOLE)
def test_other_lengths_are_encoded_or_refused_in_words(name: str, shared: Path) -> None:
    cell = tiny_cell(name)
    model = network(cell, prepare(cell, shared)).eval()
    shorter = source(features()[:, :4].copy())
    if model.fixed_length:
        with pytest.raises(UserError, match=f"only encodes videos of {SHAPE.frames} frames, got 4; use features with"):
            encode_all(model, shorter)
    else:
        assert encode_all(model, shorter).shape == (VIDEOS, SHAPE.bits)


@pytest.mark.parametrize("name", WHOLE)
def test_a_saved_network_gives_the_same_codes_without_what_it_was_trained_with(
    name: str, whole, tmp_path: Path
) -> None:
    cell, model, _ = whole(name)
    arrays = {key: value.numpy() for key, value in model.state_dict().items()}
    stored = StoredModel(arrays, cell, SHAPE.frames, SHAPE.feature_size, {"facts": model.facts()}, {})
    save_model(tmp_path / "model.safetensors", stored)
    found = read_model(tmp_path / "model.safetensors")
    assert found.cell.to_json() == cell.to_json()
    assert weights(restore_network(found)) == weights(model)
    with open_encoder(found, "cpu") as (encode, place):
        assert place == "cpu"
        assert np.array_equal(encode(features()), encode_all(model, source()))


@pytest.mark.parametrize("name", FITTED)
def test_fitted_methods_give_signs_and_come_back_from_a_file(name: str, tmp_path: Path) -> None:
    cell = tiny_cell(name)
    hasher = implementation_of(cell.settings)(bits=SHAPE.bits, seed=cell.seed, **cell.settings.model.model_dump())
    codes = hasher.fit(features()).encode(features())
    assert codes.shape == (VIDEOS, SHAPE.bits) and set(np.unique(codes)) <= {-1, 1}
    assert np.array_equal(np.concatenate([hasher.encode(features()[i : i + 1]) for i in range(VIDEOS)]), codes)
    half = features(dtype="float16")
    assert np.array_equal(hasher.encode(half), hasher.encode(half.astype(np.float32)))
    stored = StoredModel(hasher.state(), cell, SHAPE.frames, SHAPE.feature_size, None, {})
    save_model(tmp_path / "model.safetensors", stored)
    with open_encoder(read_model(tmp_path / "model.safetensors")) as (encode, _):
        assert np.array_equal(encode(features()), codes)
