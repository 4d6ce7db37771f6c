"""Mapping of the authors' AutoSSVH parameters to ours in the recipe `autossvh-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import TRANSFORMER_BLOCK, ReleasedNames, blocks, masked_transformer

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
    return masked_transformer(NAMES.read(path, parameters))
