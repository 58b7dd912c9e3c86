"""Labelled pictures from rendered frames, COCO or YOLO folders, all read into the same form; names that are not ours are left out."""
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from classes import CLASSES, LABELS, LOAD_AND_COVER

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
IGNORE = "ignore"


@dataclass(frozen=True)
class Item:
    """One picture. `objects` are as in labels.jsonl: class, box [x, y, w, h] in shares of the picture, visible share, load and cover."""

    picture: Path
    objects: tuple
    """light, weather, world and view of a rendered frame: what a mounted camera sees, or a scene put together by chance."""
    tags: dict = field(default_factory=dict)
    """Classes that the data set labels at all: what it does not label may still be in the picture."""
    labelled: frozenset = frozenset(CLASSES)
    """How often it is drawn, beside others of its data set."""
    weight: float = 1.0


def plain(name):
    return re.sub(r"[^a-z0-9]+", "_", str(name).strip().lower()).strip("_")


def read_mapping(file):
    """`their name: our name` a line; ours may be a label with a state (muck_truck_covered) or `ignore`: neither demanded nor forbidden."""
    pairs = {}
    for line in Path(file).read_text(encoding="utf8").splitlines() if file else ():
        theirs, colon, ours = line.split("#")[0].partition(":")
        if not theirs.strip():
            continue
        if not colon or ours.strip() not in (*LABELS, IGNORE):
            raise SystemExit(f"{file}: '{line.strip()}': write 'their name: our name', ours one of {', '.join((*LABELS, IGNORE))}")
        pairs[plain(theirs.strip().strip("'\""))] = ours.strip()
    return pairs


def ours(name, mapping):
    """Our label for a foreign name, or None."""
    known = mapping.get(plain(name), plain(name))
    return known if known in LABELS or known == IGNORE else None


def labelled_by(names, mapping):
    """Classes that a data set with these names labels."""
    return frozenset(thing(label)["class"] for label in (ours(name, mapping) for name in names) if label and label != IGNORE)


def thing(label):
    """Class, load and cover of one of our labels."""
    for state, (load, cover) in LOAD_AND_COVER.items():
        if label == f"muck_truck_{state}":
            return {"class": "muck_truck", "load": load, "cover": cover}
    return {"class": label}


def marked(label, box, labelled, crowd=False):
    """Objects for one foreign box; one to be ignored stands for every class and is not visible."""
    if label is None:
        return []
    if label == IGNORE:
        return [{"class": name, "box": box, "visible": 0.0} for name in sorted(labelled)]
    return [{**thing(label), "box": box, "visible": 0.0 if crowd else 1.0}]


def read_rendered(folder):
    """Rendered frames, or real ones that real.py has completed: those name the classes they label, their set, and how often to draw them."""
    items = []
    for line in (Path(folder) / "labels.jsonl").read_text(encoding="utf8").split("\n")[:-1]:
        if line:
            entry = json.loads(line)
            tags = {key: entry[key] for key in ("light", "weather", "world", "set") if entry.get(key)}
            if entry.get("story"):
                tags["view"] = "chance" if entry["story"] == "still" else "camera"
            picture = Path(folder) / (entry.get("file") or f"{entry['seed']}.jpg")
            items.append(Item(picture, tuple(entry["objects"]), tags, frozenset(entry.get("labelled", CLASSES)), entry.get("weight", 1.0)))
    return items


def find_picture(name, roots):
    """A picture named by an annotation file, looked for where such files usually lie."""
    return next((root / name for root in roots if (root / name).is_file()), None)


def coco_roots(file):
    stem = re.sub(r"^(instances|annotations?)_", "", file.stem)
    bases = [file.parent, file.parent.parent]
    return [base / part for base in bases for part in ("", "images", stem, f"images/{stem}")]


def read_coco(file, mapping):
    file = Path(file)
    data = json.loads(file.read_text(encoding="utf8"))
    names = {c["id"]: c["name"] for c in data["categories"]}
    labelled, objects, items, missing = labelled_by(names.values(), mapping), {}, [], []
    for one in data.get("annotations", []):
        objects.setdefault(one["image_id"], []).append(one)
    for image in data["images"]:
        picture = find_picture(image["file_name"], coco_roots(file))
        if picture is None:
            missing.append(image["file_name"])
            continue
        shares = lambda b: [b[0] / image["width"], b[1] / image["height"], b[2] / image["width"], b[3] / image["height"]]
        found = [o for one in objects.get(image["id"], []) for o in marked(ours(names[one["category_id"]], mapping), shares(one["bbox"]), labelled, one.get("iscrowd", 0))]
        items.append(Item(picture, tuple(found), {}, labelled))
    if missing:
        raise SystemExit(f"{file}: {len(missing)} pictures are not there, the first is {missing[0]}; looked in {', '.join(sorted({str(r) for r in coco_roots(file)}))}")
    return items


