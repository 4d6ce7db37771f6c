"""Mapping of the authors' AutoSSVH parameters to ours in the recipe `autossvh-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import TRANSFORMER_BLOCK, ReleasedNames, blocks

NAMES = ReleasedNames(
    "AutoSSVH",
    {
        "encoder.patch_embed.*": "embed.*",
        "encoder.sample_net.*": None,  # the frame sampler, which is never called
        "encoder.head.*": "encoder_head.*",
        "encoder.norm.*": "encoder.norm.*",
        **blocks("encoder.blocks.#.", "encoder.blocks.#.", TRANSFORMER_BLOCK),
        "binary.*": "hash.linear.*",
        "ln.*": "hash.norm.*",
        "encoder_to_decoder.*": "hash_to_decoder.*",
        "mask_token": "mask_token",
        "pos_embed": "decoder_positions",
        "decoder.norm.*": "decoder.norm.*",
        "decoder.head.*": "head.*",
        **blocks("decoder.blocks.#.", "decoder.blocks.#.", TRANSFORMER_BLOCK),
    },
    axes={"mask_token": 1, "decoder_positions": 2},
)


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    The number of heads cannot be inferred from the shapes and is taken from the method's settings, as for ConMH.

    Raises:
        UserError: it is not a released AutoSSVH network.
    """
    shapes = NAMES.read(path, parameters)
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
    return shapes.checkpoint(sizes, feature_size, bits)
