"""Trains the detector: `train.py --data DIR --held DIR --run DIR --seconds S`; started again it goes on where it stopped."""
import argparse
import copy
import math
import os
import time
from pathlib import Path

import torch
from torch import distributed, multiprocessing

from classes import CLASSES, HEIGHT, WIDTH
from data import Batches, Frames
from evaluate import evaluate, network
from loss import loss
from model import Detector, anchors, decode

EARLY_STEPS = 250
WARM_STEPS = 100
SMALL = (320, 192)
SMALL_SHARE = 0.4


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="models/training/data/train")
    parser.add_argument("--held", default="models/training/data/held")
    parser.add_argument("--run", default="models/training/runs/kerb-s")
    parser.add_argument("--seconds", type=float, default=3600, help="training time; the learning rate falls along it")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=1, help="processes that share the work, one thread each: better than threads where other work runs too")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


class Trainer:
    def __init__(self, args):
        self.args = args
        self.model = Detector(len(CLASSES)).to(memory_format=torch.channels_last)
        self.ema = copy.deepcopy(self.model).eval()
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=args.rate)
        self.cells = {size: anchors(*size) for size in (SMALL, (WIDTH, HEIGHT))}
        self.step, self.spent, self.images = 0, 0.0, 0
        self.file = Path(args.run) / "last.pt"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            self.load()

    def load(self):
        state = torch.load(self.file)
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.spent, self.images = state["step"], state["spent"], state["images"]

    def save(self):
        state = {"model": self.model.state_dict(), "ema": self.ema.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step, "spent": self.spent, "images": self.images}
        torch.save(state, self.file.with_suffix(".tmp"))
        self.file.with_suffix(".tmp").replace(self.file)

    def rate(self):
        share = min(1.0, self.spent / self.args.seconds)
        warm = min(1.0, (self.step + 1) / WARM_STEPS)
        return self.args.rate * warm * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)

    def size(self):
        """Small pictures first: more of them fit in the time, and the rest is learnt at full size."""
        return SMALL if self.spent < SMALL_SHARE * self.args.seconds else (WIDTH, HEIGHT)

    def learn(self, images, truth):
        points, strides = self.cells[(images.shape[3], images.shape[2])]
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):
            logits, sides = self.model(images)
        boxes = decode(sides.float(), points, strides)
        total, cls, fit = loss(logits.float(), boxes, points, strides, truth, self.step < EARLY_STEPS)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.share()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()
        self.average()
        return float(cls), float(fit)

    def share(self):
        """Means the workers' gradients; the first worker's clock is the clock of all."""
        if self.args.workers == 1:
            return
        gradients = [p.grad for p in self.model.parameters()]
        clock = torch.tensor([self.spent * self.args.workers * (distributed.get_rank() == 0)], dtype=torch.float32)
        flat = torch.cat([g.reshape(-1) for g in gradients] + [clock])
        distributed.all_reduce(flat)
        flat /= self.args.workers
        self.spent = float(flat[-1])
        for g, mean in zip(gradients, flat[:-1].split([g.numel() for g in gradients])):
            g.copy_(mean.view_as(g))

    @torch.no_grad()
    def average(self):
        keep = 0.998 * (1 - math.exp(-(self.step + 1) / 400))
        for mean, now in zip(self.ema.state_dict().values(), self.model.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.mul_(keep).add_(now, alpha=1 - keep)
            else:
                mean.copy_(now)


def run(trainer, batches, held, first):
    args, shown, marked = trainer.args, time.time(), time.time()
    saved = tested = time.time()
    sums, count = [0.0, 0.0], 0
    while trainer.spent < args.seconds:
        batches.size = trainer.size()
        images, truth = batches.next()
        trainer.model.train()
        cls, fit = trainer.learn(images, truth)
        now = time.time()
        trainer.spent, marked = trainer.spent + now - marked, now
        trainer.step, trainer.images = trainer.step + 1, trainer.images + len(images) * args.workers
        sums, count = [sums[0] + cls, sums[1] + fit], count + 1
        if not first:
            continue
        if now - shown > 30:
            print(f"{trainer.spent:.0f} s step {trainer.step} images {trainer.images} frames {len(batches.frames.items)} cls {sums[0] / count:.3f} box {sums[1] / count:.3f} {count * args.batch * args.workers / (now - shown):.1f}/s", flush=True)
            sums, count, shown = [0.0, 0.0], 0, now
        if now - saved > 120:
            trainer.save()
            saved = now
        if now - tested > 600:
            mean, by_class, _ = evaluate(network(trainer.ema), held)
            print("AP50", round(mean, 3), {k: round(v, 2) for k, v in by_class.items()}, flush=True)
            tested = marked = shown = time.time()
    if first:
        trainer.save()
        mean, by_class, counts = evaluate(network(trainer.ema), held)
        print("final AP50", round(mean, 4), {k: (round(v, 3), counts[k]) for k, v in by_class.items()}, flush=True)


def work(rank, args):
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    if args.workers > 1:
        distributed.init_process_group("gloo", rank=rank, world_size=args.workers)
    trainer = Trainer(args)
    batches = Batches(Frames(args.data), args.batch, args.seed + trainer.step + 1000003 * rank)
    run(trainer, batches, Frames(args.held) if rank == 0 else None, rank == 0)


def main():
    args = arguments()
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", "29517")
    if args.workers == 1:
        work(0, args)
    else:
        multiprocessing.spawn(work, (args,), args.workers)


if __name__ == "__main__":
    main()
