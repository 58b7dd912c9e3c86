"""Augmented batches drawn from labelled pictures, letterboxed as the edge does it."""
import cv2
import numpy as np
import torch
from torch import multiprocessing

from classes import CLASSES, HEIGHT, INDEX, PAD, WIDTH, state_of

MIN_VISIBLE = 0.25
MIN_SIDE = 4.0
MOST_BOXES, MOST_IGNORED = 64, 96
"""Share of samples that are pieced together from four pictures."""
MOSAIC = 0.35
"""Share of the samples whose hues are turned: rendered things come in too few colours, real ones in their own."""
TURNED, TURNED_REAL = 0.2, 0.05
"""How far out and in a picture is zoomed; towards the end of the training less, as the camera shows it."""
ZOOM, PLAIN_ZOOM = (0.6, 2.0), (0.85, 1.3)
cv2.setNumThreads(1)


def table_of(objects, shape):
    """Rows of class, visible fraction, x1, y1, x2, y2 in pixels, state of the bed."""
    h, w = shape[:2]
    rows = [
        (INDEX[o["class"]], o["visible"], o["box"][0] * w, o["box"][1] * h, (o["box"][0] + o["box"][2]) * w, (o["box"][1] + o["box"][3]) * h, state_of(o))
        for o in objects
        if o["class"] in INDEX
    ]
    return np.array(rows, np.float32).reshape(-1, 7)


def shares(held):
    """How often to draw each picture, given the classes in each: those with rare things up to three times as often, empty ones less."""
    counts = np.zeros(len(CLASSES))
    for classes in held:
        counts[classes] += 1
    weight = np.clip(np.sqrt(np.median(counts) / np.maximum(counts, 1)), 1, 3)
    each = np.array([weight[c].max() if len(c) else 0.5 for c in held])
    return each / each.sum()


def letterbox_matrix(shape, size=(WIDTH, HEIGHT)):
    scale = min(size[0] / shape[1], size[1] / shape[0])
    return np.array([[scale, 0, 0], [0, scale, 0]], np.float32)


def random_matrix(rng, shape, size, window=None, zoom=ZOOM):
    """Zoom, shift, stretch and mirror; `window` is the part of the picture to fill, else all of it."""
    x, y, w, h = window or (0, 0, *size)
    scale = min(w / shape[1], h / shape[0])
    if rng.random() < 0.8:
        scale *= np.exp(rng.uniform(*np.log(zoom)))
    sx, sy = scale * rng.uniform(0.88, 1.14), scale
    room = np.array([w - shape[1] * sx, h - shape[0] * sy])
    shift = room * rng.random(2) + (x, y)
    if rng.random() < 0.5:
        return np.array([[-sx, 0, shift[0] + sx * shape[1]], [0, sy, shift[1]]], np.float32)
    return np.array([[sx, 0, shift[0]], [0, sy, shift[1]]], np.float32)


def moved(table, matrix, window):
    """Boxes where the matrix puts them, cut at the window; what was cut off counts as not visible."""
    x0, y0, w, h = window
    table = table.copy()
    xs = table[:, [2, 4]] * matrix[0, 0] + matrix[0, 2]
    ys = table[:, [3, 5]] * matrix[1, 1] + matrix[1, 2]
    full = np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], 1)
    low, high = np.array([x0, y0, x0, y0]), np.array([x0 + w, y0 + h, x0 + w, y0 + h])
    cut = np.clip(full, low, high)
    area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    table[:, 1] *= area(cut) / np.maximum(area(full), 1e-6)
    table[:, 2:6] = cut
    return table[table[:, 1] > 0]


def warp(image, table, matrix, method=cv2.INTER_LINEAR, size=(WIDTH, HEIGHT)):
    out = cv2.warpAffine(image, matrix, size, flags=method, borderValue=(PAD, PAD, PAD))
    return out, moved(table, matrix, (0, 0, *size))


