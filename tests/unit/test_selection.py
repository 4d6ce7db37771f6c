"""Checkpoint selection by held-out videos: the split, the measures, the engine, what the rules would choose."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_methods import CPU, Killed, Watch, untimed

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config.load import load_run
from s5vh.config.training import TrainingConfig
from s5vh.data.features import write_features
from s5vh.methods.contract import Shape, TrainedMethod
from s5vh.methods.settings import TrainedSettings
from s5vh.planning.run import resolve_run
from s5vh.reporting.tables.selection import chosen
from s5vh.retrieval.agreement import cosine_neighbours, neighbour_precision, reciprocal_rank
from s5vh.training import selection
from s5vh.training.batches import FeatureSource
from s5vh.training.engine import train
from s5vh.training.selection import hold_out

VIDEOS = 40
SHIPPED = Path(__file__).parents[2] / "config/config.yaml"


class Recorder(TrainedMethod):
    """A linear hash that remembers the number of every video it is trained on or measured with, and its row."""

    def __init__(self):
        settings = TrainedSettings(title="Recorder", implementation="recorder")
        super().__init__(settings, Shape(frames=5, feature_size=3, bits=4), {})
        torch.manual_seed(0)
        self.linear = torch.nn.Linear(3, 4)
        self.dropout = torch.nn.Dropout(0.5)
        self.seen: dict[bool, list[list[tuple[int, int]]]] = {True: [], False: []}
        self.masks: list[torch.Tensor] = []

    def encode(self, feats):
        return torch.where(self.linear(feats.mean(1)) >= 0, 1.0, -1.0)

    def losses(self, batch):
        (feats,), (rows,) = batch.feats, batch.index.tolist()
        self.seen[self.training].append(list(zip(feats[:, 0, 0].long().tolist(), rows, strict=True)))
        mask = torch.rand(feats.shape, generator=batch.generator)
        if self.training:
            self.masks.append(mask)
        # Draws from the global generator in either mode: measuring must not be noticed by the training.
        hidden = self.dropout(self.linear((feats * mask).mean(1) / VIDEOS)) + 0 * torch.rand(())
        error = (hidden - 1).square().mean()
        return {"total": error, "part": error / 2}


def numbered() -> FeatureSource:
    """Video n has n as its first value."""
    feats = np.random.default_rng(0).standard_normal((VIDEOS, 5, 3)).astype(np.float32)
    feats[:, :, 0] = np.arange(VIDEOS)[:, None]
    return FeatureSource(feats, CPU)


def config(**changes) -> TrainingConfig:
    defaults = {"epochs": 4, "batch_size": 8, "selection": "last", "patience": None, "evaluate_every": 1}
    return TrainingConfig(**(defaults | changes))


def held_out_of(seed=1, **changes):
    """The measures on the videos that a share holds out."""
    return hold_out(numbered(), config(**changes), seed=seed, where="x")[1]


def run(folder, training, *, model=None, evaluate=None, seed=1, **options):
    """Train as the stage does: videos held out first."""
    model, videos = model or Recorder(), numbered()
    rows, held_out = hold_out(videos, training, seed=seed, where="train.h5")
    arguments = {"seed": seed, "digest": "d", "checkpoint": folder / "checkpoint.pt", "evaluate": evaluate} | options
    return model, train(model, videos, rows, training, **({"held_out": held_out} | arguments))


def weights(model):
    return torch.cat([value.flatten() for value in model.state_dict().values()]).clone()


class TestSplit:
    @settings(max_examples=30, deadline=None)
    @given(st.floats(0.05, 0.95), st.integers(0, 10**6))
    def test_every_video_is_on_one_side(self, share, seed):
        rows, held_out = hold_out(numbered(), config(held_out=share), seed=seed, where="x")
        assert rows.dtype == torch.int64 and (rows.diff() > 0).all()
        assert torch.cat([rows, held_out._rows]).sort().values.tolist() == list(range(VIDEOS))
        assert len(held_out) == round(share * VIDEOS)

    def test_the_seed_decides(self):
        def rows(seed):
            return held_out_of(seed, held_out=0.3)._rows.tolist()

        assert rows(1) == rows(1) != rows(2)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_the_split_is_drawn_apart_from_all_other_draws_of_the_seed(self, seed):
        rng = np.random.default_rng([0x5E1EC7, seed])
        rows = np.sort(rng.permutation(VIDEOS)[:12])
        held_out = held_out_of(seed, held_out=0.3)
        assert held_out._rows.tolist() == rows.tolist()
        batches = np.array_split(rows[rng.permutation(12)], 2)
        assert [batch.tolist() for batch in held_out._batches] == [batch.tolist() for batch in batches]
        assert held_out._mask_seed == rng.integers(2**62)

    def test_without_a_share_all_videos_are_trained_on(self):
        rows, held_out = hold_out(numbered(), config(), seed=1, where="x")
        assert rows.tolist() == list(range(VIDEOS)) and held_out is None

    @pytest.mark.parametrize(("share", "count"), [(0.01, 0), (0.03, 1), (0.97, 39), (0.999, 40)])
    def test_shares_that_leave_a_side_without_a_pair_are_refused(self, share, count):
        with pytest.raises(UserError) as caught:
            hold_out(numbered(), config(held_out=share), seed=1, where="train.h5")
        assert str(caught.value) == (
            f"train.h5: training.held_out {share:g} of 40 videos holds out {count}, leaving {VIDEOS - count} for "
            "training; choose a share with at least 2 of each"
        )


class TestTraining:
    def test_held_out_videos_are_never_trained_on_and_rows_are_those_of_the_whole_file(self, tmp_path):
        model, history = run(tmp_path, config(held_out=0.25))
        trained, measured = ({pair for batch in model.seen[mode] for pair in batch} for mode in (True, False))
        assert len(trained) == 30 and len(measured) == 10 and not trained & measured
        assert all(video == row for video, row in trained | measured)
        assert len(history.steps) == 4 * 4  # batches of 8, 8, 8 and 6

    def test_without_a_share_the_draws_are_those_of_the_seed_alone(self, tmp_path):
        model, _ = run(tmp_path, config(), seed=5)
        generator = torch.Generator().manual_seed(5)
        expected = []
        for _ in range(4):
            for batch in torch.randperm(VIDEOS, generator=generator).split(8):
                expected.append((batch.tolist(), torch.rand((len(batch), 5, 3), generator=generator)))
        assert [[video for video, _ in batch] for batch in model.seen[True]] == [batch for batch, _ in expected]
        assert all(torch.equal(mask, other) for mask, (_, other) in zip(model.masks, expected, strict=True))

    def test_measuring_does_not_change_the_training(self, tmp_path):
        measured, history = run(tmp_path, config(held_out=0.25))
        blind, other = run(tmp_path, config(held_out=0.25), held_out=None)
        assert torch.equal(weights(measured), weights(blind))
        assert history.steps == other.steps and "held_out_total" not in other.evaluations[0]

    def test_the_lowest_held_out_loss_is_kept_and_early_stopping_watches_it(self, tmp_path):
        losses = iter([3.0, 1.0, 2.0, 1.5, 0.1])
        scores = iter([0.1, 0.2, 0.3, 0.4, 0.5])
        seen = []

        def held_out(model, epoch):
            seen.append(weights(model))
            assert epoch == len(seen) - 1
            return {"held_out_total": next(losses)}

        def evaluate(model):  # gets better all the time, which must not matter
            return {"mAP@5": next(scores), "GmAP": 0.0}

        training = config(held_out=0.25, selection="held_out", patience=2, epochs=5)
        model, history = run(tmp_path, training, held_out=held_out, evaluate=evaluate)
        assert history.best_epoch == 2 and len(history.evaluations) == 4
        assert torch.equal(weights(model), seen[1])

    @pytest.mark.parametrize("selection", ["held_out", "last", "published"])
    def test_every_selection_records_the_measures(self, tmp_path, selection):
        def evaluate(model):
            return {"mAP@5": 0.1, "GmAP": 0.2}

        _, history = run(tmp_path, config(held_out=0.25, selection=selection), evaluate=evaluate)
        measures = ["held_out_total", "held_out_part", "held_out_halves", "held_out_neighbours"]
        assert [list(row) for row in history.evaluations] == 4 * [["epoch", "mAP@5", "GmAP", *measures, "seconds"]]
        assert all(row["held_out_part"] == pytest.approx(row["held_out_total"] / 2) for row in history.evaluations)

    def test_no_labels_are_needed(self, tmp_path):
        _, history = run(tmp_path, config(held_out=0.25, selection="held_out"))
        evals = pd.DataFrame(history.evaluations)
        assert history.best == -evals.held_out_total.min()
        # The table of selection rules finds what the engine kept.
        assert evals.epoch[chosen(evals)["held_out"]] == history.best_epoch

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_a_run_stopped_anywhere_resumes_to_the_same_result(self, tmp_path, at):
        training = config(held_out=0.25, selection="held_out", learning_rate=0.3)
        whole, history = run(tmp_path / "whole", training, checkpoint_seconds=0)
        with pytest.raises(Killed):
            run(tmp_path / "cut", training, checkpoint_seconds=0, progress=Watch(at + 1))
        watch = Watch()
        resumed, again = run(tmp_path / "cut", training, checkpoint_seconds=0, progress=watch)
        assert watch.lines == [f"resuming after epoch {at} of 4"]
        assert torch.equal(weights(whole), weights(resumed)) and again.best_epoch == history.best_epoch
        assert untimed(again.evaluations) == untimed(history.evaluations)


class TestMeasures:
    def test_loss_is_the_mean_over_videos_with_the_same_masks_every_time(self):
        held_out = held_out_of(held_out=0.275)  # 11 videos, 6 and 5
        model = Recorder().train()
        first, second = held_out(model, 0), held_out(model, 3)
        assert first == second and model.training
        assert [len(batch) for batch in model.seen[False]] == [6, 5, 6, 5]

        class Each(Recorder):
            def losses(self, batch):
                return {"total": batch.feats[0, :, 0, 0].mean()}

        videos = [video for batch in model.seen[False][:2] for video, _ in batch]
        assert held_out(Each(), 0)["held_out_total"] == pytest.approx(np.mean(videos))
        assert held_out_of(2, held_out=0.275)(model, 0)["held_out_total"] != first["held_out_total"]

    @pytest.mark.parametrize(("share", "found"), [(0.275, 5), (0.1, 3)])
    def test_neighbours_are_the_five_nearest_means_of_the_held_out_videos(self, monkeypatch, share, found):
        given = []
        monkeypatch.setattr(selection, "neighbour_precision", lambda *arguments: given.append(arguments) or 0.5)
        held_out, model = held_out_of(held_out=share), Recorder()
        assert held_out(model, 0)["held_out_neighbours"] == 0.5
        feats = torch.cat(list(numbered().in_order(VIDEOS, held_out._rows))).numpy()
        means = feats.mean(1).astype(np.float64)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        similarity = means @ means.T
        np.fill_diagonal(similarity, -2)
        ((codes, neighbours),) = given
        np.testing.assert_array_equal(neighbours, np.argsort(-similarity, axis=1)[:, :found])
        np.testing.assert_array_equal(codes, model.encode(torch.from_numpy(feats)).detach().numpy())

    def test_global_generators_stay_as_they_are(self):
        held_out, model = held_out_of(held_out=0.25), Recorder()
        before = torch.get_rng_state()
        held_out(model, 0)
        assert torch.equal(before, torch.get_rng_state())

    def test_videos_of_one_frame_have_no_halves(self):
        source = FeatureSource(np.random.default_rng(0).standard_normal((9, 1, 3)).astype(np.float32), CPU)
        measures = hold_out(source, config(held_out=0.5), seed=1, where="x")[1](Recorder(), 0)
        assert "held_out_halves" not in measures and 0 <= measures["held_out_neighbours"] <= 1

    def test_halves_are_the_even_and_the_odd_frames(self):
        feats = np.zeros((8, 5, 3), np.float32)
        feats[:, 0::2], feats[:, 1::2] = 1, -1
        seen = []

        class Halves(Recorder):
            def encode(self, feats):
                seen.append((feats.shape[1], set(feats.flatten().tolist())))
                return super().encode(feats)

        hold_out(FeatureSource(feats, CPU), config(held_out=0.5), seed=1, where="x")[1](Halves(), 0)
        assert seen == [(2, {-1.0}), (2, {1.0}), (5, {1.0, -1.0})]


def _rankings(distances):
    """Every order of the items by distance, ties in every possible way."""
    groups = [np.flatnonzero(distances == d) for d in np.unique(distances)]
    for parts in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield [item for part in parts for item in part]


_CODES = st.integers(2, 5).flatmap(
    lambda n: st.tuples(*(st.lists(st.sampled_from([-1, 1]), min_size=3 * n, max_size=3 * n) for _ in range(2)))
)


class TestAgreement:
    @settings(max_examples=40, deadline=None)
    @given(_CODES)
    def test_equal_the_mean_over_all_orders_of_ties(self, values):
        queries, database = (np.array(part, np.int8).reshape(-1, 3) for part in values)
        count = len(queries)
        distances = (queries[:, None] != database[None]).sum(2)
        expected = [np.mean([1 / (1 + order.index(i)) for order in _rankings(distances[i])]) for i in range(count)]
        assert reciprocal_rank(queries, database) == pytest.approx(np.mean(expected))

        k = max(1, count - 2)
        neighbours = np.array([[(i + step) % count for step in range(1, k + 1)] for i in range(count)])
        own = (queries[:, None] != queries[None]).sum(2)
        found = []
        for i in range(count):
            others = np.delete(np.arange(count), i)
            orders = [others[order] for order in _rankings(own[i][others])]
            found.append(np.mean([np.isin(order[:k], neighbours[i]).mean() for order in orders]))
        assert neighbour_precision(queries, neighbours) == pytest.approx(np.mean(found))

    def test_ends_of_the_scale(self):
        codes = np.array(list(itertools.product([-1, 1], repeat=3)), np.int8)
        assert reciprocal_rank(codes, codes) == 1
        assert reciprocal_rank(codes, -codes) == pytest.approx(1 / 8)
        assert reciprocal_rank(codes * 0 + 1, codes * 0 + 1) == pytest.approx(np.mean(1 / np.arange(1, 9)))

    def test_neighbours_by_cosine_leave_the_video_itself_out(self):
        vectors = np.random.default_rng(0).standard_normal((20, 6)).astype(np.float32)
        vectors[7] = vectors[3]  # a copy is a neighbour like any other
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        similarity = unit @ unit.T
        np.fill_diagonal(similarity, -2)
        found = cosine_neighbours(vectors, 4)
        assert found[3, 0] == 7 and found[7, 0] == 3
        np.testing.assert_array_equal(found, np.argsort(-similarity, axis=1)[:, :4])


class TestChoice:
    def test_each_rule_takes_the_first_of_equals(self):
        evals = pd.DataFrame({"epoch": [2, 4, 6, 8], "mAP@5": [0.1, 0.4, 0.4, 0.2], "held_out_total": [3, 2, 1, 1]})
        assert chosen(evals) == {"published": 1, "held_out": 2, "last": 3}

    def test_evaluations_for_curves_are_not_chosen_but_may_be_the_last(self):
        evals = pd.DataFrame({"mAP@5": [0.9, 0.1, 0.8, 0.3, 0.2], "held_out_total": [0, 2, 1, 3, 0]})
        evals["eligible"] = [False, True, False, True, False]
        assert chosen(evals) == {"published": 3, "held_out": 1, "last": 4}

    def test_what_is_not_there_is_not_chosen(self):
        assert chosen(pd.DataFrame({"epoch": [2, 4]})) == {"published": None, "held_out": None, "last": 1}
        empty = pd.DataFrame({"epoch": [2], "mAP@5": [np.nan], "held_out_total": [0.5]})
        assert chosen(empty) == {"published": None, "held_out": 0, "last": 0}


MODEL = {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0}
TRAINING = {"epochs": 3, "evaluate_every": 1, "batch_size": 16, "patience": None}


class TestStage:
    @pytest.fixture
    def corpus(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        rng = np.random.default_rng(0)
        for part, videos in (("train", 50), ("query", 12)):
            feats = rng.standard_normal((videos, 6, 8)).astype(np.float32)
            labels = np.eye(4, dtype=np.uint8)[np.arange(videos) % 4]
            ids = [f"{part}{i}" for i in range(videos)]
            write_features(f"{part}.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
        return tmp_path

    def words(self, training, loss=None, **more):
        settings = {"implementation": "s5vh", "model": MODEL, "training": TRAINING | training, "loss": loss or {}}
        settings["semantics"] = {"clusters": 5}
        cell = {"dataset": "mine", "method": "s5vh", "bits": 8, "seed": 1, "settings": settings}
        files = ["--train=train.h5", "--database=train.h5", "--query=query.h5", "--output-dir=cell"]
        machine = ["--device=cpu", "--threads=1"]  # on shared cores threads wait for each other
        options = [f"--{key}={value}" for key, value in more.items()]
        return ["train", f"--cell={json.dumps(cell)}", *files, *machine, *options]

    def error(self, capsys, *words):
        assert main(list(words)) == 2
        return capsys.readouterr().err.splitlines()[-1].removeprefix("s5vh: error: ")

    def test_from_features_to_metrics(self, corpus):
        assert main(["semantics", "--features=train.h5", "--clusters=5", "--output=s.h5"]) == 0
        assert main(["centers", "--semantics=s.h5", "--bits=8", "--output=c.h5"]) == 0
        training = {"held_out": 0.2, "selection": "held_out"}
        assert main([*self.words(training), "--prepared=semantics=s.h5", "--prepared=centers=c.h5"]) == 0
        words = ["--database=train.h5", "--query=query.h5", "--output-dir=cell"]
        assert main(["evaluate", "--model=cell/model.safetensors", *words]) == 0
        evals = pd.read_csv("cell/evals.csv")
        terms = ["total", "reconstruction", "contrast", "alignment", "halves", "neighbours"]
        assert [name for name in evals if name.startswith("held_out_")] == [f"held_out_{term}" for term in terms]
        assert {f"mAP@{n}" for n in (5, 20, 40, 60, 80, 100)} | {"GmAP"} <= set(evals)
        metrics = json.loads((corpus / "cell/metrics.json").read_text())
        record = metrics["training"]
        assert (record["selection"], record["held_out"], record["held_out_videos"]) == ("held_out", 0.2, 10)
        best = evals.loc[evals.held_out_total.idxmin()]
        assert record["epoch"] == best.epoch and len(evals) == 3
        # The stored weights are those that were measured.
        assert metrics["protocols"]["published"]["GmAP"] == pytest.approx(best.GmAP, abs=1e-12)

    def test_without_labels(self, corpus):
        with h5py.File("query.h5", "a") as file:
            del file["labels"]
        assert main(self.words({"held_out": 0.2, "selection": "held_out"}, {"beta": 0})) == 0
        assert list(pd.read_csv("cell/evals.csv")) == [
            *("epoch", "held_out_total", "held_out_reconstruction", "held_out_contrast"),
            *("held_out_halves", "held_out_neighbours", "seconds", "eligible"),
        ]

    def test_what_cannot_be_selected_by_is_refused(self, corpus, capsys):
        assert self.error(capsys, *self.words({"selection": "held_out"})) == (
            "s5vh on mine: training.selection 'held_out' needs held-out videos; set training.held_out, "
            "for example to 0.1"
        )
        assert self.error(capsys, *self.words({"selection": "held_out", "held_out": 0.01}, {"beta": 0})) == (
            "train.h5: training.held_out 0.01 of 50 videos holds out 0, leaving 50 for training; choose a share "
            "with at least 2 of each"
        )
        protocol = json.dumps({"cutoffs": [10, 20]})
        assert self.error(capsys, *self.words({"selection": "published"}, {"beta": 0}, protocol=protocol)) == (
            "protocol: cutoffs [10, 20], but training.selection 'published' requires mAP@5; add this cutoff, or set "
            "the selection to 'held_out' or 'last'"
        )
        assert not (corpus / "cell").exists()


def test_planning_refuses_held_out_selection_without_a_share(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    overrides = {"s5vh": {"training": {"selection": "held_out"}}}
    settings = {"datasets": ["demo"], "methods": ["s5vh"], "overrides": overrides}
    with pytest.raises(UserError, match=r"^s5vh on demo: training\.selection 'held_out' needs held-out videos"):
        resolve_run([SHIPPED], settings)
    # The share may come from another file than the selection.
    settings["overrides"]["s5vh"]["training"]["held_out"] = 0.1
    assert load_run(settings) == resolve_run([SHIPPED], settings).config
