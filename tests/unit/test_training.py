"""The training engine: determinism, kill and resume, schedule, early stopping, selection, streaming."""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import h5py
import numpy as np
import pytest
import torch

from s5vh.config.method import TrainingConfig
from s5vh.data.features import write_features
from s5vh.errors import UserError
from s5vh.training.batches import FeatureSource
from s5vh.training.checkpoint import load_checkpoint, save_checkpoint
from s5vh.training.device import device_lock, matrix_products
from s5vh.training.encode import encode_all
from s5vh.training.engine import cosine_rate, train

CPU = torch.device("cpu")


class Toy(torch.nn.Module):
    """The least that the engine asks for: one linear layer, with dropout so that the generators matter."""

    def __init__(self, size=4, bits=3):
        super().__init__()
        torch.manual_seed(0)
        self.linear = torch.nn.Linear(size, bits)
        self.dropout = torch.nn.Dropout(0.5)

    def encode(self, feats):
        return torch.where(self.linear(feats.mean(1)) >= 0, 1.0, -1.0)

    def loss(self, feats, labels, generator):
        noise = torch.rand(feats.shape, generator=generator)
        error = (self.dropout(self.linear((feats * noise).mean(1))) - 1).square().mean()
        return {"total": error, "error": error}


def source(videos=23, seed=0):
    feats = np.random.default_rng(seed).standard_normal((videos, 5, 4)).astype(np.float32)
    return FeatureSource(feats, CPU)


def config(**changes):
    return TrainingConfig(**({"epochs": 6, "batch_size": 8, "selection": "last", "patience": None} | changes))


def run(tmp_path, settings, model=None, **options):
    model = model or Labelled()
    arguments = {"seed": 1, "digest": "d", "checkpoint": tmp_path / "checkpoint.pt"} | options
    labels = torch.arange(23) % 3 if isinstance(model, Labelled) else None
    return model, train(model, source(), labels, settings, **arguments)


def weights(model):
    return torch.cat([value.flatten() for value in model.state_dict().values()])


def test_same_seed_same_weights_other_seed_other_weights(tmp_path):
    first, _ = run(tmp_path, config(), checkpoint_seconds=1e9)
    second, _ = run(tmp_path, config(), checkpoint_seconds=1e9)
    third, _ = run(tmp_path, config(), checkpoint_seconds=1e9, seed=2)
    assert torch.equal(weights(first), weights(second))
    assert not torch.equal(weights(first), weights(third))


class Killed(Exception):
    pass


class Labelled(Toy):
    """A model whose soft pseudo-labels move at every visit, and which learns from them."""

    def first_labels(self, labels):
        return torch.nn.functional.one_hot(labels, 3).float()

    def refined_labels(self, feats, labels, epoch):
        return labels if epoch < 2 else 0.5 * labels + 0.5 * self.linear(feats.mean(1)).softmax(1).detach()

    def loss(self, feats, labels, generator):
        terms = super().loss(feats, labels, generator)
        total = terms["total"] + (self.linear(feats.mean(1)) - labels).square().mean()
        return terms | {"total": total, "labels": labels.sum(0)[0]}


def test_refined_labels_are_those_of_the_next_visit(tmp_path):
    seen = {}

    class Counts(Labelled):
        def refined_labels(self, feats, labels, epoch):
            for row in labels.tolist():
                seen.setdefault(epoch, []).append(row)
            return labels * 2

    train(
        Counts(),
        source(),
        torch.arange(23) % 3,
        config(epochs=3),
        seed=1,
        digest="d",
        checkpoint=tmp_path / "checkpoint.pt",
    )
    for epoch, rows in seen.items():
        assert len(rows) == 23 and all(sorted(row) == [0, 0, 2**epoch] for row in rows)
        assert sum(row[0] for row in rows) == 8 * 2**epoch  # videos 0, 3, ... of class 0


@pytest.mark.parametrize("selection", ["last", "published"])
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_run_stopped_anywhere_resumes_to_the_same_result(tmp_path, at, selection):
    settings = config(selection=selection, evaluate_every=2)

    def evaluate(model):
        return {"mAP@5": float(model.linear.weight.detach().sum()), "GmAP": 0.5}

    whole, history = run(tmp_path / "whole", settings, evaluate=evaluate, checkpoint_seconds=0)

    class Stops:
        def line(self, text):
            pass

        def epoch(self, done, total, history):
            if done == at + 1:
                raise Killed

    with pytest.raises(Killed):
        run(tmp_path / "cut", settings, evaluate=evaluate, checkpoint_seconds=0, progress=Stops())
    assert (tmp_path / "cut" / "checkpoint.pt").exists()
    resumed, again = run(tmp_path / "cut", settings, evaluate=evaluate, checkpoint_seconds=0)
    assert torch.equal(weights(whole), weights(resumed))
    assert again.steps == history.steps
    assert [{**row, "seconds": 0} for row in again.evaluations] == [
        {**row, "seconds": 0} for row in history.evaluations
    ]
    assert again.best_epoch == history.best_epoch


