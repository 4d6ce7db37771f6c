"""DKPH: its released recipe against numbers that the authors' program gave, and facts about its network and losses."""

from pathlib import Path

import pytest
import torch
from golden_files import TOLERANCE
from pair_methods import (
    as_corrupted,
    batch_of,
    count,
    given_pairs,
    golden,
    golden_batch,
    imported,
    largest_error,
    part,
    prepared_with,
    released_network,
    untrained,
)

from s5vh.base.errors import UserError
from s5vh.methods.dkph.authors_checkpoint import NAMES
from s5vh.methods.dkph.network import DKPH
from s5vh.methods.model_file import restore_network

EMBEDDING_TABLES = 4096 * 256 + 3 * 256  # of the released network, never read


@pytest.fixture
def released() -> DKPH:
    return released_network("dkph", NAMES)


@pytest.mark.parametrize("video", ["i", "j"])
def test_videos_give_the_outputs_of_the_released_program(released: DKPH, video: str) -> None:
    feats, outputs = golden("dkph")[f"inputs/fed_frames_{video}"], part("dkph", f"outputs/video_{video}")
    embeddings = released.encoder(feats)
    torch.testing.assert_close(embeddings, outputs["encoder_output"], **TOLERANCE)
    linear = released.hash(embeddings.flatten(1))
    torch.testing.assert_close(linear, outputs["intermediate/before_binarisation"], **TOLERANCE)
    temporal = released.temporal(embeddings)
    if video == "i":  # only stored for that one
        torch.testing.assert_close(temporal, outputs["intermediate/temporal_stream"], **TOLERANCE)
    code = released.encode(feats)
    assert torch.equal(code, outputs["code"])
    predicted = released.decoder(code[:, None] + temporal)
    torch.testing.assert_close(predicted, outputs["reconstruction"], **TOLERANCE)


def test_losses_and_gradients_are_those_of_the_released_program(released: DKPH) -> None:
    # The file has clean targets, which the authors' loss has not while they train; that alone is switched here.
    released._settings = untrained("dkph")._settings
    terms = released.losses(batch_of(prepared_with(released, "dkph")))
    names = {"similarity": "pair_similarity"}
    assert list(terms) == ["total", "reconstruction", "anchor", "triplet", "similarity"]
    for name, value in terms.items():
        expected = golden("dkph")[f"outputs/loss_{names.get(name, name)}"].item()
        assert value.item() == pytest.approx(expected, rel=1e-5), name
    terms["total"].backward()
    expected = NAMES.arrays(part("dkph", "gradients"))
    gradients = {name: parameter.grad for name, parameter in released.named_parameters()}
    assert set(gradients) == set(expected)
    errors = {name: largest_error(gradients[name], expected[name]) for name in expected}
    assert max(errors.values()) < 1e-5, errors


def test_similar_pairs_add_a_constant_to_the_released_triplet_loss(released: DKPH) -> None:
    _, _, anchors, signs = golden_batch("dkph")
    embeddings = golden("dkph")["outputs/video_i/encoder_output"]
    means = embeddings.mean(dim=1).requires_grad_()
    hinges = released.triplet(means, anchors, signs)
    torch.testing.assert_close(hinges, golden("dkph")["outputs/triplet_per_item"], **TOLERANCE)
    assert (hinges[signs == 1] == 0.5).all() and (signs == 1).any() and (signs == -1).any()
    (gradient,) = torch.autograd.grad(hinges.sum(), means)
    assert not gradient[signs == 1].any()
    mended = untrained("dkph").triplet(means, anchors, signs)
    assert torch.equal(mended, torch.where(signs == 1, 0, hinges))
    assert torch.equal(torch.autograd.grad(mended.sum(), means)[0], gradient)
    plain = torch.nn.functional.triplet_margin_loss(means, *anchors, margin=0.5, reduction="none")
    torch.testing.assert_close(hinges[signs == -1], plain[signs == -1])
    far = torch.stack([means, means + 9])  # where the partner's anchor is farther than the margin
    assert not released.triplet(means, far, -torch.ones_like(signs)).any()


