"""Writes model.yaml and CARD.md from measured figures: `card.py models/kerb-s RUN --figures fp32.json --int8 int8.json --version V`."""
import argparse
import hashlib
import json
from pathlib import Path

from card_text import card_text, int8_text
from classes import CLASSES, LABELS, LOAD_AND_COVER, PAD

"""One lorry must not be told twice, once as a muck truck and once as another truck."""
COMPETE = "[{ concepts: [truck, muck_truck], iou: 0.6 }]"
"""Classes that the rule weighs over many looks, for which a box above the bar of the tracker (0.45) is worth more than the best F1 on single pictures."""
WEIGHED, MOST = ("stall", "cart"), 0.48


def label_line(name):
    for state, (load, cover) in LOAD_AND_COVER.items():
        if name == f"muck_truck_{state}":
            return f"  - {{ name: {name}, concept: muck_truck, load: {load}, cover: {cover} }}"
    return f"  - {{ name: {name}, concept: {name} }}"


def flow(values):
    """A flow mapping of numbers; what was not measured is left out."""
    return "{ " + ", ".join(f"{key!r}: {value}" if key[:1].isdigit() else f"{key}: {value}" for key, value in values.items() if value is not None) + " }"


def thresholds(figures):
    """Best F1 of each class on the held-out frames, at most MOST for what the rule weighs; the states of a truck share its class's score."""
    rows = figures["byClass"]
    best = {name: round(min(max(rows[name].get("score", 0.35), 0.1), MOST if name in WEIGHED else 0.7), 2) for name in CLASSES if rows[name]["boxes"]}
    by_label = {name: best.get("muck_truck" if name.startswith("muck_truck") else name) for name in LABELS}
    return [
        "thresholds:",
        "  score: 0.35",
        f"  byLabel: {flow(by_label)}",
        "  nmsIou: 0.6",
        f"  compete: {COMPETE}",
    ]


def measured_lines(figures):
    rows = figures["byClass"]
    lines = [
        "measured:",
        f"  on: {figures['pictures']} held-out rendered frames, never real streets",
        f"  counted: objects {figures['counted']}",
        f"  ap50: {figures['ap50']:.3f}",
        f"  ap: {figures['ap']:.3f}",
        f"  byClass: {flow({name: rows[name]['ap50'] for name in CLASSES})}",
        f"  boxes: {flow({name: rows[name]['boxes'] for name in CLASSES})}",
    ]
    for key in ("bySize", "byLight", "byWeather", "byWorld", "byView"):
        if key in figures:
            lines.append(f"  {key}: {flow({name: part['ap50'] for name, part in figures[key].items()})}")
    for where, table in figures["states"].items():
        if table:
            lines.append(f"  beds{where.capitalize()}: {{ right: {table['right']}, said: {table['said']}, rightWhereSaid: {table['rightWhereSaid']}, trucks: {table['trucks']} }}")
    if "latency" in figures:
        lines.append(f"  latencyMs: {flow({**figures['latency']['latencyMs'], 'processor': figures['latency']['processorMs']})}")
    return lines


def training_lines(recipe):
    lines = [
        "training:",
        f"  data: {recipe['data']}",
        f"  seeds: {{ train: {recipe['seed']} }}",
        f"  seconds: {recipe['seconds']}",
        f"  images: {recipe['images']}",
        f"  device: {recipe['device']}",
    ]
    beds = [f"  {key}: {recipe[key]}" for key in ("bedSeconds", "bedData") if recipe.get(key)]
    return lines + beds + ([f"  from: {recipe['from']}"] if recipe.get("from") else [])


