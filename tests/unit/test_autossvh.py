"""AutoSSVH: its released recipe against numbers that the authors' program gave, and the terms of the paper's recipe."""

import math

import h5py
import pytest
import torch
from autossvh_parts import FEATS, GOLDEN, SMALL, batch_of, gradients, network
from golden_files import TOLERANCE, read

from s5vh.base.errors import UserError
from s5vh.methods.autossvh.authors_checkpoint import NAMES
from s5vh.methods.autossvh.network import AutoSSVH
from s5vh.methods.autossvh.prototypes import Clustering, prototype_loss
from s5vh.methods.autossvh.samplers import GradeNet
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.nn.contrast import contrastive_loss, debiased_contrastive_loss
from s5vh.nn.hash_layer import video_code
from s5vh.nn.masks import embed_visible, frames_at, two_views, visible_count
from s5vh.training.optimizers import learning_rate


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        groups = ("weights", "inputs", "outputs", "gradients", "constants")
        return {group: read(file[group]) for group in groups} | {"sizes": dict(file.attrs)}


@pytest.fixture
def released(golden):
    """The network of the golden numbers."""
    sizes = golden["sizes"]
    model = {"width": sizes["hidden_size"], "depth": sizes["encoder_depth"], "heads": sizes["encoder_heads"]}
    model |= {name: sizes[name] for name in ("decoder_width", "decoder_depth", "decoder_heads", "mlp_ratio")}
    shape = (sizes[name] for name in ("max_frames", "feature_size", "nbits"))
    weights = {"contrast": float(sizes["a"]), "prototypes": float(sizes["b"])}
    net = network("autossvh-released", shape, model={key: int(value) for key, value in model.items()}, loss=weights)
    net.load_state_dict(NAMES.arrays(golden["weights"]))
    return net


@pytest.fixture
def views(golden):
    """Visible and hidden frames of both views, [view, video, frame]."""
    order = golden["inputs"]["mask"].transpose(0, 1).int().sort(dim=-1, stable=True).indices
    return order[..., :13], order[..., 13:]


