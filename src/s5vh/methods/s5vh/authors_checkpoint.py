"""Mapping of the authors' released S5VH parameters to our names.

released                                  here (recipe s5vh-released)
encoder.patch_embed, encoder.head         embed, encoder_head
encoder.blocks.N.norm1, .norm2            encoder.layers.N.forward_mixer.norm, .backward_mixer.norm
encoder.blocks.N.mamba1 (= mamba2)        encoder.layers.N.forward_mixer (= backward_mixer)
binary, ln                                hash.linear, hash.norm
encoder_to_decoder, mask_token            hash_to_decoder, mask_token
decoder.blocks, decoder.norm              decoder.layers, decoder.norm
decoder.head                              head
classifier                                classifier
get_token_probs                           none: a branch that is built but never used
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.import_checkpoint import Checkpoint, Shapes

_PREFIXES = {
    "encoder.patch_embed.": "embed.",
    "encoder.head.": "encoder_head.",
    "encoder.norm.": "encoder.norm.",
    "binary.": "hash.linear.",
    "ln.": "hash.norm.",
    "encoder_to_decoder.": "hash_to_decoder.",
    "decoder.norm.": "decoder.norm.",
    "decoder.head.": "head.",
    "classifier.": "classifier.",
}
_BLOCK = re.compile(r"(encoder|decoder)\.blocks\.(\d+)\.(norm1|norm2|mamba1|mamba2)\.(.+)")
_PARTS = {
    "norm1": "forward_mixer.norm",
    "norm2": "backward_mixer.norm",
    "mamba1": "forward_mixer",
    "mamba2": "backward_mixer",
}
UNUSED = "get_token_probs."


def our_name(released: str) -> str | None:
    """Our name of a released parameter; None for the unused branch.

    Raises:
        UserError: the released network has no parameter of this name.
    """
    if released.startswith(UNUSED):
        return None
    if released == "mask_token":
        return released
    if block := _BLOCK.fullmatch(released):
        stack, number, part, rest = block.groups()
        return f"{stack}.layers.{number}.{_PARTS[part]}.{rest}"
    for prefix, ours in _PREFIXES.items():
        if released.startswith(prefix):
            return ours + released.removeprefix(prefix)
    raise UserError(f"parameter '{released}' does not belong to the released S5VH network")


def from_released(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Convert a released network's parameters to those of the recipe `s5vh-released`.

    The released forward pass replaces the backward direction's Mamba blocks by the forward ones, so a checkpoint has
    two identical copies. If they differ, it was saved before any forward pass and is unusable.

    Raises:
        UserError: an unknown parameter, or copies that differ.
    """
    result = {}
    for name, value in parameters.items():
        ours = our_name(name)
        if ours is not None:
            result[ours] = value.reshape(-1) if ours == "mask_token" else value
    for name, value in list(result.items()):
        if ".forward_mixer." not in name or ".norm." in name:
            continue
        twin = name.replace(".forward_mixer.", ".backward_mixer.")
        if not np.array_equal(result.setdefault(twin, value), value):
            raise UserError(
                f"parameter '{name}' and its copy for the other direction differ; the checkpoint was saved "
                "before any forward pass"
            )
    return result


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of `{dataset}_{K}.pth` under their released names.

    Raises:
        UserError: it is not a released S5VH network.
    """
    try:
        arrays = from_released(parameters)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    released = {ours: name for name in parameters if (ours := our_name(name)) is not None}
    shapes = Shapes(path, "S5VH", arrays, released)
    width, feature_size = shapes.of("embed.weight", 2)
    bits, _ = shapes.of("hash.linear.weight", 2)
    decoder_width, _ = shapes.of("hash_to_decoder.weight", 2)
    inner, d_state = shapes.of("encoder.layers.0.forward_mixer.A_log", 2)
    sizes = {
        "width": width,
        "depth": shapes.layers("encoder.layers"),
        "decoder_width": decoder_width,
        "decoder_depth": shapes.layers("decoder.layers"),
        "d_state": d_state,
        "d_conv": shapes.of("encoder.layers.0.forward_mixer.conv1d.weight", 3)[2],
        "expand": max(1, inner // width),
    }
    clusters = shapes.of("classifier.weight", 2)[0] if "classifier.weight" in arrays else None
    return Checkpoint(path, arrays, released, sizes, feature_size, bits, clusters)
