"""Square pictures cut out at boxes by grid sampling, an operator of plain ONNX (from opset 16 on)."""
import torch
from torch.nn import functional as F

CROP = 64


def lattice(boxes, width, height, size):
    """Where to sample, [K,size,size,2] in -1..1 over the picture: the middle of each of size x size cells of a box."""
    steps = (torch.arange(size, dtype=torch.float32, device=boxes.device) + 0.5) / size
    x = boxes[:, 0:1] + (boxes[:, 2:3] - boxes[:, 0:1]) * steps
    y = boxes[:, 1:2] + (boxes[:, 3:4] - boxes[:, 1:2]) * steps
    across = (x * (2 / width) - 1)[:, None, :].expand(-1, size, -1)
    down = (y * (2 / height) - 1)[:, :, None].expand(-1, -1, size)
    return torch.stack([across, down], -1)


def crops_of_one(picture, boxes, size=CROP):
    """Crops [K,C,size,size] of one picture [1,C,H,W] at boxes [K,4]; all of them in one call, which is how the export wants it."""
    grid = lattice(boxes, picture.shape[3], picture.shape[2], size).reshape(1, -1, size, 2)
    cut = F.grid_sample(picture, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return cut.reshape(picture.shape[1], -1, size, size).permute(1, 0, 2, 3)


def crops(pictures, boxes, size=CROP):
    """Bilinear crops [sum of K,C,size,size] of pictures [B,C,H,W]: one sample a cell, the picture's edge goes on outside of it.

    `boxes`: a list with one tensor [K,4] a picture, x1 y1 x2 y2 in pixels (pixel i reaches from i to i + 1); x1 > x2 mirrors.
    """
    parts = [crops_of_one(pictures[i : i + 1], b, size) for i, b in enumerate(boxes) if len(b)]
    return torch.cat(parts) if parts else pictures.new_zeros(0, pictures.shape[1], size, size)
