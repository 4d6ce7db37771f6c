"""LSTM, retention, RWKV and Transformer: golden values, sizes, recurrent forms, causality, long videos."""

from __future__ import annotations

import math

import pytest
import torch
from mixer_parts import DIRECTED, GOLDEN_CASES, MIXERS, RELEASED, golden, golden_mixer, in_our_names, normal, scrambled

from s5vh.methods.contract import arithmetic
from s5vh.nn import retention as retention_module
from s5vh.nn import rwkv as rwkv_module
from s5vh.nn.bidirectional import BidirectionalLayer, BidirectionalStack, TemporalMixer
from s5vh.nn.lstm import LSTM
from s5vh.nn.mamba import Mamba
from s5vh.nn.retention import Retention, decays_and_angles, retention, retention_by_frame
from s5vh.nn.rwkv import RWKV, wkv, wkv_by_frame
from s5vh.nn.transformer import Transformer


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("case", GOLDEN_CASES)
def test_outputs_are_the_golden_ones_in_both_directions(case, dtype):
    numbers = golden(case)
    x = numbers["inputs/x"].to(dtype)
    for reverse, name in ((False, "y"), (True, "y_reversed_direction")):
        y = golden_mixer(case, dtype, reverse=reverse)(x).double()
        if case == "transformer":
            y = y + numbers["inputs/x"]  # ours returns what is added
        torch.testing.assert_close(y, numbers[f"outputs/{name}"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", GOLDEN_CASES)
def test_gradients_are_the_golden_ones(case):
    numbers, mixer = golden(case), golden_mixer(case, torch.float64)
    x = numbers["inputs/x"].requires_grad_()
    y = mixer(x) + x if case == "transformer" else mixer(x)
    (y * numbers["inputs/w"]).sum().backward()
    torch.testing.assert_close(x.grad, numbers["gradients/x"], rtol=1e-5, atol=1e-5)
    expected = in_our_names(case, numbers, "gradients")
    for name, parameter in mixer.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name].double(), rtol=1e-5, atol=1e-5, msg=name)


def test_what_released_rwkv_has_beyond_ours_has_no_effect_there():
    numbers = golden("rwkv6")
    unused = [name for name in numbers if name.startswith("gradients/") and not numbers[name].any()]
    sizes = sum(numbers[name].numel() for name in unused)
    assert sizes == 328 * 32 == size(RWKV(32, head_size=16)) - size(RWKV(32, head_size=16, **RELEASED))


def size(module):
    return sum(parameter.numel() for parameter in module.parameters())


ONE_DIRECTION = {LSTM: (526_336, 296_448), Retention: (525_312, 295_680), RWKV: (1_037_312, 605_952)}
TWO_DIRECTIONS = {LSTM: (1_053_696, 593_664), Retention: (1_051_648, 592_128), RWKV: (2_075_648, 1_212_672)}
TIED = {LSTM: (527_360, 297_216), Retention: (526_336, 296_448), RWKV: (1_038_336, 606_720)}
FORMULAS = {LSTM: (8, 8), Retention: (8, 4), RWKV: (14, 468)}


@pytest.mark.parametrize("kind", FORMULAS)
@pytest.mark.parametrize(("number", "width"), [(0, 256), (1, 192)])
def test_parameters_of_a_layer(kind, number, width):
    square, linear = FORMULAS[kind]
    assert size(kind(width)) - 2 * width == ONE_DIRECTION[kind][number] == square * width**2 + linear * width
    assert size(BidirectionalLayer(width, kind)) == TWO_DIRECTIONS[kind][number]
    assert size(BidirectionalLayer(width, kind, directions="tied")) == TIED[kind][number]


def test_parameters_of_rwkv_and_transformer_parts():
    block = RWKV(256).block
    assert (size(block.time_mix), size(block.channel_mix)) == (444_928, 590_336)
    for width, without_biases in ((256, 788_992), (192, 444_288)):
        attention = BidirectionalLayer(width, Transformer).forward_mixer.block.attention
        biases = attention.q_bias.numel() + attention.v_bias.numel()
        assert size(BidirectionalLayer(width, Transformer)) == without_biases + biases == 12 * width**2 + 12 * width


def test_mamba_and_the_others_have_one_mixer_per_direction_but_a_transformer_one_for_both():
    assert len(BidirectionalLayer(8, Transformer).mixers) == 1
    assert all(len(BidirectionalLayer(64, kind).mixers) == 2 for kind in (Mamba, LSTM, Retention, RWKV))


def test_decays_of_retention():
    decay, angles = decays_and_angles(4, 8)
    zeta = torch.tensor([(2 * j + 0.4 * 8) / (1.4 * 8) for j in range(4)], dtype=torch.float64)
    gamma = torch.tensor([0.96875, 0.987598, 0.995078, 0.998047], dtype=torch.float64)
    torch.testing.assert_close(decay, gamma[:, None] * zeta ** (1 / 512), rtol=1e-6, atol=0)
    torch.testing.assert_close(angles, torch.tensor([1, 0.1, 0.01, 0.001], dtype=torch.float64))


