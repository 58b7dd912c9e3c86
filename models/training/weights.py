"""Weights to go on from: `weights.npz` beside a shipped model holds what the ONNX file has folded away; `weights.py SOURCE RUN` takes over its truck states."""
import json
import sys
from pathlib import Path

import numpy as np
import torch

NAME = "weights.npz"


def packed(prefix, state):
    """Kernels as 16-bit floats; norms and biases are few and keep 32, as their variances may not fit in 16."""
    return {f"{prefix}.{name}": value.cpu().numpy().astype(np.float16 if value.ndim > 1 else value.cpu().numpy().dtype) for name, value in state.items()}


def save(file, network, detector, state=None):
    arrays = packed("detector", detector.state_dict()) | (packed("state", state.state_dict()) if state is not None else {})
    np.savez_compressed(file, about=np.array(json.dumps({"network": network})), **arrays)


def open_weights(source):
    """`source`: a model's folder, an .npz, a run's folder or a checkpoint. Returns the network's name and two state dicts, the second None if there is none."""
    path = Path(source)
    if path.is_dir():
        path = path / NAME if (path / NAME).exists() else path / "last.pt"
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as held:
            parts = {"detector": {}, "state": {}}
            for name in held.files:
                part, _, rest = name.partition(".")
                if rest:
                    value = held[name]
                    parts[part][rest] = torch.from_numpy(value.astype(np.float32) if value.dtype == np.float16 else value)
            return json.loads(str(held["about"]))["network"], parts["detector"], parts["state"] or None
    checkpoint = torch.load(path, map_location="cpu")
    beside = path.parent / "state.pt"
    return checkpoint["network"], checkpoint["ema"], torch.load(beside, map_location="cpu") if beside.exists() else None


def start_from(source, model):
    """Puts shipped weights, of either size, into a fresh detector before fine-tuning. Returns the names of what had no fitting counterpart and starts anew."""
    network, weights, _ = open_weights(source)
    own = model.state_dict()
    fitting = {name: value for name, value in weights.items() if name in own and own[name].shape == value.shape}
    if len(fitting) < len(own) / 2:
        raise SystemExit(f"{source} holds weights of a {network} that this network has no place for")
    model.load_state_dict(fitting, strict=False)
    return sorted(set(own) - set(fitting))


def main():
    source, run = sys.argv[1:3]
    _, _, state = open_weights(source)
    if state is None:
        raise SystemExit(f"{source} holds no truck states")
    torch.save(state, Path(run) / "state.pt")


if __name__ == "__main__":
    main()
