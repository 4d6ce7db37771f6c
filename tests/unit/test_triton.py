"""The Triton backend in Triton's interpreter (on a GPU where there is one) against plain float64 torch."""

# ruff: noqa: E402  (triton reads its environment when it is first imported)

from __future__ import annotations

import importlib.util
import os

import numpy
import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if importlib.util.find_spec("triton") is None:
    pytest.skip("triton is not installed", allow_module_level=True)

CUDA = torch.cuda.is_available()
if not CUDA:
    # Read when kernels are imported and again when they first run; tests of other files do not see it.
    os.environ["TRITON_INTERPRET"] = "1"
import triton

from s5vh.nn.backends import triton_cuda
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.bidirectional import BidirectionalLayer
from s5vh.nn.mamba import Mamba

if not CUDA:
    del os.environ["TRITON_INTERPRET"]
    if not triton_cuda._interpreted():
        pytest.skip("triton was imported for compilation before this file", allow_module_level=True)
    if (
        tuple(map(int, triton.__version__.split(".")[:2])) < (3, 7)
        and numpy.lib.NumpyVersion(numpy.__version__) >= "2.4.0"
    ):
        pytest.skip("the interpreter of triton before 3.7 does not work with numpy 2.4", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def interpreter():
    with pytest.MonkeyPatch.context() as patch:
        if not CUDA:
            patch.setenv("TRITON_INTERPRET", "1")
        yield


DEVICE = torch.device("cuda" if CUDA else "cpu")
EXACT = 1e-9
QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reference_scan(inputs: ScanInputs, reverse: bool) -> torch.Tensor:
    u, delta, A, B, C, D, z, bias, softplus = inputs
    delta = delta if bias is None else delta + bias
    delta = F.softplus(delta) if softplus else delta
    h = u.new_zeros(u.shape[0], u.shape[2], A.shape[1])
    y = [u] * u.shape[1]
    for t in reversed(range(u.shape[1])) if reverse else range(u.shape[1]):
        h = torch.exp(delta[:, t, :, None] * A) * h + (delta[:, t] * u[:, t])[:, :, None] * B[:, t, None]
        y[t] = (h * C[:, t, None]).sum(-1) + D * u[:, t]
    y = torch.stack(y, 1)
    return y if z is None else y * F.silu(z)


def reference_conv(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, reverse: bool) -> torch.Tensor:
    x = x.flip(1) if reverse else x
    padded = F.pad(x.transpose(1, 2), (weight.shape[-1] - 1, 0))
    y = F.silu(F.conv1d(padded, weight, bias, groups=x.shape[-1])).transpose(1, 2)
    return y.flip(1) if reverse else y


def reference_norm_gate(y, weight, bias, z, eps: float) -> torch.Tensor:
    return F.layer_norm(y, y.shape[-1:], weight, bias, eps) * F.silu(z)


def normal(seed: int):
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def scan_problem(seed, batch, length, channels, states, gate=True, bias=True, softplus=True) -> ScanInputs:
    random = normal(seed)
    delta = random(batch, length, channels) - 1
    return ScanInputs(
        random(batch, length, channels),
        delta if softplus else F.softplus(delta),
        -torch.exp(random(channels, states)),
        random(batch, length, states),
        random(batch, length, states),
        random(channels),
        random(batch, length, channels) if gate else None,
        random(channels) if bias else None,
        softplus,
    )


def leaves(directions, dtype):
    """The directions with every tensor a leaf of `dtype` that wants a gradient, and these leaves."""
    made = [
        [x.to(DEVICE, dtype).requires_grad_() if isinstance(x, torch.Tensor) else x for x in inputs]
        for inputs in directions
    ]
    return made, [x for inputs in made for x in inputs if isinstance(x, torch.Tensor)]


def values_and_gradients(operation, directions, dtype, seed=99):
    directions, flat = leaves(directions, dtype)
    outputs = operation(directions)
    random = normal(seed)
    loss = sum((y.double() * random(*y.shape).to(DEVICE)).sum() for y in outputs)
    return [*(y.detach() for y in outputs), *torch.autograd.grad(loss, flat)]


def errors(operation, reference, directions, dtype) -> list[float]:
    """Largest error of every result and gradient, relative to the largest exact value, on the same rounded inputs."""
    directions = [[x.to(dtype) if isinstance(x, torch.Tensor) else x for x in inputs] for inputs in directions]
    found = values_and_gradients(operation, directions, dtype)
    exact = values_and_gradients(reference, directions, torch.float64)
    for a, b in zip(found, exact, strict=True):
        assert a.shape == b.shape
        assert a.dtype == dtype
    return [((a - b).abs().max() / b.abs().max().clamp(min=1e-12)).item() for a, b in zip(found, exact, strict=True)]


def scan_errors(directions, reverse, dtype=torch.float64) -> float:
    def reference(many):
        return [reference_scan(ScanInputs(*inputs), r) for inputs, r in zip(many, reverse, strict=True)]

    return max(
        errors(lambda many: triton_cuda.scan([ScanInputs(*x) for x in many], reverse), reference, directions, dtype)
    )


REVERSES = st.sampled_from([(False,), (True,), (False, True), (True, False), (False, False)])


@QUICK
@given(
    reverse=REVERSES,
    batch=st.integers(1, 2),
    length=st.sampled_from([1, 2, 5]),
    channels=st.sampled_from([1, 6, 33]),
    states=st.sampled_from([1, 3]),
    gate=st.booleans(),
    bias=st.booleans(),
    softplus=st.booleans(),
    chunk=st.sampled_from([2, 13]),
    seed=st.integers(0, 2**20),
)
def test_scan_and_all_gradients(reverse, batch, length, channels, states, gate, bias, softplus, chunk, seed):
    directions = [
        scan_problem(seed + d, batch, length, channels, states, gate, bias, softplus) for d in range(len(reverse))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triton_cuda, "MAX_CHUNK", chunk)
        assert scan_errors(directions, reverse) < EXACT


@pytest.mark.parametrize(
    ("length", "states", "reverse"), [(13, 16, True), (25, 2, False), (33, 1, True), (70, 1, False), (70, 1, True)]
)
def test_scan_in_its_own_chunks(length, states, reverse):
    assert scan_errors([scan_problem(length, 1, length, 5, states, gate=False)], [reverse]) < EXACT


def test_several_videos_a_program_and_two_channels_a_thread(monkeypatch):
    monkeypatch.setattr(triton_cuda, "_videos_each", lambda *_: 2)
    monkeypatch.setattr(triton_cuda, "_block", lambda *_: 64)
    monkeypatch.setattr(triton_cuda, "MAX_CHUNK", 2)
    directions = [scan_problem(seed, 3, 3, 66, 2) for seed in (0, 1)]
    assert scan_errors(directions, (False, True)) < EXACT
    random = normal(3)
    directions = [(random(3, 4, 66), random(66, 1, 3), random(66)) for _ in range(2)]
    assert conv_errors(directions, (False, True)) < EXACT


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 2e-2), (torch.float16, 3e-3)])
def test_scan_at_lower_precision(dtype, tolerance):
    directions = [scan_problem(seed, 2, 7, 33, 3) for seed in (5, 6)]
    assert scan_errors(directions, (False, True), dtype) < tolerance