def test_a_checkpoint_of_other_settings_or_a_broken_one_is_not_used(tmp_path):
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"digest": "a", "epoch": 3})
    assert load_checkpoint(path, "a")["epoch"] == 3
    assert load_checkpoint(path, "b") is None
    path.write_bytes(path.read_bytes()[:50])
    assert load_checkpoint(path, "a") is None
    assert load_checkpoint(tmp_path / "none.pt", "a") is None


def test_checkpoint_with_code_in_it_is_not_executed(tmp_path):
    import pickle

    class Evil:
        def __reduce__(self):
            return (os.system, (f"touch {tmp_path / 'owned'}",))

    (tmp_path / "checkpoint.pt").write_bytes(pickle.dumps(Evil(), protocol=2))
    assert load_checkpoint(tmp_path / "checkpoint.pt", "a") is None
    assert not (tmp_path / "owned").exists()


def test_cosine_goes_from_the_first_to_the_last_rate():
    settings = config(epochs=100, learning_rate=5e-4, minimum_learning_rate=1e-5)
    assert cosine_rate(0, settings) == pytest.approx(5e-4)
    assert cosine_rate(50, settings) == pytest.approx((5e-4 + 1e-5) / 2)
    assert cosine_rate(100, settings) == pytest.approx(1e-5)
    rates = [cosine_rate(epoch, settings) for epoch in range(101)]
    assert all(earlier > later for earlier, later in pairwise(rates))


def test_every_step_is_recorded(tmp_path):
    _, history = run(tmp_path, config(epochs=3))
    assert [row["step"] for row in history.steps] == list(range(1, 10))  # 23 videos in batches of 8, three times
    assert [row["epoch"] for row in history.steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert all(math.isfinite(row["total"]) and 0 <= row["error"] <= row["total"] for row in history.steps)


def test_published_selection_keeps_the_best_evaluation_and_stops_early(tmp_path):
    scores = iter([0.1, 0.5, 0.4, 0.3, 0.2, 0.9])
    seen = []

    def evaluate(model):
        seen.append(weights(model).clone())
        return {"mAP@5": next(scores), "GmAP": 0.0}

    settings = config(selection="published", evaluate_every=1, patience=3)
    model, history = run(tmp_path, settings, evaluate=evaluate)
    assert history.best_epoch == 2 and len(history.evaluations) == 5  # 3 without a better one, then stop
    assert torch.equal(weights(model), seen[1])


def test_last_selection_never_looks_at_the_metrics(tmp_path):
    def evaluate(model):
        return {"mAP@5": -len(seen), "GmAP": 0.0}

    seen = []
    watched, history = run(tmp_path, config(evaluate_every=1, patience=2), evaluate=evaluate)
    blind, _ = run(tmp_path, config(evaluate_every=1, patience=2))
    assert torch.equal(weights(watched), weights(blind))
    assert history.best_epoch == history.steps[-1]["epoch"]


def test_a_loss_that_is_not_finite_stops_with_one_line(tmp_path):
    model = Toy()
    with torch.no_grad():
        model.linear.weight[0, 0] = float("nan")
    with pytest.raises(UserError, match=r"^training: the loss is not finite at step 1 \(epoch 1\); lower training"):
        run(tmp_path, config(), model=model)


def test_streaming_gives_the_batches_of_a_resident_file(tmp_path):
    feats = np.random.default_rng(0).standard_normal((20, 3, 4)).astype(np.float16)
    write_features(tmp_path / "f.h5", [feats], shape=feats.shape, dtype="float16", ids=list("x" * 20), provenance={})
    order = list(torch.randperm(20).split(6))
    with h5py.File(tmp_path / "f.h5") as file:
        resident, streamed = (
            [block for _, block in FeatureSource(file["feats"], CPU, limit).batches(order)] for limit in (2**30, 0)
        )
    for index, first, second in zip(order, resident, streamed, strict=True):
        assert torch.equal(first, second) and first.dtype == torch.float32
        assert torch.equal(first, torch.from_numpy(feats)[index].float())


def test_an_error_while_streaming_reaches_the_caller():
    class Broken:
        shape, dtype = (8, 2, 2), np.dtype(np.float32)

        def __getitem__(self, index):
            raise OSError("unreadable")

    with pytest.raises(OSError, match="unreadable"):
        list(FeatureSource(Broken(), CPU, resident_bytes=0).in_order(4))


def test_encoding_keeps_the_order_and_the_mode_of_the_model():
    model = Toy().train()
    videos = source(50)
    codes = encode_all(model, videos, batch_size=7)
    assert codes.dtype == np.int8 and codes.shape == (50, 3) and model.training
    assert np.array_equal(codes, encode_all(model, videos, batch_size=50))


@pytest.mark.parametrize(
    "name, message",
    [
        ("gpu", "device 'gpu': unknown; choose auto, cpu, cuda or cuda:N"),
        pytest.param(
            "cuda",
            "device 'cuda': this machine has no usable GPU; choose cpu or auto",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU"),
        ),
    ],
)
def test_wrong_devices_are_refused(name, message):
    with pytest.raises(UserError) as caught, device_lock(name):
        pass
    assert str(caught.value) == message


@pytest.fixture
def two_gpus(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))


