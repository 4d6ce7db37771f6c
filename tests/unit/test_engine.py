"""The engine's bookkeeping: seeds, clocks, criteria, checkpoints in time. Losses and the clock are written by hand."""

import math

import pytest
import torch
from toy_methods import Killed, Toy, Watch, config, run, source, weights

from s5vh.base.errors import UserError
from s5vh.training import engine


class Scripted(Toy):
    """Its loss at every step is given, and its weight is the number of steps that were made."""

    def __init__(self, losses, clock=None):
        super().__init__()
        self.script, self.clock, self.modes = iter(losses), clock, []
        self.made = torch.nn.Parameter(torch.zeros(()), requires_grad=False)

    def begin_epoch(self, epoch, videos):
        if self.clock is not None:
            self.clock[0] += 10

    def step(self, batch, optimizers):
        self.modes.append((self.training, torch.backends.cuda.matmul.allow_tf32))
        self.made += 1
        return {"total": torch.tensor(float(next(self.script))), "term": torch.tensor(0.0)}


@pytest.fixture
def clock(monkeypatch):
    """Seconds of a clock that only the tests advance."""
    now = [1000.0]
    monkeypatch.setattr(engine.time, "monotonic", lambda: now[0])
    return now


def two_steps(folder, losses, *, clock=None, model=None, **options):
    """Train for two steps an epoch."""
    losses = list(losses)
    changes = {"epochs": len(losses) // 2, "batch_size": 12, "evaluate_every": 1} | options.pop("settings", {})
    return run(folder, config(**changes), model or Scripted(losses, clock), **options)


@pytest.mark.parametrize("seed", [3, 4])
def test_what_a_method_draws_follows_the_seed_and_not_what_was_drawn_before(tmp_path, seed):
    class Drawing(Toy):
        def begin_training(self, videos, rows):
            self.drawn = torch.rand(3)

    first, second = Drawing(), Drawing()
    torch.manual_seed(11)
    run(tmp_path, config(), first, seed=seed, checkpoint_seconds=1e9)
    torch.manual_seed(12)
    run(tmp_path, config(), second, seed=seed, checkpoint_seconds=1e9)
    assert torch.equal(weights(first), weights(second))
    assert torch.equal(first.drawn, torch.rand(3, generator=torch.Generator().manual_seed(seed)))


def test_early_stopping_of_the_last_weights_watches_the_mean_loss_of_each_epoch(tmp_path):
    losses = [4, 2, 5, 0, 1, 9, 2, 3, 2, 8]  # means 3, 2.5, 5, 2.5, 5
    watch = Watch()
    model, history = two_steps(tmp_path, losses, settings={"patience": 3, "epochs": 9}, progress=watch)
    assert history.best == -2.5 and history.evaluations_since_best == 3  # an equal one is no better one
    assert [row["epoch"] for row in history.evaluations] == [1, 2, 3, 4, 5]
    assert (history.best_epoch, float(model.made)) == (5, 10)  # the weights are the last ones nevertheless
    assert watch.lines == ["stopped after epoch 5: no improvement in 3 evaluations"]


@pytest.mark.parametrize(("selection", "sign"), [("published", 1), ("held_out", -1)])
def test_the_first_of_equal_evaluations_is_kept(tmp_path, selection, sign):
    name = {"published": "mAP@5", "held_out": "held_out_total"}[selection]
    values = [sign * value for value in (0.1, 0.4, 0.2, 0.4, 0.3)]
    kept = {"evaluate" if selection == "published" else "held_out": lambda *_: {name: next(measured)}}
    measured = iter(values)
    settings = {"selection": selection, "patience": None, "held_out": 0.2}
    model, history = two_steps(tmp_path, [1] * 10, settings=settings, **kept)
    assert (history.best_epoch, history.best, history.evaluations_since_best) == (2, 0.4, 3)
    assert float(model.made) == 4
    assert [row[name] for row in history.evaluations] == values


def test_a_shorter_run_of_bad_evaluations_does_not_stop(tmp_path):
    scores = iter([0.5, 0.4, 0.6, 0.5, 0.7, 0.1, 0.1, 0.9])
    settings = {"selection": "published", "patience": 2}
    _, history = two_steps(tmp_path, [1] * 16, settings=settings, evaluate=lambda _: {"mAP@5": next(scores)})
    assert len(history.evaluations) == 7 and history.best_epoch == 5


@pytest.mark.parametrize("name", ["total", "term"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_any_term_that_is_not_finite_stops_at_its_step(tmp_path, name, value):
    class Broken(Scripted):
        def step(self, batch, optimizers):
            terms = super().step(batch, optimizers)
            return terms | {name: torch.tensor(value)} if self.made == 4 else terms

    with pytest.raises(UserError, match=r"not finite at step 4 \(epoch 2\)"):
        two_steps(tmp_path, [1] * 8, model=Broken([1] * 8))


def test_seconds_count_from_the_start_and_go_on_when_resumed(tmp_path, clock):
    whole, history = two_steps(tmp_path / "whole", [1] * 8, clock=clock)
    assert [row["seconds"] for row in history.evaluations] == [10, 20, 30, 40] and history.seconds == 40
    with pytest.raises(Killed):
        two_steps(tmp_path, [1] * 8, clock=clock, checkpoint_seconds=0, progress=Watch(3))
    clock[0] += 500  # nothing ran
    cut, again = two_steps(tmp_path, [1] * 8, clock=clock, checkpoint_seconds=0)
    assert [row["seconds"] for row in again.evaluations] == [10, 20, 30, 40]
    assert again.steps == history.steps and torch.equal(weights(whole), weights(cut))


def test_checkpoints_are_saved_so_often_and_never_after_the_last_epoch(tmp_path, clock, monkeypatch):
    saved = []
    monkeypatch.setattr(engine, "save_checkpoint", lambda path, state: saved.append((path, state["epoch"])))
    for seconds, expected in ((25, [3, 6]), (10, [1, 2, 3, 4, 5, 6, 7, 8]), (1e9, [])):
        two_steps(tmp_path, [1] * 18, clock=clock, checkpoint_seconds=seconds)
        assert saved == [(tmp_path / "checkpoint.pt", epoch) for epoch in expected]
        saved.clear()
    two_steps(tmp_path, [1] * 18, clock=clock)  # every half minute, if nothing else is said
    assert [epoch for _, epoch in saved] == [3, 6]


@pytest.mark.parametrize("precision", ["float32", "tf32"])
def test_steps_are_made_in_training_mode_and_precision_and_the_end_is_for_encoding(tmp_path, precision):
    model = Scripted([1] * 4)
    model.eval()
    flags = torch.backends.cuda.matmul

    def evaluate(network):
        assert not flags.allow_tf32
        return {}

    two_steps(tmp_path, [1] * 4, model=model, evaluate=evaluate, settings={"precision": precision})
    assert model.modes == [(True, precision == "tf32")] * 4 and not model.training


def test_progress_and_measures_are_told_the_epoch(tmp_path):
    class Told(Watch):
        def epoch(self, done, total, history):
            epochs.append((done, total, len(history.steps), len(history.evaluations)))

    epochs, measured = [], []
    settings = {"evaluate_every": 2, "epochs": 5}
    two_steps(
        tmp_path, [1] * 10, settings=settings, progress=Told(),
        held_out=lambda model, epoch: measured.append((epoch, float(model.made))) or {"held_out_total": 1.0},
    )  # fmt: skip
    assert epochs == [(1, 5, 2, 0), (2, 5, 4, 1), (3, 5, 6, 1), (4, 5, 8, 2), (5, 5, 10, 3)]
    assert measured == [(1, 4), (3, 8), (4, 10)]


def test_every_video_is_in_one_batch_of_each_epoch(tmp_path):
    class Seeing(Toy):
        def losses(self, batch):
            seen.append(batch.index[0].tolist())
            return super().losses(batch)

    for batch_size, sizes in ((7, [7, 7, 7, 2]), (10, [10, 10, 3]), (23, [23]), (40, [23])):
        seen: list[list[int]] = []
        run(tmp_path, config(epochs=2, batch_size=batch_size), Seeing(), videos=source(), checkpoint_seconds=1e9)
        assert [len(batch) for batch in seen] == 2 * sizes
        for epoch in (seen[: len(sizes)], seen[len(sizes) :]):
            assert sorted(row for batch in epoch for row in batch) == list(range(23))
