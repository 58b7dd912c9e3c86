"""Pictures of any data set as the training wants them: decoded when drawn, the latest kept, big photographs made smaller."""
from collections import OrderedDict

import cv2
import numpy as np

from classes import CLASSES, INDEX
from data import MIN_VISIBLE, shares, table_of
from datasets import read
from degrade import degraded
from paste import Cutouts, pasted

"""Longest side that is kept, twice the input's: training zooms in no further."""
LONGEST = 960
KEEP_BYTES = 3 << 30
"""Shares of the real pictures that get something pasted in, and of the rendered ones that look like a camera's."""
PASTED, DEGRADED = 0.5, 0.5


class Items:
    """Like a list of (picture, table of boxes)."""

    def __init__(self, read_items, keep=KEEP_BYTES):
        self.read, self.keep, self.held, self.kept = read_items, keep, 0, OrderedDict()

    def __len__(self):
        return len(self.read)

    def __getitem__(self, i):
        if i >= len(self.read):
            raise IndexError(i)
        if i in self.kept:
            self.kept.move_to_end(i)
            return self.kept[i]
        image = decoded(self.read[i].picture)
        self.kept[i] = image, table_of(self.read[i].objects, image.shape)
        self.held += image.nbytes
        while self.held > self.keep and len(self.kept) > 1:
            self.held -= self.kept.popitem(last=False)[1][0].nbytes
        return self.kept.get(i)


def decoded(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise SystemExit(f"{path} cannot be read")
    scale = LONGEST / max(image.shape[:2])
    return image if scale >= 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def held(item):
    """Classes in a picture, known without decoding it."""
    return np.unique([INDEX[o["class"]] for o in item.objects if o["class"] in INDEX and o["visible"] >= MIN_VISIBLE]).astype(int)


class Pictures:
    """Data sets opened for training: rendered frames, COCO and YOLO alike.

    `paths`: data sets with commas; `often`: how often each of them is drawn, by default as often as it has pictures.
    `cutouts`: rendered things to paste into real pictures.
    """

    def __init__(self, paths, mapping=None, often=None, cutouts=None):
        sets = [read(path, mapping) for path in str(paths).split(",")]
        self.items = Items([item for one in sets for item in one])
        self.cutouts = Cutouts(cutouts) if cutouts else None
        """Classes that each picture's data set labels: of the others nothing is known there."""
        self.labelled = np.array([[name in item.labelled for name in CLASSES] for item in self.items.read])
        """Whether each is real: a rendered one says in which world."""
        self.real = np.array(["world" not in item.tags for item in self.items.read])
        self.starts = np.cumsum([0, *[len(one) for one in sets]])
        often = np.array(often or [len(one) for one in sets], float)
        if len(often) != len(sets):
            raise SystemExit(f"--often has {len(often)} numbers for {len(sets)} data sets")
        self.often = often / often.sum()
        self.within = [weighted(one) for one in sets]

    def choose(self, rng, count):
        """So many pictures of one data set."""
        which = rng.choice(len(self.often), p=self.often)
        return self.starts[which] + rng.choice(len(self.within[which]), count, p=self.within[which])

    def picture(self, rng, i):
        """A picture and its table of boxes; real ones with something pasted in, rendered ones as a real camera might send them."""
        image, table = self.items[i]
        if not self.real[i]:
            return (degraded(rng, image) if rng.random() < DEGRADED else image), table
        if self.cutouts is None or rng.random() > PASTED:
            return image, table
        return pasted(rng, image, table, self.cutouts)


def weighted(items):
    each = shares([held(item) for item in items]) * np.array([item.weight for item in items])
    return each / each.sum()
