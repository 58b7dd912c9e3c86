"""A small dense detector: plain 3x3 convolutions in CSP stages, a feature pyramid and one head shared by its levels."""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)


class Conv(nn.Sequential):
    def __init__(self, inputs, outputs, size=3, stride=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
            nn.ReLU(inplace=True),
        )


class Stage(nn.Module):
    """Half of the channels pass residual pairs of convolutions, the other half go around them."""

    def __init__(self, inputs, outputs, depth=1):
        super().__init__()
        half = outputs // 2
        self.down = Conv(inputs, outputs, 3, 2)
        self.left = Conv(outputs, half, 1)
        self.right = Conv(outputs, half, 1)
        self.blocks = nn.ModuleList(nn.Sequential(Conv(half, half), Conv(half, half)) for _ in range(depth))
        self.join = Conv(2 * half, outputs, 1)

    def forward(self, x):
        x = self.down(x)
        left = self.left(x)
        for block in self.blocks:
            left = left + block(left)
        return self.join(torch.cat([left, self.right(x)], 1))


class Detector(nn.Module):
    def __init__(self, classes, widths=(16, 32, 64, 96, 128), neck=64, depths=(1, 1, 1, 1)):
        super().__init__()
        w0, w1, w2, w3, w4 = widths
        self.stem = Conv(3, w0, 3, 2)
        d1, d2, d3, d4 = depths
        self.s1, self.s2, self.s3, self.s4 = Stage(w0, w1, d1), Stage(w1, w2, d2), Stage(w2, w3, d3), Stage(w3, w4, d4)
        self.context = Conv(w4, w4)
        self.lateral = nn.ModuleList(Conv(w, neck, 1) for w in (w2, w3, w4))
        self.smooth = nn.ModuleList(Conv(neck, neck) for _ in STRIDES)
        self.cls_tower = Conv(neck, neck)
        self.box_tower = Conv(neck, neck)
        self.cls = nn.Conv2d(neck, classes, 1)
        self.box = nn.Conv2d(neck, 4, 1)
        nn.init.constant_(self.cls.bias, -math.log(99))
        nn.init.constant_(self.box.bias, 1.0)

    def forward(self, x):
        """Class logits [B,N,C] and side distances [B,N,4] in units of each level's stride."""
        c3 = self.s2(self.s1(self.stem(x)))
        c4 = self.s3(c3)
        c5 = self.context(self.s4(c4))
        p5 = self.lateral[2](c5)
        p4 = self.lateral[1](c4) + F.interpolate(p5, scale_factor=2.0, mode="nearest")
        p3 = self.lateral[0](c3) + F.interpolate(p4, scale_factor=2.0, mode="nearest")
        logits, sides = [], []
        for level, smooth in zip((p3, p4, p5), self.smooth):
            level = smooth(level)
            logits.append(self.cls(self.cls_tower(level)).flatten(2))
            sides.append(self.box(self.box_tower(level)).flatten(2))
        return torch.cat(logits, 2).transpose(1, 2), torch.cat(sides, 2).transpose(1, 2)


@dataclass(frozen=True)
class Shape:
    """What a network of this project looks like: the size of its input, a smaller one to begin training with, its widths.

    The two that are shipped differ in their input alone, so that the small one starts from what the large one has learnt.
    """

    size: tuple
    small: tuple
    widths: tuple = (16, 32, 64, 128, 160)
    neck: int = 64
    depths: tuple = (1, 2, 2, 1)

    def detector(self, classes):
        return Detector(classes, self.widths, self.neck, self.depths)


SIZES = {
    "kerb-s": Shape((416, 256), (320, 192)),
    "kerb-n": Shape((320, 192), (256, 160)),
}


def anchors(width, height):
    """Cell centres [N,2] in pixels and the stride of each [N,1]."""
    points, strides = [], []
    for stride in STRIDES:
        ys, xs = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        points.append((torch.stack([xs, ys], -1).reshape(-1, 2).float() + 0.5) * stride)
        strides.append(torch.full((points[-1].shape[0], 1), float(stride)))
    return torch.cat(points), torch.cat(strides)


def decode(sides, points, strides):
    """Boxes x1,y1,x2,y2 in pixels."""
    reach = F.softplus(sides) * strides
    return torch.cat([points - reach[..., :2], points + reach[..., 2:]], -1)
