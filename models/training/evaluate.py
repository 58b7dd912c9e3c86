"""Measures a model on labelled pictures: `evaluate.py models/kerb-s/model.onnx DATA [--json OUT] [--latency]`; a run or checkpoint works as well."""
import argparse
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np

from classes import CLASSES, INDEX, MUCK_TRUCK, OPEN, STATES, state_of
from datasets import read
from latency import latencies
from matching import BINS, IOUS, MIN_SIZE, MIN_VISIBLE, average_precision, best_point, iou_matrix, match, pooled, record, size_of, suppress
from served import letterboxed, open_model

FLOOR = 0.02
"""A class with fewer true boxes than this in a group of pictures or sizes is left out of the group's mean."""
FEW = 5
TAGS = ("light", "weather", "world", "view")


def concept_columns(labels):
    """Columns of each class: a muck truck has one for each state of its bed."""
    return [[i for i, name in enumerate(labels) if name == c or (c == "muck_truck" and name.startswith("muck_truck_"))] for c in CLASSES]


def state_columns(labels):
    """State that each muck-truck column stands for, in the order of those columns."""
    names = [name for name in labels if name.startswith("muck_truck")]
    return np.array([STATES.index(name.removeprefix("muck_truck").lstrip("_") or "unknown") for name in names])


def truth_of(item, shape, scale):
    """Class, visible share and state of each object, and its box in input pixels."""
    known = [o for o in item.objects if o["class"] in INDEX]
    h, w = shape[:2]
    boxes = np.array([[o["box"][0] * w, o["box"][1] * h, (o["box"][0] + o["box"][2]) * w, (o["box"][1] + o["box"][3]) * h] for o in known], float).reshape(-1, 4) * scale
    rows = np.array([[INDEX[o["class"]], o["visible"], state_of(o)] for o in known], float).reshape(-1, 3)
    return rows, boxes


def look(model, item):
    """One record a class of one picture, and what was said of its trucks."""
    image = cv2.imread(str(item.picture))
    if image is None:
        raise SystemExit(f"{item.picture} cannot be read")
    picture, scale = letterboxed(image, model.size)
    rows, truth = truth_of(item, image.shape, scale)
    boxes, scores = model(picture)
    demanded = (rows[:, 1] >= MIN_VISIBLE) & (size_of(truth) >= MIN_SIZE)
    records, states = [], []
    for c, columns in enumerate(concept_columns(model.labels)):
        own = rows[:, 0] == c
        best = scores[:, columns].max(1)
        chosen = np.where(best > FLOOR)[0]
        kept = chosen[suppress(boxes[chosen], best[chosen])] if len(chosen) else chosen
        records.append(record(boxes[kept], best[kept], truth[own], demanded[own]) if CLASSES[c] in item.labelled else None)
        if c == MUCK_TRUCK:
            said = state_columns(model.labels)[scores[kept][:, columns].argmax(1)] if len(kept) else np.zeros(0, int)
            states = judged(boxes[kept], best[kept], said, truth[own & demanded], rows[own & demanded, 2])
    return records, states


def judged(boxes, scores, said, truth, states):
    """Pairs (is, said, score) for the trucks that were found: the best box that covers each by half."""
    pairs = []
    overlap = iou_matrix(boxes, truth)
    for j, state in enumerate(states):
        if state == OPEN:
            continue
        over = np.where(overlap[:, j] >= 0.5)[0]
        if len(over):
            pairs.append((int(state), int(said[over[0]]), float(scores[over[0]])))
    return pairs


def confusion(pairs, floor=0.3):
    table = np.zeros((len(STATES), len(STATES)), int)
    for is_, said, score in pairs:
        if score >= floor:
            table[is_, said] += 1
    return summary(table)


def summary(table):
    """Rows: what it is, columns: what was said. `right`: of the beds that can be judged; `said`: of those, the share that got an answer."""
    seen = table[1:]
    told = seen[:, 1:].sum()
    return {
        "states": list(STATES),
        "rows": table.tolist(),
        "right": rounded(np.trace(table[1:, 1:]) / max(seen.sum(), 1)),
        "rightWhereSaid": rounded(np.trace(table[1:, 1:]) / max(told, 1)),
        "said": rounded(told / max(seen.sum(), 1)),
        "trucks": int(seen.sum()),
    }


def rounded(value):
    return None if value is None or np.isnan(value) else round(float(value), 4)


def group(records, span=(0, np.inf)):
    """AP50 by class and its mean over classes with enough boxes, for some pictures and sizes."""
    by_class, boxes = {}, {}
    for c, name in enumerate(CLASSES):
        _, right, count = pooled([match(r[c], 0.5, span) for r in records if r[c]])
        by_class[name], boxes[name] = rounded(average_precision(right, count)), count
    counted = [by_class[name] for name in CLASSES if boxes[name] >= FEW]
    return {"ap50": rounded(np.mean(counted)) if counted else None, "byClass": by_class, "boxes": boxes, "pictures": len(records)}


