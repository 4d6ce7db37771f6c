"""bfloat16 on the CPU: the conversions in compiled kernels, and operations that compute in float32 between them."""

import numpy as np
import pytest
import torch
from numba import njit

from s5vh.base import processor, threads
from s5vh.nn.backends import numba_cpu
from s5vh.nn.backends.cpu_storage import loaded, stored
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.reconstruction import reconstruction_loss


@njit
def convert(source, target):
    for i in range(source.size):
        target[i] = stored(loaded(source[i]), target.dtype)


def test_elements_are_rounded_as_by_torch():
    exact = torch.randn(4096, generator=torch.Generator().manual_seed(0)) * torch.logspace(-38, 38, 4096)
    edges = [0.0, -0.0, float("inf"), -float("inf"), float("nan"), 1 + 2**-8, 1 + 3 * 2**-8, 3.4e38, 1e-45]
    exact[: len(edges)] = torch.tensor(edges)
    half, back = torch.empty(4096, dtype=torch.bfloat16), torch.empty(4096)
    convert(exact.numpy(), half.view(torch.uint16).numpy())
    convert(half.view(torch.uint16).numpy(), back.numpy())
    assert np.array_equal(half.float().numpy(), exact.bfloat16().float().numpy(), equal_nan=True)
    assert np.array_equal(back.numpy(), half.float().numpy(), equal_nan=True)


def scanned(u, delta, B, C, z, A, D, bias, *, reverse=False):
    return numba_cpu.scan([ScanInputs(u, delta, A, B, C, D, z, bias, True)], [reverse])[0]


def convolved(x, taps, bias, *, reverse=False):
    return numba_cpu.conv_silu([(x, taps, bias)], [reverse])[0]


def normed(y, gate, weight, bias):
    return numba_cpu.norm_gate([(y, weight, bias, gate)], 1e-6)[0]


LARGE, STATES = (9, 6, 130), (9, 6, 3)
CASES = {
    "scan": (scanned, [LARGE, LARGE, STATES, STATES], [(130, 3), (130,), (130,)]),
    "gated scan": (scanned, [LARGE, LARGE, STATES, STATES, LARGE], [(130, 3), (130,), (130,)]),
    "convolution": (convolved, [LARGE], [(130, 1, 4), (130,)]),
    "norm and gate": (normed, [LARGE, LARGE], [(130,), (130,)]),
}


@pytest.mark.parametrize("case", CASES)
def test_results_and_gradients_are_those_of_exact_arithmetic_up_to_the_rounding_of_arrays(case):
    operation, activations, parameters = CASES[case]
    generator = torch.Generator().manual_seed(1)
    half = [torch.randn(shape, generator=generator).bfloat16() for shape in activations]
    single = [torch.randn(shape, generator=generator) for shape in parameters]
    if "scan" in case:
        single[0] = -single[0].abs()
    weights = torch.randn(LARGE, generator=generator).bfloat16()
    results = []
    for exact in (False, True):
        inputs = [(x.double() if exact else x.clone()).requires_grad_() for x in (*half, *single)]
        optional = [None] if case == "scan" else []
        output = operation(*inputs[: len(half)], *optional, *inputs[len(half) :])
        gradients = torch.autograd.grad((output * weights.to(output.dtype)).sum(), inputs)
        assert exact or output.dtype == torch.bfloat16
        assert [g.dtype for g in gradients] == [x.dtype for x in inputs]
        results.append([output.detach(), *gradients])
    for found, expected in zip(*results, strict=True):
        error = (found.double() - expected).norm() / expected.norm()
        assert error < 2**-8, error


def test_any_number_of_threads_gives_the_same_bits(monkeypatch):
    results = []
    for count in (1, 3):
        monkeypatch.setattr(threads, "_threads", count)
        generator = torch.Generator().manual_seed(3)
        u, delta, B, C, gate = (
            torch.randn(*shape, generator=generator).bfloat16().requires_grad_()
            for shape in (LARGE, LARGE, STATES, STATES, LARGE)
        )
        taps, bias = (torch.randn(*shape, generator=generator).requires_grad_() for shape in ((130, 1, 4), (130,)))
        y = scanned(convolved(u, taps, bias), delta, B, C, None, -torch.ones(130, 3), bias, bias)
        output = normed(y, gate, bias, bias)
        gradients = torch.autograd.grad(output.float().square().sum(), [u, delta, B, C, gate, taps, bias])
        results.append([output, *gradients])
    assert all(torch.equal(first, second) for first, second in zip(*results, strict=True))


@pytest.mark.parametrize("pays", [True, False])
def test_reconstruction_is_that_of_exact_arithmetic_up_to_the_rounding_of_products(monkeypatch, pays):
    monkeypatch.setattr("s5vh.nn.reconstruction.bfloat16_products_pay", lambda: pays)
    generator = torch.Generator().manual_seed(2)
    decoded, frames = torch.randn(150, 24, generator=generator), torch.randn(90, 70, generator=generator)
    places = torch.randint(90, (150,), generator=generator)
    torch.manual_seed(2)
    head, results = torch.nn.Linear(24, 70), []
    for half in (True, False):
        rows = (decoded if half else decoded.double()).requires_grad_()
        layer = head if half else head.double()
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = reconstruction_loss(rows, layer, frames.to(rows.dtype), places)
        results.append([loss, *torch.autograd.grad(loss, [rows, layer.weight, layer.bias])])
    assert [value.dtype for value in results[0]] == [torch.float32] * 4
    for found, expected in zip(*results, strict=True):
        # Without fast products in bfloat16, they are left in float32.
        assert (found.double() - expected).norm() < (2**-7 if pays else 1e-5) * expected.norm()


@pytest.mark.parametrize(
    ("description", "pays"),
    [
        ("vendor_id\t: GenuineIntel\nflags\t\t: fpu avx512_bf16 amx_bf16", True),
        ("vendor_id\t: GenuineIntel\nflags\t\t: fpu avx512_bf16", False),
        ("vendor_id\t: AuthenticAMD\nflags\t\t: fpu avx512_bf16", True),
        ("vendor_id\t: AuthenticAMD\nflags\t\t: fpu avx2", False),
        ("processor\t: 0\nFeatures\t: fp asimd bf16", False),
        (None, False),
    ],
)
def test_products_in_bfloat16_pay_on_processors_with_the_instructions(tmp_path, monkeypatch, description, pays):
    file = tmp_path / "cpuinfo"
    if description is not None:
        file.write_text(description)
    monkeypatch.setattr(processor, "_DESCRIPTION", file)
    assert processor.bfloat16_products_pay.__wrapped__() is pays
    assert processor.has_bfloat16_products.__wrapped__() is ("bf16" in (description or ""))
