"""What decides a cell: its settings as JSON, which change when one of its own settings does and at no other time."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from pydantic import BaseModel

from s5vh.base.errors import UserError
from s5vh.config.centers import CentersConfig
from s5vh.config.load import names
from s5vh.config.mixers import MixerConfig
from s5vh.config.semantics import ClusteringConfig, NeighboursConfig
from s5vh.config.training import TrainingConfig
from s5vh.methods.cell import Cell, decisive
from s5vh.methods.discovery import settings_class
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.settings import DESCRIPTIVE, TrainedSettings

CHANGED = (
    "a default of shared settings has changed. Cells leave such defaults out of their JSON, so existing results would "
    "be taken for results of the new default. Set the value in the methods' own settings or files instead; a new "
    "shared setting needs a default that does what was done before."
)
PINNED = {
    TrainingConfig: {
        "epochs": 350, "batch_size": 128, "optimizer": "adamw", "learning_rate": 5e-4, "minimum_learning_rate": 1e-5,
        "schedule": "cosine", "decay": 0.9, "decay_every": 20, "betas": [0.9, 0.999], "momentum": 0.9,
        "largest_update": None, "weight_decay": 0.01, "precision": "float32", "evaluate_every": 20,
        "evaluate_last": True, "patience": 5, "selection": "published", "held_out": 0.0,
    },
    ClusteringConfig: {"clusters": 100, "pca": 512, "centered": True, "recipe": "paper"},
    NeighboursConfig: {"neighbours": 10, "expansions": 5},
    CentersConfig: {"solver": "admm-plain", "seconds": 120},
    MixerConfig: {"mixer": "mamba", "heads": 4, "rwkv_read_out": "causal", "rwkv_token_shift": True},
}  # fmt: skip


# A method's own sizes, weights and temperatures, and the least number of videos for 24 bits.
OWN = {
    "s5vh": {
        "model": {
            "width": 256, "depth": 6, "decoder_width": 192, "decoder_depth": 1, "d_state": 16, "d_conv": 4, "expand": 2,
            "mixer": "mamba", "heads": 4, "rwkv_read_out": "causal", "rwkv_token_shift": True,
            "directions": "both", "norms": "paper", "drop_path": 0.5, "encoder_head": False, "hash_norm": False,
            "frame_hashes": "tanh", "mask_token": "hash", "decoder_order": "temporal", "initialisation": "mamba",
        },
        "loss": {
            "reconstruction": 1.0, "alpha": 1.0, "beta": 0.1, "reconstruction_reduction": "mean", "contrast": "infonce",
            "tau_plus": 0.1, "contrast_temperature": 0.5, "contrast_on": "codes", "alignment_to": "centers",
            "alignment_on": "codes", "alignment_temperature": 0.5, "refinement": 0.0, "refine_after": 50,
        },
        "bits": 100,
    },
    "conmh": {
        "model": {
            "width": 256, "depth": 12, "heads": 4, "decoder_width": 192, "decoder_depth": 2, "decoder_heads": 3,
            "mlp_ratio": 4, "mask_token_cutoff": 2.0,
        },
        "loss": {"reconstruction": 1.0, "contrast": 1.0, "temperature": 0.5, "tau_plus": 0.1},
        "bits": 1,
    },
    "autossvh": {
        "model": {
            "width": 256, "depth": 12, "heads": 4, "decoder_width": 192, "decoder_depth": 2, "decoder_heads": 3,
            "mlp_ratio": 4, "mask_token_cutoff": 2.0, "frame_hashes": "tanh", "hash_norm": False, "input_dropout": 0.0,
        },
        "sampler": {
            "kind": "grade", "top": "dropped", "noise": 1.0, "temperature": 0.5, "gradient_factor": -1.0,
        },
        "prototypes": {
            "clusters": [250, 400, 600], "warm_up": 50, "every": 1, "of": "embeddings", "centers": "voted",
            "temperature": 0.2, "temperatures": "equal", "negatives": "all",
        },
        "loss": {
            "reconstruction": 1.0, "contrast": 1.0, "prototypes": 0.2, "compared": "codes", "contrast_kind": "infonce",
            "temperature": 0.5, "tau_plus": 0.1,
        },
        "bits": 600,
    },
    "itq": {"model": {"features": "mean", "iterations": 50}, "bits": 25},
    "lsh": {"model": {"features": "mean"}, "bits": 1},
}  # fmt: skip


@pytest.mark.parametrize("model", PINNED, ids=lambda model: model.__name__)
def test_defaults_of_shared_settings_never_change(model: type[BaseModel]) -> None:
    now = model().model_dump(mode="json")
    assert {key: now.get(key) for key in PINNED[model]} == PINNED[model], CHANGED


@pytest.mark.parametrize("name", OWN)
def test_defaults_of_a_method_are_its_recipe(name: str) -> None:
    settings = settings_class(name)(title="x", implementation=name)
    parts = [part for part in OWN[name] if part != "bits"]
    found = {part: getattr(settings, part).model_dump(mode="json") for part in parts}
    assert found | {"bits": settings.minimum_videos(24)} == OWN[name]


def test_training_of_conmh_by_default() -> None:
    training = settings_class("conmh")(title="x", implementation="conmh").training.model_dump(mode="json")
    own = {
        "epochs": 800, "optimizer": "adam", "learning_rate": 1e-4, "minimum_learning_rate": 1e-5, "schedule": "step",
        "decay": 0.9, "decay_every": 20, "weight_decay": 0.0, "patience": None, "selection": "last", "mask_ratio": 0.75,
    }  # fmt: skip
    assert {key: training[key] for key in own} == own


@pytest.mark.parametrize("method", names("methods"))
def test_json_gives_the_cell_back_on_every_data_set(method: str) -> None:
    for dataset in names("datasets"):
        cell = resolve_cell(dataset, method, 32, 3)
        again = Cell.from_json(cell.to_json())
        assert again.to_json() == cell.to_json()
        assert again.settings.model_dump(exclude=set(DESCRIPTIVE)) == cell.settings.model_dump(exclude=set(DESCRIPTIVE))
        assert again.requires() == cell.requires()
        # Canonical, so that equal settings are equal bytes in whatever order they were declared.
        assert json.dumps(json.loads(cell.to_json()), sort_keys=True, separators=(",", ":")) == cell.to_json()


def test_a_new_shared_setting_changes_no_cell() -> None:
    settings = load_method("s5vh")
    assert isinstance(settings, TrainedSettings)
    shared = {"__module__": TrainingConfig.__module__, "__annotations__": {"warm_up": int}, "warm_up": 0}
    later = type("TrainingConfig", (type(settings.training),), shared)
    update = {"training": later.model_validate(settings.training.model_dump())}
    assert decisive(settings.model_copy(update=update)) == decisive(settings)
    used = later.model_validate(settings.training.model_dump() | {"warm_up": 3})
    assert decisive(settings.model_copy(update={"training": used}))["training"]["warm_up"] == 3


def test_own_settings_are_all_there_and_their_defaults_count() -> None:
    found = decisive(load_method("conmh"))
    assert {"temperature", "tau_plus"} <= set(found["loss"]) and "heads" in found["model"]
    assert found["training"]["optimizer"] == "adam"  # ConMH's own default
    assert "precision" not in found["training"]  # everybody's
    dkph, bth = decisive(load_method("dkph")), decisive(load_method("bth"))
    assert (dkph["model"], dkph["anchors"], dkph["stage1"]) == (bth["model"], bth["anchors"], bth["stage1"])
    assert dkph["training"] == bth["training"] | {"epochs": 49}
    settings = load_method("s5vh")
    own = {"__module__": type(settings).__module__, "__annotations__": {"sharpness": float}, "sharpness": 1.0}
    loss = type("Loss", (type(settings.loss),), own).model_validate(settings.loss.model_dump())
    assert decisive(settings.model_copy(update={"loss": loss}))["loss"]["sharpness"] == 1.0


def test_names_and_printed_numbers_decide_nothing() -> None:
    settings = load_method("s5vh")
    renamed = settings.model_copy(update={"title": "Other", "published": None, "checked_against": "nothing"})
    assert decisive(renamed) == decisive(settings)
    assert not set(DESCRIPTIVE) & set(decisive(settings))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "--cell: not the settings of a cell"),
        ("[]", "--cell: not the settings of a cell"),
        ('{"method": "x"}', "--cell: not the settings of a cell"),
        (json.dumps({"method": "x", "settings": {"implementation": "s6vh"}}), "no method named 's6vh'"),
        (json.dumps({"method": "x", "settings": {"implementation": "itq", "modle": {}}}), "modle"),
    ],
)
def test_wrong_json_is_one_line(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        Cell.from_json(text)
    assert "\n" not in str(error.value)


def test_a_field_declared_again_is_the_method_s_own() -> None:
    class Training(TrainingConfig):
        schedule: Literal["cosine", "step"] = "step"

    class Settings(TrainedSettings):
        implementation: Literal["x"] = "x"
        training: Training = Training()

    found = decisive(Settings(title="x"))
    assert found == {"implementation": "x", "training": {"schedule": "step"}}