def test_whole_videos_give_the_outputs_of_the_released_program(golden, released):
    feats, outputs = golden["inputs"]["frames"], golden["outputs"]
    embedded = released.embedded(feats)
    encoded = released.embeddings(embedded)
    torch.testing.assert_close(encoded, outputs["inference/encoder_output"], **TOLERANCE)
    linear = released.hash.linear(encoded)
    torch.testing.assert_close(linear, outputs["inference/hash_linear_output"], **TOLERANCE)
    torch.testing.assert_close(released.hash.norm(linear), outputs["inference/before_binarisation"], **TOLERANCE)
    codes = released.frame_hashes(embedded)
    assert torch.equal(codes, outputs["inference/frame_codes"])
    torch.testing.assert_close(codes.mean(1), outputs["inference/mean_code"], **TOLERANCE)
    assert torch.equal(released.encode(feats), outputs["inference/video_code"])
    torch.testing.assert_close(released.positions, golden["constants"]["encoder_positions"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("view", [1, 2])
def test_masked_views_give_the_outputs_of_the_released_program(golden, released, views, view):
    feats, (visible, hidden) = golden["inputs"]["frames"], (index[view - 1] for index in views)
    outputs = {name.removeprefix(f"view{view}/"): value for name, value in golden["outputs"].items()}
    codes = released.frame_hashes(embed_visible(released.embed, released.positions, feats, visible))
    assert torch.equal(codes, outputs["frame_codes"])
    predicted = released.head(released.decode(codes, visible, hidden))
    torch.testing.assert_close(predicted, outputs["reconstruction"], **TOLERANCE)
    error = (predicted - feats[torch.arange(len(feats))[:, None], hidden]).square().mean()
    torch.testing.assert_close(error, outputs[f"loss_reconstruction_view{view}"], **TOLERANCE)


def test_losses_and_gradients_are_those_of_the_released_program(golden, released, views, monkeypatch):
    inputs, outputs = golden["inputs"], golden["outputs"]
    drawn = [inputs[f"clustering_{m}/negative_prototypes_view{view}"] for m in range(3) for view in (1, 2)]
    draws = iter(drawn)
    monkeypatch.setattr("s5vh.methods.autossvh.network.two_views", lambda *_: views)
    monkeypatch.setattr("s5vh.methods.autossvh.prototypes.drawn_negatives", lambda *_: next(draws))
    index = inputs["video_index"]
    batch = Batch(inputs["frames"][None], index[None], 60, torch.Generator())
    without = released.losses(batch)
    assert without["total"].item() == pytest.approx(outputs["loss_without_prototypes"].item(), rel=1e-5)
    assert without["prototypes"] == 0
    parts = ("cluster_of_video", "centroids", "temperatures")
    released.clusterings = [Clustering(*(inputs[f"clustering_{m}/{part}"] for part in parts)) for m in range(3)]
    terms = released.losses(batch)
    theirs = {"reconstruction": "reconstruction", "contrast": "contrastive", "prototypes": "prototype"}
    for ours, name in (theirs | {"total": "total"}).items():
        assert terms[ours].item() == pytest.approx(outputs[f"loss_{name}"].item(), rel=1e-5)
    terms["total"].backward()
    found = {name: parameter.grad for name, parameter in released.named_parameters()}
    assert {NAMES.ours(name) for name in golden["gradients"]} == set(found)
    for name, expected in golden["gradients"].items():
        gradient = found[NAMES.ours(name)]
        error = (gradient - expected.view_as(gradient)).abs().max() / expected.abs().max()
        assert error < 1e-5, f"{name}: {error:.1e}"
    for view in (1, 2):  # each view alone has its own loss
        draws = iter([negatives for negatives in drawn[view - 1 :: 2] for _ in range(2)])
        codes = outputs[f"view{view}/mean_code"]
        loss = prototype_loss((codes, codes), index, released.clusterings, "sampled", torch.Generator())
        assert loss.item() == pytest.approx(outputs[f"loss_prototype_view{view}"].item(), rel=1e-5)


def count(*parts):
    return sum(parameter.numel() for part in parts for parameter in part.parameters())


def test_parameter_counts_are_the_released_ones_without_the_idle_sampler(golden):
    def sized(recipe, *shape):
        with torch.device("meta"):
            return AutoSSVH(load_method(recipe), Shape(*shape), {})

    with torch.device("meta"):
        assert count(GradeNet(256)) == 132_353
    idle = 132_353 + 1  # and a temperature that is never used
    for frames, size, bits in ((25, 4096, 16), (30, 2048, 32), (25, 4096, 64)):
        net = sized("autossvh-released", frames, size, bits)
        assert count(net) == golden["sizes"][f"paper_size_parameters_{frames}x{size}_{bits}bit"] - idle
    assert count(net.embed, net.encoder, net.encoder_head, net.hash) == 10_556_512
    assert count(net.decoder, net.head) == 1_680_256 and net.decoder_positions.numel() == 4_800
    assert count(sized("autossvh", 25, 4096, 64).sampler) == 132_353
    named = {name for name in golden["weights"] if NAMES.ours(name) is None}
    assert named == set(golden["sizes"]["parameters_without_gradient"])


def parts_of(net, batch):
    """Hash vectors, codes and frames of both views, drawn as `losses` draws them."""
    chosen, choice = net.views(batch.feats[0], batch.generator)
    hashes = net.frame_hashes(chosen)
    return hashes, video_code(hashes).chunk(2), choice


def test_the_paper_s_losses_are_those_of_a_plain_writing():
    weights = {"reconstruction": 0.5, "contrast": 0.7, "prototypes": 0.4}
    net = network(loss=weights | {"temperature": 0.3})
    generator = torch.Generator().manual_seed(5)
    sizes = (3, 4)
    labels = [torch.randint(0, size, (20,), generator=generator) for size in sizes]
    binary = [torch.randint(0, 2, (size, 6), generator=generator) * 2.0 - 1 for size in sizes]
    net.clusterings = [
        Clustering(label, prototypes / 6**0.5, torch.full((len(prototypes),), 0.25))
        for label, prototypes in zip(labels, binary, strict=True)
    ]
    batch = batch_of()
    hashes, pair, choice = parts_of(net, batch_of())
    assert hashes.abs().max() < 1 and set(torch.cat(pair).unique().tolist()) == {-1, 1}
    terms = net.losses(batch)
    torch.testing.assert_close(terms["contrast"], contrastive_loss(*pair, 0.3))
    assert net.eval().losses(batch_of())["prototypes"] == terms["prototypes"]  # of held-out videos, too
    losses = []
    for label, prototypes in zip(labels, binary, strict=True):
        for codes in pair:
            for row, code in enumerate(codes):
                similarity = torch.stack([(code * prototype).sum() / 6 / 0.25 for prototype in prototypes])
                losses.append(-similarity[label[row]] + similarity.exp().sum().log())
    torch.testing.assert_close(terms["prototypes"], torch.stack(losses).mean())
    errors = []
    for view in range(2):
        decoded = net.head(net.decode(hashes.chunk(2)[view], choice.visible[view], choice.hidden[view]))
        errors.append((decoded - FEATS[torch.arange(8)[:, None], choice.hidden[view]]).square().mean())
    torch.testing.assert_close(terms["reconstruction"], sum(errors))
    expected = 0.5 * terms["reconstruction"] + 0.7 * terms["contrast"] + 0.4 * terms["prototypes"]
    torch.testing.assert_close(terms["total"], expected)


def test_what_is_compared_and_how_are_two_choices():
    options = {"contrast_kind": "debiased", "temperature": 0.4, "tau_plus": 0.2}
    for compared in ("codes", "means"):
        net = network(loss=options | {"compared": compared})
        hashes, pair, _ = parts_of(net, batch_of())
        pair = hashes.mean(1).chunk(2) if compared == "means" else pair
        expected = debiased_contrastive_loss(*pair, 0.4, 0.2)
        torch.testing.assert_close(net.losses(batch_of())["contrast"], expected)


def test_codes_pass_the_gradient_of_the_sign_to_the_mean():
    means = torch.tensor([[0.0, -0.2, 0.3]], requires_grad=True)
    code = video_code(means[None])
    code.backward(torch.tensor([[1.0, 2.0, 3.0]]))
    assert code.tolist() == [[1, -1, 1]] and means.grad.tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(("weight", "gone"), [("reconstruction", "reconstruction"), ("contrast", "contrast")])
def test_losses_of_weight_zero_are_left_out(weight, gone):
    everything = {"total", "reconstruction", "contrast", "prototypes"}
    assert set(network().losses(batch_of())) == everything
    assert set(network(loss={weight: 0}).losses(batch_of())) == everything - {gone}
    assert set(network(loss={"prototypes": 0}).losses(batch_of())) == everything - {"prototypes"}


def test_dropout_is_of_the_encoder_s_input_in_training_only():
    random = {"kind": "random"}
    net, plain = network(model=SMALL | {"input_dropout": 0.5}, sampler=random), network(sampler=random)
    assert torch.equal(net.eval().losses(batch_of())["total"], plain.eval().losses(batch_of())["total"])
    torch.nn.init.zeros_(net.train().head.weight)
    seen = []
    net.embed.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    terms = net.losses(batch_of())
    visible, hidden = two_views(8, 10, 0.5, torch.Generator().manual_seed(0))
    whole = frames_at(FEATS, visible.flatten(0, 1))
    kept = seen[0] != 0
    assert kept.float().mean().item() == pytest.approx(0.5, abs=0.05) and torch.equal(seen[0][kept], 2 * whole[kept])
    target = sum(FEATS[torch.arange(8)[:, None], index].square().mean() for index in hidden)
    torch.testing.assert_close(terms["reconstruction"], target)


def test_training_starts_as_the_released_program_does():
    net = network("autossvh-released", model=SMALL | {"decoder_width": 900})
    wide = network(model=SMALL | {"decoder_width": 900})
    assert not net.decoder_positions.any() and net.decoder_positions.shape == (10, 900)
    assert net.mask_token.std().item() == pytest.approx(0.0108, rel=0.05)
    grade_net = wide.sampler.grade_net  # as in the sampler that the program has, but never calls
    layers = (net.embed, net.encoder_head, net.head, net.encoder.blocks[0].mlp[0], *grade_net.mlp[::2])
    for module in (*layers, grade_net.score):
        xavier = math.sqrt(6 / sum(module.weight.shape))
        assert 0.9 * xavier < module.weight.abs().max() <= xavier and not module.bias.any()
    assert wide.mask_token.std().item() == pytest.approx(0.0176, rel=0.05)


def test_videos_of_another_length_are_encoded_as_by_a_network_for_that_length():
    net, longer = network(), network(shape=(15, 24, 6))
    state = net.state_dict() | {"decoder_positions": longer.decoder_positions}
    longer.load_state_dict(state)
    feats = torch.cat([FEATS, FEATS[:, :5] + 1], dim=1)
    assert torch.equal(net.encode(feats), longer.encode(feats))
    assert net.minimum_batch_size == 2 and not net.fixed_length


def test_half_precision_leaves_codes_and_their_losses_in_single(with_bfloat16):
    net, exact = network(training={"precision": "bfloat16"}), network()
    codes = torch.ones(2, 6) / 6**0.5
    for each in (net, exact):
        each.clusterings = [Clustering(torch.arange(8) % 2, codes * torch.tensor([[1.0], [-1.0]]), torch.ones(2))]
    kept = []
    net.hash.register_forward_hook(lambda _, inputs, output: kept.append(output.float()))
    terms = net.step(batch_of(), [torch.optim.Adam(net.parameters(), lr=1e-4)])
    assert terms["contrast"] == contrastive_loss(*video_code(kept[0]).chunk(2), 0.5)
    reference = exact.losses(batch_of())
    assert all(value.dtype == torch.float32 for value in terms.values())
    assert terms["reconstruction"] != reference["reconstruction"]
    assert terms["reconstruction"].item() == pytest.approx(reference["reconstruction"].item(), rel=0.05)
    assert net.encode(FEATS).dtype == torch.float32


@pytest.mark.parametrize(
    ("frames", "ratio", "seen", "shared"), [(30, 0.5, 15, 0), (25, 0.75, 7, 0), (25, 0.5, 13, 1), (25, 0.7, 8, 0)]
)
def test_random_views_have_the_released_counts_and_overlaps(frames, ratio, seen, shared):
    assert visible_count(frames, ratio) == seen
    (first, second), _ = two_views(20, frames, ratio, torch.Generator().manual_seed(0))
    assert {len(set(a.tolist()) & set(b.tolist())) for a, b in zip(first, second, strict=True)} == {shared}


def test_learning_rate_falls_in_steps_to_its_floor():
    for dataset, floor in (("ucf101", 1e-6), ("fcvid", 1e-5)):
        training = load_method("autossvh", dataset).training
        expected = {0: 1e-4, 19: 1e-4, 20: 9e-5, 300: 1e-4 * 0.9**15, 900: floor}
        assert {epoch: learning_rate(training, epoch, 90 * epoch) for epoch in expected} == pytest.approx(expected)


def test_no_gradient_is_missing_in_either_recipe():
    for recipe in ("autossvh", "autossvh-released"):
        assert all(gradient is not None and gradient.any() for gradient in gradients(network(recipe)).values())


def test_views_without_hidden_frames_are_refused():
    with pytest.raises(UserError) as error:
        network(training={"mask_ratio": 0.05})
    assert str(error.value) == (
        "training.mask_ratio 0.05 masks none of 10 frames; increase it, or set loss.reconstruction to 0"
    )
