"""The parameters of the authors' released S5VH network under our names.

released                                  here (recipe s5vh-released)
encoder.patch_embed, encoder.head         embed, encoder_head
encoder.blocks.N.norm1, .norm2            encoder.layers.N.forward_mamba.norm, .backward_mamba.norm
encoder.blocks.N.mamba1 (= mamba2)        encoder.layers.N.forward_mamba (= backward_mamba)
binary, ln                                hash.linear, hash.norm
encoder_to_decoder, mask_token            hash_to_decoder, mask_token
decoder.blocks, decoder.norm              decoder.layers, decoder.norm
decoder.head                              head
classifier                                classifier
get_token_probs                           nothing: a branch that is built and never used
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from s5vh.errors import UserError

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
_PLACES = {
    "norm1": "forward_mamba.norm",
    "norm2": "backward_mamba.norm",
    "mamba1": "forward_mamba",
    "mamba2": "backward_mamba",
}
UNUSED = "get_token_probs."


def our_name(released: str) -> str | None:
    """Our name of a released parameter; None for the branch that is never used.

    Raises:
        UserError: no parameter of the released network has this name.
    """
    if released.startswith(UNUSED):
        return None
    if released == "mask_token":
        return released
    if block := _BLOCK.fullmatch(released):
        stack, number, part, rest = block.groups()
        return f"{stack}.layers.{number}.{_PLACES[part]}.{rest}"
    for prefix, ours in _PREFIXES.items():
        if released.startswith(prefix):
            return ours + released.removeprefix(prefix)
    raise UserError(f"parameter '{released}' does not belong to the released S5VH network")


def from_released(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A released network's parameters as those of the recipe `s5vh-released`.

    The released forward pass makes the backward direction's Mamba blocks the forward ones', so a checkpoint holds both
    copies. One in which they differ was saved before any forward pass, and nothing here could use it.

    Raises:
        UserError: an unknown parameter, or two copies that differ.
    """
    result = {}
    for name, value in parameters.items():
        ours = our_name(name)
        if ours is not None:
            result[ours] = value.reshape(-1) if ours == "mask_token" else value
    for name, value in list(result.items()):
        if ".forward_mamba." not in name or ".norm." in name:
            continue
        twin = name.replace(".forward_mamba.", ".backward_mamba.")
        if not np.array_equal(result.setdefault(twin, value), value):
            raise UserError(f"parameter '{name}' and its copy for the other direction differ; the network never ran")
    return result
