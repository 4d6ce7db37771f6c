"""Mapping of the authors' released S5VH parameters to ours in the recipe `s5vh-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import ReleasedNames, blocks

_LAYER = {
    "norm1.*": "forward_mixer.norm.*",
    "norm2.*": "backward_mixer.norm.*",
    "mamba1.*": "forward_mixer.*",
    "mamba2.*": "backward_mixer.*",  # equal to mamba1
}
NAMES = ReleasedNames(
    "S5VH",
    {
        "encoder.patch_embed.*": "embed.*",
        "encoder.head.*": "encoder_head.*",
        "encoder.norm.*": "encoder.norm.*",
        **blocks("encoder.blocks.#.", "encoder.layers.#.", _LAYER),
        "binary.*": "hash.linear.*",
        "ln.*": "hash.norm.*",
        "encoder_to_decoder.*": "hash_to_decoder.*",
        "mask_token": "mask_token",
        "decoder.norm.*": "decoder.norm.*",
        "decoder.head.*": "head.*",
        **blocks("decoder.blocks.#.", "decoder.layers.#.", _LAYER),
        "classifier.*": "classifier.*",
        "get_token_probs.*": None,  # a branch that is built but never used
    },
    axes={"mask_token": 1},
)


def from_released(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Convert a released network's parameters to those of the recipe `s5vh-released`.

    The released forward pass replaces the backward direction's Mamba blocks by the forward ones, so a checkpoint has
    two identical copies. If they differ, it was saved before any forward pass and is unusable.

    Raises:
        UserError: an unknown parameter, or copies that differ.
    """
    result = NAMES.arrays(parameters)
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
    shapes = NAMES.read(path, parameters, from_released)
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
    clusters = shapes.of("classifier.weight", 2)[0] if "classifier.weight" in shapes else None
    return shapes.checkpoint(sizes, feature_size, bits, clusters)
