"""MC-MLP, the network of MCMSH: mixing MLPs over frames and over channels, each followed by contextual gates.

Glossary (symbol -> name here)

    N, T, W           videos in a pass, frames, width of the network
    Q                 axis that is gated: T in token mixing, W in channel mixing
    P                 context axis, which gates are pooled or convolved along: W in token mixing, T in channel mixing
    L-RD              LongGate                  one gate for the whole context
    M-RD              LocalGate(pooled=True)    gates of neighbourhoods of about three steps
    S-RD              LocalGate(pooled=False)   gates of single steps
    FC                before, after             linear layers along P before and after the gates

Gates have the shape [N, Q, P], or [N, Q, 1] for the long one. Groups of videos pass through the network together; only
batch norms tell them apart.
"""

from __future__ import annotations

from collections.abc import Collection

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.methods.mcmsh.settings import Model
from s5vh.nn.batch_norm import GroupedBatchNorm
from s5vh.nn.dropout import Dropout

LONG_STD = 0.001  # of the initial weights of long gates
POOL = 3  # steps of the context per value of a medium gate


class Gate(nn.Module):
    """An operator to a bottleneck, ReLU, an operator back, sigmoid; batch norms after both operators if `norm`."""

    def __init__(self, squeeze: nn.Module, excite: nn.Module, size: int, bottleneck: int, norm: bool):
        super().__init__()
        self.squeeze, self.excite = squeeze, excite
        self.squeeze_norm = GroupedBatchNorm(bottleneck) if norm else None
        self.excite_norm = GroupedBatchNorm(size) if norm else None

    def gate(self, x: Tensor, groups: int) -> Tensor:
        x = self.squeeze(x)
        if self.squeeze_norm is not None:
            x = self.squeeze_norm(x, groups)
        x = self.excite(F.relu(x))
        if self.excite_norm is not None:
            x = self.excite_norm(x, groups)
        return x.sigmoid()


class LongGate(Gate):
    """L-RD: from the mean over the context, [N, Q, P] to [N, Q, 1]."""

    def __init__(self, size: int, bottleneck: int, norm: bool):
        squeeze, excite = nn.Linear(size, bottleneck, bias=False), nn.Linear(bottleneck, size, bias=False)
        for layer in (squeeze, excite):
            nn.init.normal_(layer.weight, std=LONG_STD)
        super().__init__(squeeze, excite, size, bottleneck, norm)

    def forward(self, x: Tensor, groups: int) -> Tensor:
        return self.gate(x.mean(dim=2), groups)[:, :, None]


