"""COCO detectors that look at pictures nobody labelled: PicoDet-S, DEIMv2-femto and YOLOX-nano, each whole and, where asked, in quarters that overlap."""
import cv2
import numpy as np

from matching import iou_matrix
from served import session

"""What COCO calls the things that we tell apart, or that are taken for them."""
COCO = {0: "person", 1: "bicycle", 2: "car", 3: "motorbike", 5: "bus", 7: "truck", 25: "umbrella"}
NAMES = tuple(COCO.values())
COLUMNS = np.array(list(COCO))
SIZE = 416
FLOOR = 0.1
FILES = {"picodet": "picodet_s_416_coco.onnx", "deimv2": "deimv2_femto_coco.onnx", "yolox": "yolox_nano_416.onnx"}
"""A quarter reaches so far beyond the middle, in shares of the picture, that what lies across it is whole in one of them."""
OVERLAP = 0.1
"""A box that ends this near to a cut (pixels of the picture) is cut in two and left to another view."""
CUT = 2.0


def grid(strides):
    """Cell corners in pixels [N,2] and strides [N,1]."""
    cells = [(np.stack(np.meshgrid(np.arange(-(-SIZE // s)), np.arange(-(-SIZE // s))), -1).reshape(-1, 2) * s, s) for s in strides]
    return np.concatenate([c for c, _ in cells]).astype(np.float32), np.concatenate([np.full((len(c), 1), s, np.float32) for c, s in cells])


class PicoDet:
    """RGB, stretched; class scores and distances in eight bins on four levels (PP-PicoDet, arXiv 2111.00902)."""

    MEAN, STD = np.array([123.675, 116.28, 103.53], np.float32), np.array([58.395, 57.12, 57.375], np.float32)

    def __init__(self, path):
        self.session = session(path)
        corners, self.strides = grid((8, 16, 32, 64))
        self.points = corners + self.strides / 2

    def __call__(self, image):
        h, w = image.shape[:2]
        picture = (cv2.resize(image, (SIZE, SIZE))[..., ::-1].astype(np.float32) - self.MEAN) / self.STD
        out = self.session.run(None, {"image": picture.transpose(2, 0, 1)[None]})
        scores, bins = np.concatenate(out[:4], 1)[0][:, COLUMNS], np.concatenate(out[4:], 1)[0].reshape(-1, 4, 8)
        share = np.exp(bins - bins.max(-1, keepdims=True))
        sides = (share * np.arange(8)).sum(-1) / share.sum(-1) * self.strides
        boxes = np.concatenate([self.points - sides[:, :2], self.points + sides[:, 2:]], 1)
        return boxes * np.array([w, h, w, h]) / SIZE, scores


class DeimV2:
    """RGB / 255, stretched; ends in boxes of its own (DEIMv2, arXiv 2509.20787)."""

    def __init__(self, path):
        self.session = session(path)

    def __call__(self, image):
        h, w = image.shape[:2]
        picture = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)[..., ::-1].astype(np.float32) / 255
        labels, boxes, scores = self.session.run(["labels", "boxes", "scores"], {"images": picture.transpose(2, 0, 1)[None], "orig_target_sizes": np.array([[w, h]], np.int64)})
        return boxes[0], (labels[0][:, None] == COLUMNS[None]) * scores[0][:, None]


class YoloX:
    """BGR 0 to 255, letterboxed to the top left; raw offsets and log sizes a cell (YOLOX, arXiv 2107.08430)."""

    def __init__(self, path):
        self.session = session(path)
        self.corners, self.strides = grid((8, 16, 32))

    def __call__(self, image):
        scale = min(SIZE / image.shape[0], SIZE / image.shape[1])
        matrix = np.array([[scale, 0, 0], [0, scale, 0]], np.float32)
        picture = cv2.warpAffine(image, matrix, (SIZE, SIZE), borderValue=(114, 114, 114)).astype(np.float32)
        out = self.session.run(None, {"images": picture.transpose(2, 0, 1)[None]})[0][0]
        centre, half = out[:, :2] * self.strides + self.corners, np.exp(out[:, 2:4]) * self.strides / 2
        return np.concatenate([centre - half, centre + half], 1) / scale, out[:, 4:5] * out[:, 5 + COLUMNS]


KINDS = {"picodet": PicoDet, "deimv2": DeimV2, "yolox": YoloX}


def open_teachers(folder):
    """Teachers by name, from the folder that holds their files. @throws what ONNX Runtime throws where one is missing"""
    return {name: KINDS[name](f"{folder}/{file}") for name, file in FILES.items()}


def views(shape, quarters):
    """Parts of a picture to look at, as x, y, width, height in pixels."""
    h, w = shape[:2]
    whole = [(0, 0, w, h)]
    if not quarters:
        return whole
    ww, hh = int(w * (0.5 + OVERLAP)), int(h * (0.5 + OVERLAP))
    return whole + [(x, y, ww, hh) for y in (0, h - hh) for x in (0, w - ww)]


def uncut(boxes, view, shape):
    """Rows whose box does not end at a cut: a side of the view that is no side of the picture."""
    x, y, w, h = view
    left, top, right, bottom = (boxes[:, 0] - x < CUT) & (x > 0), (boxes[:, 1] - y < CUT) & (y > 0), (x + w - boxes[:, 2] < CUT) & (x + w < shape[1]), (y + h - boxes[:, 3] < CUT) & (y + h < shape[0])
    return ~(left | top | right | bottom)


def kept(boxes, scores, limit=0.6):
    """Greedy suppression within one class."""
    order, out = scores.argsort()[::-1][:300], []
    overlap = iou_matrix(boxes[order], boxes[order])
    alive = np.ones(len(order), bool)
    for i in range(len(order)):
        if alive[i]:
            out.append(order[i])
            alive &= overlap[i] <= limit
    return out


def look(teacher, image, quarters):
    """Rows name, score, x1, y1, x2, y2 (pixels of the picture) that one teacher sees in all views."""
    boxes, scores = [], []
    for view in views(image.shape, quarters):
        x, y, w, h = view
        b, s = teacher(image[y : y + h, x : x + w])
        b = b + np.array([x, y, x, y])
        rows = (s.max(1) >= FLOOR) & uncut(b, view, image.shape)
        boxes.append(b[rows])
        scores.append(s[rows])
    boxes, scores = np.concatenate(boxes), np.concatenate(scores)
    found = []
    for column, name in enumerate(NAMES):
        rows = np.where(scores[:, column] >= FLOOR)[0]
        for i in kept(boxes[rows], scores[rows, column]):
            row = rows[i]
            found.append([name, round(float(scores[row, column]), 3), *[round(float(v), 1) for v in boxes[row]]])
    return found
