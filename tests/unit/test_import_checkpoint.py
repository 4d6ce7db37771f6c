"""Checkpoints of exactly the structure that the S5VH authors' program saves, imported and scored by our commands."""

import json
import os
import shlex
from collections import OrderedDict
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from test_released import GOLDEN, names

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, load_run
from s5vh.data.features import write_features
from s5vh.methods.load import resolve_cell
from s5vh.methods.model_file import read_model, restore_network
from s5vh.planning import run as planning
from s5vh.planning.checkpoints import missing_checkpoint_message
from s5vh.reporting import caveats, facts
from s5vh.retrieval.codes import read_codes, unpack

DATASET = """\
title: Small
root: data/sml
frames: 25
feature_size: 48
classes: 2
backbone: random numbers
parts:
  train: {features: [train.h5], labels: {files: [labels.h5]}}
  database: train
  query: {features: [query.h5], labels: {files: [labels.h5]}}
"""
SHIPPED = Path(__file__).parents[2] / "config/config.yaml"
CELL = Path("results/small/s5vh-authors/16bit/seed1")


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        weights = {name: torch.from_numpy(file["weights"][name][()]) for name in names(file["weights"])}
        return weights, file["inputs/frames"][()], file["outputs/inference_frame_codes"][()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "config/datasets").mkdir(parents=True)
    (tmp_path / "config/datasets/small.yaml").write_text(DATASET)
    (tmp_path / "data/sml").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def state_of(weights):
    """What `state_dict()` of the authors' network gives: both tied copies, and the branch that is never used."""
    state = OrderedDict()
    generator = torch.Generator().manual_seed(0)
    width, size = weights["encoder.patch_embed.weight"].shape
    shapes = {"0.weight": (width, size), "0.bias": (width,), "2.weight": (1, width), "2.bias": (1,)}
    inner = "encoder.blocks.0.mamba1."
    shapes |= {f"1.{k.removeprefix(inner)}": v.shape for k, v in weights.items() if k.startswith(inner)}
    for name, shape in shapes.items():
        state[f"get_token_probs.{name}"] = torch.randn(shape, generator=generator)
    for name, value in weights.items():
        state[name] = value
        if ".mamba1." in name:
            state[name.replace(".mamba1.", ".mamba2.")] = value  # the same storage, as tied modules have it
    return state


def save(state, path="sml_16.pth", key="model_state_dict"):
    torch.save({key: state} if key else state, path)
    return path


def run(*words):
    return main([str(word) for word in words])


def fails(capsys, *words):
    assert run(*words) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("s5vh: error: ")
    return error.removeprefix("s5vh: error: ")


def write_parts(frames):
    """The golden frames as queries, and as a part of the database."""
    extra = np.random.default_rng(0).standard_normal((12, *frames.shape[1:])).astype(np.float32)
    for part, feats in (("train", np.concatenate([frames, extra])), ("query", frames)):
        labels = np.eye(2, dtype=np.uint8)[np.arange(len(feats)) % 2]
        ids = [f"{part}{i}" for i in range(len(feats))]
        path = f"results/small/features/{part}.h5"
        write_features(path, [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})


def test_import_and_evaluation_give_the_codes_of_the_released_program(folder, golden, capsys):
    weights, frames, frame_codes = golden
    write_parts(frames)
    assert run("import-checkpoint", save(state_of(weights)), "--dataset=small") == 0
    said = capsys.readouterr()
    (command,) = said.out.splitlines()
    words = shlex.split(command)
    assert words[:2] == ["s5vh", "evaluate"] and run(*words[1:], "--device=cpu") == 0
    # A mean of exactly 0 is +1 here; the released program leaves it 0, which is no bit.
    codes = np.where(frame_codes.mean(1) >= 0, 1, -1)
    stored = read_codes(CELL / "codes.npz")
    assert np.array_equal(unpack(stored.query, 16), codes)
    assert np.array_equal(unpack(stored.database, 16)[: len(codes)], codes)
    network = restore_network(read_model(CELL / "model.safetensors"))
    with torch.no_grad():
        hashes = network.frame_hashes(network.embed(torch.from_numpy(frames)) + network.positions)
    assert np.array_equal(hashes.numpy(), frame_codes)
    metrics = json.loads((CELL / "metrics.json").read_text())
    assert metrics["method"] == "s5vh-authors" and metrics["queries_in_database"] == len(codes)
    assert metrics["training"]["selection"] == "unknown" and metrics["training"]["imported"] == "sml_16.pth"
    config = {"methods": ["s5vh-authors"], "bits": [16], "examples": {"method": "s5vh-authors", "bits": 16}}
    config |= {"convergence": {"methods": []}, "protocols": {"published": {}}}
    report = Run(load_run(config), ["small"], [])
    cells = facts.all_cells(report, Path("results"))
    assert len(cells) == 1 and facts.time_block(report, cells) is None
    assert len(facts.cell_block("small", report, cells).rows) == 1
    assert (
        "Small: S5VH, authors' checkpoint was imported. Its files do not say how the checkpoint was selected; the "
        "authors' code selects by mAP@5 on the test queries."
    ) in caveats.warnings(report, cells)


