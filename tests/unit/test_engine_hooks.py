"""What the engine asks of a method: when it calls what, with which arguments, and that nothing is lost on resuming."""

import numpy as np
import pytest
import torch
from toy_methods import CPU, SHAPE, VIDEOS, Labelled, Toy, config, features, resumed, run, source, weights

from s5vh.base.errors import UserError
from s5vh.methods.contract import TrainedMethod
from s5vh.methods.settings import TrainedSettings
from s5vh.training.batches import FeatureSource
from s5vh.training.encoding import encode_all
from s5vh.training.selection import hold_out

ROWS = torch.tensor([0, 2, 3, 5, 7, 8, 11, 12, 13, 17, 19, 21, 22])


class Recorder(Toy):
    """Remembers every call of the engine and every batch."""

    def __init__(self):
        super().__init__()
        self.calls, self.batches = [], []

    def begin_training(self, videos, rows):
        self.calls.append(("training", videos, rows))

    def begin_epoch(self, epoch, videos):
        self.calls.append(("epoch", epoch, videos))

    def losses(self, batch):
        self.batches.append(batch)
        return super().losses(batch)


def same_bytes(first: torch.Tensor, second: torch.Tensor) -> bool:
    return first.dtype == second.dtype and first.numpy().tobytes() == second.numpy().tobytes()


class Grouped(Recorder):
    """Each video is seen with two partners, of which the first may be any video of the file."""

    def partners(self, index, generator):
        groups = torch.stack([index, torch.randint(VIDEOS, (len(index),), generator=generator), (index + 1) % VIDEOS])
        self.calls.append(("partners", groups))
        return groups


