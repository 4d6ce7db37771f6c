"""Optimizers against loops over their values, learning rates against their formulas, and that training uses both."""

import copy
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from toy_methods import Toy, config, resumed, run, weights

from s5vh.training.optimizers import ClippedMomentum, learning_rate, make_optimizer

STEPS = 4


def values(seed=0):
    """Two parameters, and their gradients at each step: [(float64 [3, 2], float64 [4]), ...]."""
    rng = np.random.default_rng(seed)
    return [tuple(rng.standard_normal(shape) for shape in ((3, 2), (4,))) for _ in range(1 + STEPS)]


def stepped(settings, rates):
    """The parameters after these steps of the optimizer that the settings ask for."""
    start, *gradients = values()
    parameters = [torch.nn.Parameter(torch.from_numpy(value.copy())) for value in start]
    optimizer = make_optimizer(parameters, settings)
    for rate, step in zip(rates, gradients, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for parameter, gradient in zip(parameters, step, strict=True):
            parameter.grad = torch.from_numpy(gradient)
        optimizer.step()
    return [parameter.detach().numpy() for parameter in parameters]


def by_hand(one_step, rates):
    """The same with `one_step(weight, gradient, rate, memory)`, value by value; `memory` begins as an empty dict."""
    start, *gradients = values()
    results = []
    for place, weights_before in enumerate(start):
        after = weights_before.copy()
        for index in np.ndindex(after.shape):
            memory = {}
            for rate, step in zip(rates, gradients, strict=True):
                after[index] = one_step(after[index], step[place][index], rate, memory)
        results.append(after)
    return results


@pytest.mark.parametrize("name", ["adamw", "adam"])
def test_adam_with_its_own_betas_and_weight_decay(name):
    rates, betas, decay = [0.1, 0.1, 0.05, 0.02], (0.6, 0.8), 0.3

    def one_step(weight, gradient, rate, memory):
        if name == "adamw":
            weight -= rate * decay * weight
        else:
            gradient += decay * weight
        step = memory["step"] = memory.get("step", 0) + 1
        first = memory["first"] = betas[0] * memory.get("first", 0) + (1 - betas[0]) * gradient
        second = memory["second"] = betas[1] * memory.get("second", 0) + (1 - betas[1]) * gradient**2
        return weight - rate * first / (1 - betas[0] ** step) / (math.sqrt(second / (1 - betas[1] ** step)) + 1e-8)

    found = stepped(config(optimizer=name, betas=betas, weight_decay=decay), rates)
    for ours, expected in zip(found, by_hand(one_step, rates), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12)


@pytest.mark.parametrize("largest", [None, 0.05])
def test_momentum_is_clipped_value_by_value(largest):
    rates, momentum, decay = [0.1, 0.1, 0.05, 0.02], 0.7, 0.3
    clipped = []

    def one_step(weight, gradient, rate, memory):
        velocity = momentum * memory.get("velocity", 0) - rate * (gradient + decay * weight)
        if largest is not None:
            clipped.append(abs(velocity) > largest)
            velocity = min(max(velocity, -largest), largest)
        memory["velocity"] = velocity
        return weight + velocity

    settings = config(optimizer="sgd", momentum=momentum, weight_decay=decay, largest_update=largest)
    for ours, expected in zip(stepped(settings, rates), by_hand(one_step, rates), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12)
    assert largest is None or 0.2 < np.mean(clipped) < 0.8


def test_momentum_leaves_parameters_without_gradient_alone_and_can_be_stored():
    parameters = [torch.nn.Parameter(torch.ones(2)) for _ in range(3)]
    optimizer = ClippedMomentum(parameters, 0.1)
    gradients = {0: torch.tensor([1.0, 2.0]), 2: torch.tensor([3.0, -1.0])}
    for number, gradient in gradients.items():
        parameters[number].grad = gradient
    optimizer.step()
    assert parameters[1].tolist() == [1, 1]
    copies = [torch.nn.Parameter(parameter.detach().clone()) for parameter in parameters]
    for number, gradient in gradients.items():
        copies[number].grad = gradient.clone()
    other = ClippedMomentum(copies, 0.1)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for one in (optimizer, other):
        one.step()
    for number, (first, second) in gradients.items():
        assert torch.equal(parameters[number], copies[number])
        assert parameters[number].tolist() == pytest.approx([1 - 0.29 * float(first), 1 - 0.29 * float(second)])


@pytest.mark.parametrize(
    ("optimizer", "change"),
    [
        *((name, change) for name in ("adamw", "adam") for change in ({"weight_decay": 0.5}, {"betas": (0.5, 0.999)})),
        *((name, {"betas": (0.9, 0.9)}) for name in ("adamw", "adam")),
        *(("sgd", change) for change in ({"weight_decay": 0.5}, {"momentum": 0.5}, {"largest_update": 1e-4})),
    ],
)
def test_every_setting_reaches_the_optimizer(tmp_path, optimizer, change):
    usual, _ = run(tmp_path, config(optimizer=optimizer), Toy())
    changed, _ = run(tmp_path, config(optimizer=optimizer, **change), Toy())
    assert not torch.equal(weights(usual), weights(changed))


def test_optimizers_differ(tmp_path):
    found = [weights(run(tmp_path, config(optimizer=name), Toy())[0]) for name in ("adamw", "adam", "sgd")]
    assert not any(torch.equal(first, second) for first, second in ((found[0], found[1]), (found[1], found[2])))


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "sgd"])
def test_every_optimizer_resumes_to_the_same_weights(tmp_path, optimizer):
    settings = config(optimizer=optimizer, schedule="exponential", decay_every=2, largest_update=1e-3)
    whole, history = run(tmp_path / "whole", settings, Toy())
    cut, again = resumed(tmp_path / "cut", settings, Toy, at=2)
    assert torch.equal(weights(whole), weights(cut)) and again.steps == history.steps