def test_model_has_the_files_sizes_and_says_where_it_comes_from(folder, golden, capsys):
    file = Path(save(state_of(golden[0])))
    assert run("import-checkpoint", file, "--dataset=small", "--bits=16") == 0
    model = read_model(CELL / "model.safetensors")
    sizes = model.cell.settings.model
    assert (sizes.width, sizes.depth, sizes.decoder_width, sizes.decoder_depth) == (32, 6, 192, 1)
    assert (sizes.d_state, sizes.d_conv, sizes.expand) == (16, 4, 2)
    assert model.cell.settings.semantics.clusters == len(golden[0]["classifier.weight"]) == 10
    assert (model.frames, model.feature_size, model.cell.bits) == (25, 48, 16)
    imported = model.provenance["imported"]
    assert (
        imported["file"] == "sml_16.pth" and imported["bytes"] == file.stat().st_size and len(imported["sha256"]) == 64
    )
    used = sum(value.numel() for value in golden[0].values())
    assert model.training == {"selection": "unknown", "imported": "sml_16.pth", "parameters": used}
    said = capsys.readouterr()
    assert f"{CELL}/model.safetensors: note: width is 32 in the file and 256 in the settings" in said.err.splitlines()
    assert said.out.splitlines()[0] == ("snakemake results/small/features/train.h5 results/small/features/query.h5")


@pytest.mark.parametrize("key", ["model_state_dict", "state_dict", "model", None])
@pytest.mark.parametrize(
    "change",
    [
        lambda state: {f"module.{name}": value for name, value in state.items()},
        lambda state: {name: value for name, value in state.items() if not name.startswith("get_token_probs")},
        lambda state: {name: value for name, value in state.items() if ".mamba2." not in name},
        lambda state: {name: value.double() for name, value in state.items()},
    ],
    ids=["DataParallel", "without the unused branch", "one of the tied copies", "float64"],
)
def test_forms_that_hold_the_same_network(folder, golden, change, key):
    run("import-checkpoint", save(state_of(golden[0])), "--dataset=small", "--output-dir=a")
    run("import-checkpoint", save(change(state_of(golden[0])), key=key), "--dataset=small", "--output-dir=b")
    first, second = (read_model(f"{name}/model.safetensors").arrays for name in "ab")
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) and second[name].dtype == np.float32 for name in first)


def test_optimizer_and_epoch_of_an_unfinished_run_are_ignored(folder, golden):
    torch.save(
        {"epoch": 3, "model_state_dict": state_of(golden[0]), "optimizer_state_dict": {"state": {}}}, "model.pth"
    )
    assert run("import-checkpoint", "model.pth", "--dataset=small") == 0


class Program:
    def __reduce__(self):
        return os.mkdir, ("run",)


def test_programs_in_a_file_are_not_run(folder, golden, capsys):
    torch.save({"model_state_dict": state_of(golden[0]), "more": Program()}, "evil.pth")
    assert fails(capsys, "import-checkpoint", "evil.pth", "--dataset=small") == (
        "evil.pth: would call 'posix.mkdir' when loaded, which weights never need; nothing was executed; "
        "get the file from its authors"
    )
    assert not Path("run").exists() and not Path("results").exists()


def changed(**changes):
    def change(state):
        for name, value in changes.items():
            state[name.replace("__", ".")] = value
        return state

    return change


def without(*gone):
    return lambda state: {name: value for name, value in state.items() if not name.startswith(gone)}


