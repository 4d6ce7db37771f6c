"""Mapping of the authors' BerVAE parameters to ours in the recipe `bervae-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.bth.authors_checkpoint import ENCODER, encoder_sizes
from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import ReleasedNames

NAMES = ReleasedNames(
    "BerVAE",
    ENCODER | {"binary.*": "hash.*", "sequence_restore.*": "decoder.time_map.*", "restore.*": "decoder.frame_map.*"},
)


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    Raises:
        UserError: it is not a released BerVAE network.
    """
    shapes = NAMES.read(path, parameters)
    sizes, feature_size = encoder_sizes(shapes)
    bits, _ = shapes.of("hash.weight", 2)
    return shapes.checkpoint(sizes, feature_size, bits)
