"""Tables from the parameter names of a released network to ours, for the methods' `authors_checkpoint` modules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from s5vh.base.errors import UserError
from s5vh.methods.import_checkpoint import Checkpoint, Shapes

Arrays = dict[str, np.ndarray]

# Parts of a pre-norm Transformer block in released code -> in `s5vh.nn.attention`.
TRANSFORMER_BLOCK = {
    "norm1.*": "attention_norm.*",
    "norm2.*": "mlp_norm.*",
    "attn.*": "attention.*",
    "mlp.fc1.*": "mlp.0.*",
    "mlp.fc2.*": "mlp.2.*",
}


def blocks(released: str, ours: str, parts: Mapping[str, str | None]) -> dict[str, str | None]:
    """Entries of a table for the parts of every block: released names begin with `released`, our names with `ours`."""
    return {released + part: None if name is None else ours + name for part, name in parts.items()}


class ReleasedNames:
    """Our names of a released network's parameters.

    Args:
        network: named in error messages.
        table: from released names to ours. `#` stands for a number and `*` for the rest of a name; both are copied to
            our name in their order. The first entry that fits counts. None: the parameter has no effect in the
            released network and none here.
        axes: number of axes of our parameters that have leading axes of size 1 in the released network.
    """

    def __init__(self, network: str, table: Mapping[str, str | None], axes: Mapping[str, int] | None = None):
        self.network, self._axes = network, axes or {}
        self._table = [(_pattern(released), ours) for released, ours in table.items()]

    def ours(self, released: str) -> str | None:
        """Our name of a released parameter; None if it has no effect.

        Raises:
            UserError: the released network has no parameter of this name.
        """
        for pattern, ours in self._table:
            if match := pattern.fullmatch(released):
                copied = iter(match.groups())
                return ours and re.sub(r"[#*]", lambda _, copied=copied: next(copied), ours)
        raise UserError(f"parameter '{released}' does not belong to the released {self.network} network")

    def arrays(self, parameters: Mapping[str, np.ndarray]) -> Arrays:
        """The parameters of a released network under our names and with our numbers of axes.

        Raises:
            UserError: an unknown parameter.
        """
        result = {}
        for released, value in parameters.items():
            if (ours := self.ours(released)) is not None:
                while value.ndim > self._axes.get(ours, value.ndim) and value.shape[0] == 1:
                    value = value[0]
                result[ours] = value
        return result

    def read(
        self,
        path: Path,
        parameters: Mapping[str, np.ndarray],
        convert: Callable[[Mapping[str, np.ndarray]], Arrays] | None = None,
    ) -> Shapes:
        """The parameters of an authors' checkpoint, from whose shapes sizes are inferred.

        Args:
            path: the file, named in error messages.
            parameters: what it contains, by released names.
            convert: replaces `arrays` where names and axes are not the only differences.

        Raises:
            UserError: it is not a network of this kind.
        """
        try:
            arrays = (convert or self.arrays)(parameters)
        except UserError as error:
            raise UserError(f"{path}: {error}") from None
        released = {ours: name for name in parameters if (ours := self.ours(name)) is not None}
        return Shapes(path, self.network, arrays, released)


def masked_transformer(shapes: Shapes) -> Checkpoint:
    """The checkpoint of a `MaskedTransformer`, whose sizes are inferred, except for the numbers of heads.

    Heads leave no trace in the shapes: 6 heads of 42 channels and 12 of 21 give the same ones.
    """
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


def _pattern(released: str) -> re.Pattern[str]:
    return re.compile(re.escape(released).replace(r"\#", r"(\d+)").replace(r"\*", "(.+)"))
