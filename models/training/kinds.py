"""Measures a run or weights on real lorries whose kind and cover somebody wrote down: `kinds.py models/kerb-s SET [--json OUT]`; SET has truck-kinds.csv (README.md)."""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from classes import CLASSES, INDEX, MUCK_TRUCK, STATES
from crops import crops_of_one
from datasets import pictures_of
from evaluate import rounded
from matching import MIN_SIZE, iou_matrix, size_of
from real import by_hand, corners, kinds_of
from served import TorchModel, letterboxed

"""Kinds that are lorries beyond doubt and no tippers; of a front alone nobody can say."""
OTHERS = ("box", "open_cargo", "tank", "tractor_trailer")
TIPPER = "dump_truck"
OPEN_STATES = [i for i, state in enumerate(STATES) if state in ("uncovered", "empty")]


def told_kind(boxes, scores, box, floor):
    """truck or muck_truck, whichever scores more among the boxes that cover this one by half; None where nothing does."""
    near = iou_matrix(boxes, box[None])[:, 0] >= 0.5
    truck, muck = (float(scores[near][:, columns].max(initial=0)) for columns in ([INDEX["truck"]], [MUCK_TRUCK]))
    return None if max(truck, muck) < floor else "muck_truck" if muck > truck else "truck"


def told_cover(state, picture, box):
    """covered or uncovered, whichever is more probable in the true box."""
    tensor = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        chances = state(crops_of_one(tensor, torch.from_numpy(box[None]).float())).softmax(1)[0]
    return "covered" if chances[STATES.index("covered")] > chances[OPEN_STATES].sum() else "uncovered"


def lorries(folder):
    """Picture, box in pixels and row of truck-kinds.csv of each lorry by hand."""
    kinds, names = kinds_of(folder), (folder / "classes.txt").read_text(encoding="utf8").split()
    for picture in pictures_of(folder / "images"):
        found = [(box, row) for _, box, row in by_hand(folder, picture, names, kinds) if row]
        if found:
            image = cv2.imread(str(picture))
            yield image, [(np.array(corners(box, (image.shape[1], image.shape[0]))), row) for box, row in found]


def measure(model, folder, floor):
    kinds, covers = [], []
    for image, found in lorries(folder):
        picture, scale = letterboxed(image, model.size)
        with torch.no_grad():
            boxes, scores = model(picture)
        scores = np.concatenate([scores[:, :MUCK_TRUCK], scores[:, [MUCK_TRUCK, *range(len(CLASSES), scores.shape[1])]].max(1, keepdims=True)], 1)
        for box, row in found:
            box = box * scale
            if size_of(box[None])[0] < MIN_SIZE:
                continue
            if row["kind"] in (TIPPER, *OTHERS):
                kinds.append((row["kind"] == TIPPER, told_kind(boxes, scores, box, floor)))
            if row["cover"] in ("covered", "uncovered") and model.state is not None:
                covers.append((row["cover"], told_cover(model.state, picture, box)))
    right = sum(tipper and told == "muck_truck" for tipper, told in kinds)
    told, there = sum(told == "muck_truck" for _, told in kinds), sum(tipper for tipper, _ in kinds)
    return {
        "lorries": len(kinds), "tippers": there, "tippersFound": right, "calledTipper": told, "tipperF1": rounded(2 * right / max(told + there, 1)),
        "missed": sum(told is None for _, told in kinds), "covers": len(covers), "coverRight": rounded(sum(is_ == told for is_, told in covers) / max(len(covers), 1)),
        "coverTable": {f"{is_} called {told}": sum(pair == (is_, told) for pair in covers) for is_ in ("covered", "uncovered") for told in ("covered", "uncovered")},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a run, a checkpoint, or a folder with weights.npz")
    parser.add_argument("data")
    parser.add_argument("--floor", type=float, default=0.3, help="score below which a box is not told")
    parser.add_argument("--json")
    args = parser.parse_args()
    # It cannot run here and says so at every call.
    torch.backends.nnpack.set_flags(False)
    result = measure(TorchModel(args.model), Path(args.data), args.floor)
    print(json.dumps(result, indent=1))
    if args.json:
        Path(args.json).write_text(json.dumps(result, indent=1), encoding="utf8")


if __name__ == "__main__":
    main()
