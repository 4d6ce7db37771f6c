"""S5VH with other temporal mixers: settings, networks, counts of operations."""

from __future__ import annotations

import json

import pytest
import torch
from test_method_size import D, T, flops
from tiny_cells import tiny_cell
from torch import nn

from s5vh.base.errors import UserError
from s5vh.config.mixers import MixerConfig
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.load import load_method, resolve_cell
from s5vh.nn.bidirectional import BidirectionalLayer
from s5vh.nn.lstm import LSTM
from s5vh.nn.mamba import Mamba
from s5vh.nn.retention import Retention
from s5vh.nn.rwkv import RWKV
from s5vh.nn.transformer import Transformer

ROWS = {
    "s5vh_lstm": (LSTM, "(6) LSTM layers instead of Mamba"),
    "s5vh_retnet": (Retention, "(7) RetNet layers instead of Mamba"),
    "s5vh_rwkv": (RWKV, "(8) RWKV layers instead of Mamba"),
    "s5vh_transformer": (Transformer, None),
}


def network(name, **model):
    settings = load_method(name, overrides={name: {"model": {"width": 16, "decoder_width": 8, "depth": 2} | model}})
    return implementation_of(settings)(settings, Shape(frames=5, feature_size=6, bits=4), {})


@pytest.mark.parametrize("name", ROWS)
def test_a_recipe_is_s5vh_with_other_layers(name):
    kind, variant = ROWS[name]
    cell, reference = (json.loads(resolve_cell("ucf101", other, 16, 1).to_json()) for other in (name, "s5vh"))
    assert "mixer" not in reference["settings"]["model"]  # cells from before there was a choice are still good
    mixer = cell["settings"]["model"].pop("mixer")
    assert cell["settings"] == reference["settings"] and mixer != "mamba"
    published = load_method(name).published
    assert (published and published.variant) == variant
    net = network(name)
    assert {type(mixer) for layer in (*net.encoder.layers, *net.decoder.layers) for mixer in layer.mixers} == {kind}


@pytest.mark.parametrize("name", ["s5vh", *ROWS])
def test_long_videos_are_encoded_whatever_else_is_in_the_batch(name):
    net, feats = network(name).eval(), torch.randn(2, 70, 6, generator=torch.Generator().manual_seed(0))
    codes = net.encode(feats)
    assert torch.equal(net.encode(feats[1:]), codes[1:]) and codes.abs().eq(1).all()


def test_initialisation_reaches_linear_layers_of_every_mixer():
    own, xavier = (
        network("s5vh_retnet", initialisation=kind).encoder.layers[0].forward_mixer.in_proj.weight.detach()
        for kind in ("mamba", "xavier")
    )
    assert own.std().item() == pytest.approx(1 / 16, rel=0.1)
    assert 0.9 < xavier.abs().max() / (6 / (16 + 6 * 16)) ** 0.5 <= 1
    torch.manual_seed(0)
    own = network("s5vh_lstm").encoder.layers[0].forward_mixer
    torch.manual_seed(0)
    other = network("s5vh_lstm", initialisation="xavier").encoder.layers[0].forward_mixer
    assert torch.equal(own.lstm.weight_ih_l0, other.lstm.weight_ih_l0)  # not a linear layer


def test_options_reach_the_layers():
    assert network("s5vh_retnet", heads=2).encoder.layers[1].backward_mixer.heads == 2
    assert network("s5vh_transformer", heads=2).decoder.layers[0].forward_mixer.block.attention.heads == 2
    time_mix = network("s5vh_rwkv", rwkv_read_out="bidirectional", rwkv_token_shift=False).decoder.layers[0]
    assert time_mix.forward_mixer.block.time_mix.bidirectional and time_mix.forward_mixer.block.time_mix.inputs is None
    wide = network("s5vh_rwkv", width=128, decoder_width=64)
    heads = [stack.layers[0].forward_mixer.block.time_mix.bonus.shape for stack in (wide.encoder, wide.decoder)]
    assert heads == [(2, 64), (1, 64)]


@pytest.mark.parametrize("name", ["s5vh_lstm", "s5vh_retnet", "s5vh_rwkv"])
@pytest.mark.parametrize("directions", ["tied", "forward", "backward"])
def test_other_directions(name, directions):
    both, fewer = (network(name, directions=kind) for kind in ("both", directions))
    layer = fewer.encoder.layers[0]
    assert len(layer.mixers) == (2 if directions == "tied" else 1)
    one = sum(p.numel() for p in both.encoder.layers[0].forward_mixer.parameters())
    count = sum(p.numel() for p in layer.parameters())
    assert count == one + (2 * 16 if directions == "tied" else 0)


@pytest.mark.parametrize(
    ("name", "model", "message"),
    [
        ("s5vh_transformer", {"directions": "tied"}, "directions: a transformer sees both at once; leave it at 'both'"),
        ("s5vh_transformer", {"heads": 5}, "width: 256 cannot be divided among 5 heads; change it or heads"),
        ("s5vh_retnet", {"decoder_width": 20, "heads": 4}, "decoder_width: 4 heads of 5 channels, but retention turns"),
        ("s5vh_rwkv", {"width": 100}, "width: must be at most 64 or a multiple of it with rwkv, got 100"),
        ("s5vh", {"mixer": "gru"}, "model.mixer: must be 'mamba', 'lstm', 'retention', 'rwkv' or 'transformer'"),
    ],
)
def test_settings_that_do_not_fit_are_refused(name, model, message):
    with pytest.raises(UserError) as caught:
        load_method(name, overrides={name: {"model": model}})
    assert message in str(caught.value) and "\n" not in str(caught.value)


def products(*sizes: int) -> int:
    return 2 * T * sum(sizes)


def test_operations_of_each_layer_by_hand():
    width = 4 * D  # retention and attention need four heads of an even size
    square = width * width

    class Embedded(nn.Module):
        def __init__(self, layer):
            super().__init__()
            self.embed, self.layer = nn.Linear(D, width), layer

        def forward(self, x):
            return self.layer(self.embed(x))

    def of(kind, **options):
        return flops(lambda x, part: part(x), Embedded(BidirectionalLayer(width, kind, **options))) - products(
            D * width
        )

    assert of(LSTM) == 2 * products(8 * square)
    assert of(Retention) == 2 * products(8 * square, T * width, 2 * T * width)  # scores, sums of values
    assert of(Transformer) == products(12 * square, T * width, T * width)
    low_rank, summed_decays = 5 * 32 * width * 2 + 64 * width * 2, T * width
    assert of(RWKV, head_size=8) == 2 * products(14 * square, low_rank, summed_decays, T * width, T * width)
    both_ways = 2 * products(14 * square, 64 * width * 2, 2 * summed_decays, 2 * T * width, 2 * T * width)
    assert of(RWKV, head_size=8, read_out="bidirectional", token_shift=False) == both_ways
    assert of(RWKV, head_size=8, directions="tied") == of(RWKV, head_size=8)


def test_defaults_are_what_was_before():
    assert MixerConfig().model_dump() == {
        "mixer": "mamba",
        "heads": 4,
        "rwkv_read_out": "causal",
        "rwkv_token_shift": True,
    }
    assert isinstance(network("s5vh").encoder.layers[0].forward_mixer, Mamba)
    assert tiny_cell("s5vh_rwkv").settings.model.mixer == "rwkv"
