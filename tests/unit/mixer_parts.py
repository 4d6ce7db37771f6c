"""The temporal mixers other than Mamba, and the golden weights of each under our names."""

from __future__ import annotations

import torch
from golden_files import GOLDEN, groups_of
from torch import Tensor, nn

from s5vh.nn.lstm import LSTM
from s5vh.nn.retention import Retention
from s5vh.nn.rwkv import RWKV
from s5vh.nn.transformer import Transformer

MIXERS = {"lstm": LSTM, "retention": Retention, "rwkv": RWKV, "transformer": Transformer}
RELEASED = {"read_out": "bidirectional", "token_shift": False}  # of the released RWKV
DIRECTED = {"lstm": (LSTM, {}), "retention": (Retention, {}), "rwkv": (RWKV, {"head_size": 8})}
GOLDEN_CASES = {"lstm": (LSTM, {}), "retnet": (Retention, {}), "transformer": (Transformer, {})} | {
    "rwkv6": (RWKV, RELEASED | {"head_size": 16})
}

_RWKV_NAMES = {
    **{
        f"{ours}.{kind}": f"{theirs}.{kind}"
        for kind in ("weight", "bias")
        for ours, theirs in [
            ("first_norm", "ln0"),
            ("time_norm", "ln1"),
            ("channel_norm", "ln2"),
            ("time_mix.head_norm", "att.ln_x"),
        ]
    },
    "time_scale": "gamma1",
    "channel_scale": "gamma2",
    **{f"time_mix.{part}.weight": f"att.{part}.weight" for part in ("receptance", "key", "value", "gate", "output")},
    "time_mix.decay_base": "att.time_decay",
    "time_mix.decay_in": "att.time_decay_w1",
    "time_mix.decay_out": "att.time_decay_w2",
    "time_mix.bonus": "att.time_faaaa",
    **{f"channel_mix.{part}.weight": f"ffn.{part}.weight" for part in ("receptance", "key", "value")},
}
_TRANSFORMER_NAMES = {
    **{f"{ours}.{kind}": f"{theirs}.{kind}" for kind in ("weight", "bias") for ours, theirs in [
        ("attention_norm", "norm1"), ("mlp_norm", "norm2"), ("attention.proj", "attn.proj"),
        ("mlp.0", "mlp.fc1"), ("mlp.2", "mlp.fc2")]},
    **{f"attention.{part}": f"attn.{part}" for part in ("qkv.weight", "q_bias", "v_bias")},
}  # fmt: skip


def golden(case: str) -> dict[str, Tensor]:
    return groups_of(GOLDEN / "mixers.h5")[case]


def in_our_names(case: str, numbers: dict[str, Tensor], kind: str) -> dict[str, Tensor]:
    """Golden `weights` or `gradients` of a mixer under the names and in the shapes of ours, without the first norm."""
    found = {name.removeprefix(f"{kind}/"): value for name, value in numbers.items() if name.startswith(f"{kind}/")}
    if case == "lstm":
        return {f"lstm.{name}": value for name, value in found.items() if name != "x"}
    if case == "transformer":
        return {f"block.{ours}": found[theirs] for ours, theirs in _TRANSFORMER_NAMES.items()}
    if case == "rwkv6":
        named = {f"block.{ours}": found[theirs] for ours, theirs in _RWKV_NAMES.items()}
        return named | {"block.time_mix.decay_base": named["block.time_mix.decay_base"].flatten()}
    heads = [[found[f"retentions.{head}.{name}"] for head in range(4)] for name in ("W_Q", "W_K", "W_V")]
    return {
        "in_proj.weight": torch.cat([*(matrix for part in heads for matrix in part), found["W_G"]], dim=1).t(),
        "out_proj.weight": found["W_O"].t(),
        "head_norm.weight": found["group_norm.weight"],
        "head_norm.bias": found["group_norm.bias"],
    }


def golden_mixer(case: str, dtype: torch.dtype, *, reverse: bool = False) -> nn.Module:
    """One direction with the golden weights and without the norm before it, which the golden modules do not have."""
    kind, options = GOLDEN_CASES[case]
    mixer = kind(32, reverse=reverse, **options)
    mixer.norm = nn.Identity()
    mixer.load_state_dict(in_our_names(case, golden(case), "weights"))
    if case == "transformer":  # the golden block has torch's default
        mixer.block.attention_norm.eps = mixer.block.mlp_norm.eps = 1e-5
    return mixer.to(dtype)


def scrambled(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module in double precision with every parameter moved away from where it starts."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.double().parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return module


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
