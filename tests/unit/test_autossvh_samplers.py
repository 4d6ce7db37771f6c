"""AutoSSVH's frame samplers: its own against numbers of the authors' class, and those in the style of other methods."""

import h5py
import pytest
import torch
from autossvh_parts import FEATS, GOLDEN, SMALL, batch_of, gradients, network
from golden_files import TOLERANCE, read

from s5vh.base.errors import UserError
from s5vh.methods.autossvh import samplers
from s5vh.methods.autossvh.samplers import (
    AdaMAELike,
    Choice,
    GradeNet,
    frames_of,
    gumbel_noise,
    hard_mask,
    scale_gradient,
    top_k_mask,
)
from s5vh.methods.load import load_method
from s5vh.methods.released_names import ReleasedNames
from s5vh.nn.attention import Attention
from s5vh.nn.masks import frames_at

KINDS = ("grade", "random", "attmask", "adamae", "adios")
NAMES = ReleasedNames(
    "sampler",
    {
        "importance_score.importance_score.#.*": "mlp.#.*",
        "importance_score.norm.*": "norm.*",
        "importance_score.transf.0.*": "score.*",
        "temperature": None,
    },
)


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        return {name: read(group) | {"sizes": dict(group.attrs)} for name, group in file["sampler"].items()}


def part(values, group):
    start = f"{group}/"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


@pytest.mark.parametrize("case", ["training_case0", "training_case1"])
def test_grade_net_top_k_and_reversal_are_those_of_the_released_class(golden, case):
    values, sizes = golden[case], golden[case]["sizes"]
    inputs, outputs, kept = part(values, "inputs"), part(values, "outputs"), int(sizes["kept_frames"])
    net = GradeNet(int(sizes["width"]))
    net.load_state_dict(NAMES.arrays(part(values, "weights")))
    tokens = inputs["tokens"].clone().requires_grad_()
    scores = net(tokens)
    torch.testing.assert_close(scores, outputs["scores"], **TOLERANCE)
    # The released class adds Gaussian noise, ten times as strong, and standardises over the batch.
    gumbel = -torch.log(-torch.log(inputs["uniform_noise"] + 1e-20) + 1e-20)
    noisy = scores + gumbel + sizes["noise_scale"] * inputs["normal_noise"]
    noisy = (noisy - noisy.mean()) / noisy.std()
    torch.testing.assert_close(noisy, outputs["standardised_noisy_scores"], **TOLERANCE)
    probabilities = (noisy / sizes["softmax_temperature"]).softmax(dim=-1)
    torch.testing.assert_close(probabilities, outputs["probabilities"], **TOLERANCE)
    mask = top_k_mask(noisy, kept)
    index = frames_of(mask, kept)
    assert torch.equal(index, outputs["selected_indices"])
    gate = scale_gradient(hard_mask(probabilities, mask).gather(-1, index), float(sizes["gradient_reversal_factor"]))
    selected = frames_at(tokens, index) * gate[..., None]
    torch.testing.assert_close(selected, outputs["selected_tokens"], **TOLERANCE)
    selected.backward(inputs["upstream_gradient"])
    expected = part(values, "gradients")
    torch.testing.assert_close(tokens.grad, expected.pop("tokens"), **TOLERANCE)
    found = dict(net.named_parameters())
    assert {NAMES.ours(name) for name in expected} == set(found)
    for name, gradient in expected.items():
        error = (found[NAMES.ours(name)].grad - gradient).abs().max() / gradient.abs().max()
        assert error < 1e-5, f"{name}: {error:.1e}"
    unordered = part(values, "evaluation")["selected_indices"]
    assert torch.equal(frames_of(top_k_mask(scores, kept), kept), unordered.sort(dim=-1).values)


def test_equal_values_are_taken_in_temporal_order():
    values = torch.tensor([[0.5, 0.9, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]])
    assert top_k_mask(values, 2).tolist() == [[True, True, False, False], [True, True, False, False]]
    assert frames_of(torch.tensor([[False, True, False, True]]), 2).tolist() == [[1, 3]]


def test_gradients_of_masks_and_of_the_reversal():
    x = torch.rand(3, 5, dtype=torch.float64, requires_grad=True)
    assert torch.equal(scale_gradient(x, -1.0), x)
    upstream = torch.rand(3, 5, dtype=torch.float64)
    for factor in (-1.0, 0.5):
        (gradient,) = torch.autograd.grad(scale_gradient(x, factor), x, upstream)
        assert torch.equal(gradient, factor * upstream)
    mask = torch.rand(3, 5) > 0.5
    hard = hard_mask(x, mask)
    assert torch.equal(hard, mask.double()) and torch.equal(torch.autograd.grad(hard, x, upstream)[0], upstream)