def test_the_released_target_is_the_corrupted_input(released: DKPH) -> None:
    fed, *_ = golden_batch("dkph")
    loss = released.losses(batch_of(prepared_with(released, "dkph")))["reconstruction"]
    predicted = torch.stack([golden("dkph")[f"outputs/video_{video}/reconstruction"] for video in "ij"])
    torch.testing.assert_close(loss, (predicted - fed).square().mean())


def test_parameter_counts_are_the_released_ones() -> None:
    sizes = golden("dkph")["attributes"]
    model = {"model": {"width": 256, "hidden": 1024}}
    for bits, inference in ((16, 1_941_008), (32, 2_043_424), (64, 2_248_256)):
        with torch.device("meta"):
            net = untrained("dkph-released", (25, 4096, bits), **model)
        assert count(net) == sizes[f"paper_size_parameters_used_25x4096_{bits}bit"]
        assert count(net) + EMBEDDING_TABLES == sizes[f"paper_size_parameters_registered_25x4096_{bits}bit"]
        assert count(net.encoder) + count(net.hash) == inference
    assert count(net.hash) == 409_664 and count(net.temporal) == 16_448 and count(net.decoder) == 266_240
    with torch.device("meta"):
        longer = untrained("dkph", (26, 4096, 64), **model)
    assert count(longer) - count(net) == count(longer.hash) - count(net.hash) == 256 * 64


def test_codes_need_the_semantic_stream_only() -> None:
    net = untrained("dkph", (4, 6, 8))
    feats = torch.randn(3, 4, 6)
    codes = net.encode(feats)
    assert set(codes.unique().tolist()) == {-1, 1}
    with torch.no_grad():
        net.temporal.weight.add_(1)
    assert torch.equal(net.encode(feats), codes)


@pytest.mark.parametrize("stream", ["hash", "temporal"])
def test_reconstruction_reaches_the_encoder_through_each_stream(stream: str) -> None:
    net = untrained("dkph", (4, 6, 8), loss={"anchor": 0.0, "triplet": 0.0, "similarity": 0.0})
    other = net.temporal if stream == "hash" else net.hash
    with torch.no_grad():
        other.weight.zero_()
    feats = torch.randn(1, 3, 4, 6)
    given_pairs(net, None, None, as_corrupted(feats, feats))
    net.anchored = None
    net.losses(batch_of(feats))["total"].backward()
    assert net.encoder.frame_map.weight.grad.abs().max() > 0


def test_similarity_is_between_0_and_4_and_0_where_codes_are_as_wanted() -> None:
    net = untrained("dkph", (4, 6, 8))
    feats = torch.randn(1, 3, 4, 6).repeat(2, 1, 1, 1)
    for sign, expected in ((1.0, 0), (-1.0, 4)):
        given_pairs(net, torch.zeros(2, 3, 32), torch.full((3,), sign), as_corrupted(feats, feats))
        assert net.losses(batch_of(feats))["similarity"] == expected


def test_an_imported_network_gives_the_codes_of_the_released_program(tmp_path: Path) -> None:
    weights = part("dkph", "weights")
    stored = imported("dkph", weights, tmp_path / "x.pth")
    with torch.no_grad():
        codes = restore_network(stored).encode(golden("dkph")["inputs/fed_frames_i"])
    assert torch.equal(codes, golden("dkph")["outputs/video_i/code"])
    sizes = stored.cell.settings.model
    assert (sizes.width, sizes.hidden, stored.training["parameters"]) == (32, 128, 28_432)
    without = {name: value for name, value in weights.items() if name != "hid_b.weight"}
    for changed, message in (
        (weights | {"fc.weight": torch.ones(3)}, "parameter 'fc.weight' does not belong to the released DKPH network"),
        (without, "no parameter for '"),
    ):
        with pytest.raises(UserError, match=message):
            imported("dkph", changed, tmp_path / "x.pth")
