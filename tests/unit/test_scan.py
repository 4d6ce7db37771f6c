"""Selective scan and causal convolution: golden values, agreement of backends, gradients, invariants."""

import sys
import types
from pathlib import Path

import h5py
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.nn.conv import causal_conv_silu
from s5vh.nn.scan import choose_backend, selective_scan

GOLDEN = Path(__file__).parents[1] / "golden"
CPU_BACKENDS = ("reference", "numba")


def golden_cases():
    with h5py.File(GOLDEN / "scan.h5") as file:
        return list(file)


@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("case", golden_cases())
def test_scan_reproduces_golden_values_and_gradients(case, backend):
    with h5py.File(GOLDEN / "scan.h5") as file:
        inputs = {name: torch.from_numpy(value[()]) for name, value in file[case]["inputs"].items()}
        expected = torch.from_numpy(file[case]["outputs/y"][()])
        ungated = torch.from_numpy(file[case]["outputs/y_without_gate"][()])
        gradients = {name: torch.from_numpy(value[()]) for name, value in file[case]["gradients"].items()}
    weights = inputs.pop("w")
    leaf = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    delta = leaf.get("delta")
    if delta is None:
        delta = torch.nn.functional.softplus(leaf["delta_before_softplus"] + leaf["delta_bias"][:, None])
    # The file has channels before time.
    arguments = [leaf["u"].mT, delta.mT, leaf["A"], leaf["B"].mT, leaf["C"].mT, leaf["D"]]
    y = selective_scan(*arguments, leaf["z"].mT, backend=backend).mT
    torch.testing.assert_close(y, expected, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(selective_scan(*arguments, backend=backend).mT, ungated, rtol=1e-12, atol=1e-12)
    (y * weights).sum().backward()
    assert set(gradients) == set(leaf)
    for name, gradient in gradients.items():
        torch.testing.assert_close(leaf[name].grad, gradient, rtol=1e-11, atol=1e-11, msg=name)


def random_problem(batch, length, channels, states, dtype, seed):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    problem = {
        "u": normal(batch, length, channels),
        "delta": torch.nn.functional.softplus(normal(batch, length, channels) - 1),
        "A": -torch.exp(normal(channels, states)),
        "B": normal(batch, length, states),
        "C": normal(batch, length, states),
        "D": normal(channels),
    }
    return {name: value.to(dtype) for name, value in problem.items()}


@settings(max_examples=25, deadline=None)
@given(
    batch=st.integers(1, 4),
    length=st.integers(1, 40),
    channels=st.integers(1, 140),  # crosses the kernel's block of 64
    states=st.integers(1, 20),
    reverse=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_backends_agree_in_values_and_gradients(batch, length, channels, states, reverse, seed):
    results = {}
    for backend, dtype in (("reference", torch.float64), ("numba", torch.float64), ("numba", torch.float32)):
        problem = random_problem(batch, length, channels, states, dtype, seed)
        leaf = {name: value.requires_grad_() for name, value in problem.items()}
        y = selective_scan(**leaf, reverse=reverse, backend=backend)
        gradients = torch.autograd.grad(y.sin().sum(), list(leaf.values()))
        results[backend, dtype] = [y.detach(), *gradients]
    exact = results["reference", torch.float64]
    for (_, dtype), values in results.items():
        tolerance = 1e-9 if dtype == torch.float64 else 2e-3
        for value, reference in zip(values, exact, strict=True):
            scale = reference.abs().max().clamp(min=1)
            assert ((value.double() - reference).abs().max() / scale) < tolerance


def test_kernel_is_right_at_4096_frames_in_float32():
    problem = random_problem(1, 4096, 70, 16, torch.float32, seed=3)
    exact = selective_scan(**{name: value.double() for name, value in problem.items()}, backend="reference")
    fast = selective_scan(**problem, backend="numba")
    assert ((fast - exact).abs().max() / exact.abs().max()) < 1e-5


def test_decay_of_minus_infinity_forgets_everything():
    problem = random_problem(2, 5, 3, 2, torch.float32, seed=0)
    problem["A"] = torch.full_like(problem["A"], -1e4)  # exp(delta A) is 0 in float32
    y = selective_scan(**problem, backend="numba")
    memoryless = (problem["delta"] * problem["u"]) * (problem["B"] * problem["C"]).sum(-1, keepdim=True)
    torch.testing.assert_close(y, memoryless + problem["D"] * problem["u"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_reverse_is_flipping_twice(backend):
    problem = random_problem(2, 9, 5, 4, torch.float64, seed=1)
    flipped = {name: value.flip(1) if value.ndim == 3 else value for name, value in problem.items()}
    torch.testing.assert_close(
        selective_scan(**problem, reverse=True, backend=backend), selective_scan(**flipped, backend=backend).flip(1)
    )


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_scan_is_causal(backend):
    problem = random_problem(1, 12, 4, 3, torch.float64, seed=2)
    before = selective_scan(**problem, backend=backend)
    problem["u"][:, 7:] += 1
    after = selective_scan(**problem, backend=backend)
    torch.testing.assert_close(after[:, :7], before[:, :7], rtol=0, atol=0)
    assert not torch.allclose(after[:, 7:], before[:, 7:])


def test_gradients_match_finite_differences():
    problem = random_problem(2, 5, 3, 2, torch.float64, seed=4)
    leaf = [value.requires_grad_() for value in problem.values()]
    assert torch.autograd.gradcheck(lambda *x: selective_scan(*x, backend="numba"), leaf)
    assert torch.autograd.gradcheck(lambda *x: selective_scan(*x, backend="numba", reverse=True), leaf)


def test_same_input_gives_the_same_bits():
    problem = random_problem(8, 25, 130, 16, torch.float32, seed=5)
    leaf = {name: value.requires_grad_() for name, value in problem.items()}
    runs = [torch.autograd.grad(selective_scan(**leaf).square().sum(), list(leaf.values())) for _ in range(2)]
    assert all(torch.equal(first, second) for first, second in zip(*runs, strict=True))


def test_wrong_shapes_and_backends_are_refused():
    problem = random_problem(2, 5, 3, 2, torch.float32, seed=6)
    with pytest.raises(ValueError, match="do not fit"):
        selective_scan(**(problem | {"B": problem["B"][:, :4]}))
    with pytest.raises(ValueError, match="unknown backend 'cuda'"):
        selective_scan(**problem, backend="cuda")


@pytest.mark.parametrize("reverse", [False, True])
def test_mamba_ssm_is_called_in_its_own_layout(monkeypatch, reverse):
    # Its kernel needs a GPU; here a stand-in with its signature and layout ([B, E, T]) shows what it is handed.
    def selective_scan_fn(u, delta, A, B, C, D):
        assert u.is_contiguous() and A.dtype == D.dtype == torch.float32
        inputs = (x.transpose(1, 2) for x in (u, delta))
        return selective_scan(*inputs, A, B.transpose(1, 2), C.transpose(1, 2), D, backend="reference").transpose(1, 2)

    interface = types.ModuleType("mamba_ssm.ops.selective_scan_interface")
    interface.selective_scan_fn = selective_scan_fn
    for name in ("mamba_ssm", "mamba_ssm.ops"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    problem = random_problem(2, 7, 5, 3, torch.float32, seed=8)
    ours, theirs = (selective_scan(**problem, reverse=reverse, backend=name) for name in ("reference", "mamba_ssm"))
    torch.testing.assert_close(theirs, ours)


def test_backend_is_chosen_by_device():
    assert choose_backend(torch.device("cpu")) == "numba"
    assert choose_backend(torch.device("meta")) == "reference"


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("length", [1, 2, 9])
def test_convolution_kernel_equals_torch(length, reverse):
    generator = torch.Generator().manual_seed(length)
    x, weight, bias = (
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in [(3, length, 70), (70, 1, 4), (70,)]
    )
    outputs = [causal_conv_silu(x, weight, bias, reverse=reverse, backend=name) for name in ("numba", "torch")]
    torch.testing.assert_close(*outputs)
    gradients = [torch.autograd.grad(y.sin().sum(), (x, weight, bias)) for y in outputs]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs)
