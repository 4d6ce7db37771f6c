"""Parameters of a method and floating-point operations of encoding one video.

Operations are counted by torch's `FlopCounterMode`, which is asked for every operation that `encode` performs: matrix
products, convolutions and attention. Added here are those that it does not know: products with vectors, products in
place, attention and recurrent layers on the CPU, and the selective scan, whose kernels are outside torch. A product and
the sum that takes it up are two operations (FLOPs), so multiply-accumulate operations (MACs) are half as many.
Functions of single elements, normalization, softmax and gates are not counted, as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from s5vh.methods.contract import TrainedMethod
from s5vh.methods.linear_hash import LinearHash
from s5vh.nn.backends.counting import scan_flops


class MethodSize(NamedTuple):
    """Size of a method.

    Attributes:
        parameters: numbers that are learned.
        encoding_parameters: those that `encode` reads; the others are needed for training only, e.g. decoders.
        flops: floating-point operations of encoding one video.
    """

    parameters: int
    encoding_parameters: int
    flops: int


def network_size(network: TrainedMethod, frames: int) -> MethodSize:
    """Size of a network that encodes videos of this many frames.

    Args:
        network: on the CPU; it is left as it was.
        frames: T.
    """
    from torch.utils.flop_counter import FlopCounterMode  # imports triton, if there is one

    feats = torch.randn(1, frames, network.shape.feature_size, generator=torch.Generator().manual_seed(0))
    counter, reads = FlopCounterMode(display=False, custom_mapping=_FORMULAS), _Reads()
    with _ready_to_count(network), torch.no_grad(), counter, reads:
        network.encode(feats)
    parameters = list(network.parameters())
    read = [parameter for parameter in parameters if _place(parameter) in reads.places]
    return MethodSize(_total(parameters), _total(read), counter.get_total_flops())


def linear_hash_size(hasher: LinearHash) -> MethodSize:
    """Size of a fitted method whose codes come from one projection: its numbers, and the operations of that product."""
    numbers, flops = hasher.encoding_size()
    return MethodSize(numbers, numbers, flops)


@contextmanager
def _ready_to_count(network: nn.Module) -> Iterator[None]:
    """Evaluation mode, and scans as operations that can be counted."""
    scans = [module for module in network.modules() if hasattr(module, "scan_backend")]
    backends, training = [module.scan_backend for module in scans], network.training
    try:
        network.eval()
        for module in scans:
            module.scan_backend = "counting"
        yield
    finally:
        network.train(training)
        for module, backend in zip(scans, backends, strict=True):
            module.scan_backend = backend


class _Reads(TorchDispatchMode):
    """Remembers the memory of all tensors that any operation reads."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        self.places.update(_place(leaf) for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor))
        return func(*args, **(kwargs or {}))


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _total(parameters: list[nn.Parameter]) -> int:
    return sum(parameter.numel() for parameter in parameters)


# The arguments of these are shapes where the operation has tensors.


def _dot_flops(left: Sequence[int], *_: object, **__: object) -> int:
    """Of mv, [n, m] times [m], and of dot, [m] times [m]."""
    return 2 * prod(left)


def _addmv_flops(_sum: Sequence[int], matrix: Sequence[int], *_: object, **__: object) -> int:
    return 2 * prod(matrix)


def _product_flops(_sum: Sequence[int], left: Sequence[int], right: Sequence[int], *_: object, **__: object) -> int:
    """Of addmm and baddbmm in place, [..., n, m] times [..., m, k]."""
    return 2 * prod(left) * right[-1]


def _attention_flops(q: Sequence[int], k: Sequence[int], v: Sequence[int], *_: object, **__: object) -> int:
    from torch.utils.flop_counter import sdpa_flop_count

    return sdpa_flop_count(q, k, v)


def _lstm_flops(x: Sequence[int], of_input: Sequence[int], of_state: Sequence[int], *_: object, **__: object) -> int:
    """Of an LSTM over [T, B, D] with weights [4H, D] and [4H, H]."""
    return 2 * x[0] * x[1] * (prod(of_input) + prod(of_state))


_aten = torch.ops.aten
_FORMULAS: dict[Any, Callable[..., int]] = {
    _aten.mv: _dot_flops,
    _aten.dot: _dot_flops,
    _aten.addmv: _addmv_flops,
    _aten.addmv_: _addmv_flops,
    _aten.addmm_: _product_flops,
    _aten.baddbmm_: _product_flops,
    _aten._scaled_dot_product_flash_attention_for_cpu: _attention_flops,
    _aten.mkldnn_rnn_layer: _lstm_flops,
    torch.ops.s5vh.selective_scan: scan_flops,
}
