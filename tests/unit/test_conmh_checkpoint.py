"""ConMH's recipes, and networks in files as its authors' program names their parameters."""

import h5py
import pytest
import torch
from golden_files import read
from test_conmh import GOLDEN

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures
from s5vh.methods.cell import cell_of
from s5vh.methods.conmh.network import ConMH
from s5vh.methods.contract import Shape
from s5vh.methods.import_checkpoint import import_model, read_checkpoint
from s5vh.methods.load import load_method
from s5vh.methods.model_file import read_model, restore_network, save_model
from s5vh.methods.settings import DESCRIPTIVE

COORDINATES = {"dataset": "fcvid", "method": "conmh-authors", "bits": 16, "seed": 1}


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        frames, codes = (torch.from_numpy(file[name][()]) for name in ("inputs/frames", "outputs/inference/video_code"))
        return read(file["weights"]), frames, codes


def imported(state, path):
    torch.save({"model_state_dict": state}, path)
    cell = cell_of(COORDINATES | {"settings": load_method("conmh-authors", "fcvid")})
    checkpoint = read_checkpoint(path, cell.method, cell.settings)
    return import_model(checkpoint, cell, frames=25, feature_size=48)


def test_an_imported_network_gives_the_codes_of_the_released_program(golden, tmp_path):
    weights, frames, codes = golden
    # The golden network has the authors' numbers of heads, which a file does not tell.
    save_model(tmp_path / "model.safetensors", imported(weights, tmp_path / "fcv_16.pth"))
    stored = read_model(tmp_path / "model.safetensors")
    with torch.no_grad():
        assert torch.equal(restore_network(stored).encode(frames), codes)
    model = stored.cell.settings.model
    sizes = (model.width, model.depth, model.heads, model.decoder_width, model.decoder_depth, model.mlp_ratio)
    assert sizes == (32, 3, 6, 24, 2, 4) and (stored.feature_size, stored.cell.bits) == (48, 16)
    assert stored.training == {"selection": "unknown", "imported": "fcv_16.pth", "parameters": 56_540}
    assert stored.arrays["mask_token"].shape == (24,)


def without(start):
    return lambda state: {name: value for name, value in state.items() if not name.startswith(start)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda state: state | {"fc.weight": torch.ones(3)},
            "parameter 'fc.weight' does not belong to the released ConMH network",
        ),
        (
            lambda state: state | {"encoder.blocks.0.attn.k_bias": torch.ones(30)},
            "parameter 'encoder.blocks.0.attn.k_bias' does not exist in the network of method 'conmh-authors'; use "
            "a method with the released recipe",
        ),
        (
            lambda state: state | {"ln.bias": torch.ones(15)},
            "parameter 'ln.bias' has shape (15,), expected (16,); download it again",
        ),
        (
            lambda state: state | {"binary.weight": torch.ones(16)},
            "parameter 'binary.weight' has shape (16,), expected 2 axes; download it again",
        ),
        (
            without("encoder.patch_embed"),
            "no parameter for 'embed.weight', so this is not a complete ConMH network; download it again",
        ),
    ],
)
def test_a_network_that_is_not_the_released_one_is_refused(golden, tmp_path, change, message):
    path = tmp_path / "x.pth"
    with pytest.raises(UserError) as error:
        imported(change(golden[0]), path)
    assert str(error.value) == f"{path}: {message}"


@pytest.mark.parametrize(
    ("dataset", "mask_ratio", "contrast", "tau_plus", "batch_size", "epochs"),
    [
        ("fcvid", 0.75, 1.0, 0.1, 512, 800),
        ("activitynet", 0.5, 0.2, 0.05, 128, 500),
        ("yfcc", 0.75, 1.0, 0.1, 128, 40),
    ],
)
def test_data_sets_have_the_authors_settings(dataset, mask_ratio, contrast, tau_plus, batch_size, epochs):
    for recipe in ("conmh", "conmh-released"):
        settings = load_method(recipe, dataset)
        training, loss = settings.training, settings.loss
        assert (training.mask_ratio, training.batch_size, training.epochs) == (mask_ratio, batch_size, epochs)
        assert (training.optimizer, training.weight_decay, training.selection) == ("adam", 0, "last")
        assert (loss.contrast, loss.temperature, loss.tau_plus) == (contrast, 0.5, tau_plus)


def test_all_departures_together_are_the_released_recipe():
    together, released = load_method("+".join(["conmh", *load_departures("conmh")])), load_method("conmh-released")
    named = set(DESCRIPTIVE)
    assert together.model_dump(exclude=named) == released.model_dump(exclude=named)
    assert released.model.heads == 6


@pytest.mark.parametrize("switch", load_departures("conmh"))
def test_a_departure_changes_what_it_names(switch):
    before, after = load_method("conmh").model_dump(), load_method(f"conmh+{switch}").model_dump()
    changed = {(part, key) for part in ("model", "loss", "training") for key in before[part]}
    changed = {(part, key) for part, key in changed if before[part][key] != after[part][key]}
    settings = load_departures("conmh")[switch].settings
    assert changed == {(part, key) for part, keys in settings.items() for key in keys}


def test_settings_without_a_meaning_are_refused():
    with pytest.raises(UserError, match=r"model: heads is 65, must be at most width \(64\)$"):
        load_method("conmh", overrides={"conmh": {"model": {"width": 64, "heads": 65}}})
    with pytest.raises(UserError, match=r"model: decoder_heads is 3, must be at most decoder_width \(2\)$"):
        load_method("conmh", overrides={"conmh": {"model": {"decoder_width": 2}}})
    with pytest.raises(UserError) as error:
        settings = load_method("conmh", overrides={"conmh": {"training": {"mask_ratio": 0.03}}})
        ConMH(settings, Shape(25, 48, 16), {})
    assert str(error.value) == (
        "training.mask_ratio 0.03 masks none of 25 frames; increase it, or set loss.reconstruction to 0"
    )
