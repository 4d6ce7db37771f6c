"""The S5VH network and its losses: oracles written with loops, gradients against finite differences, invariants."""

import math
from types import SimpleNamespace

import pytest
import torch

from s5vh.base.errors import UserError
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.s5vh.network import S5VH, alignment_loss
from s5vh.methods.s5vh.settings import Settings
from s5vh.nn.contrast import contrastive_loss
from s5vh.nn.reconstruction import _SquaredNorm, reconstruction_loss
from s5vh.training.batches import FeatureSource
from s5vh.training.engine import train

FRAMES, SIZE, BITS, CENTERS = 7, 6, 5, 4


def method(**changes):
    small = {"width": 16, "depth": 2, "decoder_width": 16, "d_state": 3, "drop_path": 0.0}
    settings = {"title": "tiny", "implementation": "s5vh", "model": small | changes.pop("model", {})} | changes
    return Settings.model_validate(settings)


def network(settings=None, dtype=torch.float64, seed=0):
    """Made without its files; the hash centers are random and the pseudo-labels are given to `loss`."""
    torch.manual_seed(seed)
    centers = torch.sign(torch.randn(CENTERS, BITS))
    net = S5VH(settings or method(), Shape(FRAMES, SIZE, BITS), {})
    net.centers = centers
    return net.to(dtype)


def batch(videos=3, seed=1):
    generator = torch.Generator().manual_seed(seed)
    feats = torch.randn(videos, FRAMES, SIZE, dtype=torch.float64, generator=generator)
    return feats, torch.randint(CENTERS, (videos,), generator=generator)


def masks():
    return torch.Generator().manual_seed(5)


def masked_frames(dtype=torch.float64):
    """Decoder outputs of seven masked frames, a head to features of size 5, four frames, and which one each is."""
    torch.manual_seed(2)
    decoded, head = torch.randn(7, 3, dtype=dtype), torch.nn.Linear(3, 5, dtype=dtype)
    frames = 2 + torch.randn(4, 5, dtype=dtype)
    return decoded, head, frames, torch.tensor([3, 0, 0, 1, 3, 3, 0])  # frame 2 is never masked


def test_reconstruction_is_the_mean_squared_error_over_masked_frames():
    decoded, head, frames, places = masked_frames()
    squared_norms = (head(decoded) - frames[places]).square().sum(1).tolist()
    assert reconstruction_loss(decoded, head, frames, places, "sum").item() == pytest.approx(sum(squared_norms) / 7)
    assert reconstruction_loss(decoded, head, frames, places).item() == pytest.approx(sum(squared_norms) / 7 / 5)


@pytest.mark.parametrize("scale", [1.0, 1e-3])  # an untrained head, and one that is right to a thousandth
def test_both_ways_to_the_reconstruction_agree_in_float32(scale):
    decoded, head, frames, places = masked_frames(torch.float32)
    with torch.no_grad():
        decoded = torch.linalg.lstsq(head.weight, (frames[places] - head.bias).t()).solution.t()
        frames = frames.index_copy(0, places, head(decoded) + scale * torch.randn(7, 5))
    projected = reconstruction_loss(decoded, head, frames, places, "sum")
    direct = (head(decoded) - frames[places]).square().sum(1).mean()
    torch.testing.assert_close(projected, direct, rtol=1e-5, atol=1e-6 * frames.square().sum(1).mean().item())


def test_contrast_equals_a_loop_over_pairs():
    first, second = torch.randn(2, 4, BITS, dtype=torch.float64)
    tau = 0.3

    def cosine(a, b):
        return (a @ b / (a.norm() * b.norm())).item()

    losses = []
    for anchors, others in ((first, second), (second, first)):
        for i in range(4):
            weights = [math.exp(cosine(anchors[i], others[j]) / tau) for j in range(4)]
            losses.append(-math.log(weights[i] / sum(weights)))
    assert contrastive_loss(first, second, tau).item() == pytest.approx(sum(losses) / 8)
    printed = contrastive_loss(first, second, tau, "sum")
    assert printed.item() == pytest.approx(sum(losses) / 4)


def test_alignment_equals_a_loop_over_centers():
    codes = torch.sign(torch.randn(3, BITS, dtype=torch.float64))
    centers = torch.sign(torch.randn(CENTERS, BITS, dtype=torch.float64))
    labels = torch.tensor([2, 0, 3])
    losses = []
    for code, label in zip(codes, labels.tolist(), strict=True):
        weights = [math.exp((code @ center).item() / (BITS * 0.5)) for center in centers]
        losses.append(-math.log(weights[label] / sum(weights)))
    assert alignment_loss(codes, centers, labels, 0.5).item() == pytest.approx(sum(losses) / 3)


