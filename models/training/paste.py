"""Rendered cut-outs pasted into real frames with their shadows, so that what no real picture shows is learnt among real pixels."""
import json
from pathlib import Path

import cv2
import numpy as np

from classes import INDEX
from data import table_of
from degrade import compressed

"""How often each sort of cut-out is taken; lorries and decoys, so that being pasted in says nothing of what a thing is."""
SORTS = {"stalls": 0.36, "carts": 0.16, "trucks": 0.18, "bikes": 0.07, "people": 0.04, "umbrellas": 0.05, "lorries": 0.05, "decoys": 0.09}
"""Heights in metres that boxes of a class have in the middle: with them a frame says how large a metre is where."""
HEIGHTS = {INDEX[name]: metres for name, metres in {"person": 1.65, "bicycle": 1.05, "car": 1.5, "bus": 3.0, "truck": 2.9, "muck_truck": 2.9}.items()}
"""Sides of what is pasted, px: the longer one is at least the first, at most the second and this share of the frame's width."""
SMALLEST, LARGEST, WIDEST = 20, 250, 0.6
"""Share of a box that is there already which a new thing may hide."""
MOST_HIDDEN = 0.3
TRIES = 8


class Cutouts:
    """The pictures of a folder that `test-media/scenes/cutouts.ts` rendered, decoded; `keep` bytes at most.

    Each: the thing as premultiplied uint8 BGRA, its shadow's alpha, table rows in its own pixels, camera.
    """

    def __init__(self, folder, sorts=SORTS, keep=2 << 30):
        lines = [json.loads(line) for line in (Path(folder) / "labels.jsonl").read_text(encoding="utf8").split("\n")[:-1] if line]
        self.items, self.by_sort, held = [], {name: [] for name in sorts}, 0
        for line in np.random.default_rng(0).permutation(np.array(lines, dtype=object)):
            picture = cv2.imread(str(Path(folder) / line["file"]), cv2.IMREAD_UNCHANGED) if line["focus"] in sorts else None
            if picture is None or held > keep:
                continue
            height = picture.shape[0] // 2
            thing, shadow = premultiplied(picture[:height]), np.ascontiguousarray(picture[height:, :, 3])
            held += thing.nbytes + shadow.nbytes
            self.by_sort[line["focus"]].append(len(self.items))
            self.items.append((thing, shadow, table_of(line["objects"], thing.shape), line["camera"]))
        if not self.items:
            raise SystemExit(f"{folder}: no cut-outs; render them with test-media/scenes/cutouts.ts")
        self.sorts = [name for name in sorts if self.by_sort[name]]
        share = np.array([sorts[name] for name in self.sorts])
        self.shares = share / share.sum()

    def draw(self, rng, depression):
        """One of a random sort, of a few the one seen most nearly from that angle."""
        among = self.by_sort[self.sorts[rng.choice(len(self.sorts), p=self.shares)]]
        few = [self.items[among[i]] for i in rng.integers(0, len(among), 6)]
        return min(few, key=lambda item: abs(item[3]["depression"] - depression))


def premultiplied(bgra):
    alpha = bgra[..., 3:].astype(np.uint16)
    out = bgra.copy()
    out[..., :3] = (bgra[..., :3] * alpha + 127) // 255
    return out


class Ground:
    """How large a metre is at a row of a frame, px: `rise` * (row - horizon). Fitted to the boxes there, else a guess."""

    def __init__(self, rng, table, shape):
        h, w = shape[:2]
        self.focal = w * rng.uniform(0.7, 1.5)
        metres = np.array([HEIGHTS.get(int(c), 0) for c in table[:, 0]])
        whole = (metres > 0) & (table[:, 1] > 0.6) & (table[:, 5] < h - 3) & (table[:, 3] > 2)
        feet, sizes = table[whole, 5], (table[whole, 5] - table[whole, 3]) / metres[whole]
        guesses = h * rng.uniform(-0.15, 0.42, 1 if len(feet) < 3 else 12)
        guesses = np.minimum(guesses, feet.min() - 6) if len(feet) else guesses
        if len(feet) == 0:
            self.horizon = guesses[0]
            self.rise = h * rng.uniform(0.14, 0.36) / (h - self.horizon)
            return
        rises = [np.median(sizes / (feet - guess)) for guess in guesses]
        misses = [np.abs(np.log(sizes / (rise * (feet - guess)))).mean() for rise, guess in zip(rises, guesses)]
        best = int(np.argmin(misses))
        self.horizon, self.rise = guesses[best], rises[best]

    def metre(self, row):
        return self.rise * max(row - self.horizon, 4)

    def depression(self, row):
        """Degrees below the horizon at which that row is seen."""
        return np.degrees(np.arctan2(row - self.horizon, self.focal))