def test_parameters_in_float32_with_inputs_in_bfloat16():
    inputs = [x.to(DEVICE, torch.bfloat16) if isinstance(x, torch.Tensor) else x for x in scan_problem(7, 2, 3, 9, 2)]
    for i in (2, 5, 7):
        inputs[i] = inputs[i].float()
    tensors = [x.requires_grad_() for x in inputs[:8]]
    y = triton_cuda.scan([ScanInputs(*inputs)], [False])[0]
    gradients = torch.autograd.grad(y.float().sum(), tensors)
    assert y.dtype == torch.bfloat16
    assert [g.dtype for g in gradients] == [x.dtype for x in tensors]
    exact = reference_scan(ScanInputs(*(x.double() if isinstance(x, torch.Tensor) else x for x in inputs)), False)
    torch.testing.assert_close(y.double(), exact, rtol=1e-2, atol=1e-2)


def test_step_sizes_keep_their_digits_at_both_ends_of_softplus():
    delta = torch.linspace(-30, 30, 16, dtype=torch.float64)
    one = torch.ones(1, 1, 16, dtype=torch.float64)
    zero = torch.zeros(16, dtype=torch.float64)
    inputs = ScanInputs(one, delta[None, None], -one[0].t(), one[..., :1], one[..., :1], zero, None, None, True)
    inputs = ScanInputs(*(x.to(DEVICE).float() if isinstance(x, torch.Tensor) else x for x in inputs))
    found = triton_cuda.scan([inputs], [False])[0]
    # The rounding of a float32 argument of -30 alone changes its exponential by 1.8e-6.
    torch.testing.assert_close(found.cpu().double()[0, 0], F.softplus(delta.float().double()), rtol=2e-6, atol=0)


