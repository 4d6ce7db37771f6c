"""Network parts with unequal weights where defaults are equal: norms of directions, layers, frame hashes."""

from __future__ import annotations

import pytest
import torch
from test_s5vh_method import BITS, network

from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.hash_layer import HashLayer
from s5vh.nn.mamba import Mamba


def scrambled(module, seed=0):
    """The module with every parameter moved away from where it starts."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    return module


@pytest.mark.parametrize("norms", ["paper", "block", "none"])
def test_directions_together_are_the_sum_of_each_alone(norms):
    blocks = [scrambled(Mamba(8, d_state=3, norms=norms, reverse=reverse), int(reverse)) for reverse in (False, True)]
    x = torch.randn(2, 6, 8, generator=torch.Generator().manual_seed(5))
    together = Mamba.summed(blocks, x)
    torch.testing.assert_close(together, blocks[0](x) + blocks[1](x), rtol=1e-4, atol=1e-5)
    assert (blocks[0](x) - blocks[1](x)).abs().max() > 0.1


def test_a_stack_applies_all_of_its_layers_in_order():
    stack = scrambled(BidirectionalStack(6, 4, Mamba, d_state=2)).eval()
    x = torch.randn(2, 5, 6, generator=torch.Generator().manual_seed(1))
    expected = x
    for number in range(4):
        expected = stack.layers[number](expected)
    torch.testing.assert_close(stack(x), stack.norm(expected))


def test_frame_hashes_are_the_tanh_of_a_linear_layer():
    layer = scrambled(HashLayer(5, 3, frames="tanh", norm=False))
    x = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(2))
    linear = next(module for module in layer.modules() if isinstance(module, torch.nn.Linear))
    torch.testing.assert_close(layer(x), torch.tanh(x @ linear.weight.T + linear.bias))


def test_the_decoder_sees_the_mask_token_in_the_places_of_hidden_frames():
    net = scrambled(network()).eval()
    visible = torch.tensor([[0, 3], [2, 1]])
    frames = net.decoder_positions.shape[0]
    hidden = torch.stack([torch.tensor([t for t in range(frames) if t not in row]) for row in visible.tolist()])
    hashes = torch.randn(2, 2, BITS, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    whole = net.mask_token.expand(2, frames, BITS).clone()
    whole[torch.arange(2)[:, None], visible] = hashes
    decoded = net.decoder(net.hash_to_decoder(whole) + net.decoder_positions)
    expected = decoded[torch.arange(2)[:, None], hidden]
    torch.testing.assert_close(net.decode(hashes, visible, hidden), expected, rtol=1e-5, atol=1e-6)
    assert net.mask_token.abs().sub(1).abs().min() > 1e-3  # its size matters, not only its signs