def places(rng, ground, cutouts, shape, most):
    """Cut-outs with where their feet are and how much to scale them, the farthest first."""
    h, w = shape[:2]
    highest = max(0.3 * h, min(ground.horizon + 0.06 * h, 0.8 * h))
    feet = np.sort(rng.uniform(highest, h, most))
    for row in feet:
        item = cutouts.draw(rng, ground.depression(row))
        longest = max(item[0].shape[:2])
        scale = ground.metre(row) / item[3]["pixelsPerMetre"] * np.exp(rng.uniform(-0.3, 0.3))
        yield item, row, float(np.clip(scale, SMALLEST / longest, min(LARGEST, WIDEST * w) / longest))


def cover(boxes, box):
    """Share of each of the boxes that lies inside one box."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    area = lambda a, b: np.prod(np.maximum(b - a, 0), 1)
    return area(low, high) / np.maximum(area(boxes[:, :2], boxes[:, 2:]), 1e-6)


def room(rng, table, rows, size, offset, width):
    """A column for the left edge where the new thing hides little of what is there and nothing nearer should hide it; None where there is none."""
    seen = table[table[:, 1] > 0.2]
    own = rows[:, 2:6].copy() if len(rows) else np.array([[0, 0, *size]], np.float32)
    outer = np.array([*own[:, :2].min(0), *own[:, 2:].max(0)])
    for _ in range(TRIES):
        left = rng.uniform(-0.25 * size[0], width - 0.75 * size[0])
        box = outer + (left, offset, left, offset)
        if len(seen) == 0:
            return left
        hidden = cover(seen[:, 2:6], box)
        nearer = seen[seen[:, 5] > box[3] + 2]
        before = max((cover(box[None], near[2:6])[0] for near in nearer), default=0)
        if hidden.max() <= MOST_HIDDEN and before < 0.12:
            return left
    return None


def fineness(grey):
    """Blur of a frame as a Gaussian's sigma, px: from how much of its contrast is in the finest octave against the next."""
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    quarter = cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    back = lambda small, big: cv2.resize(small, (big.shape[1], big.shape[0]), interpolation=cv2.INTER_LINEAR)
    fine, coarse = cv2.absdiff(grey, back(half, grey)).mean(), cv2.absdiff(half, back(quarter, half)).mean()
    return float(np.interp(fine / max(coarse, 0.5), (0.3, 0.4, 0.55, 0.75), (1.6, 1.0, 0.6, 0.25)))


def graininess(grey):
    """Sigma of a frame's noise: Immerkaer's operator, by the median so that edges don't count."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey[::2], cv2.CV_32F, kernel))) / (0.6745 * 6))


def saturation(image):
    small = image[::4, ::4].astype(np.int16)
    return float((small.max(2) - small.min(2)).mean())


class Look:
    """What a frame's camera does to things: how sharp, noisy and colourful it is."""

    def __init__(self, image):
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        self.blur, self.noise, self.colour, self.light = fineness(grey), graininess(grey), saturation(image), float(grey[::4, ::4].mean())


def matched(rng, thing, around, look):
    """Reinhard's transfer of mean and spread from the surroundings to the thing (float BGR, premultiplied, with alpha), each by a random share; the frame's saturation."""
    colours, alpha = thing[..., :3], thing[..., 3:]
    weight = max(float(alpha.sum()), 1e-3)
    if look.colour < 32:
        keep = 0.0 if look.colour < 5 else (look.colour / 32) ** 0.6
        grey = colours.mean(2, keepdims=True)
        colours = grey + (colours - grey) * keep
    mean = colours.sum((0, 1)) / weight
    spread = float(np.sqrt(max(((colours * colours).sum() / (3 * weight) - (mean @ mean) / 3), 1)))
    there, wide = around.reshape(-1, 3).mean(0), float(around.std())
    gain = np.clip((wide / spread) ** rng.uniform(0, 0.7), 0.55, 1.5)
    shift = there - mean
    shift = shift.mean() * rng.uniform(0.25, 0.8) + (shift - shift.mean()) * rng.uniform(0, 0.45)
    return np.concatenate([(colours - mean * alpha) * gain + (mean + shift) * alpha, alpha], 2)