def test_gradients_agree_with_finite_differences():
    _, tensors = leaves([scan_problem(11, 2, 5, 6, 3)], torch.float64)

    def loss(values):
        return triton_cuda.scan([ScanInputs(*values, True)], [True])[0].sin().sum()

    random = normal(12)
    along = [random(*x.shape).to(DEVICE) for x in tensors]
    slope = sum((g * v).sum() for g, v in zip(torch.autograd.grad(loss(tensors), tensors), along, strict=True)).item()
    ahead, behind = (
        loss([x.detach() + step * v for x, v in zip(tensors, along, strict=True)]).item() for step in (1e-5, -1e-5)
    )
    assert slope == pytest.approx((ahead - behind) / 2e-5, rel=1e-7)


def test_slices_of_a_linear_layers_output_and_other_strides():
    random = normal(13)
    batch, length, channels, states = 2, 3, 6, 2
    wide = random(batch, length, 2 * channels + 2 * states + 1)
    u, z, B, C, _ = wide.split([channels, channels, states, states, 1], dim=-1)
    delta = F.softplus(random(channels, length, batch)).permute(2, 1, 0)  # channels are not contiguous
    A = -torch.exp(random(states, channels)).t()
    D = random(1).expand(channels)
    sliced = ScanInputs(*(x.to(DEVICE) for x in (u, delta, A, B, C, D, z)))
    dense = ScanInputs(*(x.contiguous().to(DEVICE) for x in (u, delta, A, B, C, D, z)))
    found = triton_cuda.scan([sliced, dense], [False, True])
    for y, reverse in zip(found, (False, True), strict=True):
        torch.testing.assert_close(y, reference_scan(dense, reverse), rtol=EXACT, atol=EXACT)
    y = triton_cuda.norm_gate([(sliced.u, sliced.D, sliced.D, sliced.z)], 1e-6)[0]
    torch.testing.assert_close(y, reference_norm_gate(dense.u, dense.D, dense.D, dense.z, 1e-6), rtol=EXACT, atol=EXACT)
    weight = random(channels, 1, 2).to(DEVICE)
    y = triton_cuda.conv_silu([(sliced.u, weight, sliced.D)], [True])[0]
    torch.testing.assert_close(y, reference_conv(dense.u, weight, dense.D, True), rtol=EXACT, atol=EXACT)


def test_an_expanded_gradient():
    directions, flat = leaves([scan_problem(14, 2, 3, 6, 2)], torch.float64)
    found = torch.autograd.grad(triton_cuda.scan([ScanInputs(*directions[0])], [False])[0].sum(), flat)
    exact = torch.autograd.grad(reference_scan(ScanInputs(*directions[0]), False).sum(), flat)
    torch.testing.assert_close(found, exact, rtol=EXACT, atol=EXACT)


def test_only_one_of_two_results_is_used():
    directions, flat = leaves([scan_problem(seed, 1, 3, 5, 2) for seed in (15, 16)], torch.float64)
    results = triton_cuda.scan([ScanInputs(*inputs) for inputs in directions], [False, True])
    found = torch.autograd.grad(results[1].sum(), flat)
    exact = torch.autograd.grad(reference_scan(ScanInputs(*directions[1]), True).sum(), flat[8:])
    torch.testing.assert_close(found[8:], exact, rtol=EXACT, atol=EXACT)
    assert all(not g.any() for g in found[:8])


@pytest.mark.parametrize("gate", [False, True])
def test_without_gradients_the_result_is_the_same(gate):
    directions, _ = leaves([scan_problem(17, 1, 3, 5, 2, gate)], torch.float32)
    with_gradients = triton_cuda.scan([ScanInputs(*directions[0])], [True])[0]
    with torch.no_grad():
        assert torch.equal(triton_cuda.scan([ScanInputs(*directions[0])], [True])[0], with_gradients)


