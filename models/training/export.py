"""Writes the ONNX file: `export.py RUN OUT.onnx`; uint8 NHWC in, boxes and scores out, no suppression inside."""
import copy
import hashlib
import sys
from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from classes import CLASSES, HEIGHT, WIDTH
from model import Conv, Detector, anchors, decode
from state import STATES, SURE, StateNet, crops

LOOKS = 16


class Served(nn.Module):
    """The network with its pre-processing and decoding, as the edge calls it."""

    def __init__(self, model, state):
        super().__init__()
        self.model = fused(model)
        with torch.no_grad():
            self.model.stem[0].weight.div_(255)
        self.state = fused(state)
        points, strides = anchors(WIDTH, HEIGHT)
        self.register_buffer("points", points)
        self.register_buffer("strides", strides)

    def forward(self, image):
        picture = image.permute(0, 3, 1, 2).float()
        logits, sides = self.model(picture)
        boxes = decode(sides, self.points, self.strides)
        return boxes, self.with_states(picture / 255, boxes, logits.sigmoid())

    def with_states(self, picture, boxes, scores):
        """Looks once more at the best truck boxes; each gets its score in the column of the one state it is in."""
        truck = scores[0][:, STATES].amax(1)
        best, rows = truck.topk(LOOKS)
        chosen = boxes[0][rows]
        share = self.state(crops(picture, torch.cat([torch.zeros_like(chosen[:, :1]), chosen], 1))).softmax(1)
        sure, said = share.max(1)
        said = torch.where(sure < SURE, torch.zeros_like(said), said)
        states = (said[:, None] == torch.arange(len(STATES))[None]).float() * best[:, None]
        columns = torch.zeros_like(scores[0][:, STATES]).scatter(0, rows[:, None].expand(-1, len(STATES)), states)
        first, *others = STATES
        parts = [scores[0][:, :first], columns[:, :1], scores[0][:, first + 1 : others[0]], columns[:, 1:]]
        return torch.cat(parts, 1)[None]


def fused(model):
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, Conv):
            module[0] = fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    return model


def trained(run):
    """The detector's averaged weights and the state network of a run."""
    detector, state = Detector(len(CLASSES)), StateNet()
    detector.load_state_dict(torch.load(Path(run) / "last.pt", map_location="cpu")["ema"])
    state.load_state_dict(torch.load(Path(run) / "state.pt", map_location="cpu"))
    return Served(detector, state).eval()


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


def main():
    run, target = sys.argv[1:3]
    image = torch.randint(0, 255, (1, HEIGHT, WIDTH, 3), dtype=torch.uint8)
    torch.onnx.export(trained(run), image, target, opset_version=13, input_names=["image"], output_names=["boxes", "scores"])
    graph = onnx.load(target)
    strip_identities(graph.graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, target)
    with open(target, "rb") as file:
        print("sha256", hashlib.sha256(file.read()).hexdigest())


if __name__ == "__main__":
    main()
