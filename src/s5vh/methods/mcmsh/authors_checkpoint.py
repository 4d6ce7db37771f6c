"""Mapping of the authors' MCMSH parameters to ours in the recipe `mcmsh-released`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from s5vh.methods.import_checkpoint import Checkpoint
from s5vh.methods.released_names import Arrays, ReleasedNames

_TRIOS = {"token_mixer.": "token_gating", "channel_mixer.": "channel_gating", "": "output_gating"}
_GATES = {"lrd": "long", "mrd": "medium", "srd": "short"}
_LAST_EPOCH = 55  # counted from 0


def _table() -> dict[str, str]:
    names = {"mc_mlp.preproj.*": "mc_mlp.embed.*", "binary.*": "hash.*"}
    for mixer in ("token", "channel"):
        names |= {f"mc_mlp.{mixer}_mixer.mlp.fc{n}.*": f"mc_mlp.{mixer}_mlp.{place}.*" for n, place in ((1, 0), (2, 3))}
    for theirs, ours in _TRIOS.items():
        for number, (gate, name) in enumerate(_GATES.items()):
            released, here = f"mc_mlp.{theirs}{gate}.", f"mc_mlp.{ours}."
            names |= {f"{released}fc1.*": f"{here}before.{number}.*", f"{released}fc2.*": f"{here}after.{number}.*"}
            names |= {f"{released}conv.*": f"{here}{name}.squeeze.*", f"{released}deconv.*": f"{here}{name}.excite.*"}
            names |= {f"{released}bn1.*": f"{here}{name}.squeeze_norm.*"}
            names |= {f"{released}bn2.*": f"{here}{name}.excite_norm.*"}
    return names


NAMES = ReleasedNames("MCMSH", _table())


def from_released(parameters: Mapping[str, np.ndarray]) -> Arrays:
    """A released network's parameters as those of the recipe `mcmsh-released`.

    The layers before and after the gates are convolutions of length 1 there. A checkpoint does not have the factor
    alpha; it is set to that of the last epoch, with which the authors' script evaluates all epochs.

    Raises:
        UserError: an unknown parameter.
    """
    arrays = NAMES.arrays(parameters)
    for name, value in arrays.items():
        if (".before." in name or ".after." in name) and value.ndim == 3 and value.shape[2] == 1:
            arrays[name] = value[:, :, 0]
    return arrays | {"alpha": np.array(math.sqrt(_LAST_EPOCH + 1), np.float32)}


def read_checkpoint(path: Path, parameters: Mapping[str, np.ndarray]) -> Checkpoint:
    """Build a `Checkpoint` from the parameters of an authors' checkpoint under their released names.

    Raises:
        UserError: it is not a released MCMSH network.
    """
    shapes = NAMES.read(path, parameters, from_released)
    width, feature_size = shapes.of("mc_mlp.embed.weight", 2)
    bits, _ = shapes.of("hash.weight", 2)
    hidden, _ = shapes.of("mc_mlp.channel_mlp.0.weight", 2)
    bottleneck, _ = shapes.of("mc_mlp.channel_gating.long.squeeze.weight", 2)
    token_bottleneck, frames = shapes.of("mc_mlp.token_gating.long.squeeze.weight", 2)
    sizes = {
        "width": width,
        "expansion": max(1, hidden // width),
        "channel_reduction": max(1, width // bottleneck),
        "token_reduction": max(1, frames // token_bottleneck),
    }
    return shapes.checkpoint(sizes, feature_size, bits)
