"""What a user would write with OpenCV: capture, a detector by cv2.dnn at 5 frames a second, a tracker by overlap."""
import json
import sys

import cv2
import numpy as np

SCORE, OVERLAP, LOST = 0.25, 0.3, 10


def grids(size):
    cells = []
    for stride in (8, 16, 32):
        side = size // stride
        ys, xs = np.mgrid[0:side, 0:side]
        cells.append(np.stack([xs.ravel(), ys.ravel(), np.full(side * side, stride)], axis=1))
    return np.concatenate(cells).astype(np.float32)


def detect(net, frame, size, cells):
    scale = size / max(frame.shape[:2])
    placed = np.full((size, size, 3), 114, np.uint8)
    small = cv2.resize(frame, None, fx=scale, fy=scale)
    placed[: small.shape[0], : small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(placed))
    out = net.forward()[0]
    scores = out[:, 4:5] * out[:, 5:]
    best = scores.max(axis=1)
    keep = best > SCORE
    centre = (out[keep, :2] + cells[keep, :2]) * cells[keep, 2:]
    wide = np.exp(out[keep, 2:4]) * cells[keep, 2:]
    boxes = np.concatenate([centre - wide / 2, wide], axis=1) / scale
    chosen = cv2.dnn.NMSBoxes(boxes.tolist(), best[keep].tolist(), SCORE, 0.6)
    return [boxes[i] for i in np.array(chosen).ravel()]


def overlap(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)


def track(tracks, boxes, fresh):
    left = list(boxes)
    for name, (box, lost) in list(tracks.items()):
        best = max(left, key=lambda other: overlap(box, other), default=None)
        if best is not None and overlap(box, best) > OVERLAP:
            tracks[name] = (best, 0)
            left = [other for other in left if other is not best]
        elif lost >= LOST:
            del tracks[name]
        else:
            tracks[name] = (box, lost + 1)
    for box in left:
        fresh += 1
        tracks[fresh] = (box, 0)
    return fresh


def main(clip, model, fps):
    net = cv2.dnn.readNetFromONNX(model)
    size = 416
    cells = grids(size)
    capture = cv2.VideoCapture(clip)
    each = max(1, round(capture.get(cv2.CAP_PROP_FPS) / fps))
    frames = looks = fresh = 0
    tracks = {}
    while capture.grab():
        frames += 1
        if frames % each:
            continue
        done, frame = capture.retrieve()
        if not done:
            break
        fresh = track(tracks, detect(net, frame, size, cells), fresh)
        looks += 1
    print(json.dumps({"frames": frames, "looks": looks, "tracks": fresh}))


main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
