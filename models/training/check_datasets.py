"""Holds the readers to small COCO and YOLO sets written for it: `check_datasets.py`; leaves with 1 at the first difference."""
import json
import tempfile
from pathlib import Path

import cv2
import numpy as np

from datasets import read

WIDTH, HEIGHT = 200, 100
MAPPING = "dump truck: muck_truck\n'covered tipper': muck_truck_covered  # with a state\npile: ignore\n"
"""x, y, w, h in shares."""
BOX = [0.1, 0.2, 0.3, 0.4]


def picture(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(file), np.zeros((HEIGHT, WIDTH, 3), np.uint8))


def same(found, wanted, what):
    if found != wanted:
        raise SystemExit(f"{what}: {found}, not {wanted}")


def short(item):
    return [(o["class"], o.get("cover"), o["visible"], [round(v, 6) for v in o["box"]]) for o in item.objects]


def check_coco(folder):
    for name in ("a.jpg", "b.jpg"):
        picture(folder / "images" / name)
    pixels = [BOX[0] * WIDTH, BOX[1] * HEIGHT, BOX[2] * WIDTH, BOX[3] * HEIGHT]
    names = ["Person", "dump truck", "covered tipper", "pile", "giraffe"]
    one = lambda category, crowd=0: {"image_id": 5, "category_id": category, "bbox": pixels, "iscrowd": crowd}
    file = folder / "annotations" / "instances_x.json"
    file.parent.mkdir()
    file.write_text(json.dumps({
        "images": [{"id": 5 + i, "file_name": n, "width": WIDTH, "height": HEIGHT} for i, n in enumerate(("a.jpg", "b.jpg"))],
        "categories": [{"id": 10 + i, "name": n} for i, n in enumerate(names)],
        "annotations": [one(10), one(11, 1), one(12), one(13), one(14)],
    }), encoding="utf8")
    first, second = read(folder, folder / "mapping.txt")
    soft = [(name, None, 0.0, BOX) for name in ("muck_truck", "person")]
    same(short(first), [("person", None, 1.0, BOX), ("muck_truck", None, 0.0, BOX), ("muck_truck", "covered", 1.0, BOX), *soft], "COCO objects")
    same(short(second), [], "COCO picture without objects")
    same(sorted(first.labelled), ["muck_truck", "person"], "COCO labelled classes")
    same(short(read(file)[0]), [("person", None, 1.0, BOX)], "COCO without a mapping")


def check_yolo(folder):
    for name in ("images/train/a.jpg", "images/val/b.jpg"):
        picture(folder / name)
    (folder / "labels/train").mkdir(parents=True)
    centre = [BOX[0] + BOX[2] / 2, BOX[1] + BOX[3] / 2, BOX[2], BOX[3]]
    corners = [BOX[0], BOX[1], BOX[0] + BOX[2], BOX[1], BOX[0] + BOX[2], BOX[1] + BOX[3]]
    rows = [[1, *centre], [0, *corners], [2, *centre]]
    (folder / "labels/train/a.txt").write_text("\n".join(" ".join(map(str, row)) for row in rows), encoding="utf8")
    wanted = [("muck_truck", None, 1.0, BOX), ("person", None, 1.0, BOX)]
    for names in ("names: [person, dump truck, giraffe]", "names:\n  0: person\n  1: 'dump truck'\n  2: giraffe", "names:\n- person\n- dump truck\n- giraffe"):
        (folder / "data.yaml").write_text(f"# ours\ntrain: images/train\nval: images/val\nnc: 3\n{names}\n", encoding="utf8")
        same([short(i) for i in read(folder, folder / "mapping.txt")], [wanted], f"YOLO with {names!r}")
    same([short(i) for i in read(folder / "data.yaml", folder / "mapping.txt", "val")], [[]], "YOLO val")
    (folder / "data.yaml").unlink()
    (folder / "classes.txt").write_text("person\ndump truck\ngiraffe\n", encoding="utf8")
    same([short(i) for i in read(folder, folder / "mapping.txt")], [wanted], "YOLO with classes.txt")


def main():
    for check in (check_coco, check_yolo):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "mapping.txt").write_text(MAPPING, encoding="utf8")
            check(Path(folder))
    print("readers agree")


if __name__ == "__main__":
    main()
