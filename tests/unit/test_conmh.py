"""ConMH: its released recipe against numbers that the authors' program gave, and facts about their network."""

import math

import golden_files
import h5py
import pytest
import torch
import torch.nn.functional as F
from golden_files import TOLERANCE, groups_of

from s5vh.base.errors import UserError
from s5vh.methods.conmh.authors_checkpoint import NAMES
from s5vh.methods.conmh.network import ConMH
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.nn.attention import TransformerBlock
from s5vh.nn.contrast import debiased_contrastive_loss
from s5vh.nn.hash_layer import HashLayer
from s5vh.nn.masks import embed_visible, two_views
from s5vh.training.optimizers import learning_rate

GOLDEN = golden_files.GOLDEN / "conmh_released.h5"
SMALL = {"width": 32, "depth": 2, "decoder_width": 24, "decoder_depth": 1}
FEATS = torch.randn(8, 25, 48, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def golden():
    return groups_of(GOLDEN)


def network(recipe="conmh", shape=(25, 48, 16), *, model=SMALL, **more):
    torch.manual_seed(0)
    return ConMH(load_method(recipe, overrides={recipe: {"model": model} | more}), Shape(*shape), {})


@pytest.fixture
def released(golden):
    """The network of the golden numbers."""
    sizes = {name: int(value) for name, value in golden["sizes"].items() if name != "weights"}
    model = {"width": sizes["hidden_size"], "depth": sizes["encoder_depth"], "heads": sizes["encoder_heads"]}
    model |= {name: sizes[name] for name in ("decoder_width", "decoder_depth", "decoder_heads", "mlp_ratio")}
    net = network("conmh-released", (sizes["max_frames"], sizes["feature_size"], sizes["nbits"]), model=model)
    net.load_state_dict(NAMES.arrays(golden["weights"]))
    return net


@pytest.fixture
def views(golden):
    """Visible and hidden frames of both views, [view, video, frame]."""
    order = golden["inputs"]["mask"].transpose(0, 1).int().sort(dim=-1, stable=True).indices
    return order[..., :7], order[..., 7:]


def batch_of(feats):
    return Batch(feats[None], torch.arange(len(feats))[None], 0, torch.Generator().manual_seed(0))


def test_whole_videos_give_the_outputs_of_the_released_program(golden, released):
    feats, outputs = golden["inputs"]["frames"], golden["outputs"]
    embeddings = released.embed(feats) + released.positions
    encoded = released.encoder_head(released.encoder(embeddings))
    torch.testing.assert_close(encoded, outputs["inference/encoder_output"], **TOLERANCE)
    linear = released.hash.linear(encoded)
    torch.testing.assert_close(linear, outputs["inference/hash_linear_output"], **TOLERANCE)
    torch.testing.assert_close(released.hash.norm(linear), outputs["inference/before_binarisation"], **TOLERANCE)
    assert torch.equal(released.frame_hashes(embeddings), outputs["inference/frame_codes"])
    assert torch.equal(released.encode(feats), outputs["inference/video_code"])
    positions = {"encoder_positions": released.positions, "decoder_positions": released.decoder_positions}
    torch.testing.assert_close(positions, golden["constants"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("view", [1, 2])
def test_masked_views_give_the_outputs_of_the_released_program(golden, released, views, view):
    feats, (visible, hidden) = golden["inputs"]["frames"], (index[view - 1] for index in views)
    outputs = {name.removeprefix(f"view{view}/"): value for name, value in golden["outputs"].items()}
    embeddings = x = embed_visible(released.embed, released.positions, feats, visible)
    for number, block in enumerate(released.encoder.blocks if view == 1 else []):  # only stored for that view
        x = block(x)
        torch.testing.assert_close(x, outputs[f"encoder_block_{number}_output"], **TOLERANCE)
    x = released.encoder_head(released.encoder(embeddings))
    torch.testing.assert_close(x, outputs["encoder_output"], **TOLERANCE)
    codes = released.frame_hashes(embeddings)
    assert torch.equal(codes, outputs["frame_codes"])
    torch.testing.assert_close(released.hash_to_decoder(codes), outputs["decoder_tokens_before_position"], **TOLERANCE)
    predicted = released.head(released.decode(codes, visible, hidden))
    torch.testing.assert_close(predicted, outputs["reconstruction"], **TOLERANCE)
    error = (predicted - feats[torch.arange(len(feats))[:, None], hidden]).square().mean()
    torch.testing.assert_close(error, outputs[f"loss_reconstruction_view{view}"], **TOLERANCE)


def test_losses_and_gradients_are_those_of_the_released_program(golden, released, views, monkeypatch):
    monkeypatch.setattr("s5vh.methods.conmh.network.two_views", lambda *_: views)
    terms = released.losses(batch_of(golden["inputs"]["frames"]))
    for ours, theirs in {"reconstruction": "reconstruction", "contrast": "contrastive", "total": "total"}.items():
        assert terms[ours].item() == pytest.approx(golden["outputs"][f"loss_{theirs}"].item(), rel=1e-5)
    terms["total"].backward()
    ours = {name: parameter.grad for name, parameter in released.named_parameters()}
    assert {NAMES.ours(name) for name in golden["gradients"]} == set(ours)
    for name, expected in golden["gradients"].items():
        gradient = ours[NAMES.ours(name)]
        error = (gradient - expected.view_as(gradient)).abs().max() / expected.abs().max()
        assert error < 1e-5, f"{name}: {error:.1e}"


@pytest.mark.parametrize("case", range(6))
def test_contrast_gives_the_golden_losses_and_gradients(golden, case):
    with h5py.File(GOLDEN) as file:
        options = dict(file[f"contrastive_cases/case{case}"].attrs)
    values = {name.removeprefix(f"case{case}/"): value for name, value in golden["contrastive_cases"].items()}
    pair = [values[f"codes_view{view}"].clone().requires_grad_() for view in (1, 2)]
    loss = debiased_contrastive_loss(*pair, options["temperature"], options["tau_plus"])
    torch.testing.assert_close(loss, values["loss"], rtol=1e-9, atol=1e-12)
    for view, gradient in enumerate(torch.autograd.grad(loss, pair), start=1):
        torch.testing.assert_close(gradient, values[f"gradient_view{view}"], rtol=1e-9, atol=1e-9)


def test_frames_are_binarised_with_the_golden_gradients(golden):
    values = golden["binariser"]
    x = values["input"].clone().requires_grad_()
    y = HashLayer(1, 1, frames="binary").activation(x)
    y.backward(values["upstream_gradient"])
    assert torch.equal(y, torch.where(values["input"] == 0, 1.0, values["output"]))  # released: sign(0) is -1
    assert torch.equal(x.grad, values["gradient"])


def count(*parts):
    return sum(parameter.numel() for part in parts for parameter in part.parameters())


def test_parameter_counts_are_the_released_ones(golden):
    for shape, bits in [(shape, bits) for shape in ((25, 4096), (30, 2048)) for bits in (16, 32, 64)]:
        with torch.device("meta"):
            net = network("conmh-released", (*shape, bits), model={})
        assert count(net) == golden["sizes"][f"paper_size_parameters_{shape[0]}x{shape[1]}_{bits}bit"]
    with torch.device("meta"):
        net = network("conmh-released", (25, 4096, 64), model={})
        half = network("conmh-released", (25, 2048, 64), model={})
    assert count(net.embed, net.encoder, net.encoder_head) == 10_539_936
    assert count(net.embed, net.encoder, net.encoder_head, net.hash) == 10_556_512
    assert count(net.decoder, net.head) == 1_680_256
    assert count(net) - count(half) == 2048 * 256 + 2048 * 192 + 2048


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ({"depth": 1, "heads": 1}, 3_613_952),  # "mini"
        ({"heads": 12}, 12_249_248),  # "base": 12 heads of 21 are as wide as 6 of 42
        ({"depth": 24, "heads": 16}, 21_772_544),  # "large"
    ],
)
def test_parameter_counts_of_the_other_sizes(model, parameters):
    with torch.device("meta"):
        assert count(network("conmh-released", (25, 4096, 64), model=model)) == parameters


@pytest.mark.parametrize(("frames", "ratio", "seen", "shared"), [(25, 0.75, 7, 0), (30, 0.5, 15, 0), (25, 0.4, 15, 5)])
def test_views_share_as_few_frames_as_the_mask_ratio_allows(frames, ratio, seen, shared):
    visible, hidden = two_views(50, frames, ratio, torch.Generator().manual_seed(0))
    assert visible.shape[-1] == seen and hidden.shape[-1] == math.floor(ratio * frames)
    for (first, second), rest in zip(visible.transpose(0, 1), hidden.transpose(0, 1), strict=True):
        assert len(set(first.tolist()) & set(second.tolist())) == shared
        assert sorted([*first.tolist(), *rest[0].tolist()]) == list(range(frames))
        assert first.tolist() == sorted(first.tolist()) and rest[0].tolist() == sorted(rest[0].tolist())


@pytest.mark.parametrize("ratio", [0.75, 0.4])  # frames are embedded after they are selected, and before
def test_hidden_frames_do_not_reach_the_encoder(ratio):
    net = network(training={"mask_ratio": ratio})
    visible, hidden = (index[0] for index in two_views(8, 25, ratio, torch.Generator().manual_seed(0)))
    rows = torch.arange(8)[:, None]
    changed = FEATS.clone()
    changed[rows, hidden] += 1
    before, after = (embed_visible(net.embed, net.positions, feats, visible) for feats in (FEATS, changed))
    assert torch.equal(before, after)
    torch.testing.assert_close(before, (net.embed(FEATS) + net.positions)[rows, visible])


def test_a_masked_video_s_code_is_a_mean_of_bits_and_a_whole_one_s_is_a_bit(released):
    visible, _ = two_views(8, 25, 0.75, torch.Generator().manual_seed(0))
    seen = embed_visible(released.embed, released.positions, FEATS, visible[0])
    steps = (released.frame_hashes(seen).mean(1) + 1) * 7 / 2
    torch.testing.assert_close(steps, steps.round())
    assert set(released.encode(FEATS).unique().tolist()) == {-1, 1}


def test_videos_of_another_length_are_encoded_as_by_a_network_for_that_length():
    net, longer = network(), network(shape=(40, 48, 16))
    longer.load_state_dict(net.state_dict())
    feats = torch.cat([FEATS, FEATS[:, :15] + 1], dim=1)
    assert torch.equal(net.encode(feats), longer.encode(feats))


def test_contrast_of_known_codes():
    identical = torch.eye(4).double()
    assert debiased_contrastive_loss(identical, identical, 0.5, 0.1).item() == pytest.approx(0.2115, abs=5e-5)
    collapsed = torch.ones(4, 8).double()
    assert debiased_contrastive_loss(collapsed, collapsed, 0.5, 0.1).item() == pytest.approx(math.log(7))
    first, second = torch.randn(2, 6, 16, generator=torch.Generator().manual_seed(2)).double()
    both = F.normalize(torch.cat([first, second]), dim=-1)
    logits = (both @ both.t() / 0.5).fill_diagonal_(-math.inf)
    softmax = F.cross_entropy(logits, torch.arange(12).roll(6))
    torch.testing.assert_close(debiased_contrastive_loss(first, second, 0.5, 0.0), softmax)
    scale = torch.linspace(0.1, 3, 6).double()[:, None]
    scaled, plain = (debiased_contrastive_loss(codes, second, 0.5, 0.1) for codes in (scale * first, first))
    torch.testing.assert_close(scaled, plain)


def test_learning_rate_falls_in_steps_to_its_floor():
    training = load_method("conmh", "fcvid").training
    expected = {0: 1e-4, 19: 1e-4, 20: 9e-5, 420: 1e-4 * 0.9**21, 440: 1e-5, 799: 1e-5}
    assert {epoch: learning_rate(training, epoch, 90 * epoch) for epoch in expected} == pytest.approx(expected)


def by_loops(block, x, heads):
    """A block with one head, query and key at a time."""

    def norm(layer, row):
        return (row - row.mean()) / (row.var(correction=0) + 1e-6).sqrt() * layer.weight + layer.bias

    attention, (up, _, down) = block.attention, block.mlp
    q, k, v = attention.qkv.weight.chunk(3)
    size = len(q) // heads
    outputs = []
    for video in x:
        seen = torch.stack([norm(block.attention_norm, row) for row in video])
        queries, keys, values = seen @ q.t() + attention.q_bias, seen @ k.t(), seen @ v.t() + attention.v_bias
        for t, row in enumerate(video):
            mixed = []
            for h in range(heads):
                part = slice(h * size, (h + 1) * size)
                scores = torch.stack([queries[t, part] @ key[part] / size**0.5 for key in keys]).exp()
                mixed.append(sum(s * value[part] for s, value in zip(scores, values, strict=True)) / scores.sum())
            row = row + attention.proj(torch.cat(mixed))
            hidden = up(norm(block.mlp_norm, row))
            outputs.append(row + down(hidden * (1 + torch.erf(hidden / 2**0.5)) / 2))
    return torch.stack(outputs).view_as(x)


@pytest.mark.parametrize("scale", [1.0, 1e-3])  # small inputs show the norms' epsilon
def test_blocks_equal_plain_loops_and_finite_differences(scale):
    torch.manual_seed(0)
    block = TransformerBlock(8, heads=3, head_size=2, mlp_ratio=2).double()
    for parameter in block.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    x = (scale * torch.randn(2, 4, 8)).double().requires_grad_()
    torch.testing.assert_close(block(x), by_loops(block, x, 3), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(block(x, last=3), block(x)[:, 1:], rtol=1e-12, atol=1e-12)
    values = (x, *block.parameters())
    for last in (None, 3):
        assert torch.autograd.gradcheck(lambda x, *_, last=last: block(x, last), values, eps=1e-7 * scale)


def test_training_starts_as_the_released_program_does():
    net, narrow = (network(recipe, model=SMALL | {"decoder_width": 900}) for recipe in ("conmh", "conmh-released"))
    # Truncated at c standard deviations, a normal distribution keeps 0.88 (c = 2) or 0.54 (c = 1) of its own.
    for token, spread, largest in ((net.mask_token, 0.0176, 0.04), (narrow.mask_token, 0.0108, 0.02)):
        assert token.std().item() == pytest.approx(spread, rel=0.05) and 0.98 * largest < token.abs().max() <= largest
    for module in net.modules():
        if isinstance(module, torch.nn.Linear) and module not in (net.hash.linear, net.hash_to_decoder):
            xavier = math.sqrt(6 / sum(module.weight.shape))
            assert 0.95 * xavier < module.weight.abs().max() <= xavier
            assert module.bias is None or not module.bias.any()
    assert net.hash.linear.weight.abs().max() <= 1 / 32**0.5 and net.hash.linear.bias.any()


def test_contrast_is_of_frame_means_with_its_own_temperature_and_prior():
    net = network(loss={"temperature": 0.3, "tau_plus": 0.25}).eval()
    visible, _ = two_views(8, 25, 0.75, torch.Generator().manual_seed(0))
    rows, embedded = torch.arange(8)[:, None], net.embed(FEATS) + net.positions
    means = [net.frame_hashes(embedded[rows, seen]).mean(1) for seen in visible]
    expected = debiased_contrastive_loss(*means, 0.3, 0.25)
    torch.testing.assert_close(net.losses(batch_of(FEATS))["contrast"], expected)


def test_sizes_of_encoder_and_decoder_are_their_own():
    sizes = {"width": 20, "depth": 2, "heads": 3, "decoder_width": 12, "decoder_depth": 1, "decoder_heads": 5}
    net = network(model=sizes | {"mlp_ratio": 2})
    for stack, depth, heads, size, hidden in ((net.encoder, 2, 3, 6, 40), (net.decoder, 1, 5, 2, 24)):
        assert len(stack.blocks) == depth and stack.blocks[0].mlp[0].out_features == hidden
        assert (stack.blocks[0].attention.heads, stack.blocks[0].attention.head_size) == (heads, size)
    assert ConMH.minimum_batch_size == 2
    network(model=sizes | {"heads": 20, "decoder_heads": 12})  # one channel each
    for part, wide in (("", 20), ("decoder_", 12)):
        with pytest.raises(UserError, match=rf"{part}heads is {wide + 1}, must be at most {part}width \({wide}\)"):
            network(model=sizes | {f"{part}heads": wide + 1})


def test_weights_of_losses():
    for weights in ({"contrast": 0.2}, {"reconstruction": 0.5}):
        terms = network(loss=weights).losses(batch_of(FEATS))
        w = {"contrast": 1.0, "reconstruction": 1.0} | weights
        expected = w["reconstruction"] * terms["reconstruction"] + w["contrast"] * terms["contrast"]
        torch.testing.assert_close(terms["total"], expected)
    assert set(network(loss={"contrast": 0}).losses(batch_of(FEATS))) == {"total", "reconstruction"}
    assert set(network(loss={"reconstruction": 0}).losses(batch_of(FEATS))) == {"total", "contrast"}


def test_half_precision_leaves_codes_and_contrast_in_single(monkeypatch, with_bfloat16):
    seen = []

    def contrast(first, second, *options):
        seen.append((first.dtype, second.dtype, torch.is_autocast_enabled("cpu")))
        return debiased_contrastive_loss(first, second, *options)

    monkeypatch.setattr("s5vh.methods.conmh.network.debiased_contrastive_loss", contrast)
    net = network(training={"precision": "bfloat16"})
    terms = net.step(batch_of(FEATS), [torch.optim.Adam(net.parameters(), lr=1e-4)])
    assert seen == [(torch.float32, torch.float32, False)]
    exact = network().losses(batch_of(FEATS))["reconstruction"].item()
    assert terms["reconstruction"].item() == pytest.approx(exact, rel=0.02) and terms["reconstruction"] != exact
    assert net.encode(FEATS).dtype == torch.float32
