"""Mapping of the authors' BTH parameters to ours in the recipe `bth-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint, Shapes
from s5vh.methods.released_names import ReleasedNames, blocks

# The encoder of BTH and its forks; the tables of tokens and segments are never read.
ENCODER = {
    "bert.embedding.frame_map.*": "encoder.frame_map.*",
    "bert.embedding.token.*": None,
    "bert.embedding.segment.*": None,
    **blocks(
        "bert.transformer_blocks.0.",
        "encoder.block.",
        {
            "attention.linear_layers.0.*": "attention.query.*",
            "attention.linear_layers.1.*": "attention.key.*",
            "attention.linear_layers.2.*": "attention.value.*",
            "attention.output_linear.*": "attention.output.*",
            "feed_forward.w_1.*": "widen.*",
            "feed_forward.w_2.*": "narrow.*",
            "input_sublayer.norm.a_2": "attention_norm.gain",
            "input_sublayer.norm.b_2": "attention_norm.bias",
            "output_sublayer.norm.a_2": "mlp_norm.gain",
            "output_sublayer.norm.b_2": "mlp_norm.bias",
        },
    ),
}
NAMES = ReleasedNames("BTH", ENCODER | {"binary.*": "hash.linear.*", "restore.*": "decoder.*"})


def encoder_sizes(shapes: Shapes) -> tuple[dict[str, int], int]:
    """Sizes of the encoder, as keys of the `model` settings, and the feature dimension."""
    width, feature_size = shapes.of("encoder.frame_map.weight", 2)
    hidden, _ = shapes.of("encoder.block.widen.weight", 2)
    return {"width": width, "hidden": hidden}, feature_size


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    Raises:
        UserError: it is not a released BTH network.
    """
    shapes = NAMES.read(path, parameters)
    sizes, feature_size = encoder_sizes(shapes)
    bits, _ = shapes.of("hash.linear.weight", 2)
    return shapes.checkpoint(sizes, feature_size, bits)
