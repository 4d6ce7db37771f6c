"""Mapping of the authors' ConMH parameters to our names.

released                                       here (recipe conmh-released)
encoder.patch_embed, encoder.head              embed, encoder_head
encoder.norm, decoder.norm                     encoder.norm, decoder.norm
*.blocks.N.norm1, .norm2                       *.blocks.N.attention_norm, .mlp_norm
*.blocks.N.attn                                *.blocks.N.attention
*.blocks.N.mlp.fc1, .fc2                       *.blocks.N.mlp.0, .mlp.2
binary, ln                                     hash.linear, hash.norm
encoder_to_decoder, mask_token                 hash_to_decoder, mask_token
decoder.head                                   head
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
}
_BLOCK = re.compile(r"((?:encoder|decoder)\.blocks\.\d+\.)(norm1|norm2|attn|mlp\.fc1|mlp\.fc2)\.(.+)")
_PARTS = {"norm1": "attention_norm", "norm2": "mlp_norm", "attn": "attention", "mlp.fc1": "mlp.0", "mlp.fc2": "mlp.2"}


def our_name(released: str) -> str:
    """Our name of a released parameter.

    Raises:
        UserError: the released network has no parameter of this name.
    """
    if released == "mask_token":
        return released
    if block := _BLOCK.fullmatch(released):
        start, part, rest = block.groups()
        return f"{start}{_PARTS[part]}.{rest}"
    for prefix, ours in _PREFIXES.items():
        if released.startswith(prefix):
            return ours + released.removeprefix(prefix)
    raise UserError(f"parameter '{released}' does not belong to the released ConMH network")


def from_released(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Convert a released network's parameters to those of the recipe `conmh-released`.

    Raises:
        UserError: an unknown parameter.
    """
    ours = {our_name(name): value for name, value in parameters.items()}
    if "mask_token" in ours:
        ours["mask_token"] = ours["mask_token"].reshape(-1)  # [1, 1, decoder width] as released
    return ours


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    The number of heads cannot be inferred from the shapes: 6 heads of 42 channels and 12 of 21 give the same ones. It
    is taken from the method's settings.

    Raises:
        UserError: it is not a released ConMH network.
    """
    try:
        arrays = from_released(parameters)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    shapes = Shapes(path, "ConMH", arrays, {our_name(name): name for name in parameters})
    width, feature_size = shapes.of("embed.weight", 2)
    bits, _ = shapes.of("hash.linear.weight", 2)
    hidden, _ = shapes.of("encoder.blocks.0.mlp.0.weight", 2)
    sizes = {
        "width": width,
        "depth": shapes.layers("encoder.blocks"),
        "decoder_width": shapes.of("hash_to_decoder.weight", 2)[0],
        "decoder_depth": shapes.layers("decoder.blocks"),
        "mlp_ratio": max(1, hidden // width),
    }
    return Checkpoint(path, arrays, {our_name(name): name for name in parameters}, sizes, feature_size, bits)
