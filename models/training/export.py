"""Writes the ONNX file: `export.py RUN models/kerb-s/model.onnx`; uint8 NHWC in, boxes and scores out, no suppression inside."""
import argparse
import copy
import hashlib
import json
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from classes import CLASSES, LABELS, MUCK_TRUCK, STATES
from crops import crops_of_one
from model import SIZES, STRIDES, Conv, anchors, decode
from state import SURE, StateNet
from weights import NAME, open_weights, save

"""How many trucks of one picture get a second look."""
LOOKS = 6
OPSET = 17


class Served(nn.Module):
    """The network with its pre-processing and decoding, as the edge calls it; without a state network there are no state columns."""

    def __init__(self, size, detector, state=None):
        super().__init__()
        self.size = size
        self.model = fused(detector)
        self.state = fused(state) if state is not None else None
        points, strides = anchors(*size)
        self.register_buffer("points", points)
        self.register_buffer("strides", strides)

    def forward(self, image):
        picture = image.permute(0, 3, 1, 2).float()
        logits, sides = self.model(picture)
        boxes, scores = decode(sides, self.points, self.strides), logits.sigmoid()
        return boxes, scores if self.state is None else self.with_states(picture, boxes[0], scores[0])

    def peaks(self, scores):
        """Scores that are the highest among their neighbours on their level, the others 0: one look a truck, not one a cell."""
        width, height = self.size
        cells = [(height // stride) * (width // stride) for stride in STRIDES]
        kept = []
        for stride, level in zip(STRIDES, scores.split(cells)):
            level = level.reshape(1, 1, height // stride, width // stride)
            kept.append(torch.where(level < F.max_pool2d(level, 3, 1, 1), torch.zeros_like(level), level).flatten())
        return torch.cat(kept)

    def with_states(self, picture, boxes, scores):
        """Looks once more at the best trucks; each gets its score in the column of the one state it is in."""
        truck = scores[:, MUCK_TRUCK]
        best, rows = self.peaks(truck).topk(LOOKS)
        sure, said = self.state(crops_of_one(picture, boxes[rows])).softmax(1).max(1)
        said = torch.where(sure < SURE, torch.zeros_like(said), said)
        told = (said[:, None] == torch.arange(len(STATES))[None]).float() * best[:, None]
        plain = truck.scatter(0, rows, truck[rows] * (said == 0).float())
        columns = torch.zeros_like(scores[:, : len(STATES) - 1]).scatter(0, rows[:, None].expand(-1, len(STATES) - 1), told[:, 1:])
        return torch.cat([scores[:, :MUCK_TRUCK], plain[:, None], scores[:, MUCK_TRUCK + 1 :], columns], 1)[None]


def fused(model):
    """A copy with the norms folded into the convolutions and the division by 255 into the first of them."""
    model = copy.deepcopy(model).eval()
    stem = next(module for module in model.modules() if isinstance(module, Conv))
    for module in model.modules():
        if isinstance(module, Conv):
            module[0] = fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    with torch.no_grad():
        stem[0].weight.div_(255)
    return model


def networks(source):
    """Name, detector and state network (or None) of a run, a checkpoint or shipped weights."""
    network, weights, state_weights = open_weights(source)
    detector, state = SIZES[network].detector(len(CLASSES)), None
    detector.load_state_dict(weights)
    if state_weights is not None:
        state = StateNet()
        state.load_state_dict(state_weights)
    return network, detector.eval(), state and state.eval()


def strip_identities(graph):
    """Shared head weights leave Identity nodes behind that other tools stumble over."""
    names = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    for node in [n for n in graph.node if n.op_type == "Identity"]:
        graph.node.remove(node)
    for node in graph.node:
        for i, name in enumerate(node.input):
            while name in names:
                name = names[name]
            node.input[i] = name


def write_onnx(served, target, labels):
    width, height = served.size
    image = torch.randint(0, 255, (1, height, width, 3), dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(served, (image,), target, opset_version=OPSET, input_names=["image"], output_names=["boxes", "scores"], dynamo=False)
    graph = onnx.load(target)
    strip_identities(graph.graph)
    entry = graph.metadata_props.add()
    entry.key, entry.value = "labels", json.dumps(list(labels))
    onnx.checker.check_model(graph)
    onnx.save(graph, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="folder with last.pt and state.pt")
    parser.add_argument("target", help="the .onnx to write; weights.npz for fine-tuning goes beside it")
    args = parser.parse_args()
    network, detector, state = networks(args.run)
    Path(args.target).parent.mkdir(parents=True, exist_ok=True)
    write_onnx(Served(SIZES[network].size, detector, state).eval(), args.target, LABELS if state else CLASSES)
    save(Path(args.target).parent / NAME, network, detector, state)
    print("sha256", hashlib.sha256(Path(args.target).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
