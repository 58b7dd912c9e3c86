"""Holds pasting and degrading to pictures made for it: `check_paste.py`; leaves with 1 at the first difference."""
import json
import tempfile
from pathlib import Path

import cv2
import numpy as np

from classes import INDEX
from degrade import degraded
from paste import Cutouts, Ground, darkened, pasted

WIDTH, HEIGHT = 416, 256
STALL, PERSON = INDEX["stall"], INDEX["person"]


def holds(true, what):
    if not true:
        raise SystemExit(f"check_paste: {what}")


def write_cutout(folder):
    """A red block, 60 × 40 px, whose label is the block, and a shadow to its right."""
    picture = np.zeros((120, 120, 4), np.uint8)
    picture[10:50, 20:80] = (40, 40, 220, 255)
    picture[100:112, 70:115, 3] = 160
    cv2.imwrite(str(folder / "stalls-1-0.png"), picture)
    label = {"class": "stall", "visible": 1, "box": [20 / 120, 10 / 60, 60 / 120, 40 / 60]}
    camera = {"depression": 20, "pixelsPerMetre": 30, "foot": [0.5, 0.8]}
    line = {"group": "stalls-1", "file": "stalls-1-0.png", "focus": "stalls", "size": [120, 60], "camera": camera, "objects": [label]}
    (folder / "labels.jsonl").write_text(json.dumps(line) + "\n", encoding="utf8")


def street():
    """A grey street with a person in it."""
    image = np.random.default_rng(1).normal(120, 12, (HEIGHT, WIDTH, 3)).clip(0, 255).astype(np.uint8)
    return image, np.array([[PERSON, 1, 200, 100, 215, 145, -1]], np.float32)


def check_boxes(cutouts):
    """What is pasted is where its row says."""
    image, table = street()
    before, pasted_ones, overlap = image.copy(), 0, []
    for seed in range(60):
        out, rows = pasted(np.random.default_rng(seed), image, table, cutouts, most=1)
        holds((image == before).all() and table[0, 1] == 1, "the frame given was changed")
        holds(out.shape == image.shape and out.dtype == np.uint8 and rows.shape[1] == 7, "the shape of what comes back")
        holds((rows[:, [2, 3]] >= 0).all() and (rows[:, 4] <= WIDTH).all() and (rows[:, 5] <= HEIGHT).all(), "a row reaches out of the frame")
        holds((rows[:, 1] >= 0).all() and (rows[:, 1] <= 1.001).all(), "a visible share is none")
        for row in rows[rows[:, 0] == STALL]:
            pasted_ones += 1
            changed = np.abs(out.astype(int) - image).sum(2) > 90
            x1, y1, x2, y2 = row[2:6].astype(int)
            if min(x2 - x1, y2 - y1) < 20 or row[1] < 0.99:
                continue
            red = (out[..., 2].astype(int) - out[..., 0] > 25) & changed
            ys, xs = np.nonzero(red)
            if len(xs) > 50:
                found = np.percentile(xs, 2), np.percentile(ys, 2), np.percentile(xs, 98), np.percentile(ys, 98)
                overlap.append(np.abs(np.array(found) - row[2:6]).max() / max(x2 - x1, y2 - y1))
    holds(pasted_ones >= 40, f"only {pasted_ones} of 60 frames got their stall")
    holds(len(overlap) > 10 and np.median(overlap) < 0.15, "boxes are not where the pixels are")


def check_hidden():
    """A box that is half covered is half visible; one beside it stays."""
    table = np.array([[PERSON, 0.8, 10, 10, 30, 50, -1], [PERSON, 1, 60, 10, 70, 40, -1]], np.float32)
    darkened(table, np.ones((40, 30), np.float32), (0, 30, 30, 70))
    holds(abs(table[0, 1] - 0.4) < 0.01 and table[1, 1] == 1, "what is hidden is not less visible")


def check_ground():
    """Persons that grow down the frame say where the horizon is."""
    rows = np.array([[PERSON, 1, 50 * i, 60 + 40 * i - 0.8 * (20 + 40 * i), 50 * i + 20, 60 + 40 * i, -1] for i in range(4)], np.float32)
    misses = [abs(Ground(np.random.default_rng(s), rows, (HEIGHT, WIDTH, 3)).metre(150) * 1.65 / (0.8 * 110) - 1) for s in range(20)]
    holds(np.median(misses) < 0.12, "the ground is not what its people say")


def check_degraded():
    image, _ = street()
    before, changed = image.copy(), 0
    for seed in range(80):
        out = degraded(np.random.default_rng(seed), image)
        holds(out.shape == image.shape and out.dtype == np.uint8, "a degraded picture has another shape")
        changed += not np.array_equal(out, image)
    holds((image == before).all(), "the picture given was degraded itself")
    holds(changed > 70, "hardly anything was degraded")
    same = [degraded(np.random.default_rng(5), image) for _ in range(2)]
    holds(np.array_equal(*same), "a seed does not name a picture")


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_cutout(Path(folder))
        check_boxes(Cutouts(folder))
    check_hidden()
    check_ground()
    check_degraded()
    print("pasting and degrading hold")


if __name__ == "__main__":
    main()
