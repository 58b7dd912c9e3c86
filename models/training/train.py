"""Trains the detector: `train.py --data DATA --run DIR --seconds S [--from models/kerb-s]`; started again it goes on where it stopped."""
import argparse
import copy
import math
import os
import socket
import time
from pathlib import Path

import torch
from torch import distributed, multiprocessing

from classes import CLASSES
from data import Batches
from loss import loss
from model import SIZES, anchors, decode
from pictures import Pictures
from weights import start_from

EARLY_STEPS = 250
WARM_STEPS = 200
"""The first share of the time sees small pictures, the last no mosaics."""
SMALL_SHARE, PLAIN_SHARE = 0.3, 0.2


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="models/training/data/train", help="rendered frames, COCO .json or YOLO data.yaml, or their folders; several with commas")
    parser.add_argument("--often", type=lambda text: [float(part) for part in text.split(",")], help="how often each data set is drawn, numbers with commas; by default as often as it has pictures")
    parser.add_argument("--cutouts", help="folder of rendered cut-outs to paste into real pictures")
    parser.add_argument("--mapping", help="file with 'their name: our name' lines for names that are not ours")
    parser.add_argument("--from", dest="start", help="shipped weights to start from: a model's folder or weights.npz")
    parser.add_argument("--run", default="models/training/runs/kerb-s")
    parser.add_argument("--network", choices=sorted(SIZES), default="kerb-s")
    parser.add_argument("--seconds", type=float, default=3600, help="training time; the learning rate falls along it")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--small", type=float, help=f"share of the time that sees small pictures, of which more fit in it; {SMALL_SHARE}, with --from 0")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="of each worker")
    parser.add_argument("--workers", type=int, default=2, help="processes that share the work: beside other work two of one thread go faster than one of two")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-compile", action="store_true", help="for a machine without a C++ compiler; half as fast")
    return parser.parse_args()


def half_precision(device):
    """Whether 16-bit floats are quicker. A processor that has to imitate them takes twenty times as long."""
    return device.type != "cpu" or (hasattr(torch, "compile") and torch.ops.mkldnn._is_mkldnn_bf16_supported())