AGAIN = "; download it again"
NONE = (
    "no parameters, neither under model_state_dict, state_dict, model nor at the top level; use a checkpoint saved by "
    "the authors' code"
)
WHOLE = f"so this is not a complete S5VH network{AGAIN}"
WHOLE_OF_METHOD = f"so this is not a complete network of method 's5vh-authors'{AGAIN}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            changed(encoder__blocks__2__norm1__weight=torch.ones(31)),
            f"parameter 'encoder.blocks.2.norm1.weight' has shape (31,), expected (32,){AGAIN}",
        ),
        (
            changed(classifier__weight=torch.ones(10, 15)),
            f"parameter 'classifier.weight' has shape (10, 15), expected (10, 16){AGAIN}",
        ),
        (
            changed(binary__weight=torch.ones(16)),
            f"parameter 'binary.weight' has shape (16,), expected 2 axes{AGAIN}",
        ),
        (
            changed(ln__bias=torch.full((16,), torch.nan)),
            f"parameter 'ln.bias' has NaN or infinite values{AGAIN}",
        ),
        (
            changed(ln__bias=torch.ones(16, dtype=torch.int64)),
            f"parameter 'ln.bias' is not an array of floating-point numbers{AGAIN}",
        ),
        (changed(fc__weight=torch.ones(3)), "parameter 'fc.weight' does not belong to the released S5VH network"),
        (
            changed(encoder__blocks__0__mamba2__D=torch.zeros(64)),
            "parameter 'encoder.layers.0.forward_mixer.D' and its copy for the other direction differ; "
            "the checkpoint was saved before any forward pass",
        ),
        (without("encoder.patch_embed.weight"), f"no parameter for 'embed.weight', {WHOLE}"),
        (without("encoder.norm.bias"), f"no parameter for 'encoder.norm.bias', {WHOLE_OF_METHOD}"),
        (without("classifier"), f"no parameter for 'classifier.weight', {WHOLE_OF_METHOD}"),
        (
            without("encoder.blocks.2"),
            "parameter 'encoder.blocks.5.mamba1.A_log' does not exist in the network of method 's5vh-authors'; "
            "use a method with the released recipe",
        ),
        (lambda state: {}, NONE),
    ],
)
def test_a_network_that_is_not_the_released_one(folder, golden, capsys, change, message):
    file = save(change(state_of(golden[0])))
    assert fails(capsys, "import-checkpoint", file, "--dataset=small") == f"{file}: {message}"
    assert not Path("results").exists()


