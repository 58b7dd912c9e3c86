"""AP at IoU 0.5 by class on held-out rendered frames: `evaluate.py RUN/last.pt DATA`."""
import sys

import cv2
import numpy as np
import torch

from classes import CLASSES, HEIGHT, WIDTH
from data import Frames, letterbox_matrix, to_tensor, usable, warp
from model import Detector, anchors, decode


def iou_matrix(a, b):
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = (high - low).clip(0).prod(-1)
    area = lambda x: (x[:, 2:] - x[:, :2]).prod(-1)
    return inter / np.maximum(area(a)[:, None] + area(b)[None] - inter, 1e-6)


def suppress(boxes, scores, limit=0.6):
    order, keep = scores.argsort()[::-1], []
    overlap = iou_matrix(boxes, boxes)
    while len(order):
        keep.append(order[0])
        order = order[1:][overlap[order[0], order[1:]] <= limit]
    return np.array(keep, int)


def average_precision(found, truth_count):
    """Area under the precision envelope of (score, right) pairs."""
    if truth_count == 0:
        return float("nan")
    right = np.array([r for _, r in sorted(found, key=lambda f: -f[0])], float)
    if len(right) == 0:
        return 0.0
    recall = right.cumsum() / truth_count
    precision = np.maximum.accumulate((right.cumsum() / np.arange(1, len(right) + 1))[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * precision))


def detections(scores, boxes, floor=0.02):
    """Per class: (score, box) rows after suppression."""
    for c in range(scores.shape[1]):
        chosen = np.where(scores[:, c] > floor)[0]
        chosen = chosen[scores[chosen, c].argsort()[::-1][:200]]
        kept = chosen[suppress(boxes[chosen], scores[chosen, c])] if len(chosen) else chosen
        yield c, scores[kept, c], boxes[kept]


def match(scores, boxes, gt, soft):
    """Pairs (score, right); boxes on objects too hidden or small to be demanded count neither way."""
    taken, pairs = set(), []
    for i in scores.argsort()[::-1]:
        overlap = iou_matrix(boxes[i : i + 1], gt)[0] if len(gt) else np.zeros(0)
        free = [j for j in overlap.argsort()[::-1] if j not in taken and overlap[j] >= 0.5]
        if free:
            taken.add(free[0])
            pairs.append((scores[i], 1))
        elif not (len(soft) and iou_matrix(boxes[i : i + 1], soft)[0].max() > 0.4):
            pairs.append((scores[i], 0))
    return pairs


def network(model):
    """What to call on one letterboxed picture to get its boxes and scores."""
    points, strides = anchors(WIDTH, HEIGHT)
    model.eval()

    def call(image):
        logits, sides = model(to_tensor([image]))
        return decode(sides[0], points, strides).numpy(), logits[0].sigmoid().numpy()

    return call


@torch.no_grad()
def evaluate(call, frames):
    found, count = {c: [] for c in range(len(CLASSES))}, np.zeros(len(CLASSES), int)
    for image, table in frames.items:
        image, table = warp(image, table, letterbox_matrix(image.shape), cv2.INTER_LINEAR)
        boxes, all_scores = call(image)
        good = usable(table)
        for c, scores, kept in detections(all_scores, boxes):
            gt = table[good & (table[:, 0] == c)][:, 2:]
            soft = table[~good & (table[:, 0] == c)][:, 2:]
            count[c] += len(gt)
            found[c] += match(scores, kept, gt, soft)
    by_class = {CLASSES[c]: average_precision(found[c], count[c]) for c in found}
    return float(np.nanmean(list(by_class.values()))), by_class, dict(zip(CLASSES, count.tolist()))


def main():
    torch.set_num_threads(1)
    model = Detector(len(CLASSES))
    model.load_state_dict(torch.load(sys.argv[1])["ema"])
    mean, by_class, count = evaluate(network(model), Frames(sys.argv[2]))
    print(f"AP50 {mean:.3f}")
    for name, value in by_class.items():
        print(f"  {name:22s} {value:.3f}  of {count[name]}")


if __name__ == "__main__":
    main()
