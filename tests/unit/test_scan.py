"""Selective scan and causal convolution: golden values, agreement of backends, gradients, invariants."""

import functools
import sys
import types
from pathlib import Path

import h5py
import numba
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s5vh.nn.backends import backend_module, choose_backend, cpu_math
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.scan import selective_scan

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


def with_extras(problem, seed):
    """The same with a gate, and step sizes that go through a bias and a softplus."""
    generator = torch.Generator().manual_seed(seed)
    u, delta = problem["u"], problem["delta"]
    z, raw = (torch.randn(u.shape, generator=generator, dtype=torch.float64).to(u.dtype) for _ in range(2))
    bias = torch.randn(u.shape[-1], generator=generator, dtype=torch.float64).to(u.dtype)
    return problem | {"delta": raw + delta.log(), "z": z, "delta_bias": bias}


@settings(max_examples=25, deadline=None)
@given(
    batch=st.integers(1, 10),  # crosses the kernel's group of 8
    length=st.integers(1, 40),
    channels=st.integers(1, 140),  # crosses the kernel's block of 128
    states=st.integers(1, 20),
    reverse=st.booleans(),
    extras=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_backends_agree_in_values_and_gradients(batch, length, channels, states, reverse, extras, seed):
    results = {}
    for backend, dtype in (("reference", torch.float64), ("numba", torch.float64), ("numba", torch.float32)):
        problem = random_problem(batch, length, channels, states, dtype, seed)
        problem = with_extras(problem, seed) if extras else problem
        leaf = {name: value.requires_grad_() for name, value in problem.items()}
        y = selective_scan(**leaf, delta_softplus=extras, reverse=reverse, backend=backend)
        gradients = torch.autograd.grad(y.sin().sum(), list(leaf.values()))
        results[backend, dtype] = [y.detach(), *gradients]
    exact = results["reference", torch.float64]
    for (_, dtype), values in results.items():
        tolerance = 1e-9 if dtype == torch.float64 else 2e-3
        for value, reference in zip(values, exact, strict=True):
            scale = reference.abs().max().clamp(min=1)
            assert ((value.double() - reference).abs().max() / scale) < tolerance


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_two_directions_at_once_are_one_scan_each_way(backend):
    forward, backward = (random_problem(3, 6, 5, 4, torch.float64, seed=seed) for seed in (5, 6))
    directions = [ScanInputs(**forward), ScanInputs(**backward)]
    both = backend_module(backend, torch.device("cpu")).scan(directions, [False, True])
    torch.testing.assert_close(both[0], selective_scan(**forward, backend=backend))
    torch.testing.assert_close(both[1], selective_scan(**backward, reverse=True, backend=backend))


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_half_precision_inputs_are_computed_in_float32(backend):
    problem = with_extras(random_problem(3, 25, 20, 4, torch.float32, seed=9), 9)
    # Parameters stay in float32, as under autocast.
    half = {name: value.bfloat16() if value.ndim == 3 else value for name, value in problem.items()}
    exact = selective_scan(**{name: value.double() for name, value in half.items()}, delta_softplus=True)
    y = selective_scan(**half, delta_softplus=True, backend=backend)
    assert y.dtype == torch.bfloat16
    roundings = 2 if backend == "numba" else 1  # before and after the gate
    assert ((y - exact).abs() <= roundings * exact.abs() * 2**-8 + 1e-5).all()


@pytest.mark.parametrize(
    "function, exact, span",
    [
        (cpu_math.exp2, np.exp2, (-125.9, 126.9)),
        (cpu_math.softplus, lambda x: np.logaddexp(x, 0), (-80, 80)),
        (cpu_math.sigmoid, lambda x: 1 / (1 + np.exp(-x)), (-80, 80)),
    ],
)
def test_float32_functions_are_right_to_a_few_roundings(function, exact, span):
    @numba.njit
    def compiled(x, out):
        for i in range(x.size):
            out[i] = function(x[i])

    x = np.linspace(*span, 200_001, dtype=np.float32)
    out = np.empty_like(x)
    compiled(x, out)
    expected = exact(x.astype(np.float64))
    # The argument's own rounding alone moves exp2 by |x| 2^-24 ln 2.
    assert (np.abs(out - expected) <= expected * (3e-7 + np.abs(x) * 1.3e-7)).all()
    beyond = np.array([-1e4, 1e4], np.float32)
    compiled(beyond, out)
    assert np.isfinite(out[:2]).all() and out[0] < 1e-37 and out[1] >= 1


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
    z, bias = torch.randn(2, 5, 3, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    leaf += [z.requires_grad_(), bias.requires_grad_()]
    gated = functools.partial(selective_scan, backend="numba", delta_softplus=True)
    assert torch.autograd.gradcheck(lambda *x: gated(*x[:7], delta_bias=x[7]), leaf)


def test_same_input_gives_the_same_bits():
    problem = random_problem(8, 25, 130, 16, torch.float32, seed=5)
    leaf = {name: value.requires_grad_() for name, value in problem.items()}
    runs = [torch.autograd.grad(selective_scan(**leaf).square().sum(), list(leaf.values())) for _ in range(2)]
    assert all(torch.equal(first, second) for first, second in zip(*runs, strict=True))


def test_without_skip_weights_nothing_skips_the_state():
    u, delta, A, B = torch.tensor([[[2.0]]]), torch.tensor([[[0.5]]]), torch.tensor([[-1.0]]), torch.tensor([[[3.0]]])
    for skip, expected in ((None, 3.0), (torch.tensor([10.0]), 23.0)):  # 0.5 * 2 * 3, and 10 * 2 more
        assert selective_scan(u, delta, A, B, torch.ones(1, 1, 1), skip, backend="reference").item() == expected
    with pytest.raises(ValueError, match="do not fit"):
        selective_scan(u, delta, -torch.ones(2, 1), B, torch.ones(1, 1, 1), backend="reference")


def test_wrong_shapes_and_backends_are_refused():
    problem = random_problem(2, 5, 3, 2, torch.float32, seed=6)
    with pytest.raises(ValueError, match="do not fit"):
        selective_scan(**(problem | {"B": problem["B"][:, :4]}))
    with pytest.raises(ValueError, match="unknown backend 'cuda'"):
        selective_scan(**problem, backend="cuda")


@pytest.mark.parametrize("reverse", [False, True])
def test_mamba_ssm_is_called_in_its_own_layout(monkeypatch, reverse):
    # Its kernel needs a GPU; here a stand-in with its signature and layout ([B, E, T]) shows what it is handed.
    def selective_scan_fn(u, delta, A, B, C, D=None, z=None, delta_bias=None, delta_softplus=False):
        assert u.is_contiguous() and z.is_contiguous() and A.dtype == D.dtype == delta_bias.dtype == torch.float32
        u, delta, B, C, z = (x.transpose(1, 2) for x in (u, delta, B, C, z))
        options = {"delta_bias": delta_bias, "delta_softplus": delta_softplus, "backend": "reference"}
        return selective_scan(u, delta, A, B, C, D, z, **options).transpose(1, 2)

    interface = types.ModuleType("mamba_ssm.ops.selective_scan_interface")
    interface.selective_scan_fn = selective_scan_fn
    for name in ("mamba_ssm", "mamba_ssm.ops"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    problem = with_extras(random_problem(2, 7, 5, 3, torch.float32, seed=8), 8) | {"delta_softplus": True}
    ours, theirs = (selective_scan(**problem, reverse=reverse, backend=name) for name in ("reference", "mamba_ssm"))
    torch.testing.assert_close(theirs, ours)


def test_backend_is_chosen_by_device():
    assert choose_backend("cpu") == "numba"
    assert choose_backend("meta") == "reference"


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("length", "taps"), [(1, 4), (2, 4), (9, 4), (9, 2), (9, 5)]
)  # the kernel takes four at a time
def test_convolution_kernel_equals_torch(length, taps, reverse):
    generator = torch.Generator().manual_seed(length)
    x, weight, bias = (
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in [(9, length, 70), (70, 1, taps), (70,)]  # crosses the kernel's group of 8
    )
    backends = [backend_module(name, torch.device("cpu")) for name in CPU_BACKENDS]
    outputs = [backend.conv_silu([(x, weight, bias)], [reverse])[0] for backend in backends]
    torch.testing.assert_close(*outputs)
    gradients = [torch.autograd.grad(y.sin().sum(), (x, weight, bias)) for y in outputs]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_norm_and_gate_kernel_equals_torch():
    generator = torch.Generator().manual_seed(3)
    shapes = [(9, 5, 37), (37,), (37,), (9, 5, 37)]
    leaf = [torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_() for shape in shapes]
    outputs = [backend_module(name, torch.device("cpu")).norm_gate([leaf], 1e-6)[0] for name in CPU_BACKENDS]
    torch.testing.assert_close(*outputs)
    gradients = [torch.autograd.grad(y.sin().sum(), leaf) for y in outputs]
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs)