@pytest.mark.parametrize("memory", [None, 0], ids=["resident", "streamed"])
@pytest.mark.parametrize("rows", [None, ROWS], ids=["all videos", "some"])
def test_partners_are_seen_beside_their_videos(tmp_path, rows, memory):
    videos = source(resident_bytes=memory)
    feats = torch.from_numpy(features())
    model, _ = run(tmp_path, config(epochs=3), Grouped(), videos=videos, rows=rows)
    groups = [call[1] for call in model.calls if call[0] == "partners"]
    assert len(groups) == len(model.batches) == 3 * -(-len(ROWS if rows is not None else feats) // 8)
    for batch, expected in zip(model.batches, groups, strict=True):
        assert batch.index.dtype == torch.int64 and batch.index.device == CPU
        assert torch.equal(batch.index, expected)
        assert batch.feats.dtype == torch.float32 and torch.equal(batch.feats, feats[expected])
        assert torch.equal(expected[2], (expected[0] + 1) % VIDEOS)
    wanted = list(range(VIDEOS)) if rows is None else rows.tolist()
    for epoch in range(3):
        trained = torch.cat([batch.index[0] for batch in model.batches if batch.epoch == epoch])
        assert trained.tolist() != wanted and sorted(trained.tolist()) == wanted


def test_partners_follow_the_seed(tmp_path):
    def drawn(seed):
        model, _ = run(tmp_path, config(epochs=1), Grouped(), seed=seed)
        return torch.cat([batch.index for batch in model.batches], 1)

    assert torch.equal(drawn(1), drawn(1))
    one, two = drawn(1), drawn(2)
    assert not torch.equal(one[1, one[0].argsort()], two[1, two[0].argsort()])


def test_a_method_is_told_what_begins(tmp_path):
    videos = source()
    model, _ = run(tmp_path, config(epochs=3), Recorder(), videos=videos, rows=ROWS)
    (kind, first, rows), *epochs = model.calls
    assert kind == "training" and first is videos and torch.equal(rows, ROWS)
    assert [call[:2] for call in epochs] == [("epoch", 0), ("epoch", 1), ("epoch", 2)]
    assert all(call[2] is videos for call in epochs)
    assert [batch.epoch for batch in model.batches] == [0, 0, 1, 1, 2, 2]
    (generator,) = {batch.generator for batch in model.batches}
    assert generator.device == CPU and generator is not torch.default_generator


def test_a_resumed_run_begins_anew_and_then_takes_its_state_back(tmp_path):
    class Ordered(Recorder):
        def load_training_state(self, state):
            self.calls.append(("state", state["epochs"]))

        def training_state(self):
            return {"epochs": [call[1] for call in self.calls if call[0] == "epoch"]}

    model, _ = resumed(tmp_path, config(epochs=5), Ordered, at=3)
    assert [call[0] for call in model.calls] == ["training", "state", "epoch", "epoch"]
    assert [call[1] for call in model.calls[1:]] == [[0, 1, 2], 3, 4]


class Restless(Labelled):
    """Draws at random when training and epochs begin, and its state is tensors and plain data."""

    def begin_training(self, videos, rows):
        super().begin_training(videos, rows)
        self.noise, self.visits = torch.randn(3), {"epochs": [], "even": 0}

    def begin_epoch(self, epoch, videos):
        self.noise = self.noise + torch.randn(3)
        self.visits["epochs"].append(epoch)
        self.visits["even"] += epoch % 2 == 0
        self.labels[:] = self.labels + 0.01 * self.noise

    def training_state(self):
        return super().training_state() | {"noise": self.noise, "visits": self.visits}

    def load_training_state(self, state):
        super().load_training_state(state)
        self.noise, self.visits = state["noise"], state["visits"]


@pytest.mark.parametrize("at", [1, 2, 4])
def test_training_state_is_resumed_byte_for_byte(tmp_path, at):
    whole, history = run(tmp_path / "whole", config(), Restless())
    cut, again = resumed(tmp_path / "cut", config(), Restless, at=at)
    assert again.steps == history.steps and cut.visits == whole.visits == {"epochs": [*range(6)], "even": 3}
    assert same_bytes(weights(cut), weights(whole))
    assert same_bytes(cut.labels, whole.labels) and same_bytes(cut.noise, whole.noise)


class Estimated(TrainedMethod):
    """Two sets of parameters with an optimizer each: a coder of random bits, whose gradient is that of their
    log-probability times a reward (REINFORCE with a moving baseline), and a decoder with the plain gradient."""

    def __init__(self):
        super().__init__(TrainedSettings(title="Estimated", implementation="estimated"), SHAPE, {})
        torch.manual_seed(0)
        self.coder, self.decoder = torch.nn.Linear(4, 3), torch.nn.Linear(3, 4)
        self.baseline = torch.zeros(())
        self.optimizers = []

    def encode(self, feats):
        return torch.where(self.coder(feats.mean(1)) >= 0, 1.0, -1.0)

    def losses(self, batch):
        means = batch.feats[0].mean(1)
        bits = torch.bernoulli(self.coder(means).sigmoid(), generator=batch.generator).detach()
        likelihood = torch.distributions.Bernoulli(logits=self.coder(means)).log_prob(bits).sum(1)
        errors = (self.decoder(2 * bits - 1) - means).square().mean(1)
        return {"total": errors.mean(), "estimate": ((errors.detach() - self.baseline) * likelihood).mean()}

    def parameter_sets(self):
        return [self.coder.parameters(), self.decoder.parameters()]

    def step(self, batch, optimizers):
        self.optimizers = optimizers
        terms = self.losses(batch)
        self.baseline = 0.9 * self.baseline + 0.1 * terms["total"].detach()
        gradients = torch.autograd.grad(terms["estimate"], list(self.coder.parameters()))
        for parameter, gradient in zip(self.coder.parameters(), gradients, strict=True):
            parameter.grad = gradient
        optimizers[0].step()
        if batch.epoch % 2 == 0:  # so the optimizers are not in step with each other
            optimizers[1].zero_grad()
            terms["total"].backward()
            optimizers[1].step()
        return terms

    def training_state(self):
        return {"baseline": self.baseline}

    def load_training_state(self, state):
        self.baseline = state["baseline"]


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_a_step_of_its_own_with_two_optimizers_trains_and_resumes_byte_for_byte(tmp_path, optimizer):
    settings = config(optimizer=optimizer, learning_rate=0.05, schedule="exponential", decay_every=3)
    whole, history = run(tmp_path / "whole", settings, Estimated())
    start = Estimated().state_dict()
    assert not any(torch.equal(value, start[name]) for name, value in whole.state_dict().items())
    coder, decoder = ([id(p) for g in o.param_groups for p in g["params"]] for o in whole.optimizers)
    assert coder == [id(p) for p in whole.coder.parameters()] and decoder == [id(p) for p in whole.decoder.parameters()]
    assert list(history.steps[0]) == ["epoch", "step", "learning_rate", "total", "estimate"]
    for at in (1, 2, 5):
        cut, again = resumed(tmp_path / f"cut{at}", settings, Estimated, at=at)
        assert again.steps == history.steps and same_bytes(cut.baseline, whole.baseline)
        for name, value in whole.state_dict().items():
            assert same_bytes(cut.state_dict()[name], value), name


@pytest.mark.parametrize(
    ("smallest", "batch_size", "sizes"),
    [
        (1, 11, [11, 11, 1]),
        (2, 11, [11, 11]),
        (2, 22, [22]),
        (2, 7, [7, 7, 7, 2]),
        (8, 8, [8, 8]),
        (30, 30, [23]),  # the only batch is kept, however small
    ],
)
def test_a_last_batch_that_is_too_small_is_dropped(tmp_path, smallest, batch_size, sizes):
    class Choosy(Recorder):
        minimum_batch_size = smallest

    model, history = run(tmp_path, config(epochs=2, batch_size=batch_size), Choosy())
    assert [batch.index.shape for batch in model.batches] == 2 * [(1, size) for size in sizes]
    assert [row["step"] for row in history.steps] == list(range(1, 2 * len(sizes) + 1))
    dropped = [set(range(VIDEOS)) - set(torch.cat([b.index[0] for b in model.batches if b.epoch == e]).tolist())
               for e in (0, 1)]  # fmt: skip
    assert all(len(videos) == VIDEOS - sum(sizes) for videos in dropped)


def test_batches_that_are_too_small_are_refused(tmp_path):
    class Choosy(Recorder):
        minimum_batch_size = 3

    model = Choosy()
    with pytest.raises(UserError, match=r"^training\.batch_size is 2, must be at least 3 for this method$"):
        run(tmp_path, config(epochs=1, batch_size=2), model)
    assert model.calls == []


@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_losses_are_computed_in_the_arithmetic_of_the_settings(tmp_path, with_bfloat16, precision):
    class Watched(Toy):
        def losses(self, batch):
            seen.append(torch.is_autocast_enabled("cpu"))
            return super().losses(batch)

    seen = []
    model = Watched()
    model.precision = precision
    run(tmp_path, config(epochs=1, precision=precision), model)
    assert seen == 3 * [precision == "bfloat16"]
    settings = TrainedSettings(title="Toy", implementation="toy", training=config(precision=precision))
    made = type("Made", (Toy,), {"__init__": lambda self: TrainedMethod.__init__(self, settings, SHAPE, {})})()
    assert made.precision == precision and made.shape == SHAPE


class Fixed(Toy):
    def __init__(self):
        super().__init__()
        self.fixed_length = True


def test_a_network_of_one_length_takes_no_other():
    model, videos = Fixed(), source()
    assert encode_all(model, videos).shape == (VIDEOS, 3)
    with pytest.raises(UserError) as error:
        encode_all(model, videos, frames=slice(0, None, 2))
    assert str(error.value) == ("Fixed only encodes videos of 5 frames, got 3; use features with 5 frames per video")
    longer = FeatureSource(np.zeros((4, 9, 4), np.float32), CPU)
    with pytest.raises(UserError) as error:
        encode_all(model, longer)
    assert str(error.value) == "Fixed only encodes videos of 5 frames, got 9; use features with 5 frames per video"
    assert encode_all(Toy(), longer).shape == (4, 3)


def test_halves_of_videos_are_not_measured_where_the_length_is_fixed():
    _, measures = hold_out(source(), config(held_out=0.4), seed=1, where="x")
    some, others = measures(Fixed(), 0), measures(Toy(), 0)
    assert list(others) == ["held_out_total", "held_out_error", "held_out_halves", "held_out_neighbours"]
    assert some == {name: value for name, value in others.items() if name != "held_out_halves"}


def test_held_out_videos_are_measured_with_their_partners_in_the_epoch():
    _, measures = hold_out(source(), config(held_out=0.4), seed=1, where="x")
    model, feats = Grouped(), torch.from_numpy(features())
    first, second = measures(model, 7), measures(model, 7)
    assert first == second  # the same partners and masks every time
    assert {batch.epoch for batch in model.batches} == {7}
    assert all(len(batch.index) == 3 and torch.equal(batch.feats, feats[batch.index]) for batch in model.batches)
    half = len(model.batches) // 2
    held = torch.cat([batch.index[0] for batch in model.batches[:half]])
    assert torch.equal(held.sort().values, measures._rows)