def test_gumbel_noise_has_its_distribution():
    noise = gumbel_noise((200_000,), torch.Generator().manual_seed(0))
    assert noise.mean().item() == pytest.approx(0.5772, abs=0.01)
    assert noise.var().item() == pytest.approx(1.6449, abs=0.03) and torch.isfinite(noise).all()


def choice_of(net, seed=0, feats=FEATS):
    chosen, choice = net.views(feats, torch.Generator().manual_seed(seed))
    return chosen, choice


@pytest.mark.parametrize("kind", KINDS)
def test_views_share_out_the_frames_in_temporal_order(kind):
    net = network(sampler={"kind": kind}, training={"mask_ratio": 0.75})
    chosen, choice = choice_of(net)
    assert choice.visible.shape == (2, 8, 3) and choice.hidden.shape == (2, 8, 7)
    together = torch.cat([choice.visible, choice.hidden], dim=-1).sort(dim=-1).values
    assert torch.equal(together, torch.arange(10).expand(2, 8, 10))
    for index in (choice.visible, choice.hidden):
        assert torch.equal(index, index.sort(dim=-1).values)
    expected = frames_at(net.embedded(FEATS), choice.visible.flatten(0, 1))
    torch.testing.assert_close(chosen, expected, rtol=0, atol=1e-6)  # gates are 1
    assert torch.equal(choice_of(net)[1].visible, choice.visible)
    other = choice_of(net, seed=1)[1].visible
    assert torch.equal(other, choice.visible) == (kind == "adios")
    assert not torch.equal(*choice.visible)


@pytest.mark.parametrize("kind", KINDS)
def test_losses_reach_every_parameter_with_every_sampler(kind):
    net = network(sampler={"kind": kind})
    found = gradients(net)
    assert all(gradient is not None and gradient.any() for gradient in found.values())
    assert any(name.startswith("sampler") for name in found) == (kind in ("grade", "adamae", "adios"))
    assert ("sampler" in net.losses(batch_of())) == (kind == "adamae")


@pytest.mark.parametrize("kind", ["grade", "adios"])
@pytest.mark.parametrize("top", ["dropped", "kept"])
def test_reversal_turns_the_sampler_s_gradients_and_nothing_else(kind, top):
    against, with_it = (
        gradients(network(sampler={"kind": kind, "top": top, "gradient_factor": factor})) for factor in (-1.0, 1.0)
    )
    for name, gradient in against.items():
        sign = -1 if name.startswith("sampler") else 1
        assert torch.equal(gradient, sign * with_it[name]), name


@pytest.mark.parametrize("top", ["dropped", "kept"])
def test_top_frames_are_dropped_or_kept(top):
    net = network(sampler={"top": top, "noise": 0.0}, training={"mask_ratio": 0.3})
    scores = net.sampler.grade_net(net.embedded(FEATS))
    first, choice = choice_of(net)
    ranked = scores.argsort(dim=-1)
    lowest, highest = ranked[:, :7], ranked[:, 3:]
    for visible in choice.visible:  # without noise, both views are the same
        assert torch.equal(visible, (lowest if top == "dropped" else highest).sort(dim=-1).values)
    # The gate's gradient is that of the softmax, with the signs of dropping and of reversal.
    upstream = torch.rand(2, 8, 7, generator=torch.Generator().manual_seed(2))
    weight = net.sampler.grade_net.score.weight
    (found,) = torch.autograd.grad(choice.gate, weight, upstream, retain_graph=True)
    soft = (net.sampler.grade_net(net.embedded(FEATS).detach()) / 0.5).softmax(dim=-1)
    expected = sum((soft.gather(-1, choice.visible[view]) * upstream[view]).sum() for view in range(2))
    (expected,) = torch.autograd.grad(expected, weight)
    torch.testing.assert_close(found, expected if top == "dropped" else -expected)
    assert first.shape == (16, 7, 16)


