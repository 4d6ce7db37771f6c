"""Training steps, on a GPU replayed from a CUDA graph."""

from __future__ import annotations

import pytest
import torch

from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.network import S5VH
from s5vh.training import steps as module
from s5vh.training.device import set_determinism
from s5vh.training.steps import WARM_UP, Steps

FRAMES, SIZE, BITS, CLUSTERS = 6, 12, 8, 5
SMALL = {"width": 16, "depth": 2, "decoder_width": 16, "drop_path": 0.3}
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


def network(device: str, precision: str = "float32") -> S5VH:
    set_determinism(3)
    settings = load_method("s5vh")
    size = settings.model.model_copy(update=SMALL)
    training = settings.training.model_copy(update={"precision": precision})
    built = S5VH(settings.model_copy(update={"model": size, "training": training}), Shape(FRAMES, SIZE, BITS), {})
    built.centers = torch.where(torch.randn(CLUSTERS, BITS) >= 0, 1.0, -1.0)
    built.labels = torch.randint(CLUSTERS, (40,))
    return built.to(device).train()


def batches(device: str, sizes: list[int]) -> list[Batch]:
    draw, masks = torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)
    made = []
    for size in sizes:
        index = torch.randperm(40, generator=draw)[None, :size]
        feats = torch.randn(1, size, FRAMES, SIZE, generator=draw)
        made.append(Batch(feats.to(device), index, 0, masks))
    return made


def test_losses_are_a_function_of_the_inputs():
    first, second = network("cpu").eval(), network("cpu").eval()
    (one,), (other,) = batches("cpu", [7]), batches("cpu", [7])
    expected, found = first.losses(one), second.losses_from(*second.inputs(other))
    assert list(expected) == list(found) == ["total", "reconstruction", "contrast", "alignment"]
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_labels_that_are_refined_are_not_inputs_of_a_graph():
    built = network("cpu")
    built.loss_options = built.loss_options.model_copy(update={"refinement": 0.1})
    assert built.inputs(batches("cpu", [4])[0]) is None


@needs_gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_cuda_graph_gives_the_same_weights(precision, monkeypatch, capsys):
    sizes = [8, 8, 5, 8, 8, 8, 5, 8, 8]

    def trained() -> tuple[dict[str, torch.Tensor], list[float]]:
        built = network("cuda", precision)
        torch.manual_seed(7)
        optimizer = torch.optim.AdamW(built.parameters(), lr=1e-2, fused=True)
        step = Steps(built, [optimizer], torch.device("cuda"))
        losses = [step(batch)["total"].item() for batch in batches("cuda", sizes)]
        return built.state_dict(), losses

    replayed, losses = trained()
    assert capsys.readouterr().err == ""  # it was captured
    monkeypatch.setattr(module, "WARM_UP", len(sizes) + 1)
    eager, expected = trained()
    assert losses == expected and len(set(losses)) == len(sizes) > WARM_UP
    assert all(torch.equal(replayed[name], eager[name]) for name in eager)
