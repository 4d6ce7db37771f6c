"""Evaluations for training curves: when they are made, and that nothing else notices them; the time of training."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from toy_methods import Labelled, Toy, config, resumed, run, untimed, weights

from s5vh.cli import main
from s5vh.config.load import load_run
from s5vh.data.features import write_features
from s5vh.training import engine, stage
from s5vh.training.checkpoint import History


def scored(calls):
    """An evaluation that remembers the weights and counts its calls; later evaluations are worse."""

    def evaluate(model):
        calls.append(weights(model).clone())
        return {"mAP@5": 1 / len(calls), "GmAP": 0.5}

    return evaluate


def epochs(rows):
    return [row["epoch"] for row in rows]


@pytest.mark.parametrize(
    "every, selected, extra",
    [(1, [3, 6, 7], [1, 2, 4, 5]), (2, [3, 6, 7], [2, 4]), (3, [3, 6, 7], []), (None, [3, 6, 7], [])],
)
def test_beside_the_evaluations_for_selection(tmp_path, every, selected, extra):
    calls = []
    settings = config(epochs=7, evaluate_every=3)
    _, history = run(tmp_path, settings, evaluate=scored(calls), curve_every=every)
    assert epochs(history.evaluations) == selected and epochs(history.curve) == extra
    assert len(calls) == len(selected) + len(extra)
    assert [row["mAP@5"] for row in history.all_evaluations] == [1 / n for n in range(1, len(calls) + 1)]
    assert epochs(history.all_evaluations) == sorted(selected + extra)
    assert [row["epoch"] for row in history.all_evaluations if row["eligible"]] == selected
    assert [list(row) for row in history.curve] == [["epoch", "mAP@5", "GmAP", "seconds"]] * len(extra)


def test_neither_weights_nor_selection_nor_early_stopping_notice_them(tmp_path):
    settings = config(epochs=9, evaluate_every=2, selection="published", patience=2)
    watched, seen = [], []
    plain, history = run(tmp_path / "plain", settings, evaluate=scored(watched))
    curved, again = run(tmp_path / "curved", settings, evaluate=scored(seen), curve_every=1)
    assert len(watched) == 3 and len(seen) == 6  # the first evaluation is the best, two more end the training
    assert torch.equal(weights(plain), weights(curved)) and torch.equal(seen[1], watched[0])
    assert history.best_epoch == again.best_epoch == 2 and history.steps == again.steps
    assert epochs(history.evaluations) == epochs(again.evaluations) == [2, 4, 6] and epochs(again.curve) == [1, 3, 5]


def test_none_without_labels(tmp_path):
    _, history = run(tmp_path, config(evaluate_every=4), curve_every=1)
    assert history.curve == [] and epochs(history.evaluations) == [4, 6]


def test_a_killed_run_keeps_them(tmp_path):
    settings = config(evaluate_every=4)
    options = {"evaluate": lambda model: {"mAP@5": float(weights(model).sum())}, "curve_every": 1}
    _, history = run(tmp_path / "whole", settings, checkpoint_seconds=0, **options)
    _, again = resumed(tmp_path / "cut", settings, Labelled, at=3, **options)
    assert untimed(again.all_evaluations) == untimed(history.all_evaluations)
    assert epochs(again.curve) == [1, 2, 3, 5]


def test_rows_of_the_file_are_in_order_and_say_what_they_are_for():
    history = History(evaluations=[{"epoch": 2, "a": 5}, {"epoch": 4, "a": 6}], curve=[{"epoch": 1}, {"epoch": 3}])
    assert history.all_evaluations == [
        {"epoch": 1, "eligible": False}, {"epoch": 2, "a": 5, "eligible": True},
        {"epoch": 3, "eligible": False}, {"epoch": 4, "a": 6, "eligible": True},
    ]  # fmt: skip
    assert history.evaluations == [{"epoch": 2, "a": 5}, {"epoch": 4, "a": 6}]


class Slow(Toy):
    """An epoch takes 1 s to begin and 2 s for each of its three steps, by a clock that tells 100 s at the start."""

    clock = 100.0

    def begin_training(self, videos, rows):
        self.clock += 1000

    def begin_epoch(self, epoch, videos):
        self.clock += 1

    def step(self, batch, optimizers):
        self.clock += 2
        return super().step(batch, optimizers)


def test_seconds_are_those_of_the_epochs(tmp_path, monkeypatch):
    model = Slow()
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: model.clock))

    def evaluate(_):
        model.clock += 50
        return {"mAP@5": 0.5}

    def save(path, state):
        model.clock += 500

    monkeypatch.setattr(engine, "save_checkpoint", save)
    _, history = run(tmp_path, config(epochs=4, evaluate_every=3), model, evaluate=evaluate, curve_every=1,
                     checkpoint_seconds=60)  # fmt: skip
    assert [row["seconds"] for row in history.all_evaluations] == [7, 14, 21, 28] and history.seconds == 28
    # Checkpoints are due 60 s after the last one: after epoch 2, when 14 s of training and two evaluations are over.
    assert model.clock == 100 + 1000 + 4 * 7 + 4 * 50 + 500


def test_seconds_go_on_after_a_kill(tmp_path, monkeypatch):
    model = Slow()
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: model.clock))

    def another():
        nonlocal model
        model = Slow()
        return model

    _, history = resumed(tmp_path, config(epochs=5, evaluate_every=1), another, at=2)
    assert [row["seconds"] for row in history.evaluations] == [7, 14, 21, 28, 35]


def test_only_cells_of_the_study_are_scored_more_often():
    study = {"methods": ["s5vh", "s5vh_no_alignment"], "bits": 32, "evaluate_every": 5}
    settings = load_run({"datasets": ["demo"], "methods": ["s5vh", "conmh"], "convergence": study})
    assert [settings.curve_every(*cell) for cell in settings.convergence_grid] == [5, 5]
    for other in (("s5vh", 16), ("conmh", 32)):
        assert settings.curve_every(*other) is None
    usual = load_run({"datasets": ["demo"], "methods": ["s5vh"], "convergence": {"methods": ["s5vh"]}})
    assert usual.curve_every("s5vh", 32) == 1


def test_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for part, videos in (("train", 40), ("query", 8)):
        feats = rng.standard_normal((videos, 4, 6)).astype(np.float32)
        labels, ids = np.eye(4, dtype=np.uint8)[np.arange(videos) % 4], [f"{part}{i}" for i in range(videos)]
        write_features(f"{part}.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    training = {"epochs": 3, "evaluate_every": 2, "batch_size": 20, "patience": None, "selection": "last"}
    model = {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0.2}
    settings = {"implementation": "s5vh", "model": model, "loss": {"beta": 0}, "training": training | {"held_out": 0.2}}
    cell = {"dataset": "mine", "method": "s5vh", "bits": 8, "seed": 1, "settings": settings}
    words = ["train", f"--cell={json.dumps(cell)}", "--train=train.h5", "--database=train.h5", "--query=query.h5",
             "--device=cpu"]  # fmt: skip
    digests = []

    def watched(*arguments, **options):
        digests.append(options["digest"])
        return engine.train(*arguments, **options)

    monkeypatch.setattr(stage, "train", watched)
    assert main([*words, "--output-dir=plain"]) == 0
    assert main([*words, "--output-dir=curved", "--curve-every=1"]) == 0
    plain, curved = (pd.read_csv(f"{folder}/evals.csv") for folder in ("plain", "curved"))
    assert plain.epoch.tolist() == [2, 3] and plain.eligible.all()
    assert curved.epoch.tolist() == [1, 2, 3] and curved.eligible.tolist() == [False, True, True]
    # Held-out videos are measured for selection only.
    assert curved.held_out_total.isna().tolist() == [True, False, False] and curved.GmAP.notna().all()
    assert list(plain) == list(curved) and list(plain)[-2:] == ["seconds", "eligible"]
    same = [column for column in plain if column != "seconds"]
    assert curved[curved.eligible][same].reset_index(drop=True).equals(plain[same])
    assert len(set(digests)) == 2  # a checkpoint without the evaluations is not continued with them
    stored = [(tmp_path / folder / "train.csv").read_bytes() for folder in ("plain", "curved")]
    assert stored[0] == stored[1]
