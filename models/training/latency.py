"""Times exported files turn by turn, so that other work on the machine meets all of them alike: `latency.py A.onnx B.onnx [--json OUT]`."""
import argparse
import json
import os
import time
from pathlib import Path

import numpy as np

from served import OnnxModel

RUNS, WARM = 150, 15


def processor():
    """What matters of the processor, without its name."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text().split("flags", 1)[-1].split("\n")[0].split() if info.exists() else []
    steps = [("avx512_vnni", "AVX-512 VNNI"), ("avx_vnni", "AVX-VNNI"), ("avx512f", "AVX-512"), ("avx2", "AVX2"), ("asimddp", "NEON dot product")]
    return next((f"{os.uname().machine} with {words}" for flag, words in steps if flag in flags), os.uname().machine)


def times(paths, threads, runs=RUNS, clock=time.perf_counter):
    """Milliseconds [files, runs] of one picture each. With one thread `time.thread_time` leaves out what other work took."""
    models = [OnnxModel(path, threads) for path in paths]
    rng = np.random.default_rng(7)
    images = [rng.integers(0, 255, (m.size[1], m.size[0], 3), np.uint8) for m in models]
    out = np.zeros((len(models), runs + WARM))
    for turn in range(runs + WARM):
        for i, (model, image) in enumerate(zip(models, images)):
            start = clock()
            model(image)
            out[i, turn] = (clock() - start) * 1e3
    return out[:, WARM:]


def latencies(paths, runs=RUNS):
    """By file: median milliseconds at 1 and 2 threads, processor time with one, and how many times as fast as the first file, turn by turn."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    found = {threads: times(paths, threads, runs) for threads in (1, 2)}
    alone = times(paths, 1, runs, time.thread_time)
    return [
        {
            "latencyMs": {str(threads): round(float(np.median(t[i])), 2) for threads, t in found.items()},
            "processorMs": round(float(np.median(alone[i])), 2),
            "timesAsFast": {**{str(threads): round(float(np.median(t[0] / t[i])), 2) for threads, t in found.items()}, "processor": round(float(np.median(alone[0] / alone[i])), 2)},
            "runs": runs, "on": processor(), "loadBefore": round(load, 1),
        }
        for i in range(len(paths))
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--json")
    args = parser.parse_args()
    rows = latencies(args.files)
    for path, row in zip(args.files, rows):
        print(path, row["latencyMs"], "processor time:", row["processorMs"], "times as fast as the first:", row["timesAsFast"], "load before:", row["loadBefore"])
    if args.json:
        Path(args.json).write_text(json.dumps(rows, indent=1), encoding="utf8")


if __name__ == "__main__":
    main()