def test_jobs_share_gpus_as_they_say(two_gpus):
    with ExitStack() as stack:
        held = [stack.enter_context(device_lock("auto", share=3)).index for _ in range(6)]
        assert sorted(held) == [0, 0, 0, 1, 1, 1] and set(held[:2]) == {0, 1}  # the emptier GPU first
        for share in (1, 3):  # no room for a job that wants a GPU alone, nor for a seventh
            with pytest.raises(TimeoutError), impatient(), device_lock("auto", share=share):
                pass
    with device_lock("cuda:1") as alone, device_lock("auto") as other:
        assert (alone.index, other.index) == (1, 0)


def test_a_waiting_job_gets_the_gpu_that_becomes_free(two_gpus):
    first = ExitStack()
    first.enter_context(device_lock("cuda:0"))
    threading.Timer(0.3, first.close).start()
    started = time.monotonic()
    with device_lock("cuda:0"):
        assert time.monotonic() - started > 0.25


def test_a_share_that_is_not_offered_is_refused():
    with pytest.raises(UserError) as caught, device_lock("auto", share=9):
        pass
    assert str(caught.value) == "jobs that share a GPU: 9 is none of 1, 2, 3, 4, 6, 8"


@contextmanager
def impatient(seconds=0.2):
    """Raise TimeoutError in the block after a while."""

    def give_up(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def small_corpus(tmp_path):
    rng = np.random.default_rng(0)
    for part, videos in (("train", 48), ("query", 12)):
        feats = rng.standard_normal((videos, 6, 8)).astype(np.float32)
        labels = np.eye(4, dtype=np.uint8)[np.arange(videos) % 4]
        ids = [f"{part}{i}" for i in range(videos)]
        write_features(tmp_path / f"{part}.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    return tmp_path


def test_sigkill_and_resume_end_with_the_same_bytes(small_corpus):
    folder = small_corpus
    cell = {
        "dataset": "small",
        "method": "s5vh",
        "bits": 8,
        "seed": 3,
        "settings": {
            "implementation": "s5vh",
            "model": {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0.3},
            "loss": {"beta": 0},
            "training": {"epochs": 60, "batch_size": 16, "evaluate_every": 5, "patience": None},
        },
    }

    def command(output):
        files = [
            f"--{part}={folder / file}"
            for part, file in (
                ("train", "train.h5"),
                ("database", "train.h5"),
                ("query", "query.h5"),
                ("output-dir", output),
            )
        ]
        words = ["train", "--cell", json.dumps(cell), *files, "--threads=1", "--device=cpu", "--checkpoint-seconds=0"]
        return [sys.executable, "-m", "s5vh", *words]

    subprocess.run(command("whole"), check=True, capture_output=True)
    killed = subprocess.Popen(command("cut"), stderr=subprocess.DEVNULL)
    checkpoint = folder / "cut" / "checkpoint.pt"
    deadline = time.monotonic() + 60
    while not checkpoint.exists() and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "the run ended before it could be killed"
    assert not (folder / "cut" / "model.safetensors").exists()
    resumed = subprocess.run(command("cut"), check=True, capture_output=True, text=True)
    assert "continuing after epoch" in resumed.stderr
    from safetensors.numpy import load_file

    whole, cut = (load_file(folder / name / "model.safetensors") for name in ("whole", "cut"))
    assert whole.keys() == cut.keys() and all(np.array_equal(whole[name], cut[name]) for name in whole)
    assert (folder / "whole" / "train.csv").read_bytes() == (folder / "cut" / "train.csv").read_bytes()
    assert not checkpoint.exists()


def test_only_training_steps_may_use_tf32():
    flags = torch.backends.cuda.matmul
    for precision in ("float32", "tf32", "bfloat16"):
        with pytest.raises(KeyError), matrix_products(precision):
            assert flags.allow_tf32 == (precision == "tf32")
            raise KeyError
        assert not flags.allow_tf32
