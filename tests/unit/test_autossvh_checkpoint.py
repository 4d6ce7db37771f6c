"""AutoSSVH's recipes, and networks in files as its authors' program names their parameters."""

import h5py
import pytest
import torch
from autossvh_parts import GOLDEN
from golden_files import read

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures, names
from s5vh.methods.cell import cell_of
from s5vh.methods.import_checkpoint import import_model, read_checkpoint
from s5vh.methods.load import load_method
from s5vh.methods.model_file import read_model, restore_network, save_model
from s5vh.methods.settings import DESCRIPTIVE

COORDINATES = {"dataset": "ucf101", "method": "autossvh-authors", "bits": 16, "seed": 1}
SWITCHES = load_departures("autossvh")


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        frames, codes = (torch.from_numpy(file[name][()]) for name in ("inputs/frames", "outputs/inference/video_code"))
        return read(file["weights"]), frames, codes


def imported(state, path, frames=25):
    torch.save({"model_state_dict": state}, path)
    cell = cell_of(COORDINATES | {"settings": load_method("autossvh-authors", "ucf101")})
    checkpoint = read_checkpoint(path, cell.method, cell.settings)
    return import_model(checkpoint, cell, frames=frames, feature_size=48)


def test_an_imported_network_gives_the_codes_of_the_released_program(golden, tmp_path):
    weights, frames, codes = golden
    save_model(tmp_path / "model.safetensors", imported(weights, tmp_path / "ucf_16.pth"))
    stored = read_model(tmp_path / "model.safetensors")
    with torch.no_grad():
        assert torch.equal(restore_network(stored).encode(frames), codes)
    model = stored.cell.settings.model
    sizes = (model.width, model.depth, model.heads, model.decoder_width, model.decoder_depth, model.mlp_ratio)
    assert sizes == (32, 3, 6, 24, 2, 4) and (stored.feature_size, stored.cell.bits) == (48, 16)
    assert stored.training["parameters"] == 57_140  # 59,350 with the sampler
    assert stored.arrays["mask_token"].shape == (24,) and stored.arrays["decoder_positions"].shape == (25, 24)


def test_networks_of_others_and_for_other_lengths_are_refused(golden, tmp_path):
    path = tmp_path / "x.pth"
    with pytest.raises(UserError) as error:
        imported(golden[0] | {"fc.weight": torch.ones(3)}, path)
    assert str(error.value) == f"{path}: parameter 'fc.weight' does not belong to the released AutoSSVH network"
    with pytest.raises(UserError, match=r"parameter 'pos_embed' has shape \(25, 24\), expected \(30, 24\)"):
        imported(golden[0], path, frames=30)
    with pytest.raises(UserError, match="no parameter for 'decoder_positions', so this is not a complete network of"):
        imported({name: value for name, value in golden[0].items() if name != "pos_embed"}, path)


# Mask ratio, batch size, epochs, warm-up; alpha of the paper and as released, beta, tau+.
PUBLISHED = {
    "activitynet": ((0.5, 128, 800, 100), (0.2, 0.2, 0.01, 0.05)),
    "fcvid": ((0.75, 512, 805, 100), (0.2, 1.0, 0.01, 0.1)),
    "ucf101": ((0.5, 128, 350, 50), (1.0, 1.0, 0.2, 0.1)),
    "hmdb51": ((0.7, 128, 350, 50), (1.0, 1.0, 0.2, 0.1)),
}


@pytest.mark.parametrize("dataset", PUBLISHED)
def test_data_sets_have_the_published_settings(dataset):
    schedule, (alpha, released_alpha, beta, tau_plus) = PUBLISHED[dataset]
    activitynet, fcvid = dataset == "activitynet", dataset == "fcvid"
    for recipe in ("autossvh", "autossvh-released"):
        settings, released = load_method(recipe, dataset), recipe == "autossvh-released"
        training, loss, clusters = settings.training, settings.loss, settings.prototypes
        assert (training.mask_ratio, training.batch_size, training.epochs, clusters.warm_up) == schedule
        assert (training.optimizer, training.learning_rate, training.weight_decay) == ("adam", 1e-4, 0)
        assert training.minimum_learning_rate == (1e-5 if fcvid else 1e-6) and training.patience is None
        assert (training.schedule, training.decay, training.decay_every) == ("step", 0.9, 20)
        assert loss.contrast == (released_alpha if released else alpha)
        assert (loss.prototypes, loss.temperature, loss.tau_plus) == (beta, 0.5, tau_plus)
        assert clusters.clusters == ((250, 500, 1000) if fcvid and released else (250, 400, 600))
        assert clusters.temperature == 0.2 and clusters.every == 1
        depths = (6, 1) if activitynet and not released else (12, 2)
        assert (settings.model.depth, settings.model.decoder_depth) == depths
        assert settings.model.input_dropout == (0.2 if activitynet and released else 0)
        assert training.evaluate_last is not released
        assert training.evaluate_every == ((10 if fcvid else 1) if released else 50 if fcvid else 20)


@pytest.mark.parametrize("dataset", names("datasets"))
def test_all_departures_together_are_the_released_recipe(dataset):
    together = load_method("+".join(["autossvh", *SWITCHES]), dataset)
    named = set(DESCRIPTIVE)
    assert together.model_dump(exclude=named) == load_method("autossvh-released", dataset).model_dump(exclude=named)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_departure_changes_what_it_names(switch):
    departure = SWITCHES[switch]
    for dataset, settings in {None: departure.settings, **departure.datasets}.items():
        before, after = (load_method(name, dataset).model_dump() for name in ("autossvh", f"autossvh+{switch}"))
        parts = ("model", "sampler", "prototypes", "loss", "training")
        changed = {(part, key) for part in parts for key in before[part] if before[part][key] != after[part][key]}
        expected = {(part, key) for part, keys in settings.items() for key in keys}
        if dataset == "demo":  # which has this value already
            expected = {("training", "evaluate_last")}
        elif dataset is not None:
            expected |= {(part, key) for part, keys in departure.settings.items() for key in keys}
        assert changed == expected


def test_settings_without_a_meaning_are_refused():
    for part, wide in (("", 64), ("decoder_", 2)):
        model = {f"{part}width": wide, f"{part}heads": wide + 1}
        with pytest.raises(UserError, match=rf"{part}heads is {wide + 1}, must be at most {part}width \({wide}\)"):
            load_method("autossvh", overrides={"autossvh": {"model": model}})
    for wrong in ({"clusters": []}, {"clusters": [0]}, {"every": 0}, {"warm_up": -1}):
        with pytest.raises(UserError, match=next(iter(wrong))):
            load_method("autossvh", overrides={"autossvh": {"prototypes": wrong}})
