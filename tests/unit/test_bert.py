"""The encoder of BTH, DKPH and BerVAE against the authors' program and against a plain writing of its parts."""

from pathlib import Path

import h5py
import pytest
import torch
from torch import Tensor

from s5vh.nn.bert import BertEncoder, StandardDeviationNorm
from s5vh.nn.dropout import Dropout

GOLDEN = Path(__file__).parents[1] / "golden"
ATTENTION = {
    "linear_layers.0": "query",
    "linear_layers.1": "key",
    "linear_layers.2": "value",
    "output_linear": "output",
}
NAMES = {
    "embedding.frame_map": "frame_map",
    **{f"transformer_blocks.0.attention.{theirs}": f"block.attention.{ours}" for theirs, ours in ATTENTION.items()},
    "transformer_blocks.0.feed_forward.w_1": "block.widen",
    "transformer_blocks.0.feed_forward.w_2": "block.narrow",
}
NORMS = {"input_sublayer": "attention_norm", "output_sublayer": "mlp_norm"}


def close(ours: Tensor, theirs: h5py.Dataset, name: str = "") -> None:
    expected = torch.from_numpy(theirs[()])
    error = (ours - expected).abs().max() / expected.abs().max()
    assert error < 1e-5, f"{name}: {error:.1e}"


@pytest.mark.parametrize("method", ["bth", "dkph"])
def test_every_layer_gives_the_output_of_the_released_program(method: str) -> None:
    encoder = BertEncoder(25, 48, width=32, hidden=128, dropout=0.1).eval()
    with h5py.File(GOLDEN / f"{method}_released.h5") as file:
        weights = {name: torch.from_numpy(value[()]) for name, value in file["weights"].items()}
        state = {
            f"{ours}.{part}": weights[f"bert.{theirs}.{part}"]
            for theirs, ours in NAMES.items()
            for part in ("weight", "bias")
        }
        for theirs, ours in NORMS.items():
            for part, theirs_part in (("gain", "a_2"), ("bias", "b_2")):
                state[f"block.{ours}.{part}"] = weights[f"bert.transformer_blocks.0.{theirs}.norm.{theirs_part}"]
        encoder.load_state_dict(state)
        feats = torch.from_numpy(file["inputs/fed_frames_i"][()])
        outputs = file["outputs/video_i/intermediate"]
        block = encoder.block
        embedded = encoder.frame_map(feats) + encoder.positions
        close(embedded, outputs["embedding"])
        close(block.attention_norm(embedded), outputs["normed_before_attention"])
        attended = embedded + block.attention(block.attention_norm(embedded))
        close(attended, outputs["after_attention"])
        close(block.mlp_norm(attended), outputs["normed_before_feed_forward"])
        close(block.mlp(block.mlp_norm(attended)), outputs["feed_forward_output"])
        close(encoder(feats), file["outputs/video_i/encoder_output"])
        close(encoder.positions, file["constants/positions"])


def test_the_norm_divides_by_the_unbiased_standard_deviation_plus_eps() -> None:
    norm = StandardDeviationNorm(4, eps=0.5)
    with torch.no_grad():
        norm.gain.copy_(torch.tensor([1.0, 2.0, 3.0, 4.0]))
        norm.bias.fill_(10.0)
    std = (20 / 3) ** 0.5  # of -3, -1, 1, 3
    expected = torch.tensor([-3.0, -2.0, 3.0, 12.0]) / (std + 0.5) + 10
    torch.testing.assert_close(norm(torch.tensor([4.0, 6.0, 8.0, 10.0])), expected)


@pytest.mark.parametrize("eps", [1e-6, 0.3])
def test_the_norm_has_the_gradient_of_its_definition(eps: float) -> None:
    norm = StandardDeviationNorm(5, eps).double()
    x = torch.randn(2, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    assert torch.autograd.gradcheck(norm, x)
    torch.testing.assert_close(norm(x), (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + eps))
    assert norm(torch.full((1, 5), 7.0, dtype=torch.float64)).tolist() == [[0, 0, 0, 0, 0]]


@pytest.mark.parametrize("probability", [0.1, 0.5])
def test_dropout_zeroes_its_share_and_scales_the_rest(probability: float) -> None:
    dropout, x = Dropout(probability), torch.randn(3, 50_001, requires_grad=True)
    torch.manual_seed(0)
    y = dropout(x)
    zeroed = (y == 0).sum().item()
    deviation = (x.numel() * probability * (1 - probability)) ** 0.5
    assert abs(zeroed - x.numel() * probability) < 4 * deviation
    torch.testing.assert_close(y[y != 0], (x / (1 - probability))[y != 0], rtol=2e-5, atol=0)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    torch.testing.assert_close(gradient * x, y)
    assert not torch.equal(dropout(x) == 0, y == 0)
    torch.manual_seed(0)
    assert torch.equal(dropout(x), y)
    assert dropout.eval()(x) is x


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(0)
    kept = (Dropout(0.5)(torch.ones(200_000)) != 0).double() - 0.5  # four elements share a random number
    correlations = torch.stack([(kept[lag:] * kept[:-lag]).mean() * 4 for lag in range(1, 9)])
    assert correlations.abs().max() < 4 / 200_000**0.5


def test_frame_order_matters_through_positions_only() -> None:
    torch.manual_seed(0)
    encoder = BertEncoder(6, 5, width=8, hidden=16, dropout=0.0)
    feats, order = torch.randn(3, 6, 5), torch.tensor([4, 0, 2, 5, 1, 3])
    assert not torch.allclose(encoder(feats[:, order]), encoder(feats)[:, order])
    encoder.positions.zero_()
    torch.testing.assert_close(encoder(feats[:, order]), encoder(feats)[:, order])


def test_dropout_acts_where_the_released_program_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: list[tuple[int, ...]] = []

    def recorded(module: Dropout, x: Tensor) -> Tensor:
        assert module.p == 0.25
        shapes.append(tuple(x.shape))
        return x

    monkeypatch.setattr(Dropout, "forward", recorded)
    BertEncoder(6, 5, width=8, hidden=16, dropout=0.25)(torch.randn(2, 3, 6, 5))
    assert shapes == [(2, 3, 6, 8), (6, 6, 6), (6, 6, 8), (6, 6, 16), (6, 6, 8), (6, 6, 8)]


def test_other_lengths_and_groups_are_encoded_video_by_video() -> None:
    torch.manual_seed(0)
    encoder = BertEncoder(6, 5, width=8, hidden=16, dropout=0.1).eval()
    feats = torch.randn(2, 3, 9, 5)
    torch.testing.assert_close(encoder(feats)[1, 2], encoder(feats[1, 2:])[0])
