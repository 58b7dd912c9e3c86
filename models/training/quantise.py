"""Writes the int8 form of an exported file: `quantise.py models/kerb-s/model.onnx models/kerb-s/model.int8.onnx DATA`; DATA calibrates the ranges."""
import argparse
import hashlib
import logging
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from datasets import read
from served import letterboxed, session

"""What becomes int8: the trunk, the pyramid and the towers. The first convolution has three channels, too few to gain; the
last ones give logits and distances that want their digits; decoding and the truck states stay as they are."""
BODY = "/model/"
FLOAT = ("/model/stem/", "/model/cls/", "/model/cls_1/", "/model/cls_2/", "/model/box/", "/model/box_1/", "/model/box_2/")
KINDS = ("Conv", "Relu", "Add", "Concat", "Resize", "MaxPool")
BUCKETS = 2048


def chosen_nodes(graph):
    """Names of the nodes that become int8: those of the body whose result goes on as a feature map."""
    maps = {node.output[0] for node in graph.node if node.op_type in ("Conv", "Relu")}
    chosen = []
    for node in graph.node:
        inside = node.name.startswith(BODY) and not (node.name + "/").startswith(FLOAT)
        if inside and node.op_type in KINDS and (node.op_type in ("Conv", "Relu") or node.input[0] in maps):
            chosen.append(node.name)
            maps.add(node.output[0])
    return chosen


def feature_maps(graph, chosen):
    """Tensors that need a range: what goes into and comes out of the chosen nodes, but for a convolution's result that a ReLU cuts anyway."""
    names, weights, names_of = set(chosen), {i.name for i in graph.initializer}, {}
    made = {node.output[0]: node for node in graph.node}
    for node in graph.node:
        if node.name in names:
            names_of.update(dict.fromkeys([i for i in node.input[: 2 if node.op_type in ("Add", "Concat") else 1] if i and i not in weights]))
            names_of.update(dict.fromkeys(node.output))
    cut = {node.input[0] for node in graph.node if node.op_type == "Relu"}
    return [name for name in names_of if not (name in cut and name in made and made[name].op_type == "Conv")]


def pictures(items, size):
    for item in items:
        yield np.ascontiguousarray(letterboxed(cv2.imread(str(item.picture)), size)[0])[None]


def histograms(path, tensors, items):
    """Largest value of each tensor over all pictures, then the counts of its values up to there."""
    model = onnx.load(path)
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in tensors)
    with tempfile.TemporaryDirectory() as folder:
        onnx.save(model, f"{folder}/watched.onnx")
        watched = session(f"{folder}/watched.onnx")
    image = watched.get_inputs()[0]
    size = (image.shape[2], image.shape[1])
    top, counts = dict.fromkeys(tensors, 1e-6), {name: np.zeros(BUCKETS) for name in tensors}
    for picture in pictures(items, size):
        for name, value in zip(tensors, watched.run(tensors, {image.name: picture})):
            top[name] = max(top[name], float(value.max()))
    for picture in pictures(items, size):
        for name, value in zip(tensors, watched.run(tensors, {image.name: picture})):
            counts[name] += np.bincount((value.ravel() * (BUCKETS / top[name])).clip(0, BUCKETS - 1).astype(np.int32), minlength=BUCKETS)
    return top, counts


def least_error(counts, top):
    """Upper end of the range for which 256 steps lose least, counted in squares; values beyond are cut, and most of them are 0 exactly."""
    middle = (np.arange(BUCKETS) + 0.5) * top / BUCKETS
    weight = counts.copy()
    weight[0] = 0
    best, end = np.inf, top
    for share in np.linspace(0.3, 1, 71):
        limit = top * share
        step = limit / 255
        error = np.where(middle > limit, (middle - limit) ** 2, step * step / 12)
        cost = float((weight * error).sum())
        if cost < best:
            best, end = cost, limit
    return end


def percentile(counts, top, share):
    total = counts.cumsum() / counts.sum()
    return top * (np.searchsorted(total, share) + 1) / BUCKETS


def ends(top, counts, method):
    """Upper end of each tensor's range; the lower one is 0, as all of them come from a ReLU."""
    if method == "max":
        return top
    if method == "least-error":
        return {name: least_error(counts[name], top[name]) for name in top}
    return {name: percentile(counts[name], top[name], float(method) / 100) for name in top}


class OnePicture(CalibrationDataReader):
    """Ranges are given from outside; the tool still wants to see one picture."""

    def __init__(self, picture, name):
        self.feeds = iter([{name: picture}])

    def get_next(self):
        return next(self.feeds, None)


def quantise(source, target, items, method="least-error", reduced=True, skip=()):
    """`reduced`: weights of 7 bits, as processors without VNNI add two products of 8 in 16 bits and would overflow."""
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        ready = f"{folder}/ready.onnx"
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        graph = onnx.load(ready).graph
        chosen = [name for name in chosen_nodes(graph) if not name.startswith(tuple(skip))]
        tensors = feature_maps(graph, chosen)
        top, counts = histograms(ready, tensors, items)
        ranges = {name: [{"rmin": np.float32(0), "rmax": np.float32(end)}] for name, end in ends(top, counts, method).items()}
        image = session(source).get_inputs()[0]
        first = OnePicture(next(pictures(items[:1], (image.shape[2], image.shape[1]))), image.name)
        quantize_static(
            ready, target, first, quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=reduced,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_quantize=chosen,
            extra_options={"TensorQuantOverrides": ranges},
        )
    tidy(source, target)


def tidy(source, target):
    """Keeps what the source says of itself and drops what the tool adds."""
    model, held = onnx.load(target), onnx.load(source)
    del model.metadata_props[:]
    model.metadata_props.extend(held.metadata_props)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("data", help="pictures of training, never the held-out ones")
    parser.add_argument("--mapping", help="file with 'their name: our name' lines")
    parser.add_argument("--count", type=int, default=100, help="pictures to calibrate with, evenly taken")
    parser.add_argument("--method", default="least-error", help="max, least-error, or a percentile")
    args = parser.parse_args()
    items = read(args.data, args.mapping)
    items = [items[i] for i in np.linspace(0, len(items) - 1, min(args.count, len(items))).astype(int)]
    Path(args.target).parent.mkdir(parents=True, exist_ok=True)
    quantise(args.source, args.target, items, args.method)
    print("sha256", hashlib.sha256(Path(args.target).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
