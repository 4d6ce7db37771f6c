"""BTH: its released recipe against numbers that the authors' program gave, and facts about its network and losses."""

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
from s5vh.methods.bth.authors_checkpoint import NAMES
from s5vh.methods.bth.network import BTH
from s5vh.methods.model_file import restore_network

EMBEDDING_TABLES = 4096 * 256 + 3 * 256  # of the released network, never read


@pytest.fixture
def released() -> BTH:
    return released_network("bth", NAMES)


@pytest.mark.parametrize("video", ["i", "j"])
def test_videos_give_the_outputs_of_the_released_program(released: BTH, video: str) -> None:
    feats, outputs = golden("bth")[f"inputs/fed_frames_{video}"], part("bth", f"outputs/video_{video}")
    embeddings = released.encoder(feats)
    torch.testing.assert_close(embeddings, outputs["encoder_output"], **TOLERANCE)
    if video == "i":  # only stored for that one
        linear = released.hash.linear(embeddings)
        torch.testing.assert_close(linear, outputs["intermediate/before_binarisation"], **TOLERANCE)
    frame_codes = released.hash(embeddings)
    assert torch.equal(frame_codes, outputs["frame_codes"])
    torch.testing.assert_close(frame_codes.mean(dim=1), outputs["mean_code"])
    torch.testing.assert_close(released.decoder(frame_codes), outputs["reconstruction"], **TOLERANCE)
    assert torch.equal(released.encode(feats), outputs["video_code"])


def test_losses_and_gradients_are_those_of_the_released_program(released: BTH) -> None:
    # The file has clean targets, which the authors' loss has not while they train; that alone is switched here.
    released._settings = untrained("bth")._settings
    terms = released.losses(batch_of(prepared_with(released, "bth")))
    assert list(terms) == ["total", "reconstruction", "similarity", "anchor"]
    for name, value in terms.items():
        assert value.item() == pytest.approx(golden("bth")[f"outputs/loss_{name}"].item(), rel=1e-5), name
    terms["total"].backward()
    expected = NAMES.arrays(part("bth", "gradients"))
    gradients = {name: parameter.grad for name, parameter in released.named_parameters()}
    assert set(gradients) == set(expected)
    errors = {name: largest_error(gradients[name], expected[name]) for name in expected}
    assert max(errors.values()) < 1e-5, errors


def test_the_released_target_is_the_corrupted_input(released: BTH) -> None:
    fed, target, *_ = golden_batch("bth")
    loss = released.losses(batch_of(prepared_with(released, "bth")))["reconstruction"]
    predicted = torch.stack([golden("bth")[f"outputs/video_{video}/reconstruction"] for video in "ij"])
    torch.testing.assert_close(loss, (predicted - fed).square().mean())
    assert not torch.allclose(loss, (predicted - target).square().mean())


def test_parameter_counts_are_the_released_ones() -> None:
    sizes = golden("bth")["attributes"]
    model = {"model": {"width": 256, "hidden": 1024}}
    for shape in ((25, 4096), (30, 2048)):
        for bits in (16, 32, 64):
            with torch.device("meta"):
                net = untrained("bth-released", (*shape, bits), **model)
            end = f"{shape[0]}x{shape[1]}_{bits}bit"
            assert count(net) == sizes[f"paper_size_parameters_used_{end}"]
            tables = 3 * 256 + shape[1] * 256
            assert count(net) + tables == sizes[f"paper_size_parameters_registered_{end}"]
    with torch.device("meta"):
        net = untrained("bth", (25, 4096, 64), **model)
    assert count(net.encoder.block) == 789_760 and count(net.encoder.block.attention) == 263_168
    assert count(net.encoder.frame_map) == 1_048_832 and count(net.decoder) == 266_240 and count(net.hash) == 16_448
    assert count(net) - count(net.decoder) == 1_855_040  # for inference
    assert count(net) + EMBEDDING_TABLES == 3_170_624


def test_similarity_is_zero_only_for_equal_or_opposite_codes() -> None:
    net = untrained("bth", (4, 6, 8))
    feats = torch.randn(1, 3, 4, 6).repeat(2, 1, 1, 1)
    anchors, same = torch.zeros(2, 3, 32), torch.ones(3)
    codes = net.hash(net.encoder(feats[0])).mean(dim=1)
    inner = codes.square().mean(dim=1)  # of a mean of codes with itself: 1 only if all frames agree
    for signs in (same, -same):
        given_pairs(net, anchors, signs, as_corrupted(feats, feats))
        expected = (inner - signs).square().mean()
        torch.testing.assert_close(net.losses(batch_of(feats))["similarity"], expected)
    with torch.no_grad():
        net.hash.linear.weight.zero_()
    given_pairs(net, anchors, same, as_corrupted(feats, feats))
    assert net.losses(batch_of(feats))["similarity"] == 0


def test_a_mean_of_zero_gives_a_one() -> None:
    net = untrained("bth", (2, 6, 3))
    net.encoder = torch.nn.Identity()
    with torch.no_grad():
        net.hash.linear = torch.nn.Linear(3, 3)
        net.hash.linear.weight.copy_(torch.eye(3))
        net.hash.linear.bias.zero_()
    assert net.encode(torch.tensor([[[1.0, -1, -2], [-1, 3, -1]]])).tolist() == [[1, 1, -1]]


def test_an_imported_network_gives_the_codes_of_the_released_program(tmp_path: Path) -> None:
    weights = part("bth", "weights")
    stored = imported("bth", weights, tmp_path / "x.pth")
    with torch.no_grad():
        codes = restore_network(stored).encode(golden("bth")["inputs/fed_frames_i"])
    assert torch.equal(codes, golden("bth")["outputs/video_i/video_code"])
    sizes = stored.cell.settings.model
    assert (sizes.width, sizes.hidden, stored.training["parameters"]) == (32, 128, 15_616)
    without = {name: value for name, value in weights.items() if name != "binary.weight"}
    for changed, message in (
        (weights | {"fc.weight": torch.ones(3)}, "parameter 'fc.weight' does not belong to the released BTH network"),
        (without, "no parameter for '"),
    ):
        with pytest.raises(UserError, match=message):
            imported("bth", changed, tmp_path / "x.pth")