def test_losses_have_exact_gradients():
    first, second = (torch.randn(3, BITS, dtype=torch.float64).requires_grad_() for _ in range(2))
    centers, labels = torch.sign(torch.randn(CENTERS, BITS, dtype=torch.float64)), torch.tensor([0, 3, 1])
    assert torch.autograd.gradcheck(lambda a, b: contrastive_loss(a, b, 0.5), (first, second))
    assert torch.autograd.gradcheck(lambda a: alignment_loss(a, centers, labels, 0.5), (first,))
    decoded, head, frames, places = masked_frames()

    def reconstruction(decoded, weight, bias):
        layer = SimpleNamespace(weight=weight, bias=bias)
        return reconstruction_loss(decoded, layer, frames, places, "sum")

    assert torch.autograd.gradcheck(reconstruction, (decoded.requires_grad_(), head.weight, head.bias))
    # What a GPU and half precision use instead.
    predicted = head(decoded).detach().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: _SquaredNorm.apply(x, frames[places]), (predicted,))
    expected = (predicted - frames[places]).square().sum(1).mean()
    torch.testing.assert_close(_SquaredNorm.apply(predicted, frames[places]), expected)


def test_every_parameter_gets_the_gradient_of_finite_differences():
    # Contrast on frame means and no alignment: the loss is then smooth (no sign), so differences are meaningful.
    net = network(method(loss={"contrast_on": "means", "beta": 0}))
    feats, _ = batch()

    def total():
        return net.loss(feats, None, masks())["total"]

    total().backward()
    step = 1e-6
    generator = torch.Generator().manual_seed(0)
    for name, parameter in net.named_parameters():
        index = tuple(torch.randint(size, (1,), generator=generator).item() for size in parameter.shape)
        with torch.no_grad():
            parameter[index] += step
            above = total().item()
            parameter[index] -= 2 * step
            below = total().item()
            parameter[index] += step
        assert parameter.grad[index].item() == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-7), name


def test_sign_passes_the_gradient_straight_through():
    feats, labels = batch()
    net = network(method(loss={"reconstruction": 0, "alpha": 0, "beta": 1}))
    net.loss(feats, labels, masks())["total"].backward()
    through_sign = net.hash.linear.weight.grad.clone()
    # By hand: the gradient at the codes, handed to the frame means unchanged.
    from s5vh.nn.hash_layer import video_code
    from s5vh.nn.masks import two_views

    visible = two_views(3, FRAMES, 0.5, masks())[0].flatten(0, 1)
    embeddings = (net.embed(feats) + net.positions).repeat(2, 1, 1)
    hashes = net.frame_hashes(embeddings.gather(1, visible[..., None].expand(-1, -1, embeddings.shape[-1])))
    codes = video_code(hashes).detach().requires_grad_()
    upstream = torch.autograd.grad(alignment_loss(codes, net.centers, labels.repeat(2), 0.5), codes)[0]
    expected = torch.autograd.grad(hashes.mean(1), net.hash.linear.weight, upstream)[0]
    torch.testing.assert_close(through_sign, expected)


def test_total_weighs_the_terms_as_equation_22():
    feats, labels = batch()
    net = network(method(loss={"alpha": 0.7, "beta": 0.3, "reconstruction": 2.0}))
    terms = net.loss(feats, labels, masks())
    expected = 2 * terms["reconstruction"] + 0.7 * terms["contrast"] + 0.3 * terms["alignment"]
    torch.testing.assert_close(terms["total"], expected)


def test_the_printed_contrast_doubles_what_alpha_weighs():
    feats, labels = batch()
    mean, printed = (
        network(method(loss={"contrast": name, "alpha": 0.7, "contrast_temperature": 0.3})).loss(feats, labels, masks())
        for name in ("infonce", "infonce_sum")
    )
    torch.testing.assert_close(printed["contrast"], 2 * mean["contrast"])
    torch.testing.assert_close(printed["total"], mean["total"] + 0.7 * mean["contrast"])


@pytest.mark.parametrize(
    "weight, term", [("reconstruction", "reconstruction"), ("alpha", "contrast"), ("beta", "alignment")]
)
def test_a_term_without_weight_is_not_computed(weight, term):
    feats, labels = batch()
    terms = network(method(loss={weight: 0})).loss(feats, labels, masks())
    assert term not in terms and len(terms) == 3


