"""Counts of parameters and operations, against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_cells import SHAPE, network, prepare, tiny_cell
from torch import nn

from s5vh.methods.contract import Shape
from s5vh.methods.lsh.hashing import LSH
from s5vh.methods.sh.hashing import SH
from s5vh.nn.attention import Attention
from s5vh.nn.backends import backend_module
from s5vh.nn.backends.scan_inputs import ScanInputs
from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.mamba import Mamba
from s5vh.studies.method_size import MethodSize, linear_hash_size, network_size

T, D = 5, 6


class Network(nn.Module):
    """`encode` is `work`, called with features [1, T, D]; `idle` is needed in training only."""

    def __init__(self, work, *parts):
        super().__init__()
        self.shape, self.work, self.parts = Shape(T, D, 4), work, nn.ModuleList(parts)
        self.idle = nn.Linear(3, 7)

    def encode(self, feats):
        return self.work(feats, *self.parts)


def flops(work, *parts) -> int:
    return network_size(Network(work, *parts), T).flops


def test_linear_layer():
    layer = nn.Linear(D, 4)
    size = network_size(Network(lambda x, part: part(x), layer), T)
    assert size == MethodSize(parameters=D * 4 + 4 + 3 * 7 + 7, encoding_parameters=D * 4 + 4, flops=2 * T * D * 4)
    assert flops(lambda x, part: torch.tanh(part(x)) * x.sum(), layer) == size.flops  # single elements do not count


@pytest.mark.parametrize(("heads", "head_size"), [(1, 6), (3, 4)])
def test_attention(heads, head_size):
    inner = heads * head_size
    projections = 2 * T * D * 3 * inner + 2 * T * inner * D
    scores_and_mixing = 2 * 2 * T * T * inner
    found = flops(lambda x, part: part(x), Attention(D, heads, head_size))
    assert found == projections + scores_and_mixing


def test_lstm():
    hidden = 3
    step = 2 * 4 * hidden * (D + hidden)
    assert flops(lambda x, part: part(x[:, 0])[0], nn.LSTMCell(D, hidden)) == step
    assert flops(lambda x, part: part(x)[0], nn.LSTM(D, hidden, batch_first=True)) == T * step


def mamba_flops(width, norms):
    inner, rank, states, taps = 2 * width, 1, 16, 4
    products = width * 2 * inner + inner * (rank + 2 * states) + rank * inner + inner * width
    scan = 6 * inner * states + 3 * inner
    return T * (2 * products + 2 * inner * taps + scan)


@pytest.mark.parametrize("norms", ["paper", "block", "none"])
def test_mamba_layer(norms):
    assert flops(lambda x, part: part(x), Mamba(D, norms=norms)) == mamba_flops(D, norms)


def test_both_directions_count():
    stack = BidirectionalStack(D, 2, Mamba, directions="both", drop_path=0.1)
    assert flops(lambda x, part: part(x), stack) == 4 * mamba_flops(D, "paper")


def test_products_with_vectors_and_in_place():
    matrix, vector = torch.ones(D, 3), torch.ones(D)
    assert flops(lambda x: x[0] @ vector) == 2 * T * D
    assert flops(lambda x: vector @ vector) == 2 * D
    assert flops(lambda x: torch.addmv(torch.ones(T), x[0], vector)) == 2 * T * D
    assert flops(lambda x: torch.ones(T).addmv_(x[0], vector)) == 2 * T * D
    assert flops(lambda x: torch.ones(T, 3).addmm_(x[0], matrix)) == 2 * T * D * 3
    assert flops(lambda x: torch.ones(1, T, 3).baddbmm_(x, matrix[None])) == 2 * T * D * 3


def test_operations_grow_with_the_frames_and_the_network_stays_as_it_was():
    mamba = Mamba(D, scan_backend="numba")
    net = Network(lambda x, part: part(x), mamba).train()
    assert network_size(net, 3 * T).flops == 3 * network_size(net, T).flops
    assert mamba.scan_backend == "numba" and net.training and mamba.training
    with pytest.raises(RuntimeError):
        network_size(Network(lambda x, part: part(x[..., :2]), mamba), T)
    assert mamba.scan_backend == "numba"


def test_a_part_of_a_parameter_is_read():
    layer = nn.Linear(2 * D, 4)
    size = network_size(Network(lambda x, part: x @ part.weight[:, :D].t(), layer), T)
    assert size.encoding_parameters == 2 * D * 4


@pytest.mark.parametrize("gated", [False, True])
def test_the_scan_that_is_counted_is_the_reference(gated):
    generator = torch.Generator().manual_seed(0)
    u, delta, z = (torch.randn(2, T, 4, generator=generator) for _ in range(3))
    B, C = (torch.randn(2, T, 3, generator=generator) for _ in range(2))
    inputs = ScanInputs(u, delta, -torch.rand(4, 3), B, C, torch.ones(4), z if gated else None, torch.ones(4), True)
    counted, reference = (
        backend_module(name, torch.device("cpu")).scan([inputs, inputs], [False, True])
        for name in ("counting", "reference")
    )
    assert all(torch.equal(*pair) for pair in zip(counted, reference, strict=True))


@pytest.mark.parametrize("name", ["s5vh", "s5vh-released", "conmh", "conmh-released"])
def test_networks_have_parts_for_training_only(name, tmp_path):
    cell = tiny_cell(name)
    model = network(cell, prepare(cell, tmp_path))
    counts = {key: parameter.numel() for key, parameter in model.named_parameters()}
    training_only = ("decoder", "head", "hash_to_decoder", "mask_token", "classifier")
    encode = [number for key, number in counts.items() if not key.startswith(training_only)]
    size = network_size(model, SHAPE.frames)
    assert size[:2] == (sum(counts.values()), sum(encode)) and len(encode) < len(counts)
    assert size.flops > 2 * SHAPE.frames * SHAPE.feature_size * 16  # of the embedding


def test_fitted_methods_have_a_mean_and_a_projection():
    feats = np.random.default_rng(0).standard_normal((9, 3, 4)).astype(np.float32)
    assert linear_hash_size(LSH(bits=5, seed=0).fit(feats)) == MethodSize(4 + 20, 4 + 20, 40)
    assert linear_hash_size(LSH(bits=5, seed=0, features="flat").fit(feats)) == MethodSize(72, 72, 2 * 12 * 5)
    box_and_modes = 2 * 4 + 2 * 5
    assert linear_hash_size(SH(bits=5, seed=0).fit(feats)) == MethodSize(*[4 + 16 + box_and_modes] * 2, 2 * 16)
