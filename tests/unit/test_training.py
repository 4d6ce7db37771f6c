"""The training engine: determinism, kill and resume, early stopping, selection, streaming, devices."""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

import h5py
import numpy as np
import pytest
import torch
from toy_methods import CPU, Labelled, Toy, config, resumed, run, source, untimed, weights

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.data.features import write_features
from s5vh.training.batches import FeatureSource
from s5vh.training.checkpoint import load_checkpoint, save_checkpoint
from s5vh.training.device import deterministic_attention, device_lock, matrix_products, set_determinism
from s5vh.training.encoding import encode_all


def test_same_seed_same_weights_other_seed_other_weights(tmp_path):
    first, _ = run(tmp_path, config(), checkpoint_seconds=1e9)
    second, _ = run(tmp_path, config(), checkpoint_seconds=1e9)
    third, _ = run(tmp_path, config(), checkpoint_seconds=1e9, seed=2)
    assert torch.equal(weights(first), weights(second))
    assert not torch.equal(weights(first), weights(third))


@pytest.mark.parametrize("selection", ["last", "published"])
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_run_stopped_anywhere_resumes_to_the_same_result(tmp_path, at, selection):
    settings = config(selection=selection, evaluate_every=2)

    def evaluate(model):
        return {"mAP@5": float(model.linear.weight.detach().sum()), "GmAP": 0.5}

    whole, history = run(tmp_path / "whole", settings, evaluate=evaluate, checkpoint_seconds=0)
    cut, again = resumed(tmp_path / "cut", settings, Labelled, at=at, evaluate=evaluate)
    assert torch.equal(weights(whole), weights(cut))
    assert again.steps == history.steps
    assert untimed(again.evaluations) == untimed(history.evaluations)
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


def test_every_step_is_recorded(tmp_path):
    _, history = run(tmp_path, config(epochs=3))
    assert [row["step"] for row in history.steps] == list(range(1, 10))  # 23 videos in batches of 8, three times
    assert [row["epoch"] for row in history.steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert all(math.isfinite(row["total"]) and 0 <= row["error"] <= row["total"] for row in history.steps)


def test_the_last_epoch_is_evaluated_whatever_the_interval(tmp_path):
    _, history = run(tmp_path, config(epochs=5, evaluate_every=2), evaluate=lambda model: {"mAP@5": 0.5})
    assert [row["epoch"] for row in history.evaluations] == [2, 4, 5]


@pytest.mark.parametrize(("epochs", "evaluated"), [(5, [2, 4]), (6, [2, 4]), (2, [2]), (1, [1])])
def test_the_last_epoch_may_go_without_evaluation_but_not_all_of_them(tmp_path, epochs, evaluated):
    seen = []

    def evaluate(model):
        seen.append(weights(model).clone())
        return {"mAP@5": float(len(seen))}  # the later, the better

    settings = config(epochs=epochs, evaluate_every=2, evaluate_last=False, selection="published")
    model, history = run(tmp_path, settings, evaluate=evaluate)
    assert [row["epoch"] for row in history.evaluations] == evaluated
    assert history.best_epoch == evaluated[-1] and torch.equal(weights(model), seen[-1])
    assert history.steps[-1]["epoch"] == epochs  # trained to the end all the same


def test_the_weights_of_the_last_epoch_are_kept_without_an_evaluation_of_it(tmp_path):
    unseen, history = run(tmp_path / "a", config(evaluate_every=2, evaluate_last=False), evaluate=lambda model: {})
    whole, _ = run(tmp_path / "b", config(evaluate_every=2), evaluate=lambda model: {})
    assert [row["epoch"] for row in history.evaluations] == [2, 4] and history.best_epoch == 6
    assert torch.equal(weights(unseen), weights(whole))


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
            "device 'cuda': no usable GPU on this machine; choose cpu or auto",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU"),
        ),
    ],
)
def test_wrong_devices_are_refused(name, message):
    with pytest.raises(UserError) as caught, device_lock(name):
        pass
    assert str(caught.value) == message


