"""What the stages around the engine hand on: files, seeds, settings, records. The engine itself is a stand-in here."""

from __future__ import annotations

import csv
import os
import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_cells import SHAPE, features, tiny_cell
from toy_methods import CPU, Toy, source

from s5vh.base import threads
from s5vh.base.errors import UserError
from s5vh.data.features import write_features
from s5vh.methods.model_file import StoredModel, read_model
from s5vh.methods.s5vh.network import S5VH
from s5vh.retrieval.protocol import Protocol
from s5vh.training import batches, device, encoding, fitting, stage
from s5vh.training.checkpoint import History
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads
from s5vh.training.encoding import encode_all, open_encoder
from s5vh.training.selection import hold_out

LABELS = np.eye(3, dtype=np.uint8)


@pytest.fixture
def files(tmp_path):
    """A training, a database and a query file of 14, 9 and 5 videos."""
    made = {}
    for seed, (part, videos) in enumerate((("train", 14), ("database", 9), ("query", 5))):
        feats = features(videos, seed)
        labels = LABELS[np.arange(videos) % 3]
        made[part] = tmp_path / f"{part}.h5"
        ids = [f"{part}{number}" for number in range(videos)]
        write_features(made[part], [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    return made


def cell_of(seed=7, **training):
    cell = tiny_cell("s5vh_no_alignment", seed)
    return cell.model_copy(
        update={
            "settings": cell.settings.model_copy(
                update={"training": cell.settings.training.model_copy(update=training)}
            )
        }
    )


@pytest.fixture
def trained(files, tmp_path, monkeypatch):
    """Runs the stage with an engine that only remembers what it is given."""

    def engine(network, videos, rows, config, **given):
        calls.append(given | {"network": network, "videos": videos, "rows": rows, "config": config})
        given["checkpoint"].parent.mkdir(exist_ok=True)
        given["checkpoint"].touch()
        calls[-1]["drawn"] = torch.rand(2)
        steps = [{"epoch": 1, "total": 3.5}, {"epoch": 2, "total": 2.5}]
        return History(steps, [{"epoch": 2, "GmAP": 0.25}], best_epoch=1, seconds=4.5)

    calls: list[dict] = []
    monkeypatch.setattr(stage, "train", engine)

    def run(cell=None, **changes):
        arguments = {f"{part}_file": file for part, file in files.items()} | {"prepared": {}, "device": "cpu"}
        protocol = {"cutoffs": [5, 20]}
        stage.train_cell(
            cell or cell_of(), **(arguments | {"protocol": protocol, "output": tmp_path / "cell"} | changes)
        )
        return calls[-1]

    return run


def test_files_of_a_cell_hold_what_the_engine_returned(trained, tmp_path):
    given = trained(cell_of(held_out=0.3, selection="held_out"))
    read = [list(csv.reader((tmp_path / f"cell/{name}.csv").open())) for name in ("train", "evals")]
    assert read == [
        [["epoch", "total"], ["1", "3.5"], ["2", "2.5"]],
        [["epoch", "GmAP", "eligible"], ["2", "0.25", "True"]],
    ]
    stored = read_model(tmp_path / "cell/model.safetensors")
    parameters = sum(parameter.numel() for parameter in given["network"].parameters())
    facts = given["network"].facts()
    assert stored.training == facts | {
        "selection": "held_out", "held_out": 0.3, "held_out_videos": 4, "epoch": 1, "epochs": 2, "seconds": 4.5,
        "precision": "float32", "parameters": parameters,
    }  # fmt: skip
    assert (stored.frames, stored.feature_size) == SHAPE[:2]
    assert stored.cell.to_json() == cell_of(held_out=0.3, selection="held_out").to_json()
    assert (stored.provenance["seed"], stored.provenance["device"]) == (7, "cpu")
    assert stored.provenance["threads"] == torch.get_num_threads()
    assert stored.provenance["settings"]["bits"] == SHAPE.bits
    state = given["network"].state_dict()
    assert stored.arrays.keys() == state.keys()
    assert all(np.array_equal(stored.arrays[name], value) for name, value in state.items())
    assert sorted(path.name for path in (tmp_path / "cell").iterdir()) == [
        "evals.csv", "model.safetensors", "train.csv",
    ]  # fmt: skip


def test_processors_without_bfloat16_train_in_float32_and_say_so(trained, tmp_path, monkeypatch, capsys):
    cell, digests = cell_of(precision="bfloat16"), {}
    for has_it, precision in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr("s5vh.methods.contract.has_bfloat16_products", lambda has_it=has_it: has_it)
        digests[precision] = trained(cell)["digest"]
        assert read_model(tmp_path / "cell/model.safetensors").training["precision"] == precision
        said = capsys.readouterr().err.endswith(": this processor has no bfloat16, so it trains in float32\n")
        assert said is not has_it
    assert digests["bfloat16"] != digests["float32"]


def test_the_engine_gets_the_settings_of_the_cell(trained, tmp_path):
    given = trained(checkpoint_seconds=12.5)
    assert (given["seed"], given["checkpoint_seconds"]) == (7, 12.5)
    assert given["checkpoint"] == tmp_path / "cell/checkpoint.pt"
    assert given["config"] == cell_of().settings.training and given["held_out"] is None
    assert given["rows"].tolist() == list(range(14)) and len(given["videos"]) == 14
    assert given["network"].shape == SHAPE
    assert given["progress"].label == "tiny s5vh_no_alignment 5 bit seed 7"
    assert trained()["checkpoint_seconds"] == 30.0
    held = trained(cell_of(held_out=0.3))
    assert len(held["rows"]) == 10 and len(held["held_out"]) == 4
    rows, _ = hold_out(source(14), held["config"], seed=7, where="x")
    assert held["rows"].tolist() == rows.tolist()


def test_the_seed_decides_the_network_and_what_is_drawn_next(trained):
    first, second, other = trained(), trained(), trained(cell_of(seed=8))
    for name, value in first["network"].state_dict().items():
        assert torch.equal(value, second["network"].state_dict()[name])
    assert torch.equal(first["drawn"], second["drawn"]) and not torch.equal(first["drawn"], other["drawn"])
    assert other["held_out"] is None and other["seed"] == 8


def test_a_checkpoint_is_of_these_files_settings_and_protocol(trained, files):
    usual = trained()["digest"]
    assert trained()["digest"] == usual
    assert trained(protocol={"cutoffs": [5, 40]})["digest"] != usual
    assert trained(cell_of(epochs=5))["digest"] != usual
    curves = trained(curve_every=3)
    assert curves["digest"] != usual and curves["curve_every"] == 3 and trained()["curve_every"] is None
    before = torch.get_num_threads()
    try:
        assert trained(threads=before + 1)["digest"] != usual
    finally:
        set_threads(before)
        threads.set_kernel_threads(1)
    seen = {usual}
    for file in files.values():
        os.utime(file, ns=(1, file.stat().st_mtime_ns + 1))
        seen.add(trained()["digest"])
    assert len(seen) == 4


def test_a_checkpoint_is_of_these_artifacts(trained, files, monkeypatch):
    monkeypatch.setattr(stage, "_check_prepared", lambda *_: None)
    artifact = files["train"].with_name("artifact.h5")
    found = []
    for text, changed in (("a", 1), ("a", 1), ("ab", 1), ("ab", 2)):
        artifact.write_text(text)
        os.utime(artifact, ns=(1, changed))
        found.append(trained(prepared={"semantics": artifact})["digest"])
    assert found[0] == found[1] and len({trained()["digest"], *found}) == 4


@pytest.mark.parametrize("same", ["database is train", "query is database", "all apart"])
def test_curves_are_scored_on_the_files_they_are_asked_for(trained, files, monkeypatch, same):
    scored, encoded = [], []

    def encode(network, videos):
        encoded.append(len(videos))
        return np.full((len(videos), SHAPE.bits), len(videos), np.int8)

    monkeypatch.setattr(stage, "encode_all", encode)
    monkeypatch.setattr(stage, "quick_map", lambda *given: scored.append(given) or {"mAP@5": 0.5})
    changes = {"database is train": {"database_file": files["train"]}, "all apart": {}}
    given = trained(**changes.get(same, {"query_file": files["database"]}))
    # The files are closed after training, and labels are read before.
    assert given["evaluate"](given["network"]) == {"mAP@5": 0.5}
    ((query, database, bits, query_labels, database_labels, protocol, own),) = scored
    sizes = {"database is train": (5, 14), "query is database": (9, 9), "all apart": (5, 9)}[same]
    assert (len(query), len(database)) == (len(query_labels), len(database_labels)) == sizes
    assert bits == SHAPE.bits and protocol == Protocol.from_dict({"cutoffs": [5, 20]})
    itself = same == "query is database"
    assert own.tolist() == (list(range(9)) if itself else [-1] * 5)
    assert encoded == ([9] if itself else [sizes[1], sizes[0]])  # what is both is encoded once


def test_without_labels_there_are_no_curves(trained, files, tmp_path):
    bare = tmp_path / "bare.h5"
    feats = features(4)
    write_features(bare, [feats], shape=feats.shape, ids=list("abcd"), provenance={})
    assert trained(query_file=bare)["evaluate"] is None and trained(database_file=bare)["evaluate"] is None
    assert trained()["evaluate"] is not None
    with pytest.raises(UserError, match=r"no labels, but training\.selection 'published' requires them"):
        trained(cell_of(selection="published"), query_file=bare)


def test_cells_and_artifacts_that_do_not_fit_are_refused(trained, tmp_path):
    with pytest.raises(UserError, match="method 'itq_mean' is fitted, not trained; use `s5vh fit`"):
        trained(tiny_cell("itq_mean"))
    with pytest.raises(UserError, match=r"--prepared centers: method .* does not use it; it requires none"):
        trained(prepared={"centers": tmp_path / "c.h5"})
    with pytest.raises(UserError, match=r"method 's5vh' requires \w+; specify --prepared \w+=FILE"):
        trained(tiny_cell("s5vh"))
    with pytest.raises(UserError, match="needs held-out videos"):
        trained(cell_of(selection="held_out"))
    small = np.zeros((4, 6, 9), np.float32)
    write_features(tmp_path / "wide.h5", [small], shape=small.shape, ids=list("abcd"), provenance={})
    with pytest.raises(UserError, match="feature dimension 9, expected 8"):
        trained(query_file=tmp_path / "wide.h5")
    short = np.zeros((4, 5, 8), np.float32)
    write_features(tmp_path / "short.h5", [short], shape=short.shape, ids=list("abcd"), provenance={})
    with pytest.raises(UserError, match="5 frames per video, expected 6"):
        trained(database_file=tmp_path / "short.h5")


def test_fitting_hands_on_bits_seed_settings_and_videos(files, tmp_path, monkeypatch):
    class Hasher:
        def __init__(self, **given):
            made.append(given)

        def fit(self, feats):
            made.append(feats[()])
            now[0] += 2.5

        def state(self):
            return {"a": np.arange(3.0)}

    made, now = [], [100.0]
    monkeypatch.setattr(fitting, "implementation_of", lambda method: Hasher)
    monkeypatch.setattr(fitting.time, "monotonic", lambda: now[0])
    cell = tiny_cell("itq_mean", seed=7)
    fitting.fit_cell(cell, train_file=files["train"], output=tmp_path / "m.safetensors")
    assert made[0] == {"bits": SHAPE.bits, "seed": 7, **cell.settings.model.model_dump()}
    np.testing.assert_array_equal(made[1], features(14, 0))
    stored = read_model(tmp_path / "m.safetensors")
    assert (stored.frames, stored.feature_size, stored.training) == (*SHAPE[:2], None)
    assert (stored.provenance["seed"], stored.provenance["fit_seconds"]) == (7, 2.5)
    assert stored.provenance["settings"]["bits"] == SHAPE.bits
    with pytest.raises(UserError, match="method 's5vh' is a network; use `s5vh train`"):
        fitting.fit_cell(tiny_cell("s5vh"), train_file=files["train"], output=tmp_path / "m.safetensors")


@pytest.fixture
def restored(monkeypatch):
    """Puts global generators and switches back."""
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    yield
    torch.set_rng_state(states[0])
    np.random.set_state(states[1])
    random.setstate(states[2])


def test_determinism_seeds_every_generator_and_sets_every_switch(restored, monkeypatch):
    torch.set_deterministic_debug_mode("default")
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    monkeypatch.setattr(torch.utils.deterministic, "fill_uninitialized_memory", True)
    set_determinism(5)
    expected = random.Random(5).random(), np.random.RandomState(5).rand()
    assert (random.random(), np.random.rand()) == expected
    assert torch.equal(torch.rand(3), torch.rand(3, generator=torch.Generator().manual_seed(5)))
    assert torch.are_deterministic_algorithms_enabled() and torch.is_deterministic_algorithms_warn_only_enabled()
    assert not torch.backends.cudnn.benchmark and not torch.utils.deterministic.fill_uninitialized_memory
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


def test_threads_are_those_of_torch_and_of_the_kernels(monkeypatch):
    seen = []
    monkeypatch.setattr(torch, "set_num_threads", lambda number: seen.append(("torch", number)))
    monkeypatch.setattr(device, "set_kernel_threads", lambda number: seen.append(("kernels", number)))
    set_threads(None)
    assert seen == []
    set_threads(3)
    assert seen == [("torch", 3), ("kernels", 3)]


def test_devices_by_name(monkeypatch, tmp_path):
    with device_lock("cpu", share=2) as place:
        assert place == CPU and device_name(place) == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda place: f"card {place.index}")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    for name in ("cuda:2", "cuda:x", "cuda:"):
        with pytest.raises(UserError) as error, device_lock(name):
            pass
        assert str(error.value) == f"device {name!r}: this machine has GPUs 0 to 1"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    with device_lock("cuda:1", share=4) as place:
        assert (place.type, place.index, device_name(place)) == ("cuda", 1, "card 1")
    names = sorted(path.name for path in tmp_path.glob("*/*"))
    assert names == sorted([f"4-7-1-{number}.lock" for number in range(24)] + ["4-7-1.turn"])


class Moody(Toy):
    """Encodes the first values of each video, and only as encoding should be done."""

    def encode(self, feats):
        assert not self.training and torch.is_inference_mode_enabled()
        self.sizes.append(feats.shape[0])
        return torch.where(feats[:, 0, :3] >= 0, 1.0, -1.0)


@pytest.mark.parametrize("training", [True, False])
def test_encoding_takes_the_rows_and_frames_it_is_asked_for(training):
    model, videos = Moody().train(training), source()
    model.sizes = []
    feats = torch.cat(list(videos.in_order(23))).numpy()
    rows = torch.tensor([9, 2, 20, 3, 4])
    codes = encode_all(model, videos, batch_size=2, frames=slice(1, None, 2), rows=rows)
    np.testing.assert_array_equal(codes, np.where(feats[rows, 1, :3] >= 0, 1, -1))
    assert model.sizes == [2, 2, 1] and codes.dtype == np.int8 and model.training == training
    model.sizes.clear()
    encode_all(model, source(600))
    assert model.sizes == [256, 256, 88]


def test_an_encoder_of_a_network_streams_and_one_of_a_fitted_method_needs_no_device(monkeypatch):
    cell, seen = tiny_cell("s5vh_no_alignment"), []
    stored = StoredModel({}, cell, *SHAPE[:2], {}, {})
    network = Moody()
    network.sizes = []
    monkeypatch.setattr(encoding, "restore_network", lambda one: seen.append(one) or network)
    monkeypatch.setattr(device, "set_threads", lambda number: seen.append(number))
    sources, real = [], batches.FeatureSource
    monkeypatch.setattr(batches, "FeatureSource", lambda *of, **how: sources.append(real(*of, **how)) or sources[-1])
    with open_encoder(stored, "cpu", threads=3) as (encode, place):
        feats = features(5)[..., :4]
        np.testing.assert_array_equal(encode(feats), np.where(feats[:, 0, :3] >= 0, 1, -1))
        assert place == "cpu"
    assert seen == [3, stored] and [one._resident for one in sources] == [None]
    with pytest.raises(UserError, match="device 'gpu': unknown"), open_encoder(stored, "gpu"):
        pass

    class Fitted:
        @classmethod
        def load_state(cls, arrays):
            one = cls()
            one.arrays = arrays
            return one

        def encode(self, feats):
            return feats, self.arrays

    monkeypatch.setattr(encoding, "implementation_of", lambda settings: Fitted)
    fitted = replace(stored, cell=tiny_cell("itq_mean"), arrays={"w": np.ones(2)})
    with open_encoder(fitted, "cuda:99") as (encode, place):
        assert encode(7) == (7, fitted.arrays) and place == "cpu"


def test_rows_for_curves_lack_columns_and_facts_of_the_network_are_kept(trained, tmp_path, monkeypatch):
    row = {"epoch": 2, "GmAP": 0.25, "held_out_total": 1.5, "seconds": 4.0}
    curve = {"epoch": 1, "GmAP": 0.125, "seconds": 2.0}
    history = History([{"epoch": 2, "total": 2.5}], [row], curve=[curve], best_epoch=2)
    monkeypatch.setattr(stage, "train", lambda *_, **__: history)
    monkeypatch.setattr(S5VH, "facts", lambda network: {"centers": 7})
    with pytest.raises(IndexError):
        trained()  # nothing was remembered, but the files are written
    assert list(csv.reader((tmp_path / "cell/evals.csv").open())) == [
        ["epoch", "GmAP", "held_out_total", "seconds", "eligible"],
        ["1", "0.125", "", "2.0", "False"],
        ["2", "0.25", "1.5", "4.0", "True"],
    ]
    assert read_model(tmp_path / "cell/model.safetensors").training["centers"] == 7
