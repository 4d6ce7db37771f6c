"""The image networks: the two of the papers' frame features, with torchvision's parameter names, and a small one.

VGG-16 (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015,
configuration D) and ResNet-50 (He et al., "Deep residual learning for image recognition", CVPR 2016; as in torchvision
with the stride in the 3 x 3 convolution). They are reimplemented here because
nothing else of torchvision is needed, and its compiled extension must match the torch build.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from s5vh.data.videos.efficientnet_lite import EfficientNetLite0

_VGG16 = (64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool", 512, 512, 512, "pool", 512, 512, 512, "pool")
_RESNET50 = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # width, blocks and stride of each stage
_EXPANSION = 4
CLASSES = 1000


class VGG16(nn.Module):
    """Images [n, 3, h, w] to fc7 (the second fully connected layer) after ReLU: [n, 4096].

    The classification layer `classifier.6` only exists with `head` and is never used.
    """

    def __init__(self, head: bool = False):
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for step in _VGG16:
            if step == "pool":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU(inplace=True)]
                channels = step
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        # Dropout is inactive; it only keeps the layer indices in the parameter names.
        fc6 = [nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout()]
        fc7 = [nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout()]
        self.classifier = nn.Sequential(*fc6, *fc7, *([nn.Linear(4096, CLASSES)] if head else []))

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier[:6](self.avgpool(self.features(images)).flatten(1))


class Bottleneck(nn.Module):
    """Residual block of 1 x 1, 3 x 3 and 1 x 1 convolutions."""

    def __init__(self, channels: int, width: int, stride: int):
        super().__init__()
        out = _EXPANSION * width
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return self.relu(self.bn3(self.conv3(x)) + shortcut)


class ResNet50(nn.Module):
    """Images [n, 3, h, w] to the globally average-pooled last feature map: [n, 2048].

    The classification layer `fc` only exists with `head` and is never used.
    """

    def __init__(self, head: bool = False):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        channels = 64
        for number, (width, blocks, stride) in enumerate(_RESNET50, start=1):
            stage = [Bottleneck(channels, width, stride)]
            channels = _EXPANSION * width
            stage += [Bottleneck(channels, width, 1) for _ in range(blocks - 1)]
            setattr(self, f"layer{number}", nn.Sequential(*stage))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        if head:
            self.fc = nn.Linear(channels, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.avgpool(x).flatten(1)


NETWORKS: dict[str, Callable[..., nn.Module]] = {
    "efficientnet_lite0": EfficientNetLite0,
    "resnet50": ResNet50,
    "vgg16": VGG16,
}
# Prefixes of unused parameters.
HEADS = {"efficientnet_lite0": "_fc.", "resnet50": "fc.", "vgg16": "classifier.6."}
