"""A second, tiny network that looks at one truck's box and says what its bed holds: `state.py --data DIR --run DIR --seconds S`; started again it goes on from what it had learnt."""
import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import multiprocessing, nn
from torch.nn import functional as F

from classes import ALLOWED, INDEX, MUCK_TRUCK, STATES
from crops import CROP
from data import letterbox_matrix, recolour, usable, warp
from model import Conv
from pictures import Pictures

PATCH, MARGIN, BATCH = 96, 0.2, 48
"""Below this a state is not said: the truck's bed is unknown."""
SURE = 0.45


class StateNet(nn.Sequential):
    """Logits of the states [K,5] of crops [K,3,64,64] in 0..1."""

    def __init__(self, widths=(24, 48, 96, 128)):
        layers, inputs = [], 3
        for width in widths:
            layers += [Conv(inputs, width, 3, 2)]
            inputs = width
        super().__init__(*layers, Conv(inputs, inputs), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(inputs, len(STATES)))


def trucks_of(table):
    """Boxes and states of the muck trucks that a detector would be asked for, and of other lorries whose beds were judged."""
    rows = table[usable(table) & ((table[:, 0] == MUCK_TRUCK) | ((table[:, 0] == INDEX["truck"]) & (table[:, 6] >= 0)))]
    return rows[:, 2:6], rows[:, 6].astype(np.int64)


def patches(items):
    """Every truck once, cut out with a margin from the picture as the detector sees it, and its state."""
    cut, labels = [], []
    for image, table in items:
        image, table = warp(image, table, letterbox_matrix(image.shape), cv2.INTER_LINEAR)
        for (x1, y1, x2, y2), state in zip(*trucks_of(table)):
            w, h = (x2 - x1) * (1 + 2 * MARGIN), (y2 - y1) * (1 + 2 * MARGIN)
            matrix = np.array([[PATCH / w, 0, -(x1 - (x2 - x1) * MARGIN) * PATCH / w], [0, PATCH / h, -(y1 - (y2 - y1) * MARGIN) * PATCH / h]], np.float32)
            cut.append(cv2.warpAffine(image, matrix, (PATCH, PATCH), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
            labels.append(state)
    if not cut:
        raise SystemExit("no muck truck in these pictures: with --from, the shipped states can be kept (weights.py)")
    return np.stack(cut), np.array(labels)


def jittered(rng, patch):
    """A detector's boxes are never exact and its pictures never alike, so the network must not rely on either."""
    edge = PATCH * MARGIN / (1 + 2 * MARGIN)
    x1, y1 = edge * rng.uniform(0.3, 1.4, 2)
    x2, y2 = PATCH - edge * rng.uniform(0.3, 1.4, 2)
    if rng.random() < 0.5:
        x1, x2 = x2, x1
    if rng.random() < 0.35:
        # Farther away: fewer pixels on the same bed.
        side = int(PATCH * rng.uniform(0.45, 0.9))
        patch = cv2.resize(cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA), (PATCH, PATCH), interpolation=cv2.INTER_LINEAR)
    matrix = np.array([[CROP / (x2 - x1), 0, -x1 * CROP / (x2 - x1)], [0, CROP / (y2 - y1), -y1 * CROP / (y2 - y1)]], np.float32)
    return recolour(rng, cv2.warpAffine(patch, matrix, (CROP, CROP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), hues=0)


def to_pictures(images):
    """float [B,3,H,W] RGB in 0..1."""
    rgb = np.ascontiguousarray(np.stack(images)[..., ::-1])
    return torch.from_numpy(rgb).permute(0, 3, 1, 2).float().div_(255)


def surprise(logits, allowed, smoothing=0.05):
    """Mean cost of logits [K,5] whose states are among the allowed [K,5], a little of it for every state: nothing is ever sure."""
    known = logits.log_softmax(1)
    return -((1 - smoothing) * (known + (allowed - 1) * 1e4).logsumexp(1) + smoothing * known.mean(1)).mean()


def batch(rng, cut, labels, weights, count):
    chosen = rng.choice(len(cut), count, p=weights)
    return to_pictures([jittered(rng, cut[i]) for i in chosen]), torch.from_numpy(labels[chosen])


def produce(seed, cut, labels, weights, queue):
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    while True:
        queue.put(batch(rng, cut, labels, weights, BATCH))


def batches(seed, workers, *parts):
    """A queue that processes of their own keep filled: changing pictures takes longer than learning from them."""
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue(4)
    for i in range(workers):
        fork.Process(target=produce, args=(seed + i, *parts, queue), daemon=True).start()
    return queue


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="models/training/data/train")
    parser.add_argument("--mapping", help="file with 'their name: our name' lines")
    parser.add_argument("--run", default="models/training/runs/kerb-s")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate; less to go on from what it has learnt without forgetting it")
    parser.add_argument("--keep", type=float, default=0, help="share of the weights it started from in the mean that is saved: what goes on learning elsewhere forgets less")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2, help="processes that make the batches")
    return parser.parse_args()


def remember(run, seconds):
    """Adds up the training time of a network that goes on from what it had learnt, for the card."""
    file = run / "state.json"
    before = json.loads(file.read_text(encoding="utf8"))["seconds"] if file.exists() else 0
    file.write_text(json.dumps({"seconds": before + seconds}), encoding="utf8")


def main():
    args = arguments()
    file = Path(args.run) / "state.pt"
    if args.keep and not file.exists():
        sys.exit(f"--keep {args.keep}: {file} is missing, so there is nothing learnt to keep; leave --keep out, or put the weights there with weights.py")
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    cut, labels = patches(Pictures(args.data, args.mapping).items)
    counts = np.bincount(labels, minlength=len(ALLOWED))
    print("trucks by state", dict(zip((*STATES, "open"), counts.tolist())), flush=True)
    weights = (1 / np.sqrt(np.maximum(counts, 1)))[labels]
    weights /= weights.sum()
    queue = batches(args.seed, args.workers, cut, labels, weights)
    model, allowed = StateNet(), torch.tensor(ALLOWED)
    if file.exists():
        model.load_state_dict(torch.load(file, map_location="cpu"))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.02)
    start, step, shown = time.time(), 0, time.time()
    while (share := (time.time() - start) / args.seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = args.rate * (0.02 + 0.98 * (1 + np.cos(np.pi * share)) / 2)
        model.train()
        pictures, states = queue.get()
        cost = surprise(model(pictures), allowed[states])
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        step += 1
        if time.time() - shown > 20:
            print(f"{time.time() - start:.0f} s step {step} cost {float(cost):.3f}", flush=True)
            shown = time.time()
    torch.save({name: value.lerp(before[name], args.keep) if value.is_floating_point() else value for name, value in model.state_dict().items()}, file)
    remember(Path(args.run), args.seconds)
    print(f"done after {step} steps", flush=True)


if __name__ == "__main__":
    main()