def test_attention_of_training_steps_has_a_fixed_order_of_summation_on_a_gpu():
    enabled = torch.backends.cuda.mem_efficient_sdp_enabled, torch.backends.cuda.flash_sdp_enabled
    before = [state() for state in enabled]
    with pytest.raises(KeyError), deterministic_attention(torch.device("cuda")):
        assert not any(state() for state in enabled) and torch.backends.cuda.math_sdp_enabled()
        raise KeyError
    assert [state() for state in enabled] == before
    with deterministic_attention(CPU):
        assert [state() for state in enabled] == before


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


def test_a_job_that_needs_a_whole_gpu_is_not_passed_by_others(two_gpus):
    order = []

    def job(name, share):
        with device_lock("cuda:0", share):
            order.append(name)

    first = ExitStack()
    first.enter_context(device_lock("cuda:0", share=2))
    threads = [threading.Thread(target=job, args=args) for args in (("whole", 1), ("half", 2))]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    assert order == []  # although there is room for the second
    first.close()
    for thread in threads:
        thread.join()
    assert order == ["whole", "half"]


def test_a_share_that_is_not_offered_is_refused():
    with pytest.raises(UserError) as caught, device_lock("auto", share=9):
        pass
    assert str(caught.value) == "jobs per GPU: 9 is not one of 1, 2, 3, 4, 6, 8"


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


def test_sigkill_and_resume_end_with_the_same_bytes(small_corpus, capsys):
    folder = small_corpus
    assert main(["semantics", f"--features={folder / 'train.h5'}", "--clusters=5", f"--output={folder / 's.h5'}"]) == 0
    cell = {
        "dataset": "small",
        "method": "s5vh",
        "bits": 8,
        "seed": 3,
        "settings": {
            "implementation": "s5vh",
            "model": {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0.3},
            # Pseudo-labels that move from the first epoch on are a part of what must be resumed.
            "loss": {"beta": 1, "alignment_to": "classifier", "refinement": 0.2, "refine_after": 0},
            "semantics": {"clusters": 5, "pca": None},
            "training": {"epochs": 40, "batch_size": 16, "evaluate_every": 5, "patience": None},
        },
    }

    def command(output):
        files = [
            f"--{part}={folder / file}"
            for part, file in (
                ("train", "train.h5"),
                ("database", "train.h5"),
                ("query", "query.h5"),
                ("prepared=semantics", "s.h5"),
                ("output-dir", output),
            )
        ]
        return ["train", "--cell", json.dumps(cell), *files, "--threads=1", "--device=cpu", "--checkpoint-seconds=0"]

    assert main(command("whole")) == 0
    killed = subprocess.Popen([sys.executable, "-m", "s5vh", *command("cut")], stderr=subprocess.DEVNULL)
    checkpoint = folder / "cut" / "checkpoint.pt"
    deadline = time.monotonic() + 60
    while not checkpoint.exists() and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "the run ended before it could be killed"
    assert not (folder / "cut" / "model.safetensors").exists()
    capsys.readouterr()
    assert main(command("cut")) == 0
    assert "resuming after epoch" in capsys.readouterr().err
    from safetensors.numpy import load_file

    whole, cut = (load_file(folder / name / "model.safetensors") for name in ("whole", "cut"))
    assert whole.keys() == cut.keys() and all(np.array_equal(whole[name], cut[name]) for name in whole)
    assert (folder / "whole" / "train.csv").read_bytes() == (folder / "cut" / "train.csv").read_bytes()
    assert not checkpoint.exists()


def test_only_training_steps_may_use_tf32():
    set_determinism(0)
    flags = torch.backends.cuda.matmul, torch.backends.cudnn  # products; convolutions and LSTMs
    for precision in ("float32", "tf32", "bfloat16"):
        with pytest.raises(KeyError), matrix_products(precision):
            assert [flag.allow_tf32 for flag in flags] == 2 * [precision == "tf32"]
            raise KeyError
        assert not any(flag.allow_tf32 for flag in flags)
