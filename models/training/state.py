"""A second, tiny network that looks at one truck's box and says what its bed holds: `state.py --seconds S`."""
import argparse
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torchvision.ops import roi_align

from classes import INDEX
from data import Frames, letterbox_matrix, recolour, to_tensor, usable, warp
from model import Conv

STATES = [index for name, index in INDEX.items() if name.startswith("muck_truck")]
CROP, PATCH, MARGIN = 64, 96, 0.2
SURE = 0.6


class StateNet(nn.Sequential):
    def __init__(self, widths=(16, 32, 48, 64)):
        layers, inputs = [], 3
        for width in widths:
            layers += [Conv(inputs, width, 3, 2)]
            inputs = width
        super().__init__(*layers, Conv(inputs, inputs), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(inputs, len(STATES)))


def crops(pictures, boxes):
    """Square pictures of the boxes; `boxes` is a list with one tensor a picture."""
    return roi_align(pictures, boxes, (CROP, CROP), sampling_ratio=2)


def trucks_of(table):
    rows = table[usable(table) & np.isin(table[:, 0], STATES)]
    return rows[:, 2:], np.array([STATES.index(int(c)) for c in rows[:, 0]], np.int64)


def patches(items):
    """Every truck once, cut out with a margin from the picture as the detector sees it, and its state."""
    cut, labels = [], []
    for image, table in items:
        image, table = warp(image, table, letterbox_matrix(image.shape), cv2.INTER_LINEAR)
        found, states = trucks_of(table)
        for (x1, y1, x2, y2), state in zip(found, states):
            w, h = (x2 - x1) * (1 + 2 * MARGIN), (y2 - y1) * (1 + 2 * MARGIN)
            matrix = np.array([[PATCH / w, 0, -(x1 - (x2 - x1) * MARGIN) * PATCH / w], [0, PATCH / h, -(y1 - (y2 - y1) * MARGIN) * PATCH / h]], np.float32)
            cut.append(cv2.warpAffine(image, matrix, (PATCH, PATCH), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
            labels.append(state)
    return np.stack(cut), np.array(labels)


def jittered(rng, patch):
    """A detector's boxes are never exact and its pictures never alike, so the network must not rely on either."""
    edge = PATCH * MARGIN / (1 + 2 * MARGIN)
    x1, y1 = edge * rng.uniform(0.2, 1.5, 2)
    x2, y2 = PATCH - edge * rng.uniform(0.2, 1.5, 2)
    if rng.random() < 0.5:
        x1, x2 = x2, x1
    matrix = np.array([[CROP / (x2 - x1), 0, -x1 * CROP / (x2 - x1)], [0, CROP / (y2 - y1), -y1 * CROP / (y2 - y1)]], np.float32)
    return recolour(rng, cv2.warpAffine(patch, matrix, (CROP, CROP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def batch(rng, cut, labels, count):
    chosen = rng.integers(len(cut), size=count)
    return to_tensor([jittered(rng, cut[i]) for i in chosen]), torch.from_numpy(labels[chosen])


@torch.no_grad()
def confusion(model, items):
    """Rows: what it is; columns: what the network says."""
    model.eval()
    table_of = np.zeros((len(STATES), len(STATES)), int)
    for image, table in items:
        image, table = warp(image, table, letterbox_matrix(image.shape), cv2.INTER_LINEAR)
        found, states = trucks_of(table)
        if len(found) == 0:
            continue
        share = model(crops(to_tensor([image]).contiguous(), [torch.from_numpy(found)])).softmax(1)
        sure, said = share.max(1)
        for is_, says, sure_ in zip(states, said.tolist(), sure.tolist()):
            table_of[is_, says if sure_ >= SURE else 0] += 1
    return table_of


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="models/training/data/train")
    parser.add_argument("--held", default="models/training/data/held")
    parser.add_argument("--run", default="models/training/runs/kerb-s")
    parser.add_argument("--seconds", type=float, default=300)
    return parser.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    rng = np.random.default_rng(7)
    cut, labels = patches(Frames(args.data).items)
    held = Frames(args.held).items
    model = StateNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.02)
    start, step, shown = time.time(), 0, time.time()
    while (share := (time.time() - start) / args.seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (0.02 + 0.98 * (1 + np.cos(np.pi * share)) / 2)
        model.train()
        pictures, states = batch(rng, cut, labels, 48)
        cost = F.cross_entropy(model(pictures), states, label_smoothing=0.05)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        step += 1
        if time.time() - shown > 20:
            print(f"{time.time() - start:.0f} s step {step} cost {float(cost):.3f}", confusion(model, held).tolist(), flush=True)
            torch.save(model.state_dict(), Path(args.run) / "state.pt")
            shown = time.time()
    torch.save(model.state_dict(), Path(args.run) / "state.pt")
    print("final", step, confusion(model, held).tolist(), flush=True)


if __name__ == "__main__":
    main()
