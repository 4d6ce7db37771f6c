"""Which temporal mixer the layers of a network have.

Declared apart from methods, so that only values that differ from these defaults are part of a cell's settings.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from s5vh.config.validation import Strict

RWKV_HEAD_SIZE = 64  # networks at most as wide have one head


class MixerConfig(Strict):
    """The temporal mixer of all layers and its options."""

    mixer: Literal["mamba", "lstm", "retention", "rwkv", "transformer"] = Field(
        "mamba",
        description="what mixes frames in all layers of encoder and decoder: `mamba`; `lstm`, `retention` (RetNet) or "
        "`rwkv` (RWKV-6), one per direction after a layer norm of its own; `transformer`: one pre-norm block in place "
        "of both directions",
    )
    heads: PositiveInt = Field(
        4,
        description="heads of `retention` and `transformer`; must divide both widths, into even sizes for `retention`",
    )
    rwkv_read_out: Literal["causal", "bidirectional"] = Field(
        "causal",
        description="`causal`: a direction's frame sees itself and what was read before; `bidirectional`: it sees all "
        "frames, as in the released code and Vision-RWKV, so both directions do the same",
    )
    rwkv_token_shift: bool = Field(
        True, description="mix the inputs of `rwkv` with the previous frame's; false as released"
    )
