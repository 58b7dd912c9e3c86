"""One way to call what is measured: an ONNX file through ONNX Runtime, or a checkpoint through torch; the same boxes and scores come out."""
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from classes import LABELS, PAD


def letterboxed(image, size):
    """The picture as the edge gives it to the network, uint8 RGB [H,W,3], and the scale it was brought to."""
    scale = min(size[0] / image.shape[1], size[1] / image.shape[0])
    matrix = np.array([[scale, 0, 0], [0, scale, 0]], np.float32)
    return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))[..., ::-1], scale


def session(path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class OnnxModel:
    def __init__(self, path, threads=1):
        self.path, self.session = Path(path), session(path, threads)
        image = self.session.get_inputs()[0]
        self.name, self.size = image.name, (image.shape[2], image.shape[1])
        held = self.session.get_modelmeta().custom_metadata_map.get("labels")
        columns = self.session.get_outputs()[1].shape[-1]
        self.labels = tuple(json.loads(held)) if held else LABELS[:columns]

    def __call__(self, image):
        boxes, scores = self.session.run(["boxes", "scores"], {self.name: np.ascontiguousarray(image)[None]})
        return boxes[0], scores[0]


class TorchModel:
    """A run, a checkpoint or shipped weights, before any export."""

    def __init__(self, source):
        import torch

        from classes import CLASSES
        from export import Served, networks
        from model import SIZES

        self.torch, self.path = torch, Path(source)
        network, detector, self.state = networks(source)
        self.size, self.labels = SIZES[network].size, LABELS if self.state else CLASSES
        self.served = Served(self.size, detector, self.state).eval()

    def __call__(self, image):
        with self.torch.no_grad():
            boxes, scores = self.served(self.torch.from_numpy(np.ascontiguousarray(image))[None])
        return boxes[0].numpy(), scores[0].numpy()


def open_model(source):
    return OnnxModel(source) if str(source).endswith(".onnx") else TorchModel(source)

