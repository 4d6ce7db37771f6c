"""EfficientNet-Lite0, with the parameter names of the package that brings its weights.

Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, Table 1, in the
authors' Lite variant: no squeeze-and-excitation, and ReLU6 for SiLU. Convolutions are padded as in TensorFlow, where
the weights were trained: one pixel more at the right and the bottom if the padding is odd.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

_STEM, _HEAD = 32, 1280  # channels
# Channels, kernel, stride of the first block, expansion of the channels, and blocks of each stage.
_STAGES = (
    (16, 3, 1, 1, 1),
    (24, 3, 2, 6, 2),
    (40, 5, 2, 6, 2),
    (80, 3, 2, 6, 3),
    (112, 5, 1, 6, 3),
    (192, 5, 2, 6, 4),
    (320, 3, 1, 6, 1),
)
_EPSILON = 1e-3  # of the batch norms


class SameConv(nn.Conv2d):
    """Convolution without bias that halves an odd side upwards at stride 2, as TensorFlow's padding "SAME"."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int = 1, groups: int = 1):
        padding = kernel // 2 if stride == 1 else 0
        super().__init__(channels, out, kernel, stride, padding, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] > 1:
            height, width = (
                max(-(-side // stride) * stride - stride + kernel - side, 0)
                for side, stride, kernel in zip(x.shape[-2:], self.stride, self.kernel_size, strict=True)
            )
            x = F.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return super().forward(x)


class InvertedBottleneck(nn.Module):
    """Expansion (1 x 1), depthwise convolution and projection (1 x 1), with a shortcut where shapes allow it."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        width = expansion * channels
        self._expand_conv = SameConv(channels, width, 1) if expansion > 1 else None
        self._bn0 = nn.BatchNorm2d(width, _EPSILON) if expansion > 1 else None
        self._depthwise_conv = SameConv(width, width, kernel, stride, groups=width)
        self._bn1 = nn.BatchNorm2d(width, _EPSILON)
        self._project_conv = SameConv(width, out, 1)
        self._bn2 = nn.BatchNorm2d(out, _EPSILON)
        self.has_shortcut = stride == 1 and channels == out

    def forward(self, x: Tensor) -> Tensor:
        inner = x
        if self._expand_conv is not None:
            inner = F.relu6(self._bn0(self._expand_conv(x)), inplace=True)
        inner = F.relu6(self._bn1(self._depthwise_conv(inner)), inplace=True)
        inner = self._bn2(self._project_conv(inner))
        return inner + x if self.has_shortcut else inner


class EfficientNetLite0(nn.Module):
    """Images [n, 3, h, w] to the globally average-pooled last feature map, after ReLU6: [n, 1280].

    The classification layer `_fc` only exists with `head`; `forward` does not use it.
    """

    def __init__(self, head: bool = False):
        super().__init__()
        self._conv_stem = SameConv(3, _STEM, 3, stride=2)
        self._bn0 = nn.BatchNorm2d(_STEM, _EPSILON)
        blocks, channels = [], _STEM
        for out, kernel, stride, expansion, count in _STAGES:
            for number in range(count):
                blocks.append(InvertedBottleneck(channels, out, kernel, 1 if number else stride, expansion))
                channels = out
        self._blocks = nn.Sequential(*blocks)
        self._conv_head = SameConv(channels, _HEAD, 1)
        self._bn1 = nn.BatchNorm2d(_HEAD, _EPSILON)
        if head:
            self._fc = nn.Linear(_HEAD, 1000)

    def forward(self, images: Tensor) -> Tensor:
        x = F.relu6(self._bn0(self._conv_stem(images)), inplace=True)
        x = self._blocks(x)
        x = F.relu6(self._bn1(self._conv_head(x)), inplace=True)
        return F.adaptive_avg_pool2d(x, 1).flatten(1)
