"""Measures a run and writes model.yaml beside the exported file: `card.py RUN DATA models/kerb-s VERSION`."""
import hashlib
import json
import sys
from pathlib import Path

import torch

from classes import CLASSES
from data import Frames
from evaluate import evaluate
from export import trained

STATES = {"muck_truck_covered": ("loaded", "covered"), "muck_truck_uncovered": ("loaded", "uncovered"), "muck_truck_empty": ("empty", "uncovered")}


def label_line(name):
    if name not in STATES:
        return f"  - {{ name: {name}, concept: {name} }}"
    load, cover = STATES[name]
    return f"  - {{ name: {name}, concept: muck_truck, load: {load}, cover: {cover} }}"


def yaml(state, digest, mean, by_class, counts, held, frames, version):
    rows = ", ".join(f"{name}: {value:.3f}" for name, value in by_class.items())
    boxes = ", ".join(f"{name}: {counts[name]}" for name in by_class)
    return "\n".join([
        "name: kerb-s",
        f"version: {version}",
        "family: kerb",
        "file: model.onnx",
        f"sha256: {digest}",
        "licence: Apache-2.0",
        "source: trained by this project on rendered scenes (models/training)",
        "input: { name: image, width: 416, height: 256, layout: nhwc, type: uint8, channels: rgb, resize: letterbox, align: top-left, pad: 114, mean: [0, 0, 0], std: [1, 1, 1] }",
        "outputs: { boxes: boxes, scores: scores }",
        "thresholds: { score: 0.35, nmsIou: 0.6 }",
        "labels:",
        *[label_line(name) for name in CLASSES],
        "measured:",
        f"  on: {held} held-out rendered frames, never real streets",
        f"  ap50: {mean:.3f}",
        f"  byClass: {{ {rows} }}",
        f"  boxes: {{ {boxes} }}",
        "training:",
        f"  data: {frames} rendered frames (seeds 100000 and up; held out 900000 and up)",
        "  seeds: { train: 7 }",
        f"  seconds: {round(state['spent'])}",
        f"  images: {state['images']}",
        "",
    ])


def picture_through(served, image):
    """One picture through the graph as it ships, truck states included."""
    boxes, scores = served(torch.from_numpy(image[..., ::-1].copy())[None])
    return boxes[0].numpy(), scores[0].numpy()


def main():
    source, data, folder, version = sys.argv[1:5]
    torch.set_num_threads(1)
    state = torch.load(Path(source) / "last.pt")
    served = trained(source)
    held = Frames(data)
    mean, by_class, counts = evaluate(lambda image: picture_through(served, image), held)
    digest = hashlib.sha256((Path(folder) / "model.onnx").read_bytes()).hexdigest()
    labels = Path(data).parent / "train" / "labels.jsonl"
    frames = sum(1 for _ in open(labels, encoding="utf8"))
    Path(folder, "model.yaml").write_text(yaml(state, digest, mean, by_class, counts, len(held.items), frames, version), encoding="utf8")
    print(json.dumps({"ap50": mean, "byClass": by_class, "boxes": counts, "images": state["images"], "seconds": state["spent"]}))


if __name__ == "__main__":
    main()