def textured(rng, thing, image, look):
    """Grain, noise and compression of some other part of the same frame laid over the thing."""
    h, w = thing.shape[:2]
    if h >= image.shape[0] or w >= image.shape[1]:
        return thing
    y, x = rng.integers(0, image.shape[0] - h), rng.integers(0, image.shape[1] - w)
    part = image[y : y + h, x : x + w]
    fine = part.astype(np.float32) - cv2.blur(part, (5, 5))
    fine = cv2.randn(np.empty((h, w, 1), np.float32), 0, look.noise).reshape(h, w, 1) * rng.uniform(0.5, 1.2) + fine * rng.uniform(0, 0.4)
    thing[..., :3] += fine * thing[..., 3:]
    return thing


def laid(rng, image, item, look, scale, left, foot):
    """Lays one cut-out over the image in place; its alpha there and the window it fills, or None where that is outside."""
    thing, shadow = (cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR) for part in item)
    soft = look.blur * rng.uniform(0.7, 1.2)
    thing, shadow = cv2.GaussianBlur(thing, (0, 0), max(soft, 0.3)), cv2.GaussianBlur(shadow, (0, 0), soft + 0.8)
    h, w = thing.shape[:2]
    x, y = int(round(left)), int(round(foot))
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, image.shape[1]), min(y + h, image.shape[0])
    if x1 - x0 < 4 or y1 - y0 < 4:
        return None
    window = (slice(y0, y1), slice(x0, x1))
    inner = (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
    thing = thing[inner].astype(np.float32)
    thing[..., 3] /= 255
    margin = max(6, int(0.3 * min(h, w)))
    around = image[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin][::2, ::2]
    thing = textured(rng, matched(rng, thing, around, look), image, look)
    depth = rng.uniform(0.5, 1.1) if look.light > 60 else rng.uniform(0.2, 0.8)
    below = image[window] * (1 - np.minimum(shadow[inner][..., None] * np.float32(depth / 255), 0.9))
    image[window] = np.clip(below * (1 - thing[..., 3:]) + thing[..., :3], 0, 255).astype(np.uint8)
    return thing[..., 3], (x0, y0, x1, y1)


def darkened(table, alpha, window):
    """Less of what is there is visible: the share of each box that the new alpha hides."""
    x0, y0, x1, y1 = window
    for row in table:
        a, b = np.maximum(row[2:4], (x0, y0)).astype(int), np.minimum(row[4:6], (x1, y1)).astype(int)
        if (b <= a).any():
            continue
        hidden = float(alpha[a[1] - y0 : b[1] - y0, a[0] - x0 : b[0] - x0].sum())
        row[1] *= max(0.0, 1 - hidden / max(float((row[4] - row[2]) * (row[5] - row[3])), 1.0))
    return table


def cut(rows, shape):
    """Boxes cut at the frame; what is outside is not visible."""
    h, w = shape[:2]
    inside = np.clip(rows[:, 2:6], 0, (w, h, w, h))
    area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    rows[:, 1] *= area(inside) / np.maximum(area(rows[:, 2:6]), 1e-6)
    rows[:, 2:6] = inside
    return rows[rows[:, 1] > 0.02]


def mirrored(item):
    thing, shadow, rows, camera = item
    rows = rows.copy()
    rows[:, [2, 4]] = thing.shape[1] - rows[:, [4, 2]]
    foot = (1 - camera["foot"][0], camera["foot"][1])
    return thing[:, ::-1], shadow[:, ::-1], rows, {**camera, "foot": foot}


def pasted(rng, image, table, cutouts, most=4):
    """A copy of a real frame (uint8 BGR) with 1 to `most` cut-outs in it, and its table (`data.table_of`) with their rows; what they hide is less visible there."""
    image, table = image.copy(), table.copy()
    ground, look = Ground(rng, table, image.shape), Look(image)
    for item, row, scale in places(rng, ground, cutouts, image.shape, int(rng.integers(1, most + 1))):
        thing, shadow, rows, camera = mirrored(item) if rng.random() < 0.5 else item
        rows = rows.copy()
        rows[:, 2:6] *= scale
        foot = row - camera["foot"][1] * thing.shape[0] * scale
        left = room(rng, table, rows, (thing.shape[1] * scale, thing.shape[0] * scale), foot, image.shape[1])
        drawn = None if left is None else laid(rng, image, (thing, shadow), look, scale, left, foot)
        if drawn is not None:
            rows[:, 2:6] += (left, foot, left, foot)
            table = np.concatenate([darkened(table, *drawn), cut(rows, image.shape)])
    if rng.random() < 0.6:
        image = compressed(rng, image)
    return image, table
