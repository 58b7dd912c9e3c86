"""Holds `crops` to a slow reference and its ONNX form to both, and times it: `check_crops.py`; leaves with 1 when they differ."""
import io
import sys
import time
import warnings

import numpy as np
import onnxruntime
import torch
from torch import nn

from classes import HEIGHT, WIDTH
from crops import CROP, crops, crops_of_one

BOXES, RUNS = 8, 50


def reference(picture, box):
    """One crop [C,CROP,CROP] pixel by pixel, written from the definition of bilinear sampling."""
    _, height, width = picture.shape
    out = np.zeros((picture.shape[0], CROP, CROP))
    for row in range(CROP):
        for column in range(CROP):
            x = np.clip(box[0] + (box[2] - box[0]) * (column + 0.5) / CROP - 0.5, 0, width - 1)
            y = np.clip(box[1] + (box[3] - box[1]) * (row + 0.5) / CROP - 0.5, 0, height - 1)
            x0, y0 = int(x), int(y)
            x1, y1 = min(x0 + 1, width - 1), min(y0 + 1, height - 1)
            upper = picture[:, y0, x0] * (1 - x + x0) + picture[:, y0, x1] * (x - x0)
            lower = picture[:, y1, x0] * (1 - x + x0) + picture[:, y1, x1] * (x - x0)
            out[:, row, column] = upper * (1 - y + y0) + lower * (y - y0)
    return out


class Cut(nn.Module):
    def forward(self, picture, boxes):
        return crops_of_one(picture, boxes)


def session(picture, boxes):
    file, options = io.BytesIO(), onnxruntime.SessionOptions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Cut(), (picture, boxes), file, opset_version=17, input_names=["picture", "boxes"], output_names=["cut"], dynamo=False)
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])


def main():
    torch.manual_seed(7)
    pictures = torch.rand(2, 3, HEIGHT, WIDTH) * 255
    middle, half = torch.rand(BOXES, 2) * torch.tensor([WIDTH, HEIGHT]), torch.rand(BOXES, 2) * 60 + 4
    boxes = torch.cat([middle - half, middle + half], 1)  # some reach over the edge
    boxes[0] = boxes[0, [2, 1, 0, 3]]  # one mirrored
    ours = crops(pictures, [boxes[:3], boxes[3:]]).numpy()
    true = np.stack([reference(pictures[int(i >= 3)].numpy().astype(np.float64), b.numpy().astype(np.float64)) for i, b in enumerate(boxes)])
    served = session(pictures[:1], boxes)
    feeds = {"picture": pictures[:1].numpy(), "boxes": boxes.numpy()}
    apart = [np.abs(ours - true).max(), np.abs(served.run(None, feeds)[0] - crops(pictures[:1], [boxes]).numpy()).max()]
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        served.run(None, feeds)
        times.append(time.perf_counter() - start)
    print(f"largest difference in 0..255: to the reference {apart[0]:.4f}, ONNX to torch {apart[1]:.4f}; {BOXES} boxes {np.median(times) * 1e3:.2f} ms, one thread")
    sys.exit(1 if max(apart) > 0.05 else 0)


if __name__ == "__main__":
    main()