def retention_problem(frames, seed=0):
    parts = [normal(2, frames, 4, channels, seed=seed + n) for n, channels in enumerate((6, 6, 5))]
    return [*parts, *decays_and_angles(4, 6)]


def test_retention_depends_on_distances_only():
    parts = retention_problem(9)
    shifted = [torch.cat([torch.zeros_like(part[:, :4]), part], dim=1) for part in parts[:3]]
    torch.testing.assert_close(retention(*shifted, *parts[3:])[:, 4:], retention(*parts), rtol=1e-10, atol=1e-12)


def wkv_problem(frames, largest, seed=0):
    """Decays exp(-d) with d between 0 and `largest`, most of them near 0."""
    r, k, v, raw = (normal(2, frames, 3, 4, seed=seed + n) for n in range(4))
    return r, k, v, -largest * torch.sigmoid(raw) ** 4, normal(3, 4, seed=seed + 9)


@pytest.mark.parametrize("chunk", [4, 16])
@pytest.mark.parametrize("frames", [1, 4, 9, 30, 33, 70])
def test_frame_by_frame_gives_the_same(frames, chunk, monkeypatch):
    for module in (retention_module, rwkv_module):
        monkeypatch.setattr(module, "CHUNK", chunk)
    parts = retention_problem(frames)
    torch.testing.assert_close(retention(*parts), retention_by_frame(*parts), rtol=1e-10, atol=1e-11)
    for largest in (0.5, 30.0, 3000.0):  # the last forgets everything at once
        parts = wkv_problem(frames, largest)
        torch.testing.assert_close(wkv(*parts), wkv_by_frame(*parts), rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("largest", [0.5, 30.0, 3000.0])
def test_gradients_through_chunks_are_those_of_the_recurrence(largest, monkeypatch):
    for module in (retention_module, rwkv_module):
        monkeypatch.setattr(module, "CHUNK", 4)
    leaves = [part.requires_grad_() for part in wkv_problem(11, largest)]
    ours, plain = (torch.autograd.grad(form(*leaves).sin().sum(), leaves) for form in (wkv, wkv_by_frame))
    for first, second in zip(ours, plain, strict=True):
        torch.testing.assert_close(first, second, rtol=1e-9, atol=1e-10)
    *leaves, decay, angles = retention_problem(11)
    leaves = [leaf.requires_grad_() for leaf in leaves]
    ours, plain = (
        torch.autograd.grad(form(*leaves, decay, angles).sin().sum(), leaves)
        for form in (retention, retention_by_frame)
    )
    for first, second in zip(ours, plain, strict=True):
        torch.testing.assert_close(first, second, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("largest", [0.02, 2.0, 3000.0])
def test_single_precision_is_right_over_many_frames(largest):
    parts = wkv_problem(400, largest)
    exact, single = wkv_by_frame(*parts), wkv(*(part.float() for part in parts))
    assert ((single - exact).abs().max() / exact.abs().max()) < 1e-5
    *parts, decay, angles = retention_problem(400)
    exact = retention_by_frame(*parts, decay, angles)
    single = retention(*(part.float() for part in parts), decay, angles)
    assert ((single - exact).abs().max() / exact.abs().max()) < 1e-5


def test_rwkv_may_forget_everything_at_once():
    mixer, x = RWKV(8), normal(2, 5, 8).float().requires_grad_()
    torch.nn.init.constant_(mixer.block.time_mix.decay_base, 200)
    mixer(x).square().sum().backward()
    assert x.grad.isfinite().all() and all(parameter.grad.isfinite().all() for parameter in mixer.parameters())


def test_lstm_by_hand():
    mixer, x = scrambled(LSTM(3)), normal(2, 5, 3, seed=1)
    lstm, seen = mixer.lstm, mixer.norm(x)
    h = c = torch.zeros(2, 3, dtype=torch.float64)
    for t in range(5):
        gates = seen[:, t] @ lstm.weight_ih_l0.t() + lstm.bias_ih_l0 + h @ lstm.weight_hh_l0.t() + lstm.bias_hh_l0
        i, f, g, o = gates.split(3, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        torch.testing.assert_close(mixer(x)[:, t], h)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", DIRECTED)
def test_a_direction_sees_what_it_has_read(name, reverse):
    kind, options = DIRECTED[name]
    mixer, x = scrambled(kind(16, reverse=reverse, **options)), normal(2, 7, 16, seed=1)
    before = mixer(x)
    x[:, 3] += normal(2, 16, seed=2)
    changed = (mixer(x) - before).abs().amax(dim=(0, 2)) > 1e-9
    assert changed.tolist() == ([True] * 4 + [False] * 3 if reverse else [False] * 3 + [True] * 4)


@pytest.mark.parametrize("name", DIRECTED)
def test_the_backward_direction_is_the_forward_one_on_reversed_frames(name):
    kind, options = DIRECTED[name]
    ahead, back = kind(16, **options).double(), kind(16, reverse=True, **options).double()
    back.load_state_dict(scrambled(ahead).state_dict())
    x = normal(2, 6, 16)
    torch.testing.assert_close(back(x), ahead(x.flip(1)).flip(1))
    torch.testing.assert_close(kind.summed([ahead, back], x), ahead(x) + back(x))


@pytest.mark.parametrize("name", DIRECTED)
def test_a_tied_layer_commutes_with_reversal_and_an_untied_one_does_not(name):
    kind, options = DIRECTED[name]
    x = normal(2, 6, 16)
    for directions in ("tied", "both"):
        layer = scrambled(BidirectionalLayer(16, kind, directions=directions, **options))
        layer.backward_mixer.norm.load_state_dict(layer.forward_mixer.norm.state_dict())
        difference = (layer(x.flip(1)).flip(1) - layer(x)).abs().max()
        assert difference < 1e-9 if directions == "tied" else difference > 0.01


def test_released_rwkv_and_transformers_do_not_know_the_direction():
    x = normal(2, 6, 16)
    rwkv, transformer = scrambled(RWKV(16, head_size=8, **RELEASED)), scrambled(Transformer(16))
    for mixer in (rwkv, transformer):
        torch.testing.assert_close(mixer(x.flip(1)).flip(1), mixer(x), rtol=1e-9, atol=1e-9)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    torch.testing.assert_close(transformer(x[:, order]), transformer(x)[:, order])
    assert (rwkv(x[:, order]) - rwkv(x)[:, order]).abs().max() > 0.01


@pytest.mark.parametrize("token_shift", [False, True])
def test_token_shift_looks_one_frame_back(token_shift):
    block = scrambled(RWKV(8, token_shift=token_shift)).block
    x = normal(1, 5, 8)
    before = block.channel_mix(x)
    x[:, 2] += 1
    changed = (block.channel_mix(x) - before).abs().amax(dim=(0, 2)) > 0
    assert changed.tolist() == [False, False, True, token_shift, False]


@pytest.mark.parametrize("name", MIXERS)
def test_every_parameter_is_registered_once_and_trained(name):
    torch.manual_seed(0)
    layer, x = BidirectionalLayer(8, MIXERS[name]), normal(3, 6, 8).float()
    started = {key: parameter.detach().clone() for key, parameter in layer.named_parameters()}
    optimizer = torch.optim.Adam(layer.parameters())
    for _ in range(2):  # gradients of low-rank factors pass through each other
        optimizer.zero_grad()
        (layer(x) * normal(3, 6, 8, seed=1)).sum().backward()
        optimizer.step()
    assert list(started) == [key for key, _ in layer.named_parameters()]
    assert not [key for key, parameter in layer.named_parameters() if torch.equal(parameter, started[key])]


@pytest.mark.parametrize("order", ["temporal", "visible_first"])
@pytest.mark.parametrize("name", MIXERS)
def test_masked_frames_of_a_sequence(name, order):
    stack = scrambled(BidirectionalStack(8, 1, MIXERS[name]))
    seen, blank = normal(2, 3, 8), normal(5, 8, seed=1)
    visible, hidden = torch.tensor([[0, 2, 4], [1, 2, 3]]), torch.tensor([[1, 3], [0, 4]])
    result = stack.at_hidden(seen, blank, visible, hidden, order)
    for video in range(2):
        place = visible[video].tolist() + hidden[video].tolist() if order == "temporal" else range(5)
        whole = torch.empty(5, 8, dtype=torch.float64)
        whole[list(place)] = torch.cat([seen[video], blank[hidden[video]]])
        torch.testing.assert_close(result[video], stack(whole[None])[0, list(place)[3:]], rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", MIXERS)
def test_any_number_of_videos_and_frames_in_half_precision_too(name):
    layer = BidirectionalLayer(8, MIXERS[name]).train()
    for videos, frames in ((0, 5), (2, 1), (3, 100)):
        x = torch.randn(videos, frames, 8, requires_grad=True)
        y = layer(x)
        assert y.shape == x.shape and y.isfinite().all()
        y.sum().backward()
    exact = layer(x).detach()
    # torch's LSTM in bfloat16 does not exist on every processor.
    with arithmetic(x.device, "bfloat16") if name == "lstm" else torch.autocast("cpu", torch.bfloat16):
        y = layer(x)
    y.float().sum().backward()
    assert (y.float() - exact).abs().max() < 0.1 * exact.abs().max()


def test_states_between_chunks_keep_memory_linear(monkeypatch):
    largest = []
    products = torch.Tensor.__matmul__

    def watched(left, right):
        result = products(left, right)
        largest.append(result.numel())
        return result

    monkeypatch.setattr(torch.Tensor, "__matmul__", watched)
    for mixer in (Retention(8), RWKV(8)):
        sizes = []
        for frames in (512, 1024):
            largest.clear()
            with torch.no_grad():
                mixer(torch.randn(1, frames, 8))
            sizes.append(max(largest))
        assert sizes[1] == 2 * sizes[0] and sizes[1] <= 1024 * math.prod((5, 32, 4))


def test_a_mixer_says_how_it_reads():
    with pytest.raises(NotImplementedError):
        TemporalMixer()(torch.zeros(1, 2, 3))
