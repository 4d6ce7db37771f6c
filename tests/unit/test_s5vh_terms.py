"""S5VH put together from its parts: which codes, centers, temperatures and frames each term of the loss gets."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from test_s5vh_method import BITS, CENTERS, FRAMES, SIZE, aligned, batch, masks, method, network

from s5vh.base.errors import UserError
from s5vh.centers.centers_file import write_centers
from s5vh.centers.solve import solve
from s5vh.config import layout
from s5vh.config.grid import GridCell
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.s5vh import network as parts
from s5vh.methods.s5vh.network import S5VH, alignment_loss
from s5vh.methods.s5vh.targets import Targets, read_targets
from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.contrast import contrastive_loss, debiased_contrastive_loss
from s5vh.nn.masks import two_views
from s5vh.nn.reconstruction import reconstruction_loss
from s5vh.semantics.clustering import build_semantics, numbering_agreement
from s5vh.semantics.semantics_file import write_semantics

UNEQUAL = {"alpha": 0.7, "beta": 0.3, "reconstruction": 1.9, "tau_plus": 0.2}
TEMPERATURES = {"contrast_temperature": 0.3, "alignment_temperature": 0.8}


@pytest.mark.parametrize("contrast", ["infonce", "infonce_sum", "debiased"])
@pytest.mark.parametrize(("contrast_on", "alignment_on"), [*itertools.product(("codes", "means"), repeat=2)])
def test_terms_are_those_of_the_views_put_together_by_hand(contrast, contrast_on, alignment_on):
    choices = {"contrast": contrast, "contrast_on": contrast_on, "alignment_on": alignment_on}
    net = network(method(loss=choices | UNEQUAL | TEMPERATURES)).eval()
    feats, labels = batch(5)
    visible, hidden = two_views(5, FRAMES, 0.5, masks())
    rows, views, errors = torch.arange(5)[:, None], [], []
    for seen, unseen in zip(visible, hidden, strict=True):
        hashes = net.frame_hashes((net.embed(feats) + net.positions)[rows, seen])
        errors.append((net.head(net.decode(hashes, seen, unseen)) - feats[rows, unseen]).square().mean())
        means = hashes.mean(1)
        views.append({"means": means, "codes": torch.where(means >= 0, 1.0, -1.0).double()})
    first, second = (view[contrast_on] for view in views)
    compared = {
        "infonce": lambda: contrastive_loss(first, second, 0.3),
        "infonce_sum": lambda: 2 * contrastive_loss(first, second, 0.3),
        "debiased": lambda: debiased_contrastive_loss(first, second, 0.3, 0.2),
    }[contrast]()
    to_centers = [alignment_loss(view[alignment_on], net.centers.double(), labels, 0.8) for view in views]
    expected = {"reconstruction": sum(errors) / 2, "contrast": compared, "alignment": sum(to_centers) / 2}
    expected["total"] = 1.9 * expected["reconstruction"] + 0.7 * compared + 0.3 * expected["alignment"]
    found = net.loss(feats, labels, masks())
    assert found.keys() == expected.keys()
    for name, term in found.items():
        torch.testing.assert_close(term, expected[name], msg=lambda message, name=name: f"{name}: {message}")


def test_a_printed_reconstruction_is_the_sum_over_values():
    feats, labels = batch()
    mean, printed = (
        network(method(loss={"reconstruction_reduction": reduction})).loss(feats, labels, masks())["reconstruction"]
        for reduction in ("mean", "sum")
    )
    torch.testing.assert_close(printed, SIZE * mean)


@pytest.mark.parametrize("name", ["contrastive_loss", "alignment_loss"])
def test_half_precision_leaves_codes_and_their_losses_in_single(monkeypatch, name):
    seen, real = [], getattr(parts, name)

    def watched(codes, *others):
        seen.append((codes.dtype, torch.is_autocast_enabled("cpu")))
        return real(codes, *others)

    monkeypatch.setattr(parts, name, watched)
    feats, labels = batch()
    with torch.autocast("cpu", torch.bfloat16):
        terms = network(dtype=torch.float32).loss(feats.float(), labels, masks())
    assert seen == [(torch.float32, False)] and terms["total"].dtype == torch.float32


def test_masked_frames_start_near_zero():
    torch.manual_seed(0)
    drawn, cut = parts._first_token(9000, 2, "hash"), parts._first_token(2, 9000, "decoder")
    assert drawn.shape == cut.shape == (9000,) and abs(drawn.mean()) < 0.001 and abs(cut.mean()) < 0.001
    assert drawn.std().item() == pytest.approx(0.02, rel=0.05) and drawn.abs().max() > 0.05
    assert cut.std().item() == pytest.approx(0.0108, rel=0.05) and 0.0195 < cut.abs().max() <= 0.02


@pytest.mark.parametrize("length", [3, FRAMES, 3 * FRAMES])
def test_other_lengths_are_encoded_as_by_a_network_for_them(length):
    net = network().eval()
    longer = S5VH(method(), Shape(length, SIZE, BITS), {}).double().eval()
    longer.load_state_dict(net.state_dict())
    feats = torch.randn(8, length, SIZE, dtype=torch.float64, generator=masks())
    hashes = net.frame_hashes(net.embed(feats) + longer.positions)
    assert torch.equal(net.encode(feats), torch.where(hashes.mean(1) >= 0, 1.0, -1.0).double())
    assert torch.equal(net.encode(feats), longer.encode(feats))


def test_xavier_reaches_all_of_encoder_and_decoder_and_nothing_else():
    sizes = {"width": 32, "decoder_width": 32, "encoder_head": True, "mask_token": "decoder"}
    net = network(method(model=sizes | {"initialisation": "xavier"}, loss={"alignment_to": "classifier"}))
    own = {net.hash.linear, net.hash_to_decoder, net.classifier}
    linear = [module for module in net.modules() if isinstance(module, torch.nn.Linear)]
    assert len(linear) == 6 + 4 * 2 * 3  # four in each direction of three layers
    for module in set(linear) - own:
        limit = math.sqrt(6 / sum(module.weight.shape))
        assert 0.8 * limit < module.weight.abs().max() <= limit
        assert module.bias is None or not module.bias.any()
    for module in own:
        assert module.weight.abs().max() <= 1 / math.sqrt(module.in_features)
    plain = network(method(model=sizes, loss={"alignment_to": "classifier"}))
    assert plain.embed.bias.any() and plain.encoder.layers[0].forward_mixer.dt_proj.bias.max() < -2


def test_shapes_of_the_variants():
    net = network()
    assert net.mask_token.shape == (BITS,) and net.hash_to_decoder.bias is not None
    assert 0 < net.mask_token.abs().max() < 0.1 and net.classifier is None
    wide = network(method(model={"mask_token": "decoder", "encoder_head": True}))
    assert wide.mask_token.shape == (16,) and wide.hash_to_decoder.bias is None
    assert wide.encoder_head.weight.shape == (16, 16) and S5VH.minimum_batch_size == 2
    assert not hasattr(net.encoder_head, "weight") and net.hash.norm is None
    own = {"expand": 3, "d_conv": 2, "d_state": 5, "norms": "block", "depth": 3, "decoder_depth": 2, "drop_path": 0.4}
    varied = network(method(model=own))
    assert [layer.drop_path.rate for layer in varied.encoder.layers] == pytest.approx([0, 0.2, 0.4])
    assert [layer.drop_path.rate for layer in varied.decoder.layers] == [0, 0]
    for stack in (varied.encoder, varied.decoder):
        block = stack.layers[-1].backward_mixer
        assert (block.inner, block.conv1d.kernel_size, block.d_state) == (48, (2,), 5)
        assert block.gate_is_normed and block.scan_norm is None and block.reverse
        assert stack.norm.eps == block.norm.eps == 1e-6
    assert isinstance(varied.decoder, BidirectionalStack) and len(varied.decoder.layers) == 2


def test_artifacts_are_asked_for_where_the_losses_use_them():
    cell = GridCell("corpus", "s5vh", 24, 3)
    clusters = {"clusters": 7, "pca": 5}
    settings = method(semantics=clusters, centers={"solver": "hadamard"})
    paths = {
        "semantics": layout.semantics("corpus", settings.semantics.label),
        "centers": layout.centers("corpus", "hadamard", settings.semantics.label, 24),
    }
    assert settings.requires(cell) == paths and settings.minimum_videos(24) == 7
    trained = method(semantics=clusters, loss={"alignment_to": "classifier"})
    assert trained.requires(cell) == {"semantics": paths["semantics"]} and trained.minimum_videos(24) == 7
    without = method(semantics=clusters, loss={"beta": 0})
    assert without.requires(cell) == {} and without.minimum_videos(24) == 1


@pytest.fixture(scope="module")
def clustered():
    """Eight videos in four clusters, and four centers."""
    feats = np.random.default_rng(0).standard_normal((8, FRAMES, SIZE)).astype(np.float32)
    semantics = build_semantics(feats, CENTERS)
    return semantics, solve(semantics.W, BITS)


@pytest.fixture
def prepared(clustered, tmp_path):
    """Their files."""
    write_semantics(tmp_path / "semantics.h5", clustered[0], {})
    write_centers(tmp_path / "centers.h5", clustered[1], {})
    return {name: tmp_path / f"{name}.h5" for name in ("semantics", "centers")}


def test_targets_are_read_as_the_settings_use_them(prepared, clustered):
    shape, clusters = Shape(FRAMES, SIZE, BITS), {"semantics": {"clusters": CENTERS}}
    whole = read_targets(method(**clusters), shape, prepared)
    assert whole.labels.dtype == torch.int64 and sorted(set(whole.labels.tolist())) == [0, 1, 2, 3]
    assert whole.labels.tolist() == clustered[0].assignments.tolist() == clustered[0].nearest[:, 0].tolist()
    assert whole.centers.tolist() == clustered[1].centers.tolist()
    assert whole.semantics == prepared["semantics"] and whole.agreement == numbering_agreement(clustered[0])
    assert whole.centers.dtype == torch.float32 and whole.centers.abs().eq(1).all()
    net = S5VH(method(**clusters), shape, prepared)
    assert torch.equal(net.labels, whole.labels) and torch.equal(net.centers, whole.centers)
    assert not {"labels", "centers", "positions", "decoder_positions"} & set(net.state_dict())
    distinct = len({tuple(row) for row in whole.centers.tolist()})
    assert net.facts() == whole.agreement | {"distinct_centers": distinct, "centers": CENTERS}
    net.begin_training([None] * 8, torch.arange(8))
    assert net.labels.dtype == torch.int64
    trained = read_targets(method(loss={"alignment_to": "classifier"}, **clusters), shape, prepared)
    assert torch.equal(trained.labels, whole.labels) and trained.centers is None
    assert trained.semantics == prepared["semantics"]
    assert read_targets(method(loss={"beta": 0}), shape, {}) == Targets()


def test_targets_that_do_not_fit_are_named(prepared):
    def message(settings, shape, videos=8):
        with pytest.raises(UserError) as error:
            read_targets(settings, shape, prepared).check(videos)
        return str(error.value)

    clusters, shape = {"semantics": {"clusters": CENTERS}}, Shape(FRAMES, SIZE, BITS)
    semantics, centers = prepared["semantics"], prepared["centers"]
    assert message(method(semantics={"clusters": 5}), shape) == f"{semantics}: 4 clusters, expected 5; regenerate it"
    other = Shape(FRAMES, SIZE, BITS + 1)
    assert message(method(**clusters), other) == f"{centers}: centers of 5 bits, expected 6; regenerate it"
    assert message(method(semantics={"clusters": 3}), shape) == f"{semantics}: 4 clusters, expected 3; regenerate it"
    for videos in (7, 9):
        expected = f"{semantics}: 8 pseudo-labels for {videos} training videos; regenerate it"
        assert message(method(**clusters), shape, videos) == expected
    for number in (3, 5):
        write_centers(centers, solve(np.eye(number), BITS), {})
        expected = f"{centers}: {number} centers for 4 clusters; regenerate it"
        assert message(method(**clusters), shape) == expected
    write_centers(centers, solve(np.eye(3), BITS), {})
    assert message(method(**clusters), shape) == f"{centers}: 3 centers for 4 clusters; regenerate it"


def test_a_visit_uses_the_labels_of_its_rows_and_of_no_others():
    net, labels = aligned(refinement=0)
    net.labels = labels(6)
    feats = batch(2)[0].float()
    for rows in ([5, 2], [0, 3]):
        terms = net.losses(Batch(feats[None], torch.tensor([rows]), 0, masks()))
        expected = net.loss(feats, labels(6)[rows], masks())
        assert torch.equal(terms["alignment"], expected["alignment"])


def test_half_precision_forms_the_predictions_that_full_precision_avoids(monkeypatch):
    torch.manual_seed(0)
    decoded, head, frames = torch.randn(6, 3), torch.nn.Linear(3, 5), torch.randn(4, 5)
    places = torch.tensor([3, 0, 0, 1, 2, 3])
    squared = (head(decoded) - frames[places]).square().sum(1).mean().item()
    for reduction, expected in (("sum", squared), ("mean", squared / 5)):
        assert reconstruction_loss(decoded, head, frames, places, reduction).item() == pytest.approx(expected)
    monkeypatch.setattr("s5vh.nn.reconstruction._ProjectedSquaredNorm", None)  # it subtracts numbers of similar size
    monkeypatch.setattr("s5vh.nn.reconstruction.bfloat16_products_pay", lambda: True)
    with torch.autocast("cpu", torch.bfloat16):
        for reduction, expected in (("sum", squared), ("mean", squared / 5)):
            found = reconstruction_loss(decoded, head, frames, places, reduction)
            assert found.dtype == torch.float32 and found.item() == pytest.approx(expected, rel=0.02)