def test_two_runs_agree_bit_for_bit():
    directions = [scan_problem(seed, 3, 4, 40, 2) for seed in (18, 19)]

    def run(many):
        return triton_cuda.scan([ScanInputs(*inputs) for inputs in many], (False, True))

    first, second = (values_and_gradients(run, directions, torch.float32) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def conv_errors(directions, reverse, dtype=torch.float64) -> float:
    def reference(many):
        return [reference_conv(*inputs, r) for inputs, r in zip(many, reverse, strict=True)]

    return max(errors(lambda many: triton_cuda.conv_silu(many, reverse), reference, directions, dtype))


@QUICK
@given(
    reverse=REVERSES,
    batch=st.integers(1, 2),
    length=st.sampled_from([1, 2, 5, 13]),
    channels=st.sampled_from([1, 6, 33]),
    width=st.sampled_from([1, 2, 4, 8]),
    chunk=st.sampled_from([3, 16]),
    seed=st.integers(0, 2**20),
)
def test_convolution_and_all_gradients(reverse, batch, length, channels, width, chunk, seed):
    random = normal(seed)
    directions = [(random(batch, length, channels), random(channels, 1, width), random(channels)) for _ in reverse]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triton_cuda, "MAX_CONV_CHUNK", chunk)
        assert conv_errors(directions, reverse) < EXACT


def norm_gate_errors(directions, dtype=torch.float64) -> float:
    def reference(many):
        return [reference_norm_gate(*inputs, 1e-6) for inputs in many]

    return max(errors(lambda many: triton_cuda.norm_gate(many, 1e-6), reference, directions, dtype))


@QUICK
@given(
    count=st.integers(1, 2),
    batch=st.integers(1, 3),
    length=st.sampled_from([1, 2, 5]),
    channels=st.sampled_from([6, 33, 64]),
    processors=st.sampled_from([1, 132]),
    seed=st.integers(0, 2**20),
)
def test_norm_and_gate_and_all_gradients(count, batch, length, channels, processors, seed):
    random = normal(seed)
    over_time, parameter = (batch, length, channels), (channels,)
    directions = [
        (random(*over_time), random(*parameter), random(*parameter), random(*over_time)) for _ in range(count)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triton_cuda, "_multiprocessors", lambda _: processors)  # 1: several rows a program
        assert norm_gate_errors(directions) < EXACT


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 2e-2)])
def test_convolution_and_norm_at_lower_precision(dtype, tolerance):
    random = normal(21)
    x, z, w, b = random(2, 5, 33), random(2, 5, 33), random(33), random(33)
    assert conv_errors([(x, random(33, 1, 4), b)], [True], dtype) < tolerance
    assert norm_gate_errors([(x, w, b, z)], dtype) < tolerance


def test_wrong_inputs(monkeypatch):
    good = ScanInputs(*(x.to(DEVICE) if isinstance(x, torch.Tensor) else x for x in scan_problem(0, 1, 2, 3, 2)))
    with pytest.raises(ValueError, match=r"^scan: expected one or two directions of equal shapes and dtypes$"):
        triton_cuda.scan([good, good._replace(u=good.u[:, :1])], [False, True])
    with pytest.raises(ValueError, match=r"^scan: expected one or two directions of equal shapes and dtypes$"):
        triton_cuda.scan([good, good._replace(z=None)], [False, True])
    with pytest.raises(ValueError, match=r"^scan: both directions must agree on delta_softplus$"):
        triton_cuda.scan([good, good._replace(delta_softplus=False)], [False, True])
    with pytest.raises(ValueError, match=r"^scan: torch.int64 is not one of torch.float16, torch.bfloat16, "):
        triton_cuda.scan([good._replace(B=good.B.long())], [False])
    monkeypatch.setattr(triton_cuda, "_interpreted", lambda: False)
    with pytest.raises(ValueError, match=r"^norm_gate: the triton backend requires tensors on a GPU, not on cpu$"):
        triton_cuda.norm_gate([(good.u.cpu(), good.D.cpu(), good.D.cpu(), good.z.cpu())], 1e-6)


@pytest.mark.parametrize("norms", ["paper", "none"])
def test_a_bidirectional_layer_gives_what_the_reference_gives(norms):
    results = []
    for backend in ("triton", "reference"):
        torch.manual_seed(0)
        layer = BidirectionalLayer(8, Mamba, d_state=3, norms=norms, scan_backend=backend).double().to(DEVICE)
        x = normal(3)(2, 5, 8).to(DEVICE).requires_grad_()
        y = layer(x)
        results.append([y, *torch.autograd.grad(y.sin().sum(), [x, *layer.parameters()])])
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=EXACT, atol=EXACT)