class Trainer:
    def __init__(self, args):
        self.args = args
        self.device = torch.device(args.device)
        self.halves = half_precision(self.device)
        self.shape = SIZES[args.network]
        self.model = self.shape.detector(len(CLASSES)).to(self.device, memory_format=torch.channels_last)
        self.ema = copy.deepcopy(self.model).eval()
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=args.rate)
        sizes = (self.shape.small, self.shape.size)
        self.cells = {size: [t.to(self.device) for t in anchors(*size)] for size in sizes}
        self.step, self.spent, self.images = 0, 0.0, 0
        # PyTorch 1.13, as Debian has it, compiles nothing and is slower for it.
        self.forward = self.cost if args.no_compile or not hasattr(torch, "compile") else torch.compile(self.cost)
        self.file = Path(args.run) / "last.pt"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            self.load()
        elif args.start:
            self.begin(args.start)

    def begin(self, source):
        """Goes on from shipped weights, with whatever of them does not fit made anew."""
        fresh = start_from(source, self.model)
        print("started from", source, f"but for {', '.join(fresh)}" if fresh else "", flush=True)
        self.ema.load_state_dict(self.model.state_dict())

    def load(self):
        state = torch.load(self.file, map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.spent, self.images = state["step"], state["spent"], state["images"]

    def save(self):
        state = {"network": self.args.network, "model": self.model.state_dict(), "ema": self.ema.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step, "spent": self.spent, "images": self.images}
        torch.save(state, self.file.with_suffix(".tmp"))
        self.file.with_suffix(".tmp").replace(self.file)

    @property
    def share(self):
        return min(1.0, self.spent / self.args.seconds)

    def rate(self):
        warm = min(1.0, (self.step + 1) / WARM_STEPS)
        return self.args.rate * warm * (0.02 + 0.98 * (1 + math.cos(math.pi * self.share)) / 2)

    def size(self):
        small = self.args.small if self.args.small is not None else 0 if self.args.start else SMALL_SHARE
        return self.shape.small if self.share < small else self.shape.size

    def cost(self, images, truth, points, strides, early):
        pictures = images.permute(0, 3, 1, 2).float() / 255
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.halves):
            logits, sides = self.model(pictures)
        boxes = decode(sides.float(), points, strides)
        return loss(logits.float(), boxes, points, strides, truth, early)

    def learn(self, images, truth):
        points, strides = self.cells[(images.shape[2], images.shape[1])]
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        # Shipped weights already see: their own scores choose the cells from the first step on.
        early = self.step < EARLY_STEPS and not self.args.start
        total, cls, fit = self.forward(images, truth, points, strides, early)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.agree()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()
        self.average()
        return float(cls), float(fit)

    @torch.no_grad()
    def agree(self):
        """Means the workers' gradients; the first worker's clock is the clock of all, so that all stop at one step."""
        if self.args.workers == 1:
            return
        gradients = [p.grad for p in self.model.parameters()]
        clock = torch.tensor([self.spent * self.args.workers * (distributed.get_rank() == 0)], dtype=torch.float32)
        flat = torch.cat([g.reshape(-1) for g in gradients] + [clock.to(self.device)])
        distributed.all_reduce(flat)
        flat /= self.args.workers
        self.spent = float(flat[-1])
        for g, mean in zip(gradients, flat[:-1].split([g.numel() for g in gradients])):
            g.copy_(mean.view_as(g))

    @torch.no_grad()
    def average(self):
        keep = 0.999 * (1 - math.exp(-(self.step + 1) / 500))
        pairs = [(m, n) for m, n in zip(self.ema.state_dict().values(), self.model.state_dict().values()) if m.dtype.is_floating_point]
        torch._foreach_mul_([m for m, _ in pairs], keep)
        torch._foreach_add_([m for m, _ in pairs], [n for _, n in pairs], alpha=1 - keep)


def run(trainer, batches, first):
    args, shown, marked = trainer.args, time.time(), time.time()
    saved = time.time()
    sums, count = [0.0, 0.0], 0
    parent = os.getppid()
    # Whoever stops the command means its workers too.
    while trainer.spent < args.seconds and os.getppid() == parent:
        images, truth = batches.next(trainer.size(), trainer.share > 1 - PLAIN_SHARE)
        trainer.model.train()
        now = time.time()
        trainer.spent, marked = trainer.spent + now - marked, now
        cls, fit = trainer.learn(images.to(trainer.device), {k: v.to(trainer.device) for k, v in truth.items()})
        now = time.time()
        trainer.step, trainer.images = trainer.step + 1, trainer.images + len(images) * args.workers
        sums, count = [sums[0] + cls, sums[1] + fit], count + 1
        if not first:
            continue
        if now - shown > 30:
            print(f"{trainer.spent:.0f} s step {trainer.step} images {trainer.images} cls {sums[0] / count:.3f} box {sums[1] / count:.3f} {count * args.batch * args.workers / (now - shown):.1f}/s", flush=True)
            sums, count, shown = [0.0, 0.0], 0, now
        if now - saved > 120:
            trainer.save()
            saved = now
    if first:
        trainer.save()


def work(rank, args):
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    frames = Pictures(args.data, args.mapping, args.often, args.cutouts)
    # The process that makes batches is forked before the trainer starts threads of its own.
    started = Path(args.run, "last.pt")
    step = torch.load(started, map_location="cpu")["step"] if started.exists() else 0
    batches = Batches(frames, args.batch, args.seed + step + 1_000_003 * rank)
    if args.workers > 1:
        distributed.init_process_group("gloo", rank=rank, world_size=args.workers)
    run(Trainer(args), batches, rank == 0)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main():
    args = arguments()
    if args.workers == 1:
        work(0, args)
        return
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", str(free_port()))
    multiprocessing.spawn(work, (args,), args.workers)


if __name__ == "__main__":
    main()