def test_noise_and_temperature_enter_as_told(monkeypatch):
    noise = torch.randn(2, 8, 10, generator=torch.Generator().manual_seed(3))
    monkeypatch.setattr(samplers, "gumbel_noise", lambda *_: noise)
    net = network(sampler={"noise": 0.25, "temperature": 0.2, "top": "kept", "gradient_factor": 1.0})
    scores = net.sampler.grade_net(net.embedded(FEATS).detach())
    _, choice = choice_of(net)
    expected = (scores + 0.25 * noise).topk(5).indices.sort(dim=-1).values
    assert torch.equal(choice.visible, expected)
    soft = ((scores + 0.25 * noise) / 0.2).softmax(dim=-1).gather(-1, expected)
    bias = net.sampler.grade_net.score.bias
    pair = [torch.autograd.grad(x.sum(), bias, retain_graph=True)[0] for x in (choice.gate, soft)]
    torch.testing.assert_close(*pair)


def test_attention_weights_are_those_of_the_layer():
    torch.manual_seed(0)
    layer, x = Attention(12, heads=3, head_size=2), torch.randn(2, 5, 12)
    torch.nn.init.normal_(layer.q_bias)
    weights = layer.weights(x)
    value = (x @ layer.qkv.weight[12:].t() + layer.v_bias).view(2, 5, 3, 2).transpose(1, 2)
    torch.testing.assert_close(layer.proj((weights @ value).transpose(1, 2).flatten(2)), layer(x))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3, 5))


def test_attmask_like_hides_the_frames_that_receive_most_attention():
    net = network(sampler={"kind": "attmask", "noise": 0.0}, model=SMALL | {"depth": 2})
    x = net.encoder.blocks[0](net.embedded(FEATS))
    final = net.encoder.blocks[1]
    received = final.attention.weights(final.attention_norm(x)).mean(dim=(1, 2))
    _, choice = choice_of(net)
    assert torch.equal(choice.hidden[0], received.topk(5).indices.sort(dim=-1).values)
    scores = net.sampler.scores(net.embedded(FEATS), net.encoder)
    assert not scores.requires_grad and choice.gate is None
    assert torch.equal(scores.amin(1), torch.zeros(8)) and torch.equal(scores.amax(1), torch.ones(8))


def test_adamae_like_learns_to_show_frames_with_large_errors():
    logits = torch.zeros(1, 4, requires_grad=True)
    hidden = torch.tensor([[[0, 1]], [[1, 3]]])
    errors = torch.tensor([[[1.0, 2.0]], [[4.0, 0.0]]])
    choice = Choice(torch.tensor([[[2, 3]], [[0, 2]]]), hidden, None, logits.log_softmax(dim=-1))
    loss = AdaMAELike.loss(choice, errors)
    loss.backward()
    torch.testing.assert_close(loss, torch.tensor(7.0 / 4).detach() * torch.tensor(4.0).log())
    # -1/4 of the error of a frame, and a quarter of all errors to every frame, as log-softmax takes it.
    torch.testing.assert_close(logits.grad, (torch.full((1, 4), 7 / 4) - torch.tensor([[1.0, 6, 0, 0]])) / 4)
    net = network(sampler={"kind": "adamae"})
    terms = net.losses(batch_of())
    rest = terms["reconstruction"] + terms["contrast"]
    torch.testing.assert_close(terms["total"], rest + terms["sampler"])


def test_adamae_like_draws_without_replacement_from_its_probabilities():
    net = network(sampler={"kind": "adamae"}).sampler
    logits = torch.tensor([3.0, 1.0, 0.0]).log_softmax(dim=0)
    net.net.forward = lambda x: logits.expand(len(x), 3)
    choice = net(torch.zeros(20_000, 3, 16), None, 2, torch.Generator().manual_seed(0))
    p = logits.exp()
    # Seen unless it is drawn neither first nor second.
    unseen = p[1] * p[2] / (1 - p[1]) + p[2] * p[1] / (1 - p[2])
    assert (choice.hidden == 0).float().mean().item() == pytest.approx(unseen.item(), abs=0.01)


def test_adios_like_views_are_opposite():
    _, choice = choice_of(network(sampler={"kind": "adios"}))
    assert torch.equal(choice.visible[0], choice.hidden[1]) and torch.equal(choice.hidden[0], choice.visible[1])


def test_a_sampler_that_learns_from_errors_needs_them():
    changed = {"autossvh": {"sampler": {"kind": "adamae"}, "loss": {"reconstruction": 0}}}
    with pytest.raises(UserError, match=r"sampler.kind 'adamae' learns from reconstruction errors; set loss\.recon"):
        load_method("autossvh", overrides=changed)
