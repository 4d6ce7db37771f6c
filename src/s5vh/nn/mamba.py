"""Mamba block and the bidirectional layer of S5VH.

Glossary (S5VH paper, equations 5 to 8 -> names here)

    S_in, S_out       x, y                 layer input and output, [B, T, width]
    LN1, LN2          norm, scan_norm      layer norms before the main branch and after the scan
    Linear1, Linear2  in_proj              its first `inner` rows make the main branch, the others the gate
    Conv1d, SiLU      conv1d               causal depthwise convolution of `d_conv` frames
    A, B, C, D, Delta A_log, x_proj, D, dt_proj
    Linear3           out_proj
    M_fw, M_bw        forward_mamba, backward_mamba

Parameter names and shapes are those of mamba-ssm's `Mamba`, so its weights load here.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from s5vh.nn.conv import causal_conv_silu
from s5vh.nn.scan import selective_scan

NORM_EPS = 1e-6


class Mamba(nn.Module):
    """One direction of a Mamba-1 block over [B, T, width].

    Args:
        width: size of a frame's vector.
        d_state: states per channel (N).
        d_conv: frames the convolution sees.
        expand: inner width divided by width.
        norms: "paper" puts a layer norm before the main branch only (the gate sees the raw input) and a second one
            on the scan output (equations 6 to 8); "none" is the standard block.
        reverse: read the frames from last to first.
        scan_backend: see `selective_scan`.
    """

    def __init__(
        self,
        width: int,
        *,
        d_state: int = 16,
        d_conv: int = 4,
        expand: int = 2,
        norms: str = "paper",
        reverse: bool = False,
        scan_backend: str = "auto",
    ):
        super().__init__()
        self.inner = expand * width
        self.rank = math.ceil(width / 16)
        self.d_state = d_state
        self.reverse = reverse
        self.scan_backend = scan_backend
        self.in_proj = nn.Linear(width, 2 * self.inner, bias=False)
        self.conv1d = nn.Conv1d(self.inner, self.inner, d_conv, groups=self.inner)
        self.x_proj = nn.Linear(self.inner, self.rank + 2 * d_state, bias=False)
        self.dt_proj = nn.Linear(self.rank, self.inner)
        self.A_log = nn.Parameter(torch.log(torch.arange(1.0, d_state + 1)).repeat(self.inner, 1))
        self.D = nn.Parameter(torch.ones(self.inner))
        self.out_proj = nn.Linear(self.inner, width, bias=False)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS) if norms == "paper" else None
        self.scan_norm = nn.LayerNorm(self.inner, eps=NORM_EPS) if norms == "paper" else None
        self.reset_step_sizes()

    @torch.no_grad()
    def reset_step_sizes(self, shortest: float = 1e-3, longest: float = 1e-1, floor: float = 1e-4) -> None:
        """Mamba's initialisation: step sizes log-uniform in [shortest, longest], as softplus of the bias."""
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        step = torch.exp(torch.rand(self.inner) * math.log(longest / shortest) + math.log(shortest)).clamp(min=floor)
        self.dt_proj.bias.copy_(step + torch.log(-torch.expm1(-step)))  # inverse of softplus

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, width] to [B, T, width]."""
        if self.norm is None:
            main, gate = self.in_proj(x).chunk(2, dim=-1)
        else:
            main = F.linear(self.norm(x), self.in_proj.weight[: self.inner])
            gate = F.linear(x, self.in_proj.weight[self.inner :])
        u = causal_conv_silu(main, self.conv1d.weight, self.conv1d.bias, reverse=self.reverse)
        step, B, C = self.x_proj(u).split([self.rank, self.d_state, self.d_state], dim=-1)
        delta = F.softplus(self.dt_proj(step))
        A = -torch.exp(self.A_log)
        y = selective_scan(u, delta, A, B, C, self.D, reverse=self.reverse, backend=self.scan_backend)
        if self.scan_norm is not None:
            y = self.scan_norm(y)
        return self.out_proj(y * F.silu(gate))


class DropPath(nn.Module):
    """Stochastic depth: drops a video's whole residual branch with probability `rate` while training."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if self.rate == 0 or not self.training:
            return x
        keep = 1 - self.rate
        mask = torch.rand(x.shape[0], *[1] * (x.ndim - 1), device=x.device, dtype=x.dtype) < keep
        return x * mask / keep


class BidirectionalLayer(nn.Module):
    """x + DropPath(M_fw(x) + M_bw(x)), each direction with its own parameters (S5VH paper, equation 5).

    The residual connection and stochastic depth are those of the released code; the paper prints neither.

    Args:
        directions: "both", "forward" or "backward" (the one-direction rows of the paper's Table 2).
        drop_path: rate of stochastic depth.
        options: arguments of `Mamba`.
    """

    def __init__(self, width: int, *, directions: str = "both", drop_path: float = 0.0, **options):
        super().__init__()
        self.forward_mamba = Mamba(width, reverse=False, **options) if directions != "backward" else None
        self.backward_mamba = Mamba(width, reverse=True, **options) if directions != "forward" else None
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor) -> Tensor:
        branches = [mamba(x) for mamba in (self.forward_mamba, self.backward_mamba) if mamba is not None]
        return x + self.drop_path(sum(branches))


class BidirectionalStack(nn.Module):
    """`depth` bidirectional layers and a final layer norm; stochastic depth rises linearly to `drop_path`."""

    def __init__(self, width: int, depth: int, *, drop_path: float = 0.0, **options):
        super().__init__()
        rates = [drop_path * i / max(depth - 1, 1) for i in range(depth)]
        self.layers = nn.ModuleList(BidirectionalLayer(width, drop_path=rate, **options) for rate in rates)
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)
