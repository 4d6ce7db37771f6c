"""The bidirectional layers of S5VH: Mamba's in the paper, others in rows 6 to 8 of its Table 2."""

from __future__ import annotations

from typing import Any

from s5vh.config.mixers import RWKV_HEAD_SIZE
from s5vh.methods.s5vh.settings import Model
from s5vh.nn.lstm import LSTM
from s5vh.nn.mamba import Mamba
from s5vh.nn.retention import Retention
from s5vh.nn.rwkv import RWKV
from s5vh.nn.transformer import Transformer

MIXERS = {"mamba": Mamba, "lstm": LSTM, "retention": Retention, "rwkv": RWKV, "transformer": Transformer}


def layer_options(size: Model) -> dict[str, Any]:
    """Temporal mixer, directions and further arguments of the layers, for `BidirectionalStack`."""
    options = {
        "mamba": {"d_state": size.d_state, "d_conv": size.d_conv, "expand": size.expand, "norms": size.norms},
        "retention": {"heads": size.heads},
        "rwkv": {
            "read_out": size.rwkv_read_out,
            "token_shift": size.rwkv_token_shift,
            "head_size": RWKV_HEAD_SIZE,
        },
        "transformer": {"heads": size.heads},
    }
    return {"mixer": MIXERS[size.mixer], "directions": size.directions} | options.get(size.mixer, {})