def curve(rng):
    """Brightness, contrast, gamma and colour cast as one table a channel."""
    ramp = np.arange(256, dtype=np.float32)
    gamma = np.exp(rng.uniform(-0.35, 0.35))
    level = 255 * (ramp / 255) ** gamma
    level = (level - 110) * rng.uniform(0.7, 1.3) + 110 + rng.uniform(-18, 18)
    return (level[:, None] * rng.uniform(0.85, 1.15, 3)).clip(0, 255).astype(np.uint8)[None]


def speckled(rng, image):
    noise = cv2.randn(np.empty(image.shape, np.int8), 0, float(rng.uniform(2, 10)))
    return cv2.add(image, noise, dtype=cv2.CV_8U)


def stained(rng, image):
    """Dirt, drops or a lamp's flare on the lens: soft blobs that lighten or darken."""
    h, w = image.shape[:2]
    veil = np.zeros((h // 8, w // 8), np.float32)
    for _ in range(rng.integers(1, 5)):
        cv2.circle(veil, (int(rng.integers(0, w // 8)), int(rng.integers(0, h // 8))), int(rng.integers(1, 9)), float(rng.uniform(0.15, 0.7)), -1)
    veil = cv2.resize(cv2.GaussianBlur(veil, (0, 0), 1.2), (w, h))
    return cv2.blendLinear(image, np.full_like(image, rng.choice([20, 90, 200, 245])), 1 - veil, veil)


def softened(rng, image):
    kind = rng.integers(0, 3)
    if kind == 0:
        return cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.3)))
    if kind == 1:
        small = cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    streak = np.zeros((5, 5), np.float32)
    streak[2] = 0.2
    return cv2.filter2D(image, -1, streak if rng.random() < 0.7 else streak.T)


def written(rng, image):
    """The clock and the name that cameras write over their pictures."""
    where = (int(rng.integers(2, 60)), int(rng.choice([14, image.shape[0] - 30])))
    cv2.putText(image, f"2026-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d} {rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}", where, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.3, 0.55)), (255, 255, 255), 1, cv2.LINE_AA)
    return image


def recolour(rng, image, hues=TURNED):
    """Another light, another camera; `hues`: how often they are turned, 0 where colours tell things apart (soil from sheet)."""
    image = cv2.LUT(image, curve(rng))
    if rng.random() < hues:
        hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
        hsv[..., 0] = (hsv[..., 0] + rng.integers(0, 180)) % 180
        image = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if rng.random() < 0.15:
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        image = grey if rng.random() < 0.6 else cv2.addWeighted(image, 0.4, grey, 0.6, 0)
    if rng.random() < 0.12:
        image = stained(rng, image)
    if rng.random() < 0.1:
        image = written(rng, image)
    if rng.random() < 0.25:
        image = softened(rng, image)
    if rng.random() < 0.35:
        image = speckled(rng, image)
    if rng.random() < 0.3:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 85))])[1], 1)
    return image


def method_of(rng):
    return (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA)[rng.integers(0, 3)]


def single(rng, item, size, zoom):
    image, table = item
    return warp(image, table, random_matrix(rng, image.shape, size, zoom=zoom), method_of(rng), size)


def mosaic(rng, four, size):
    """Four pictures around a point: more small things, in more surroundings, for the price of one."""
    w, h = size
    x, y = int(w * rng.uniform(0.35, 0.65)), int(h * rng.uniform(0.35, 0.65))
    canvas, tables = np.empty((h, w, 3), np.uint8), []
    for (image, table), window in zip(four, ((0, 0, x, y), (x, 0, w - x, y), (0, y, x, h - y), (x, y, w - x, h - y))):
        x0, y0, ww, hh = window
        matrix = random_matrix(rng, image.shape, size, window)
        local = matrix - np.array([[0, 0, x0], [0, 0, y0]], np.float32)
        canvas[y0 : y0 + hh, x0 : x0 + ww] = cv2.warpAffine(image, local, (ww, hh), flags=method_of(rng), borderValue=(PAD, PAD, PAD))
        tables.append(moved(table, matrix, window))
    return canvas, np.concatenate(tables)


