"""Mapping of the authors' BerVAE parameters to ours in the recipe `bervae-released`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import ReleasedNames, blocks

NAMES = ReleasedNames(
    "BerVAE",
    {
        "bert.embedding.frame_map.*": "encoder.frame_map.*",
        "bert.embedding.token.*": None,  # of a language model, never read
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
        "binary.*": "hash.*",
        "sequence_restore.*": "decoder.time_map.*",
        "restore.*": "decoder.frame_map.*",
    },
)


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    Raises:
        UserError: it is not a released BerVAE network.
    """
    shapes = NAMES.read(path, parameters)
    width, feature_size = shapes.of("encoder.frame_map.weight", 2)
    hidden, _ = shapes.of("encoder.block.widen.weight", 2)
    bits, _ = shapes.of("hash.weight", 2)
    return shapes.checkpoint({"width": width, "hidden": hidden}, feature_size, bits)