def yaml(name, version, file, size, figures, recipe, notes):
    width, height = size
    return "\n".join([
        f"name: {name}",
        f"version: {version}",
        "family: kerb",
        f"file: {file.name}",
        f"sha256: {hashlib.sha256(file.read_bytes()).hexdigest()}",
        "licence: Apache-2.0",
        "source: trained by this project on rendered scenes (models/training)",
        f"input: {{ name: image, width: {width}, height: {height}, layout: nhwc, type: uint8, channels: rgb, resize: letterbox, align: top-left, pad: {PAD}, mean: [0, 0, 0], std: [1, 1, 1] }}",
        "outputs: { boxes: boxes, scores: scores }",
        *thresholds(figures),
        "labels:",
        *[label_line(label) for label in LABELS],
        *measured_lines(figures),
        *training_lines(recipe),
        f"notes: {json.dumps(notes, ensure_ascii=False)}",
        "",
    ])


def seeds_of(folder):
    return [json.loads(line)["seed"] for line in (Path(folder) / "labels.jsonl").read_text(encoding="utf8").split("\n") if line]


def data_of(folders):
    """What the training saw, in words."""
    parts = []
    for folder in folders.split(","):
        if (Path(folder) / "labels.jsonl").is_file():
            seeds = seeds_of(folder)
            parts.append(f"{len(seeds)} rendered frames of {len(set(seeds))} scenes (seeds {min(seeds)} to {max(seeds)})")
        else:
            parts.append(f"labelled pictures of {Path(folder).name}")
    return "; ".join(parts)


def recipe_of(args):
    import torch

    state = torch.load(Path(args.run) / "last.pt", map_location="cpu")
    beds = Path(args.run) / "state.json"
    return {
        "bedSeconds": round(json.loads(beds.read_text(encoding="utf8"))["seconds"]) if beds.exists() else None,
        "data": data_of(args.data), "bedData": data_of(args.bed_data) if args.bed_data else None, "held": data_of(args.held), "seed": args.seed, "seconds": round(state["spent"]),
        "images": state["images"], "device": args.device, "from": args.start, "network": state["network"],
        "parameters": sum(v.numel() for k, v in state["ema"].items() if v.is_floating_point() and "running" not in k),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("run")
    parser.add_argument("--figures", required=True, help="evaluate.py --json of the fp32 file")
    parser.add_argument("--int8", help="evaluate.py --json of the int8 file, which lies in FOLDER-int8")
    parser.add_argument("--latency", help="latency.py --json of the fp32 file and the int8 file, in that order")
    parser.add_argument("--version", required=True)
    parser.add_argument("--data", default="models/training/data/train")
    parser.add_argument("--bed-data", help="pictures that the network for beds has learnt from beside those")
    parser.add_argument("--held", default="models/training/data/held")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", default="cpu, two cores")
    parser.add_argument("--from", dest="start", help="what the weights started from")
    args = parser.parse_args()
    from model import SIZES

    recipe = recipe_of(args)
    folder, size = Path(args.folder), SIZES[recipe["network"]].size
    figures = json.loads(Path(args.figures).read_text(encoding="utf8"))
    eight = json.loads(Path(args.int8).read_text(encoding="utf8")) if args.int8 else None
    if args.latency:
        for one, row in zip((figures, eight), json.loads(Path(args.latency).read_text(encoding="utf8"))):
            one["latency"] = row
    notes = "Trained and measured on rendered scenes only, never on real streets. CARD.md says the rest."
    (folder / "model.yaml").write_text(yaml(folder.name, args.version, folder / "model.onnx", size, figures, recipe, notes), encoding="utf8")
    (folder / "CARD.md").write_text(card_text(folder.name, args.version, size, figures, eight, recipe), encoding="utf8")
    if eight:
        other = folder.with_name(f"{folder.name}-int8")
        (other / "model.yaml").write_text(yaml(other.name, args.version, other / "model.onnx", size, eight, recipe, f"The int8 form of {folder.name}. {notes}"), encoding="utf8")
        (other / "CARD.md").write_text(int8_text(other.name, folder.name, args.version, figures, eight), encoding="utf8")
    print(f"{folder.name} {args.version}: AP50 {figures['ap50']}" + (f", int8 {eight['ap50']}" if eight else ""))


if __name__ == "__main__":
    main()