def test_cosine_goes_from_the_first_to_the_last_rate():
    settings = config(epochs=100, learning_rate=5e-4, minimum_learning_rate=1e-5)
    assert learning_rate(settings, 0, 0) == pytest.approx(5e-4)
    assert learning_rate(settings, 50, 0) == pytest.approx((5e-4 + 1e-5) / 2)
    assert learning_rate(settings, 100, 0) == pytest.approx(1e-5)
    rates = [learning_rate(settings, epoch, 7) for epoch in range(101)]  # the same for all steps of an epoch
    assert all(earlier > later for earlier, later in pairwise(rates))


def test_steps_fall_at_once_and_exponentials_do_not_and_neither_below_the_minimum():
    common = {"learning_rate": 0.8, "minimum_learning_rate": 0.15, "decay": 0.5, "decay_every": 3}
    stairs = config(schedule="step", **common)
    rates = [learning_rate(stairs, epoch, 99) for epoch in range(12)]
    assert rates == pytest.approx([0.8] * 3 + [0.4] * 3 + [0.2] * 3 + [0.15] * 3)
    slope = config(schedule="exponential", **common)
    rates = [learning_rate(slope, 99, step) for step in range(8)]
    assert rates == pytest.approx([0.8 * 0.5 ** (step / 3) for step in range(8)])
    assert [learning_rate(slope, 0, step) for step in (7, 8, 1000)] == pytest.approx([0.8 * 0.5 ** (7 / 3), 0.15, 0.15])


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("cosine", [1.0, 1.0, 1.0, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25]),
        ("step", [1.0] * 6 + [0.5] * 3),
        ("exponential", [2 ** -(step / 2) for step in range(9)]),
    ],
)
def test_every_step_is_made_with_the_rate_of_the_schedule(tmp_path, schedule, expected):
    seen = []

    class Watched(Toy):
        def step(self, batch, optimizers):
            seen.extend(group["lr"] for optimizer in optimizers for group in optimizer.param_groups)
            return super().step(batch, optimizers)

    rates = {"learning_rate": 1.0, "minimum_learning_rate": 0.0, "decay": 0.5, "decay_every": 2}
    _, history = run(tmp_path, config(epochs=3, schedule=schedule, **rates), Watched())
    assert seen == pytest.approx(expected)
    assert [row["learning_rate"] for row in history.steps] == seen
