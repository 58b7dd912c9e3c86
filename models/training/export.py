"""Writes the ONNX file: `export.py RUN/last.pt OUT.onnx`; uint8 NHWC in, boxes and scores out, no suppression inside."""
import copy
import hashlib
import sys

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from classes import CLASSES, HEIGHT, WIDTH
from model import Conv, Detector, anchors, decode


class Served(nn.Module):
    """The network with its pre-processing and decoding, as the edge calls it."""

    def __init__(self, model):
        super().__init__()
        self.model = fused(model)
        points, strides = anchors(WIDTH, HEIGHT)
        self.register_buffer("points", points)
        self.register_buffer("strides", strides)

    def forward(self, image):
        logits, sides = self.model(image.permute(0, 3, 1, 2).float())
        return decode(sides, self.points, self.strides), logits.sigmoid()


def fused(model):
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, Conv):
            module[0] = fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    with torch.no_grad():
        model.stem[0].weight.div_(255)
    return model


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
    source, target = sys.argv[1:3]
    model = Detector(len(CLASSES))
    model.load_state_dict(torch.load(source, map_location="cpu")["ema"])
    image = torch.randint(0, 255, (1, HEIGHT, WIDTH, 3), dtype=torch.uint8)
    torch.onnx.export(Served(model), image, target, opset_version=13, input_names=["image"], output_names=["boxes", "scores"])
    graph = onnx.load(target)
    strip_identities(graph.graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, target)
    with open(target, "rb") as file:
        print("sha256", hashlib.sha256(file.read()).hexdigest())


if __name__ == "__main__":
    main()
