"""Pictures of any data set as the training wants them: decoded when drawn, the latest kept, big photographs made smaller."""
from collections import OrderedDict

import cv2
import numpy as np

from classes import CLASSES, INDEX
from data import MIN_VISIBLE, table_of
from datasets import read

"""Longest side that is kept, twice the input's: training zooms in no further."""
LONGEST = 960
KEEP_BYTES = 3 << 30


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


class Pictures:
    """Data sets opened for training: rendered frames, COCO and YOLO alike."""

    def __init__(self, paths, mapping=None):
        read_items = read(paths, mapping)
        self.items = Items(read_items)
        """Classes in each picture, known without decoding it."""
        self.classes = [np.unique([INDEX[o["class"]] for o in item.objects if o["class"] in INDEX and o["visible"] >= MIN_VISIBLE]).astype(int) for item in read_items]
        """Classes that each picture's data set labels: of the others nothing is known there."""
        self.labelled = np.array([[name in item.labelled for name in CLASSES] for item in read_items])
