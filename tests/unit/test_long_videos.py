"""Mamba in chunks over time, which keeps the memory for long videos small."""

import pytest
import torch

from s5vh.nn import mamba
from s5vh.nn.bidirectional import BidirectionalStack
from s5vh.nn.mamba import Mamba, mamba_sum, sum_in_chunks


def blocks(**options):
    torch.manual_seed(3)
    return [Mamba(6, d_state=3, reverse=reverse, **options).double() for reverse in (False, True)]


@pytest.mark.parametrize("norms", ["paper", "block", "none"])
@pytest.mark.parametrize("size", [1, 2, 5, 11, 12, 40])
def test_chunks_give_the_same_as_the_whole(norms, size):
    both, x = blocks(norms=norms, d_conv=4), torch.randn(2, 12, 6, dtype=torch.float64)
    with torch.no_grad():
        for chosen in (both, both[:1], both[1:]):
            assert torch.allclose(sum_in_chunks(chosen, x, size), mamba_sum(chosen, x), rtol=1e-12, atol=1e-13)


def test_a_convolution_of_one_frame_needs_no_frames_before():
    both, x = blocks(d_conv=1), torch.randn(2, 7, 6, dtype=torch.float64)
    with torch.no_grad():
        assert torch.allclose(sum_in_chunks(both, x, 3), mamba_sum(both, x), rtol=1e-12)


def test_only_long_videos_without_gradients_are_split(monkeypatch):
    monkeypatch.setattr(mamba, "CHUNK", 5)
    monkeypatch.setattr(mamba, "sum_in_chunks", lambda blocks, x, size: asked.append((x.shape[1], size)) or x)
    stack, asked = BidirectionalStack(6, 2, Mamba, d_state=3).eval(), []
    for frames in (5, 6):
        x = torch.randn(1, frames, 6)
        stack(x)
        with torch.inference_mode():
            stack(x)
    assert asked == [(6, 5)] * 2  # once a layer
    for module in stack.modules():
        if isinstance(module, Mamba):
            module.scan_backend = "reference"
    with torch.inference_mode():
        stack(x)
    assert len(asked) == 2


def test_the_memory_of_long_videos_is_that_of_their_embeddings():
    from s5vh.studies.probing import memory_mark, memory_peak

    torch.manual_seed(0)
    stack, cpu = BidirectionalStack(32, 1, Mamba, d_state=2).eval(), torch.device("cpu")
    x = torch.randn(1, 64 * mamba.CHUNK, 32)  # 8 MiB
    peaks = []
    with torch.inference_mode():
        for length in (2 * mamba.CHUNK, x.shape[1]):
            before = memory_mark(cpu)
            stack(x[:, :length])
            peaks.append((memory_peak(cpu) - before) / 2**20)
    assert peaks[1] < 5 * 8  # the whole at once would take more than 100 MiB