def test_files_that_are_no_checkpoint(folder, golden, capsys):
    words = ["import-checkpoint", "x.pth", "--dataset=small"]
    assert fails(capsys, *words) == "x.pth: no such file"
    for content in (b"", b"hello, this is text", b"\x80\x02broken"):
        Path("x.pth").write_bytes(content)
        assert fails(capsys, *words).startswith("x.pth: not a PyTorch checkpoint")
    whole = Path(save(state_of(golden[0]))).read_bytes()
    Path("x.pth").write_bytes(whole[: len(whole) // 2])
    assert fails(capsys, *words) == "x.pth: not a PyTorch checkpoint, or a truncated one; download it again"
    for content in ([1, 2], {"epoch": 3, "model": {}}, {"model_state_dict": [torch.ones(2)]}):
        torch.save(content, "x.pth")
        assert fails(capsys, *words) == f"x.pth: {NONE}"


def test_a_cell_that_the_file_does_not_fit(folder, golden, capsys):
    file = save(state_of(golden[0]))
    words = ["import-checkpoint", file]
    assert fails(capsys, *words) == "specify --dataset (the data set the network was trained on) or --cell"
    assert fails(capsys, *words, "--dataset=small", "--bits=32") == (
        "sml_16.pth: network for 16 bits, expected 32; use the file for that code length"
    )
    assert fails(capsys, *words, "--dataset=ucf101") == (
        "sml_16.pth: network for 48-dimensional frame features, but those of 'ucf101' have 4096 dimensions; "
        "specify the data set it was trained on"
    )
    assert fails(capsys, *words, "--dataset=small", "--method=s5vh-released") == (
        "method 's5vh-released' is trained, not imported; choose one with a key 'checkpoint' in its file"
    )
    method = folder / "config/methods/paper.yaml"
    method.parent.mkdir()
    method.write_text("extends: s5vh\ntitle: Wrong\ncheckpoint: x.pth\n")
    assert fails(capsys, *words, "--dataset=small", "--method=paper") == (
        "sml_16.pth: parameter 'classifier.weight' does not exist in the network of method 'paper'; use a method "
        "with the released recipe"
    )
    assert fails(capsys, *words, "--dataset=small", "--method=lsh_mean") == (
        "method 'lsh_mean': importing its authors' checkpoints is not supported"
    )
    assert not Path("results").exists()


def test_a_trained_model_is_not_overwritten_and_an_imported_one_not_trained(folder, golden, capsys):
    write_parts(golden[1])
    words = ["fit", "--dataset=small", "--method=lsh_mean", "--bits=16", "--train=results/small/features/train.h5"]
    assert run(*words, "--output=trained/model.safetensors") == 0
    words = ["import-checkpoint", save(state_of(golden[0])), "--dataset=small"]
    assert fails(capsys, *words, "--output-dir=trained") == (
        "trained/model.safetensors: exists and is a locally trained model; choose another folder"
    )
    assert run(*words) == 0 and run(*words) == 0
    part = "results/small/features/train.h5"
    words = ["train", "--dataset=small", "--method=s5vh-authors", "--bits=16", f"--train={part}", f"--database={part}"]
    assert fails(capsys, *words, f"--query={part}", "--output-dir=x") == (
        "method 's5vh-authors' is imported, not trained; use `s5vh import-checkpoint`"
    )


def plan(**config):
    usual = {"datasets": ["small"], "methods": ["s5vh-authors"], "bits": [16, 32]}
    return planning.resolve_run([SHIPPED], usual | config)


@pytest.fixture
def features(folder):
    for name in ("train", "query", "labels"):
        (folder / f"data/sml/{name}.h5").touch()


def test_missing_files_are_told_before_anything_runs(folder, features, monkeypatch):
    with pytest.raises(UserError) as error:
        plan()
    assert str(error.value) == (
        "small: 2 checkpoint files are missing for s5vh-authors (data/sml/sml_16.pth, data/sml/sml_32.pth); "
        "place them there, fix the method's 'checkpoint', or omit the method"
    )
    (folder / "data/sml/sml_16.pth").touch()
    with pytest.raises(UserError, match=r"^small: 1 checkpoint file is missing .* \(data/sml/sml_32\.pth\); "):
        plan()
    assert plan(bits=[16], examples={"bits": 16}).datasets == ["small"]
    monkeypatch.setenv("S5VH_PLAN", "1")
    assert plan().datasets == ["small"]


def test_a_missing_file_of_a_paper_data_set_comes_with_its_address():
    cell = resolve_cell("ucf101", "s5vh-authors", 64, 1)
    assert missing_checkpoint_message("ucf101", load_dataset("ucf101"), [cell]) == (
        "ucf101: 1 checkpoint file is missing for s5vh-authors (data/ucf/ucf_64.pth); get them from "
        "https://pan.baidu.com/s/1vUndCb41kctv30bTLAEYdg with code 0000 (Baidu Netdisk (S5VH authors): logs and "
        "checkpoints) and place them there, fix the method's 'checkpoint', or omit the method"
    )


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"seeds": [1, 2, 3]},
            "methods: 's5vh-authors' is a single imported network, but there are 3 seeds; run it with one seed",
        ),
        (
            {"convergence": {"methods": ["s5vh-authors"]}},
            "convergence.methods: 's5vh-authors' is imported, not trained; list trained methods only",
        ),
        (
            {"methods": ["s5vh"], "overrides": {"s5vh": {"checkpoint": "x.pth"}}},
            "method 's5vh' on small: 'checkpoint' cannot be changed per data set or by overrides; set or "
            "remove it in a separate method file, e.g. one with 'extends: s5vh'",
        ),
    ],
)
def test_what_an_imported_method_cannot_be_asked_for(folder, features, config, message):
    with pytest.raises(UserError) as error:
        plan(**config)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{bit}.pth", "unknown placeholder '{bit}' (known: {root}, {folder}, {dataset}, {bits})"),
        ("{}.pth", "unknown placeholder '{}' (known: {root}, {folder}, {dataset}, {bits})"),
        ("{bits.pth", "'{bits.pth' is not a pattern (expected '}' before end of string)"),
    ],
)
def test_a_wrong_pattern(folder, features, pattern, message):
    methods = folder / "config/methods"
    methods.mkdir()
    (methods / "mine.yaml").write_text(f"extends: s5vh-authors\ncheckpoint: '{pattern}'\n")
    with pytest.raises(UserError) as error:
        plan(methods=["mine"])
    assert str(error.value) == f"config/methods/mine.yaml: checkpoint: {message}"
