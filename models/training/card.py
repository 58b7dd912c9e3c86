"""Writes model.yaml and CARD.md from measured figures: `card.py models/kerb-s RUN --figures fp32.json --int8 int8.json --version V`."""
import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

from card_text import card_text, int8_text, learnt_words
from classes import CLASSES, LABELS, LOAD_AND_COVER, PAD
from curves import score_at
from real_sets import about

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


def wanted_score(row):
    """The graph's score from which on a class is as often right in every domain as `calibrate.py` was told; None where it was not fitted or no score does it."""
    return None if not row or row["threshold"] is None else float(score_at(row["curve"], row["threshold"]))


def thresholds(figures, calibration):
    """What several domains say of a score, else the best F1 on the held-out frames; at most MOST for what the rule weighs. The states of a truck share its class's score."""
    rows, fitted = figures["byClass"], calibration["classes"] if calibration else {}
    best = {}
    for name in CLASSES:
        score = wanted_score(fitted.get(name)) or rows[name].get("score", 0.35)
        if rows[name]["boxes"]:
            best[name] = round(min(max(score, 0.1), MOST if name in WEIGHED else 0.7), 2)
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
        f"  on: {figures['pictures']} held-out rendered frames, no real street among them",
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
    for name, part in figures.get("real", {}).items():
        lines.append(f"  {json.dumps(f'real {name}')}: {flow({'pictures': part['pictures'], **{c: row['ap50'] for c, row in part['byClass'].items() if row['boxes']}})}")
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
    if recipe["real"]:
        lines += ["  realSets:", *[f"    {name}: {{ pictures: {count}, from: {json.dumps(about(name).origin)}, licence: {json.dumps(about(name).licence)}, learnt: {json.dumps(about(name).learnt)} }}" for name, count in recipe["real"].items()]]
    beds = [f"  {key}: {recipe[key]}" for key in ("bedSeconds", "bedData") if recipe.get(key)]
    return lines + beds + ([f"  from: {recipe['from']}"] if recipe.get("from") else [])


def yaml(name, version, file, size, figures, recipe, notes, calibration):
    width, height = size
    return "\n".join([
        f"name: {name}",
        f"version: {version}",
        "family: kerb",
        f"file: {file.name}",
        f"sha256: {hashlib.sha256(file.read_bytes()).hexdigest()}",
        "licence: Apache-2.0",
        f"source: trained by this project on rendered scenes{' and real pictures' if recipe['real'] else ''} (models/training)",
        f"input: {{ name: image, width: {width}, height: {height}, layout: nhwc, type: uint8, channels: rgb, resize: letterbox, align: top-left, pad: {PAD}, mean: [0, 0, 0], std: [1, 1, 1] }}",
        "outputs: { boxes: boxes, scores: scores }",
        *thresholds(figures, calibration),
        "labels:",
        *[label_line(label) for label in LABELS],
        *measured_lines(figures),
        *training_lines(recipe),
        f"notes: {json.dumps(notes, ensure_ascii=False)}",
        "",
    ])


def entries_of(folder):
    """Lines of labels.jsonl; none for labels of another form."""
    file = Path(folder) / "labels.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf8").split("\n") if line] if file.is_file() else []


def real_of(folders):
    """Real sets that the training saw: pictures by name of the set."""
    return dict(Counter(entry["set"] for folder in folders.split(",") for entry in entries_of(folder) if "set" in entry))


def data_of(folders):
    """What the training saw, in words."""
    parts = []
    for folder in folders.split(","):
        entries = entries_of(folder)
        seeds = [entry["seed"] for entry in entries if "seed" in entry]
        if seeds:
            parts.append(f"{len(seeds)} rendered frames of {len(set(seeds))} scenes (seeds {min(seeds)} to {max(seeds)})")
        elif entries:
            parts.append(f"{len(entries)} real pictures of {len(real_of(folder))} sets")
        else:
            parts.append(f"labelled pictures of {Path(folder).name}")
    return "; ".join(parts)


def recipe_of(args):
    import torch

    state = torch.load(Path(args.run) / "last.pt", map_location="cpu")
    beds = Path(args.run) / "state.json"
    return {
        "bedSeconds": round(json.loads(beds.read_text(encoding="utf8"))["seconds"]) if beds.exists() else None,
        "data": data_of(args.data), "real": real_of(args.data), "bedData": data_of(args.bed_data) if args.bed_data else None, "held": data_of(args.held), "seed": args.seed, "seconds": round(state["spent"]),
        "images": state["images"], "device": args.device, "from": args.start, "network": state["network"],
        "parameters": sum(v.numel() for k, v in state["ema"].items() if v.is_floating_point() and "running" not in k),
    }


def figures_of(file, real):
    """Figures of one exported file; those on real pictures by the name of their domain."""
    if not file:
        return None
    figures = json.loads(Path(file).read_text(encoding="utf8"))
    parts = {name: json.loads(Path(path).read_text(encoding="utf8")) for name, path in (text.split("=", 1) for text in real or ())}
    return {**figures, **({"real": parts} if parts else {})}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("run")
    parser.add_argument("--figures", required=True, help="evaluate.py --json of the fp32 file")
    parser.add_argument("--int8", help="evaluate.py --json of the int8 file, which lies in FOLDER-int8")
    parser.add_argument("--latency", help="latency.py --json of the fp32 file and the int8 file, in that order")
    parser.add_argument("--real", action="append", help="NAME=FILE: evaluate.py --json of the fp32 file on real pictures that nothing was learnt from")
    parser.add_argument("--real-int8", action="append", help="the same of the int8 file")
    parser.add_argument("--calibration", help="calibrate.py --json: thresholds at one precision over several domains")
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
    figures, eight = figures_of(args.figures, args.real), figures_of(args.int8, args.real_int8)
    calibration = json.loads(Path(args.calibration).read_text(encoding="utf8")) if args.calibration else None
    if calibration:
        figures["fitted"] = sorted({domain for row in calibration["classes"].values() if row for domain in row["domains"]})
    if args.latency:
        for one, row in zip((figures, eight), json.loads(Path(args.latency).read_text(encoding="utf8"))):
            one["latency"] = row
    notes = f"{learnt_words(recipe)} CARD.md says the rest."
    (folder / "model.yaml").write_text(yaml(folder.name, args.version, folder / "model.onnx", size, figures, recipe, notes, calibration), encoding="utf8")
    (folder / "CARD.md").write_text(card_text(folder.name, args.version, size, figures, eight, recipe), encoding="utf8")
    if eight:
        other = folder.with_name(f"{folder.name}-int8")
        (other / "model.yaml").write_text(yaml(other.name, args.version, other / "model.onnx", size, eight, recipe, f"The int8 form of {folder.name}. {notes}", calibration), encoding="utf8")
        (other / "CARD.md").write_text(int8_text(other.name, folder.name, args.version, figures, eight, recipe), encoding="utf8")
    print(f"{folder.name} {args.version}: AP50 {figures['ap50']}" + (f", int8 {eight['ap50']}" if eight else ""))


if __name__ == "__main__":
    main()
