"""Rendered frames in memory, letterboxed as the edge does it, with augmentation on the CPU."""
import json
import queue
import threading
from pathlib import Path

import cv2
import numpy as np
import torch

from classes import HEIGHT, INDEX, PAD, WIDTH, class_of

MIN_VISIBLE = 0.25
MIN_SIDE = 5.0
RARE = {INDEX[name]: times for name, times in (("bus", 2), ("truck", 2), ("cart", 2))}
RARE.update({index: 3 for name, index in INDEX.items() if name.startswith("muck_truck")})
cv2.setNumThreads(1)


class Frames:
    """A folder of frames and its labels.jsonl; `refresh` takes in what was rendered meanwhile."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.items = []
        self.seen = 0
        self.refresh()

    def refresh(self):
        with open(self.folder / "labels.jsonl", encoding="utf8") as file:
            lines = [line for line in file.read().split("\n")[:-1] if line]
        for line in lines[self.seen:]:
            entry = json.loads(line)
            image = cv2.imread(str(self.folder / f"{entry['seed']}.jpg"))
            self.items.append((image, self.table(entry["objects"], image.shape)))
        self.seen = len(lines)
        return len(self.items)

    def repeats(self):
        """How often each frame is shown in one pass: those with rare classes more than once."""
        return [max([RARE.get(int(c), 1) for c in t[usable(t), 0]], default=1) for _, t in self.items]

    @staticmethod
    def table(objects, shape):
        """Rows of class, visible fraction, x1, y1, x2, y2 in pixels."""
        h, w = shape[:2]
        rows = [(class_of(o), o["visible"], o["box"][0] * w, o["box"][1] * h, (o["box"][0] + o["box"][2]) * w, (o["box"][1] + o["box"][3]) * h) for o in objects]
        return np.array(rows, np.float32).reshape(-1, 6)


def letterbox_matrix(shape, size=(WIDTH, HEIGHT)):
    scale = min(size[0] / shape[1], size[1] / shape[0])
    return np.array([[scale, 0, 0], [0, scale, 0]], np.float32)


def random_matrix(rng, shape, size):
    matrix = letterbox_matrix(shape, size)
    if rng.random() < 0.7:
        zoom = np.exp(rng.uniform(np.log(0.65), np.log(1.6)))
        matrix *= zoom
        room = np.array(size) - np.array([shape[1], shape[0]]) * matrix[0, 0]
        matrix[:, 2] = room * rng.random(2)
        matrix[0, 0] *= rng.uniform(0.9, 1.1)
    if rng.random() < 0.5:
        matrix[0] = [-matrix[0, 0], 0, matrix[0, 2] + matrix[0, 0] * shape[1]]
    return matrix


def warp(image, table, matrix, method=cv2.INTER_LINEAR, size=(WIDTH, HEIGHT)):
    width, height = size
    out = cv2.warpAffine(image, matrix, size, flags=method, borderValue=(PAD, PAD, PAD))
    table = table.copy()
    xs = table[:, [2, 4]] * matrix[0, 0] + matrix[0, 2]
    ys = table[:, [3, 5]] * matrix[1, 1] + matrix[1, 2]
    full = np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], 1)
    cut = np.stack([full[:, 0].clip(0, width), full[:, 1].clip(0, height), full[:, 2].clip(0, width), full[:, 3].clip(0, height)], 1)
    area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    table[:, 1] *= area(cut) / np.maximum(area(full), 1e-6)
    table[:, 2:] = cut
    return out, table[table[:, 1] > 0]


def recolour(rng, image):
    gain = rng.uniform(0.65, 1.35) * rng.uniform(0.88, 1.12, 3)
    image = (image.astype(np.float32) - 110) * rng.uniform(0.75, 1.25) + 110
    image = image * gain
    if rng.random() < 0.35:
        image += rng.normal(0, rng.uniform(2, 9), image.shape).astype(np.float32)
    image = image.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None]
        image = (image * 0.4 + grey * 0.6).astype(np.uint8) if rng.random() < 0.6 else np.repeat(grey, 3, 2)
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (3, 3), 0)
    if rng.random() < 0.3:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 85))])[1], 1)
    return image


def sample(rng, item, size):
    image, table = item
    method = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
    image, table = warp(image, table, random_matrix(rng, image.shape, size), method, size)
    return recolour(rng, image), table


def usable(table):
    side = np.minimum(table[:, 4] - table[:, 2], table[:, 5] - table[:, 3])
    return (table[:, 1] >= MIN_VISIBLE) & (side >= MIN_SIDE)


def to_tensor(images):
    array = np.ascontiguousarray(np.stack(images)[..., ::-1])
    return torch.from_numpy(array).permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)


def padded(tables):
    """Boxes of a batch as one tensor, with a mask of the rows that are real."""
    most = max(1, max(len(t) for t in tables))
    boxes, classes, real = torch.zeros(len(tables), most, 4), torch.zeros(len(tables), most, dtype=torch.long), torch.zeros(len(tables), most, dtype=torch.bool)
    for i, table in enumerate(tables):
        rows = torch.from_numpy(table)
        boxes[i, : len(table)], classes[i, : len(table)], real[i, : len(table)] = rows[:, 2:], rows[:, 0].long(), True
    return boxes, classes, real


def collate(samples):
    boxes, classes, real = padded([t[usable(t)] for _, t in samples])
    ignored, _, ignored_real = padded([t[~usable(t)] for _, t in samples])
    truth = {"boxes": boxes, "classes": classes, "real": real, "ignored": ignored, "ignored_real": ignored_real}
    return to_tensor([image for image, _ in samples]), truth


class Batches:
    """Augmented batches from a thread of its own, without end; new frames are taken in after each pass."""

    def __init__(self, frames, batch, seed):
        self.frames, self.batch = frames, batch
        self.size = (WIDTH, HEIGHT)
        self.rng = np.random.default_rng(seed)
        self.queue = queue.Queue(4)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            self.frames.refresh()
            order = self.rng.permutation(np.repeat(np.arange(len(self.frames.items)), self.frames.repeats()))
            for start in range(0, len(order) - self.batch + 1, self.batch):
                chosen, size = order[start : start + self.batch], self.size
                self.queue.put(collate([sample(self.rng, self.frames.items[i], size) for i in chosen]))

    def next(self):
        return self.queue.get()
