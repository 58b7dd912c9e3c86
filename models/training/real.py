"""Completes real data sets by what teachers agree on: `real.py --data SET[,SET…] --seen FILE --out DIR`; the pictures stay where they are."""
import argparse
import csv
import json
from collections import Counter
from pathlib import Path

from agree import LARGEST, agreed, covered
from classes import CLASSES, INDEX
from datasets import label_file, pictures_of, yolo_box
from real_sets import about

TAUGHT = ("person", "bicycle", "car", "bus", "truck", "umbrella")
"""Name of regions in which a set leaves its own classes open: masses that nobody can tell apart."""
IGNORE = "ignore"
"""A tipper by hand is the rarest thing there is: its pictures are drawn so much more often."""
TIPPER_WEIGHT = 4.0


def kinds_of(folder):
    """Kind, load and cover by hand of (file, box) where the set has truck-kinds.csv."""
    file = folder / "truck-kinds.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf8", newline="") as rows:
        return {(row["file"], int(row["boxIndex"])): row for row in csv.DictReader(rows)}


def by_hand(folder, picture, names, kinds):
    """Labels of the set itself: (name, [x, y, w, h] in shares, row of truck-kinds.csv or None)."""
    file = label_file(picture)
    lines = file.read_text(encoding="utf8").splitlines() if file.is_file() else []
    found = []
    for i, line in enumerate(line for line in lines if line.strip()):
        number, *rest = line.split()
        found.append((names[int(number)], yolo_box([float(v) for v in rest]), kinds.get((picture.name, i))))
    return found


def doubtful(name, box):
    return {"class": name, "box": box, "visible": 0.0}


def sure(name, box, **state):
    return {"class": name, "box": box, "visible": 1.0, **state}


def lorry(box, kind):
    """A lorry by hand or by vote: a tipper is a muck truck, another kind is none, and where nobody has said, nothing is learnt of it."""
    if kind and kind["kind"] == "dump_truck":
        return [sure("muck_truck", box, load=kind["load"], cover=kind["cover"])]
    known = kind and kind["kind"] not in ("front_only", "other")
    bed = {"load": kind["load"], "cover": kind["cover"]} if known and kind["cover"] in ("covered", "uncovered") else {}
    return [sure("truck", box, **bed)] + ([] if known else [doubtful("muck_truck", box)])


def corners(box, size):
    x, y, w, h = box
    return [x * size[0], y * size[1], (x + w) * size[0], (y + h) * size[1]]


def shares(box, size):
    x1, y1, x2, y2 = (min(max(v / size[i % 2], 0.0), 1.0) for i, v in enumerate(box))
    return [round(v, 5) for v in (x1, y1, x2 - x1, y2 - y1)]


def complete(own, labelled, seen, size):
    """Objects of one picture: the set's own labels, then what teachers agree on in the classes that it does not label."""
    objects, taken = [], [corners(box, size) for name, box, _ in own if name in labelled]
    for name, box, kind in own:
        if name == "truck":
            objects += lorry(box, kind)
        elif name == IGNORE:
            objects += [doubtful(other, box) for other in sorted(labelled & INDEX.keys())]
        elif name in INDEX:
            objects.append(sure(name, box))
    learn, doubt = agreed(seen)
    for name, box, also in learn:
        if name in labelled or name not in INDEX or covered(box, taken):
            continue
        place = shares(box, size)
        objects += lorry(place, None) if name == "truck" else [sure(name, place)]
        objects += [doubtful(other, place) for other in also if other in INDEX] + ([doubtful("muck_truck", place)] if "truck" in also else [])
    for names, box in doubt:
        place = shares(box, size)
        if covered(box, taken) or place[2] * place[3] > LARGEST:
            continue
        objects += [doubtful(name, place) for name in names if name in INDEX and name not in labelled]
        objects += [doubtful("muck_truck", place)] if "truck" in names and "truck" not in labelled else []
    return objects


def entries(folder, seen):
    """Lines of labels.jsonl for one set."""
    file = folder / "labelled.txt"
    labelled = set(file.read_text(encoding="utf8").split()) if file.is_file() else set()
    names = (folder / "classes.txt").read_text(encoding="utf8").split() if (folder / "classes.txt").is_file() else []
    kinds = kinds_of(folder)
    taught = [*TAUGHT, "muck_truck", *(name for name in ("stall", "cart") if about(folder.name).no_stalls or name in labelled)]
    for picture in pictures_of(folder / "images" if (folder / "images").is_dir() else folder):
        looked = seen[str(picture)]
        objects = complete(by_hand(folder, picture, names, kinds), labelled, looked["seen"], looked["size"])
        tipper = any(o["class"] == "muck_truck" and o["visible"] for o in objects)
        yield {"file": str(picture.resolve()), "set": folder.name, "labelled": taught, "weight": about(folder.name).weight * (TIPPER_WEIGHT if tipper else 1.0), "objects": objects}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folders with images/, and labels/, classes.txt and labelled.txt (the classes that it labels) where it has labels")
    parser.add_argument("--seen", required=True, help="what look.py wrote of them")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    seen = {entry["picture"]: entry for entry in map(json.loads, filter(None, Path(args.seen).read_text(encoding="utf8").split("\n")))}
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    with (out / "labels.jsonl").open("w", encoding="utf8") as lines:
        for folder in map(Path, args.data.split(",")):
            count, told = Counter(), 0
            for entry in entries(folder, seen):
                lines.write(json.dumps(entry) + "\n")
                told += 1
                count.update(o["class"] if o["visible"] else f"{o['class']}?" for o in entry["objects"])
            print(f"{folder.name}: {told} pictures,", ", ".join(f"{name} {count[name]}" + (f" ({count[f'{name}?']} doubtful)" if count[f"{name}?"] else "") for name in CLASSES if count[name] or count[f"{name}?"]), flush=True)


if __name__ == "__main__":
    main()