class LocalGate(Gate):
    """S-RD, or M-RD if `pooled`: from convolutions along the context, [N, Q, P] to [N, Q, P].

    Args:
        context: P.
        convolution_groups: groups of the channels Q in both convolutions.
        pooled: average the context to a third of its length before, and back to its length after.
    """

    def __init__(self, size: int, context: int, bottleneck: int, norm: bool, *, convolution_groups: int, pooled: bool):
        options = {"kernel_size": 3, "padding": 1, "groups": convolution_groups, "bias": False}
        squeeze, excite = nn.Conv1d(size, bottleneck, **options), nn.Conv1d(bottleneck, size, **options)
        nn.init.kaiming_normal_(squeeze.weight, mode="fan_out")
        nn.init.xavier_normal_(excite.weight)
        super().__init__(squeeze, excite, size, bottleneck, norm)
        steps = max(1, context // POOL)
        self.register_buffer("down", _averages(context, steps) if pooled else None, persistent=False)
        self.register_buffer("up", _averages(steps, context) if pooled else None, persistent=False)

    def forward(self, x: Tensor, groups: int) -> Tensor:
        if self.down is None:
            return self.gate(x, groups)
        return F.linear(self.gate(F.linear(x, self.down), groups), self.up)


def _averages(length: int, wanted: int) -> Tensor:
    """Adaptive average pooling as a matrix, [wanted, length]; a product is faster than torch's pooling."""
    return F.adaptive_avg_pool1d(torch.eye(length), wanted).t().contiguous()


class ContextGating(nn.Module):
    """Long, medium and short gates, or some of them, [N, Q, P] to [N, Q, P]; the identity without any.

    Args:
        size, context: Q and P.
        bottleneck: channels between the operators of a gate.
        convolution_groups: as for `LocalGate`.
        gates: which of "long", "medium" and "short" there are.
        kind: "masks": after(before(x) * sum of the gates of before(x)); "outputs": the sum of
            after(before(x) * gate of before(x)) over the gates, each of which has its own layers.
        norm: whether gates have batch norms.
    """

    def __init__(
        self,
        size: int,
        context: int,
        bottleneck: int,
        *,
        convolution_groups: int,
        gates: Collection[str],
        kind: str,
        norm: bool,
    ):
        super().__init__()
        pairs = len(gates) if kind == "outputs" else min(1, len(gates))
        self.before = nn.ModuleList([nn.Linear(context, context) for _ in range(pairs)])
        self.after = nn.ModuleList([nn.Linear(context, context) for _ in range(pairs)])
        self.long = LongGate(size, bottleneck, norm) if "long" in gates else None
        self.medium, self.short = (
            LocalGate(size, context, bottleneck, norm, convolution_groups=convolution_groups, pooled=pooled)
            if name in gates
            else None
            for name, pooled in (("medium", True), ("short", False))
        )

    def forward(self, x: Tensor, groups: int) -> Tensor:
        gates = [gate for gate in (self.long, self.medium, self.short) if gate is not None]
        if not gates:
            return x
        if len(self.before) == 1:
            x = self.before[0](x)
            return self.after[0](x * sum(gate(x, groups) for gate in gates))
        projected = [before(x) for before in self.before]
        return sum(after(y * gate(y, groups)) for y, gate, after in zip(projected, gates, self.after, strict=True))


class MixingMLP(nn.Sequential):
    """Linear, GELU, dropout, linear, dropout, over the last axis."""

    def __init__(self, size: int, expansion: int, dropout: float):
        super().__init__(
            nn.Linear(size, expansion * size),
            nn.GELU(),
            Dropout(dropout),
            nn.Linear(expansion * size, size),
            Dropout(dropout),
        )


class MCMLP(nn.Module):
    """Frame features to frame embeddings: [N, T, D] to [N, T, W]."""

    def __init__(self, size: Model, frames: int, feature_size: int):
        super().__init__()
        width, options = size.width, {"gates": size.gates, "kind": size.gating, "norm": size.gate_norm}
        self.embed = nn.Linear(feature_size, width)
        self.token_mlp = MixingMLP(frames, size.expansion, size.dropout)
        self.channel_mlp = MixingMLP(width, size.expansion, size.dropout)
        bottleneck = max(1, frames // size.token_reduction)
        self.token_gating = ContextGating(frames, width, bottleneck, convolution_groups=1, **options)
        bottleneck = width // size.channel_reduction
        options |= {"convolution_groups": bottleneck}
        self.channel_gating = ContextGating(width, frames, bottleneck, **options)
        self.output_gating = ContextGating(width, frames, bottleneck, **options) if size.output_gating else None

    def forward(self, feats: Tensor) -> Tensor:
        return self.mix(self.embed(feats))

    def mix(self, embedded: Tensor, groups: int = 1) -> Tensor:
        """Everything after `embed`: [G * B, T, W] to [G * B, T, W]."""
        x = F.relu(embedded)
        tokens = self.token_mlp(x.transpose(1, 2)).transpose(1, 2)
        x = x + self.token_gating(tokens, groups)
        channels = self.channel_mlp(x)
        x = x.transpose(1, 2) + self.channel_gating(channels.transpose(1, 2), groups)
        if self.output_gating is not None:
            x = self.output_gating(x, groups)
        return x.transpose(1, 2)