@pytest.mark.parametrize("ratio", [0.5, 0.75])  # views that share frames, and views that share none
def test_both_views_in_one_batch_equal_two_separate_passes(ratio):
    feats, labels = batch()
    net = network(method(training={"mask_ratio": ratio}))
    from s5vh.nn.hash_layer import video_code
    from s5vh.nn.masks import two_views

    views, _ = two_views(3, FRAMES, ratio, masks())
    terms = net.loss(feats, labels, masks())
    codes, errors, alignments = [], [], []
    for visible in views:
        rows = torch.arange(3)[:, None]
        hashes = net.frame_hashes((net.embed(feats) + net.positions)[rows, visible])
        hidden = torch.tensor([[t for t in range(FRAMES) if t not in seen] for seen in visible.tolist()])
        errors.append(((net.head(net.decode(hashes, visible, hidden)) - feats[rows, hidden]) ** 2).mean())
        codes.append(video_code(hashes))
        alignments.append(alignment_loss(codes[-1], net.centers, labels, 0.5))
    torch.testing.assert_close(terms["reconstruction"], sum(errors) / 2)
    torch.testing.assert_close(terms["alignment"], sum(alignments) / 2)
    torch.testing.assert_close(terms["contrast"], contrastive_loss(*codes, 0.5))


def test_reconstruction_does_not_see_the_hidden_frames():
    net = network()
    feats, _ = batch(1)
    visible, hidden = torch.tensor([[0, 2, 3, 6]]), torch.tensor([[1, 4, 5]])
    changed = feats.clone()
    changed[:, [1, 4, 5]] = 100

    def predict(x):
        hashes = net.frame_hashes((net.embed(x) + net.positions)[:, visible[0]])
        return net.head(net.decode(hashes, visible, hidden))

    torch.testing.assert_close(predict(feats), predict(changed), rtol=0, atol=0)


def test_codes_have_exactly_k_signs_and_depend_on_the_order_of_frames():
    net = network().eval()
    feats, _ = batch(40)
    codes = net.encode(feats)
    assert codes.shape == (40, BITS) and set(codes.unique().tolist()) <= {-1.0, 1.0}
    assert not torch.equal(net.encode(feats.flip(1)), codes)


def test_a_video_s_code_does_not_depend_on_its_batch():
    net = network().eval()
    feats, _ = batch(6)
    torch.testing.assert_close(net.encode(feats)[2:3], net.encode(feats[2:3]))


def test_other_lengths_than_those_of_training_can_be_encoded():
    net = network().eval()
    feats = torch.randn(2, 3 * FRAMES, SIZE, dtype=torch.float64)
    assert net.encode(feats).shape == (2, BITS)


def test_ablations_are_switches():
    forward = network(method(model={"directions": "forward"}))
    assert not any("backward_mixer" in name for name in forward.state_dict())
    assert set(forward.state_dict()) < set(network().state_dict())


def test_a_mask_that_hides_nothing_is_refused():
    with pytest.raises(UserError) as caught:
        network(method(training={"mask_ratio": 0.1}))
    assert str(caught.value) == (
        "training.mask_ratio 0.1 masks none of 7 frames; increase it, or set loss.reconstruction to 0"
    )
    network(method(training={"mask_ratio": 0.1}, loss={"reconstruction": 0}))


def test_paper_sizes_give_the_expected_number_of_parameters():
    net = S5VH(Settings(title="S5VH", implementation="s5vh"), Shape(frames=25, feature_size=4096, bits=64), {})
    layer = 2 * 437_760 + 2 * (2 * 256 + 2 * 512)  # two Mamba blocks with two layer norms each
    decoder_layer = 2 * 251_520 + 2 * (2 * 192 + 2 * 384)
    encoder = 4096 * 256 + 256 + 6 * layer + 2 * 256 + 256 * 64 + 64
    decoder = 64 + 64 * 192 + 192 + decoder_layer + 2 * 192 + 192 * 4096 + 4096
    assert sum(parameter.numel() for parameter in net.parameters()) == encoder + decoder


