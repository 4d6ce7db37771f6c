"""MCMSH: its released recipe against numbers that the authors' program gave, and facts about their network."""

import math

import golden_files
import pytest
import torch
from golden_files import TOLERANCE, groups_of
from torch import nn

from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.methods.mcmsh.authors_checkpoint import NAMES, from_released
from s5vh.methods.mcmsh.network import MCMSH, quadruplet_loss, squared_error
from s5vh.nn.batch_norm import GroupedBatchNorm
from s5vh.nn.hash_layer import sign_straight_through
from s5vh.semantics.anchor_graph import AnchorGraph
from s5vh.training.optimizers import learning_rate

GOLDEN = golden_files.GOLDEN / "mcmsh_released.h5"
GROUPS = ("anchor_i", "partner_j", "similar", "dissimilar_1", "dissimilar_2")
SMALL = {"width": 32, "channel_reduction": 8}
FEATS = torch.randn(6, 25, 48, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def golden():
    return groups_of(GOLDEN)


def network(recipe="mcmsh", shape=(25, 48, 16), *, model=SMALL, **more):
    torch.manual_seed(0)
    return MCMSH(load_method(recipe, overrides={recipe: {"model": model} | more}), Shape(*shape), {})


def change(net, part, **values):
    """Other settings of a network that do not affect its parameters."""
    options = getattr(net.settings, part).model_copy(update=values)
    net.settings = net.settings.model_copy(update={part: options})
    net.loss_options = net.settings.loss


@pytest.fixture
def released(golden):
    """The network of the golden numbers, as in its epoch 3."""
    net = network("mcmsh-released").eval()
    net.load_state_dict({name: torch.as_tensor(value) for name, value in from_released(golden["weights"]).items()})
    net.begin_epoch(3, None)
    return net


class Codes:
    """A graph whose codes are given."""

    def __init__(self, codes):
        self.codes = codes

    def code(self, first, second):
        return self.codes[first, second]


def released_batch(golden, net):
    """The golden batch: groups of videos [5, 8], with targets of the first two and a graph of their similarity."""
    names = ("frames_i", "frames_j", "frames_similar", "frames_dissimilar_1", "frames_dissimilar_2")
    inputs = golden["inputs"]
    net.targets = torch.cat([inputs["cluster_target_i"], inputs["cluster_target_j"]])
    codes = torch.zeros(16, 16, dtype=torch.int64)
    codes[torch.arange(8), torch.arange(8, 16)] = torch.where(inputs["similarity_ij"] > 0, 1, 2)
    net._graph = Codes(codes)
    index = torch.cat([torch.arange(16).view(2, 8), torch.zeros(3, 8, dtype=torch.int64)])
    return Batch(torch.stack([inputs[name] for name in names]), index, 3, torch.Generator())


def test_modules_give_the_outputs_of_the_released_program(golden, released):
    """Nine gate modules, the two MLPs, and what comes between them."""
    outputs = {}
    net, short = released.mc_mlp, {"token": "token_mixer", "channel": "channel_mixer", "output": "output_gating"}

    def keep(name, value):
        outputs[name] = value

    for block, name in short.items():
        gating = getattr(net, f"{block}_gating")
        for number, gate in enumerate((gating.long, gating.medium, gating.short)):
            # A module's output is that of its gate between its own layers.
            def hook(_, inputs, gate_output, gating=gating, number=number, name=name):
                kind = ("long", "medium", "short")[number]
                keep(f"{name}/{kind}", gating.after[number](inputs[0] * gate_output))

            gate.register_forward_hook(hook)
        if block != "output":
            getattr(net, f"{block}_mlp").register_forward_hook(lambda _, i, o, name=name: keep(f"{name}/mlp", o))
    with torch.no_grad():
        embeddings = net(golden["inputs"]["frames_i"])
    found = {key.partition("intermediate/")[2]: value for key, value in golden["outputs"].items() if "anchor_i" in key}
    transposed = {"channel_mixer/long", "channel_mixer/medium", "channel_mixer/short"}
    transposed |= {f"output_gating/{kind}" for kind in ("long", "medium", "short")}
    transposed |= {f"token_mixer/{kind}" for kind in ("long", "medium", "short")}
    assert len(outputs) == 11
    for name, value in outputs.items():
        value = value.transpose(1, 2) if name in transposed else value
        torch.testing.assert_close(value, found[name], **TOLERANCE)
    torch.testing.assert_close(embeddings, golden["outputs"]["anchor_i/embedding"], **TOLERANCE)
    embedded = net.embed(golden["inputs"]["frames_i"])  # before the ReLU
    torch.testing.assert_close(embedded, found["pre_projection"], **TOLERANCE)
    torch.testing.assert_close(released.hash(embeddings), found["hash_logits"], **TOLERANCE)


@pytest.mark.parametrize("epoch", [0, 3, 55])
def test_codes_are_those_of_the_released_program_in_each_epoch(golden, released, epoch):
    outputs, frames = golden["outputs"], golden["inputs"]["frames_i"]
    released.begin_epoch(epoch, None)
    with torch.no_grad():
        relaxed = released.relaxed_codes(released.mc_mlp(frames))
        torch.testing.assert_close(relaxed, outputs[f"anchor_i/relaxed_code_epoch_{epoch}"], **TOLERANCE)
        assert torch.equal(released.encode(frames), outputs[f"anchor_i/code_epoch_{epoch}"])
        assert released.facts() == {"alpha": pytest.approx(math.sqrt(epoch + 1))}
    change(released, "model", encoding_alpha=2.0)
    assert torch.equal(released.encode(frames), outputs["anchor_i/code_epoch_3"])
    change(released, "model", encoding_alpha=None, relaxation="tanh_of_mean")
    paper = released.relaxed_codes(released.mc_mlp(frames), 1.0 if epoch == 0 else 2.0)
    known = outputs["anchor_i/paper_order_relaxed_code"]
    assert torch.equal(paper.sign(), known.sign())


def test_losses_and_gradients_are_those_of_the_released_program(golden, released):
    terms = released.losses(released_batch(golden, released))
    for name, value in terms.items():
        assert value.item() == pytest.approx(golden["outputs"][f"loss_{name}"].item(), rel=1e-5)
    terms["total"].backward()
    ours = {name: parameter.grad for name, parameter in released.named_parameters()}
    assert {NAMES.ours(name) for name in golden["gradients"]} == set(ours)
    for name, expected in golden["gradients"].items():
        gradient = ours[NAMES.ours(name)]
        error = (gradient - expected.view_as(gradient)).abs().max() / expected.abs().max()
        assert error < 1e-5, f"{name}: {error:.1e}"


def test_quantisation_has_exactly_no_gradient_unless_its_target_is_detached(golden, released):
    released.losses(released_batch(golden, released))["quantisation"].backward()
    assert all(parameter.grad is None or not parameter.grad.any() for parameter in released.parameters())
    change(released, "loss", quantisation_target="detached")
    released.losses(released_batch(golden, released))["quantisation"].backward()
    assert released.hash.weight.grad.abs().max() > 1e-3
    # By hand: 2 (h - b) / (B K) for each relaxed code.
    codes = torch.tensor([[0.5, -0.2, 0.0, -1.0]], requires_grad=True)
    released._quantisation(codes[None]).backward()
    torch.testing.assert_close(codes.grad, torch.tensor([[0.5 - 1, -0.2 + 1, 0 - 1, 0]]) * 2 / 4)


def test_quadruplet_loss_alone(golden):
    case = golden["quadruplet_case"]
    names = ("anchor", "similar", "dissimilar_1", "dissimilar_2")
    codes = [case[name].clone().requires_grad_() for name in names]
    loss = quadruplet_loss(*codes)
    assert loss.item() == pytest.approx(case["loss"].item(), rel=1e-5)
    for name, gradient in zip(names, torch.autograd.grad(loss, codes), strict=True):
        torch.testing.assert_close(gradient, case[f"gradient_{name}"], **TOLERANCE)
    bits = torch.ones(1, 16)
    far = [bits, bits, -bits, bits * torch.tensor([1.0, -1.0]).repeat(8)]
    assert quadruplet_loss(*far).item() == 0
    margins = quadruplet_loss(bits, bits, bits, bits).item()
    assert margins == pytest.approx(16 / 4 + 16 / 64)


def count(*parts):
    return sum(parameter.numel() for part in parts for parameter in part.parameters())


def test_parameter_counts_are_the_released_ones(golden):
    for shape, bits in [(shape, bits) for shape in ((25, 4096), (30, 2048)) for bits in (16, 32, 64)]:
        with torch.device("meta"):
            net = network("mcmsh-released", (*shape, bits), model={})
        assert count(net) == golden["sizes"][f"paper_size_parameters_{shape[0]}x{shape[1]}_{bits}bit"]
    with torch.device("meta"):
        net = network("mcmsh-released", (25, 4096, 64), model={}).mc_mlp
    token, channel, output = net.token_gating, net.channel_gating, net.output_gating
    assert count(net.embed) == 1_048_832
    assert count(net.token_mlp) == 2_575 and count(token) == 131_946 + 2 * 132_546
    assert count(net.channel_mlp) == 262_912 and count(channel) == count(output) == 10_036 + 2 * 3_380
    for trio, sizes in ((token, (131_946, 132_546, 132_546)), (channel, (10_036, 3_380, 3_380))):
        for number, gate in enumerate((trio.long, trio.medium, trio.short)):
            assert count(gate, trio.before[number], trio.after[number]) == sizes[number]


@pytest.mark.parametrize(("reduction", "parameters"), [(2, 1_877_429), (8, 1_777_973), (32, 1_753_109)])
def test_parameter_counts_of_other_reductions_are_the_papers(reduction, parameters):
    with torch.device("meta"):
        net = network("mcmsh-released", (25, 4096, 64), model={"channel_reduction": reduction})
    assert count(net) == parameters


def test_gates_that_are_open_halfway_sum_to_one_and_a_half():
    for recipe in ("mcmsh", "mcmsh-released"):
        net = network(recipe).mc_mlp
        for gating, context in ((net.token_gating, 32), (net.channel_gating, 25)):
            with torch.no_grad():
                for layer in (*gating.before, *gating.after):
                    layer.weight.copy_(torch.eye(context))
                    layer.bias.zero_()
                for gate in (gating.long, gating.medium, gating.short):
                    gate.excite.weight.zero_()
            x = torch.randn(3, 57 - context, context)
            torch.testing.assert_close(gating(x, 1), 1.5 * x)


def test_training_starts_as_the_released_program_does():
    net = network("mcmsh-released", model=SMALL | {"width": 64}).mc_mlp
    for gating, groups in ((net.token_gating, 1), (net.channel_gating, 8), (net.output_gating, 8)):
        for weight in (gating.long.squeeze.weight, gating.long.excite.weight):
            assert weight.std().item() == pytest.approx(0.001, rel=0.25)
        for gate in (gating.medium, gating.short):
            squeeze, excite = gate.squeeze.weight, gate.excite.weight  # [out, in / groups, 3]
            kaiming = math.sqrt(2 / (3 * len(squeeze)))
            xavier = math.sqrt(2 / (3 * (excite.shape[1] + len(excite))))
            assert squeeze.std().item() == pytest.approx(kaiming, rel=0.25)
            assert excite.std().item() == pytest.approx(xavier, rel=0.25)
            assert excite.abs().max() > 2 * xavier  # normal, not uniform
            assert gate.squeeze.groups == gate.excite.groups == groups


def test_dropout_follows_both_layers_of_a_mixing_mlp():
    seen = []
    for mlp in (network().mc_mlp.token_mlp, network().mc_mlp.channel_mlp):
        mlp[3].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        x = torch.randn(200, mlp[0].in_features, generator=torch.Generator().manual_seed(0))
        seen.append(mlp(x))
        assert mlp.eval()(x).count_nonzero() == x.numel()
        seen.pop()  # the input in evaluation
    assert [(values == 0).float().mean().item() for values in seen] == pytest.approx(4 * [0.5], abs=0.03)


def test_gates_have_the_resolution_of_their_names():
    x = torch.randn(4, 32, 25)
    gating = network("mcmsh-released").mc_mlp.channel_gating
    nn.init.normal_(gating.long.excite.weight)
    long, medium, short = (gate(x, 1) for gate in (gating.long, gating.medium, gating.short))
    assert long.shape == (4, 32, 1) and medium.shape == short.shape == (4, 32, 25)
    assert torch.equal(medium[..., 0], medium[..., 2]) and not torch.equal(medium[..., 0], medium[..., 6])
    assert not torch.equal(short[..., 0], short[..., 2])
    assert network().mc_mlp.token_gating.before[0].weight.shape == (32, 32)


@pytest.mark.parametrize("recipe", ["mcmsh", "mcmsh-released"])
def test_codes_depend_on_the_order_of_frames_and_relaxed_codes_are_small(recipe):
    net = network(recipe).eval()
    with torch.no_grad():
        nn.init.normal_(net.hash.weight)
        relaxed = net.relaxed_codes(net.mc_mlp(FEATS))
        assert relaxed.abs().max() <= 1
        assert not torch.equal(net.encode(FEATS), net.encode(FEATS.flip(1)))
        assert not torch.allclose(relaxed, net.relaxed_codes(net.mc_mlp(FEATS), 3.0))
        # Both orders of mean and tanh agree where all frames have the same embedding.
        same = torch.randn(6, 1, 32).expand(6, 25, 32)
        one = net.relaxed_codes(same, 2.0)
        turned = {"tanh_of_mean": "mean_of_tanh", "mean_of_tanh": "tanh_of_mean"}
        change(net, "model", relaxation=turned[net.settings.model.relaxation])
        other = net.relaxed_codes(same, 2.0)
        torch.testing.assert_close(one, other)
        assert not torch.allclose(net.relaxed_codes(net.mc_mlp(FEATS)), relaxed)


@pytest.mark.parametrize("shape", [(10, 4), (10, 4, 5)])
def test_grouped_batch_norm_is_one_batch_norm_per_group(shape):
    x = torch.randn(shape, requires_grad=True)
    norm, plain = GroupedBatchNorm(4), nn.BatchNorm1d(4)
    with torch.no_grad():
        for layer in (norm, plain):
            layer.weight.copy_(torch.arange(1.0, 5))
            layer.bias.fill_(0.5)
    upstream = torch.randn(shape)
    ours, theirs = norm(x, 5), torch.cat([plain(part) for part in x.split(2)])
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
    gradients = [torch.autograd.grad((out * upstream).sum(), x)[0] for out in (ours, theirs)]
    torch.testing.assert_close(*gradients, rtol=0, atol=0)
    assert torch.equal(norm.running_mean, plain.running_mean) and torch.equal(norm.running_var, plain.running_var)
    norm.eval(), plain.eval()
    torch.testing.assert_close(norm(x, 5), plain(x), rtol=0, atol=0)


def test_one_pass_gives_the_numbers_and_statistics_of_five():
    nets = [network("mcmsh-released", model=SMALL | {"dropout": 0.0}) for _ in range(2)]
    groups = torch.randn(5, 6, 25, 48, generator=torch.Generator().manual_seed(2)) * torch.arange(1, 6).view(5, 1, 1, 1)
    together = nets[0].mc_mlp.mix(nets[0].mc_mlp.embed(groups).flatten(0, 1), groups=5)
    apart = torch.cat([nets[1].mc_mlp(group) for group in groups])
    torch.testing.assert_close(together, apart, **TOLERANCE)
    mixed = nets[1].mc_mlp(groups.flatten(0, 1))
    assert not torch.allclose(mixed, apart, atol=1e-3)  # statistics of all groups together
    nets[1] = network("mcmsh-released", model=SMALL | {"dropout": 0.0})
    for group in groups:
        nets[1].mc_mlp(group)
    buffers = [dict(net.named_buffers()) for net in nets]
    assert sum("running" in name for name in buffers[0]) == 36
    for name, value in buffers[0].items():
        if "running" in name:
            torch.testing.assert_close(value, buffers[1][name], **TOLERANCE)


def graph():
    generator = torch.Generator().manual_seed(4)
    points = torch.randn(60, 8, generator=generator)
    return AnchorGraph(points, points[:30] + 0.1)


@pytest.mark.parametrize("recipe", ["mcmsh", "mcmsh-released"])
def test_partners_have_the_codes_of_their_places(recipe):
    net = network(recipe)
    net._graph = graph()
    index = torch.arange(60).repeat(10)
    found = net.partners(index, torch.Generator().manual_seed(0))
    assert torch.equal(found[0], index) and len(found) == (5 if recipe == "mcmsh-released" else 4)
    similar, first, second = found[-3:]
    code = net._graph.code
    rows = torch.arange(60)
    possible = (code(rows[:, None], rows[None]) == 2).any(dim=1)[index]
    assert (code(index, similar) == 1).all()
    assert (code(index, first)[possible] == 2).all() and (code(index, second)[possible] == 2).all()
    plain = net._graph.dissimilar(index.expand(2, -1), torch.Generator().manual_seed(1))
    clashes, without_redraw = ((code(*pair) == 1).float().mean() for pair in ((first, second), plain))
    assert 0 < clashes < 0.7 * without_redraw  # redrawn once
    if recipe == "mcmsh-released":
        share = (code(index, found[1]) == 1).float().mean()
        assert 0.42 < share < 0.58


def test_batch_similarity_sums_over_all_known_pairs():
    net = network()
    net._graph = graph()
    index = torch.randint(60, (4, 9), generator=torch.Generator().manual_seed(3))
    codes = torch.rand(4, 9, 16, generator=torch.Generator().manual_seed(5)) * 2 - 1
    expected = 0.0
    for a, i in enumerate(index[0]):
        for b, j in enumerate(index[0]):
            kind = int(net._graph.code(i, j))
            if kind in (1, 2):
                expected += ((codes[0, a] @ codes[0, b]).item() / 16 - (1 if kind == 1 else -1)) ** 2 / 9
    assert net._similarity(codes, index).item() == pytest.approx(expected, rel=1e-5)


def test_squared_errors_are_averaged_over_videos_and_summed_over_groups():
    values, targets = torch.randn(2, 2, 3, 4, generator=torch.Generator().manual_seed(0))
    total = sum(((values[g, i] - targets[g, i]) ** 2).sum() for g in range(2) for i in range(3)) / 3
    torch.testing.assert_close(squared_error(values, targets, "sum"), total)
    torch.testing.assert_close(squared_error(values, targets, "mean"), total / 4)
    assert torch.equal(sign_straight_through(torch.zeros(2)), torch.ones(2))


def test_learning_rate_falls_twice():
    training = load_method("mcmsh-released", "fcvid").training
    expected = {0: 3e-4, 19: 3e-4, 20: 2.7e-4, 40: 2.43e-4, 55: 2.43e-4}
    assert {epoch: learning_rate(training, epoch, 179 * epoch) for epoch in expected} == pytest.approx(expected)