def scalars(text):
    """[a, b] or a, with or without quotes."""
    return [part.strip().strip("'\"") for part in text.strip().strip("[]").split(",") if part.strip()]


def read_simple_yaml(file):
    """The small part of YAML that data.yaml files use: scalars, flow and block lists, and number: name blocks."""
    found, key = {}, None
    for raw in Path(file).read_text(encoding="utf8").splitlines():
        line = raw.split(" #")[0].rstrip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] not in " -":
            key, _, rest = line.partition(":")
            flow = re.match(r"^\s*\{(.*)\}\s*$", rest)
            found[key.strip()] = scalars(re.sub(r"\d+\s*:", "", flow.group(1)) if flow else rest)
        elif key is not None:
            found[key.strip()].append(re.sub(r"^(-|\d+\s*:)\s*", "", line.strip()).strip().strip("'\""))
    return found


def place_of(part, roots):
    """Where pictures lie that data.yaml calls `part`; sets that were moved often keep no more of it than `images`."""
    tried = [root / name for name in (part, part.lstrip("./"), "images") for root in roots]
    return next((place for place in tried if place.exists()), tried[0])


def yolo_folders(path, split):
    """Class names and the folders (or lists) of pictures of a YOLO data set, given as data.yaml, its folder, or a folder with classes.txt."""
    file = path if path.is_file() else next((f for f in (path / "data.yaml", path / "data.yml", path / "dataset.yaml", path / "config.yaml") if f.is_file()), None)
    if file is not None:
        data = read_simple_yaml(file)
        base = file.parent / (data.get("path") or ["."])[0]
        parts = data.get(split) or data.get("train") or ["images"]
        return data.get("names", []), [place_of(part, (base, file.parent)) for part in parts]
    names = next((f for f in (path / "classes.txt", path / "labels" / "classes.txt") if f.is_file()), None)
    if names is None:
        raise SystemExit(f"{path}: neither labels.jsonl, a COCO .json, data.yaml nor classes.txt")
    pictures = path / "images" if (path / "images").is_dir() else path
    return names.read_text(encoding="utf8").split("\n"), [pictures / split if (pictures / split).is_dir() else pictures]


def pictures_of(place):
    if place.suffix == ".txt":
        return [(place.parent / line.strip()).resolve() for line in place.read_text(encoding="utf8").splitlines() if line.strip()]
    return sorted(p for p in place.rglob("*") if p.suffix.lower() in PICTURES)


def label_file(picture):
    """…/images/…/a.jpg has its labels in …/labels/…/a.txt, else beside it."""
    parts = list(picture.parts)
    if "images" in parts[:-1]:
        at = len(parts) - 2 - parts[:-1][::-1].index("images")
        swapped = Path(*parts[:at], "labels", *parts[at + 1 :]).with_suffix(".txt")
        if swapped.is_file():
            return swapped
    return picture.with_suffix(".txt")


def yolo_box(numbers):
    """x, y, w, h in shares from centre and size, or from a polygon's corners."""
    if len(numbers) == 4:
        x, y, w, h = numbers
        return [x - w / 2, y - h / 2, w, h]
    xs, ys = numbers[0::2], numbers[1::2]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def read_yolo(path, mapping, split="train"):
    names, places = yolo_folders(Path(path), split)
    names = [name.strip() for name in names]
    labelled, items = labelled_by(names, mapping), []
    for picture in (p for place in places for p in pictures_of(place)):
        objects, file = [], label_file(picture)
        for line in file.read_text(encoding="utf8").splitlines() if file.is_file() else ():
            number, *rest = line.split()
            if int(float(number)) >= len(names):
                raise SystemExit(f"{file}: class {number}, but only {len(names)} names are given")
            objects += marked(ours(names[int(float(number))], mapping), yolo_box([float(v) for v in rest]), labelled)
        items.append(Item(picture, tuple(objects), {}, labelled))
    return items


def read_one(path, mapping, split):
    path = Path(path)
    if (path / "labels.jsonl").is_file():
        return read_rendered(path)
    coco = path if path.suffix == ".json" else next(iter(sorted([*path.glob("*.json"), *path.glob("annotations/*.json")])), None) if path.is_dir() else None
    return read_coco(coco, mapping) if coco else read_yolo(path, mapping, split)


def read(paths, mapping=None, split="train"):
    """Items of one or more data sets, `paths` separated by commas: a folder of rendered frames, a COCO .json (or its folder), a YOLO data.yaml (or its folder)."""
    names = read_mapping(mapping)
    items = [item for path in str(paths).split(",") for item in read_one(path, names, split)]
    if not items:
        raise SystemExit(f"{paths}: no pictures")
    return items