def test_half_precision_training_follows_float32(with_bfloat16):
    feats, labels = batch(videos=16)
    curves = {}
    for precision in ("float32", "bfloat16"):
        net = network(method(training={"precision": precision}), dtype=torch.float32)
        optimizer, generator, curves[precision] = torch.optim.AdamW(net.parameters(), 3e-3), masks(), []
        for _ in range(30):
            with net.arithmetic(torch.device("cpu")):
                terms = net.loss(feats.float(), labels, generator)
            assert all(term.dtype == torch.float32 for term in terms.values())
            optimizer.zero_grad()
            terms["total"].backward()
            optimizer.step()
            curves[precision].append(terms["reconstruction"].item())
        assert all(parameter.dtype == torch.float32 for parameter in net.parameters())
    assert curves["bfloat16"] == pytest.approx(curves["float32"], rel=0.02)
    assert curves["bfloat16"] != curves["float32"]
    assert curves["bfloat16"][-1] < 0.9 * curves["bfloat16"][0]


def aligned(**loss):
    """A network with a classifier, and its pseudo-labels: 0, 1, 2, 3, 0, 1, ... of as many videos as asked for."""
    options = {"alignment_to": "classifier", "reconstruction": 0, "alpha": 0} | loss
    net = network(method(loss=options, semantics={"clusters": CENTERS}), dtype=torch.float32)
    return net, lambda videos: torch.arange(videos) % CENTERS


def videos_of(count):
    feats, _ = batch(count)
    return FeatureSource(feats.float().numpy(), torch.device("cpu"))


def test_refined_labels_are_those_of_the_next_visit(tmp_path):
    net, labels = aligned(refinement=0.5, refine_after=1)
    net.labels, seen = labels(23), {}
    first = torch.nn.functional.one_hot(labels(23), CENTERS).float()

    def doubled(feats, labels, epoch):
        seen.setdefault(epoch, []).append(labels.clone())
        return labels * 2

    net.refined_labels = doubled
    training = net_training(epochs=3, batch_size=8)
    rows = torch.arange(1, 23)  # video 0 is held out
    train(net, videos_of(23), rows, training, seed=1, digest="d", checkpoint=tmp_path / "checkpoint.pt")
    assert list(seen) == [0, 1, 2]
    for epoch, parts in seen.items():
        found = torch.cat(parts)
        assert len(found) == 22 and all(sorted(row) == [0, 0, 0, 2**epoch] for row in found.tolist())
        assert torch.equal(found.sum(0), 2**epoch * first[1:].sum(0))
    assert torch.equal(net.labels[1:], 8 * first[1:]) and torch.equal(net.labels[0], first[0])


def net_training(**changes):
    return method(training={"selection": "last", "patience": None} | changes).training


def test_labels_are_refined_while_training_and_from_the_given_epoch_on():
    net, labels = aligned(refinement=0.25, refine_after=2)
    videos, feats = videos_of(6), batch(6)[0].float()
    net.labels = labels(6)
    net.begin_training(videos, torch.arange(6))
    before = net.labels.clone()
    places = torch.tensor([[4, 1, 2]])

    def visit(epoch):
        return net.losses(Batch(feats[places], places, epoch, masks()))

    visit(1)
    net.eval()
    visit(2)
    assert torch.equal(net.labels, before)  # too early, and not training
    net.train()
    terms = visit(2)
    hashes = net.frame_hashes(net.embed(feats[places[0]]) + net.positions)
    prediction = net.classifier(hashes.mean(1)).softmax(1)
    expected = before.clone()
    expected[places[0]] = 0.75 * before[places[0]] + 0.25 * prediction.detach()
    torch.testing.assert_close(net.labels, expected)
    assert not net.labels.requires_grad
    again = net.loss(feats[places[0]], expected[places[0]], masks())
    torch.testing.assert_close(terms["alignment"], again["alignment"])  # with the labels of this visit


def test_without_alignment_there_are_no_labels_to_resume():
    net = network(method(loss={"beta": 0}))
    net.begin_training(videos_of(6), torch.arange(6))
    net.load_training_state(net.training_state())
    assert net.labels is None and net.training_state() == {"labels": None}


def test_labels_that_are_not_refined_stay_whole_numbers():
    net, labels = aligned(refinement=0)
    net.labels = labels(6)
    net.begin_training(videos_of(6), torch.arange(6))
    assert torch.equal(net.labels, labels(6))
    feats, places = batch(6)[0].float(), torch.tensor([[3, 0]])
    terms = net.losses(Batch(feats[places], places, 400, masks()))
    expected = net.loss(feats[places[0]], torch.tensor([3, 0]), masks())
    assert terms.keys() == expected.keys() and all(torch.equal(terms[name], expected[name]) for name in terms)
    assert torch.equal(net.labels, labels(6)) and torch.equal(net.training_state()["labels"], labels(6))
