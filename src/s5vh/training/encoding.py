"""Encoding of many videos with a network or any stored model. torch is only imported for networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.config.precision import EncodingPrecision
from s5vh.methods.discovery import implementation_of
from s5vh.methods.model_file import StoredModel, restore_network
from s5vh.methods.settings import is_trained

if TYPE_CHECKING:
    from torch import Tensor

    from s5vh.methods.contract import TrainedMethod
    from s5vh.training.batches import FeatureSource


def encode_all(
    model: TrainedMethod,
    source: FeatureSource,
    batch_size: int = 256,
    frames: slice = slice(None),
    rows: Tensor | None = None,
    precision: EncodingPrecision = "float32",
) -> np.ndarray:
    """Encode the videos of a source: int8 [N, K] in {-1, +1}.

    Args:
        frames: frames of each video to use.
        rows: videos to encode, int64 [N]; default: all, in file order.
        precision: arithmetic of the network; see `s5vh.config.run.EncodingConfig`.

    Raises:
        UserError: the videos' length differs from the model's, and it accepts no other.
    """
    import torch

    from s5vh.methods.contract import arithmetic

    length = len(range(*frames.indices(source.shape[1])))
    if model.fixed_length and length != model.shape.frames:
        raise UserError(
            f"{type(model).__name__} only encodes videos of {model.shape.frames} frames, got {length}; use features "
            f"with {model.shape.frames} frames per video"
        )
    was_training = model.training
    model.eval()
    # Around all batches, so that weights are rounded once.
    with torch.inference_mode(), arithmetic(source.device, precision):
        codes = [
            model.encode(feats[:, frames]).to(torch.int8).cpu().numpy() for feats in source.in_order(batch_size, rows)
        ]
    model.train(was_training)
    return np.concatenate(codes)


def precision_asked(stored: StoredModel, precision: EncodingPrecision) -> EncodingPrecision | None:
    """The precision in which the model is to encode; None for fitted methods, which ignore it."""
    return precision if is_trained(stored.cell.settings) else None


def precision_used(stored: StoredModel, precision: EncodingPrecision, place: str) -> str | None:
    """The precision in which the model encodes at a place (see `open_encoder`) if asked for `precision`, likewise."""
    if not is_trained(stored.cell.settings):
        return None
    from s5vh.methods.contract import available

    return available(precision, place)


@contextmanager
def open_encoder(
    stored: StoredModel,
    device: str = "auto",
    threads: int | None = None,
    precision: EncodingPrecision = "float32",
) -> Iterator[tuple[Callable[[Any], np.ndarray], str]]:
    """Yield a function mapping features [N, T, D] (h5py dataset or array) to codes int8 [N, K], and the device name.

    A network reserves its device until the block ends. Fitted methods run on the CPU and have no use for `precision`.

    Raises:
        UserError: the device does not exist; the yielded function raises it for features that do not fit the model.
    """
    if not is_trained(stored.cell.settings):
        yield implementation_of(stored.cell.settings).load_state(stored.arrays).encode, "cpu"
        return
    from s5vh.training.batches import FeatureSource
    from s5vh.training.device import device_lock, device_name, set_threads

    set_threads(threads)
    with device_lock(device) as target:
        network = restore_network(stored).to(target)

        # Every video is read only once, so caching would not help.
        def encode(feats: Any) -> np.ndarray:
            return encode_all(network, FeatureSource(feats, target, resident_bytes=0), precision=precision)

        yield encode, device_name(target)