def usable(table):
    side = np.minimum(table[:, 4] - table[:, 2], table[:, 5] - table[:, 3])
    return (table[:, 1] >= MIN_VISIBLE) & (side >= MIN_SIDE)


def to_tensor(images):
    """uint8 [B,H,W,3] RGB, as the graph takes it."""
    out = np.empty((len(images), *images[0].shape), np.uint8)
    for image, rgb in zip(images, out):
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=rgb)
    return torch.from_numpy(out)


def padded(tables, most):
    """Boxes of a batch as one tensor of a fixed size, with a mask of the rows that are real."""
    boxes, classes, real = torch.zeros(len(tables), most, 4), torch.zeros(len(tables), most, dtype=torch.long), torch.zeros(len(tables), most, dtype=torch.bool)
    for i, table in enumerate(tables):
        rows = torch.from_numpy(table[:most])
        boxes[i, : len(rows)], classes[i, : len(rows)], real[i, : len(rows)] = rows[:, 2:6], rows[:, 0].long(), True
    return boxes, classes, real


def biggest_first(table):
    return table[np.argsort(-(table[:, 4] - table[:, 2]) * (table[:, 5] - table[:, 3]), kind="stable")]


def collate(samples):
    kept = [biggest_first(t[usable(t)]) for _, t, _ in samples]
    boxes, classes, real = padded(kept, MOST_BOXES)
    # Too small, too hidden, doubtful, or one too many: its class is neither demanded nor forbidden there.
    soft = [np.concatenate([t[~usable(t)], k[MOST_BOXES:]]) for (_, t, _), k in zip(samples, kept)]
    ignored, ignored_classes, ignored_real = padded([biggest_first(s) for s in soft], MOST_IGNORED)
    truth = {"boxes": boxes, "classes": classes, "real": real, "ignored": ignored, "ignored_classes": ignored_classes, "ignored_real": ignored_real}
    truth["labelled"] = torch.from_numpy(np.stack([labelled for _, _, labelled in samples])).float()
    return to_tensor([image for image, _, _ in samples]), truth


def draw(rng, frames, size, plain):
    """One augmented sample and the classes that are labelled in it; `plain` leaves out mosaics and wide zooms, as the last of the training wants pictures like the real ones."""
    several = not plain and rng.random() < MOSAIC
    # A mosaic never mixes data sets: what one labels, another may not.
    chosen = frames.choose(rng, 4 if several else 1)
    parts = [frames.picture(rng, i) for i in chosen]
    image, table = mosaic(rng, parts, size) if several else single(rng, parts[0], size, PLAIN_ZOOM if plain else ZOOM)
    return recolour(rng, image, TURNED_REAL if frames.real[chosen[0]] else TURNED), table, frames.labelled[chosen].all(0)


def produce(frames, batch, seed, size, plain, queue):
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    while True:
        now = (size[0], size[1])
        queue.put(collate([draw(rng, frames, now, plain.value) for _ in range(batch)]))


class Batches:
    """Augmented batches without end, made by a process of its own that shares the pictures' memory."""

    def __init__(self, frames, batch, seed):
        self.size = multiprocessing.Array("i", (WIDTH, HEIGHT), lock=False)
        self.plain = multiprocessing.Value("b", 0, lock=False)
        self.queue = multiprocessing.get_context("fork").Queue(3)
        self.worker = multiprocessing.get_context("fork").Process(target=produce, args=(frames, batch, seed, self.size, self.plain, self.queue), daemon=True)
        self.worker.start()

    def next(self, size, plain=False):
        """A batch of that size; those of another size that still wait are passed over."""
        self.size[0], self.size[1] = size
        self.plain.value = plain
        while True:
            images, truth = self.queue.get()
            if (images.shape[2], images.shape[1]) == tuple(size):
                return images, truth