def by_class(records):
    rows = {}
    for c, name in enumerate(CLASSES):
        own = [r[c] for r in records if r[c]]
        scores, right, count = pooled([match(r) for r in own])
        strict = [average_precision(*pooled([match(r, iou) for r in own])[1:]) for iou in IOUS]
        point = best_point(scores, right, count)
        rows[name] = {"ap50": rounded(average_precision(right, count)), "ap": rounded(np.mean(strict)), "boxes": count, **({k: rounded(v) for k, v in point.items()} if point else {})}
    return rows


def measure(model, items):
    looked = [look(model, item) for item in items]
    records, states = [r for r, _ in looked], [pair for _, pairs in looked for pair in pairs]
    rows = by_class(records)
    there = [row for row in rows.values() if row["boxes"] > 0]
    result = {
        "pictures": len(items),
        "counted": f"at least {MIN_VISIBLE:.0%} visible and {MIN_SIZE:.0f} px at the input's size",
        "ap50": rounded(np.mean([row["ap50"] for row in there])),
        "ap": rounded(np.mean([row["ap"] for row in there])),
        "byClass": rows,
        "bySize": {name: group(records, span) for name, span in BINS.items()},
    }
    for tag in TAGS:
        values = sorted({item.tags[tag] for item in items if tag in item.tags})
        if values:
            result[f"by{tag.capitalize()}"] = {v: group([r for r, item in zip(records, items) if item.tags.get(tag) == v]) for v in values}
    result["states"] = {"found": confusion(states)}
    return result


def states_at_true_boxes(source, items):
    """Confusion of the state network alone, on boxes that are exactly right; needs weights, as the file's graph takes no boxes."""
    import torch

    from crops import crops_of_one
    from export import networks
    from model import SIZES
    from state import SURE

    # It cannot run here and says so at every call.
    torch.backends.nnpack.set_flags(False)
    network, _, state = networks(source)
    if state is None:
        return None
    table = np.zeros((len(STATES), len(STATES)), int)
    for item in items:
        if not any(o["class"] == "muck_truck" for o in item.objects):
            continue
        image = cv2.imread(str(item.picture))
        picture, scale = letterboxed(image, SIZES[network].size)
        rows, truth = truth_of(item, image.shape, scale)
        own = (rows[:, 0] == MUCK_TRUCK) & (rows[:, 2] != OPEN) & (rows[:, 1] >= MIN_VISIBLE) & (size_of(truth) >= MIN_SIZE)
        if not own.any():
            continue
        tensor = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
        with torch.no_grad():
            sure, said = state(crops_of_one(tensor, torch.from_numpy(truth[own]).float())).softmax(1).max(1)
        for is_, says, how in zip(rows[own, 2].astype(int), said.tolist(), sure.tolist()):
            table[is_, says if how >= SURE else 0] += 1
    return summary(table)


def printed(result):
    print(f"{result['pictures']} pictures, AP50 {result['ap50']:.3f}, AP50:95 {result['ap']:.3f}")
    for name, row in result["byClass"].items():
        if row["boxes"]:
            print(f"  {name:12s} AP50 {row['ap50']:.3f}  AP {row['ap']:.3f}  of {row['boxes']:5d}   best F1 {row.get('f1', 0):.3f} at {row.get('score', 0):.2f}")
    for key in ("bySize", "byLight", "byWeather", "byWorld", "byView"):
        if key in result:
            print(f"  {key}:", ", ".join(f"{name} {g['ap50']} of {sum(g['boxes'].values())}" for name, g in result[key].items()))
    for where, table in result["states"].items():
        if table:
            print(f"  beds, {where} boxes: right {table['right']} of {table['trucks']}, said {table['said']}, right where said {table['rightWhereSaid']}", table["rows"])
    if "latency" in result:
        print("  latency", result["latency"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help=".onnx, or a run, a checkpoint, a folder with weights.npz")
    parser.add_argument("data", help="rendered frames, COCO or YOLO; several with commas")
    parser.add_argument("--mapping", help="file with 'their name: our name' lines")
    parser.add_argument("--split", default="val", help="of a YOLO data set")
    parser.add_argument("--limit", type=int, help="only so many pictures, evenly taken")
    parser.add_argument("--weights", help="run or weights.npz for the truck states at true boxes")
    parser.add_argument("--latency", action="store_true", help="also time the file at 1 and 2 threads; the machine should be idle")
    parser.add_argument("--json", help="where to write the figures")
    args = parser.parse_args()
    items = read(args.data, args.mapping, args.split)
    if args.limit and args.limit < len(items):
        items = [items[i] for i in np.linspace(0, len(items) - 1, args.limit).astype(int)]
    model = open_model(args.model)
    result = measure(model, items)
    weights = args.weights or (None if args.model.endswith(".onnx") else args.model)
    if weights:
        result["states"]["true"] = states_at_true_boxes(weights, items)
    if args.model.endswith(".onnx"):
        result["sha256"] = hashlib.sha256(Path(args.model).read_bytes()).hexdigest()
        if args.latency:
            result["latency"] = latencies([args.model])[0]
    printed(result)
    if args.json:
        Path(args.json).write_text(json.dumps(result, indent=1), encoding="utf8")


if __name__ == "__main__":
    main()
