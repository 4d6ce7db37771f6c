"""Mapping of the authors' ConMH parameters to ours in the recipe `conmh-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import TRANSFORMER_BLOCK, ReleasedNames, blocks, masked_transformer

NAMES = ReleasedNames(
    "ConMH",
    {
        "encoder.patch_embed.*": "embed.*",
        "encoder.head.*": "encoder_head.*",
        "encoder.norm.*": "encoder.norm.*",
        **blocks("encoder.blocks.#.", "encoder.blocks.#.", TRANSFORMER_BLOCK),
        "binary.*": "hash.linear.*",
        "ln.*": "hash.norm.*",
        "encoder_to_decoder.*": "hash_to_decoder.*",
        "mask_token": "mask_token",
        "decoder.norm.*": "decoder.norm.*",
        "decoder.head.*": "head.*",
        **blocks("decoder.blocks.#.", "decoder.blocks.#.", TRANSFORMER_BLOCK),
    },
    axes={"mask_token": 1},
)


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    The number of heads cannot be inferred from the shapes: 6 heads of 42 channels and 12 of 21 give the same ones. It
    is taken from the method's settings.

    Raises:
        UserError: it is not a released ConMH network.
    """
    return masked_transformer(NAMES.read(path, parameters))
