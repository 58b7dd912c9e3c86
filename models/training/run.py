"""From scenes to shipped files in one command: `run.py --version V`; it goes on where it stopped, and what is done is not done again."""
import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

from real_sets import about
from weights import open_weights

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = "models/training/data"
"""Share of the rendered scenes whose camera looks at a gate: muck trucks are rarer than people."""
GATE_SHARE = 0.25
"""More scenes of one sort, for each of the others, of which a few views tell enough: what mounted cameras see, yards of muck trucks (no two beds are alike), the same with sheets like their loads, lorries in traffic, stalls among what is taken for them, planters from mounted cameras and by chance."""
CASTS = {"camera": (800000, 0.5, 3), "decoys": (400000, 0.5, 3), "planters": (450000, 0.3, 3), "trucks": (500000, 0.3, 2), "sheets": (550000, 0.15, 2), "traffic": (600000, 0.25, 3), "pavement": (700000, 0.3, 3)}
"""The same of what an infrared camera sees, where a load and a sheet look most alike: without colour."""
INFRARED = {"gate": (850000, 0.1, 3), "camera": (860000, 0.1, 3), "trucks": (870000, 0.08, 2), "sheets": (880000, 0.08, 2), "pavement": (890000, 0.04, 3), "decoys": (895000, 0.08, 3), "planters": (898000, 0.04, 3)}
"""The same in rain, where people under umbrellas are taken for stalls."""
RAIN = {"decoys": (430000, 0.16, 3), "planters": (480000, 0.09, 4), "camera": (840000, 0.07, 3)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=["kerb-s", "kerb-n"], help="default: that of --from, else kerb-s")
    parser.add_argument("--version", required=True)
    parser.add_argument("--seconds", type=float, default=6 * 3600, help="training of the detector")
    parser.add_argument("--state-seconds", type=float, default=900, help="training of the truck states")
    parser.add_argument("--scenes", type=int, default=1500, help="rendered for training, six views each")
    parser.add_argument("--held-scenes", type=int, default=400, help="rendered for measuring, one view each")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each, on a processor")
    parser.add_argument("--rate", type=float, help="highest learning rate; 2e-3, with --from 5e-4")
    parser.add_argument("--no-compile", action="store_true", help="for a machine without a C++ compiler; half as fast")
    parser.add_argument("--data", help="own labelled pictures in place of rendered ones: COCO .json, YOLO data.yaml, folders; several with commas")
    parser.add_argument("--held", help="own labelled pictures to measure with; needed with --data")
    parser.add_argument("--real", help="real data sets to learn from beside the rendered frames: folders with images/, and labels/, classes.txt and labelled.txt where they have labels; several with commas")
    parser.add_argument("--teachers", help="folder with the teachers' ONNX files (teachers.py names them), which label what the real sets do not; needed with --real")
    parser.add_argument("--real-share", type=float, default=0.5, help="share of the pictures drawn that are real")
    parser.add_argument("--held-real", help="real labelled sets to measure with and to fit thresholds to, which no weight is learnt from; several with commas")
    parser.add_argument("--test-real", help="real labelled sets to measure with and nothing else; several with commas")
    parser.add_argument("--mapping", help="'their name: our name' lines for --data and --held")
    parser.add_argument("--from", dest="start", help="shipped weights to start from, e.g. models/kerb-s")
    parser.add_argument("--run", help="where checkpoints and figures go; models/training/runs/NETWORK, with --data models/training/runs/kerb-own-…")
    parser.add_argument("--out", help="the model's folder; models/NETWORK, with --data models/kerb-own-…. The int8 form goes to OUT-int8")
    parser.add_argument("--list", action="store_true", help="only print the commands")
    args = parser.parse_args()
    if args.data and not args.held:
        parser.error("--data needs --held: figures on the pictures that it learnt from say nothing")
    if args.real and not args.teachers:
        parser.error("--real needs --teachers: real sets label some classes each, and say nothing of the others")
    args.network = args.network or (open_weights(args.start)[0] if args.start else "kerb-s")
    name = args.network.replace("kerb", "kerb-own") if args.data else args.network
    args.rate = args.rate or (5e-4 if args.start else 2e-3)
    args.run = args.run or f"models/training/runs/{name}"
    args.out = args.out or f"models/{name}"
    return args


def render(first, count, views, out, *words):
    return ["npx", "tsx", "test-media/scenes/dataset.ts", "--first", str(first), "--count", str(count), "--views", str(views), "--out", out, *words]


def python(script, *words):
    return [sys.executable, f"models/training/{script}", *[str(word) for word in words if word not in (None, "")]]


def rendering(args):
    """Seeds below 900000 are for training, those above for measuring; tests and clips have seeds of their own."""
    gate = round(args.scenes * GATE_SHARE)
    skies = (("", CASTS, []), ("-infrared", INFRARED, ["--light", "infrared"]), ("-rain", RAIN, ["--rain"]))
    return [
        ("held", render(900000, args.held_scenes, 1, f"{DATA}/held")),
        ("frames", render(100000, args.scenes - gate, 6, f"{DATA}/train")),
        ("gates", render(300000, gate, 6, f"{DATA}/train", "--focus", "gate")),
        *[
            (f"{cast}{sky}", render(first, round(args.scenes * share), views, f"{DATA}/train", "--focus", cast, *words))
            for sky, casts, words in skies
            for cast, (first, share, views) in casts.items()
        ],
    ]


"""Things drawn alone, to be pasted into real pictures: of each sort so many for each of the scenes, four views of each."""
CUTOUTS = {"stalls": 0.3, "carts": 0.12, "trucks": 0.16, "bikes": 0.02, "people": 0.02, "umbrellas": 0.03, "lorries": 0.035, "decoys": 0.055}


def seeing(args):
    """Real pictures made ready: looked at by the teachers, completed by what they agree on, and things to paste into them."""
    if not args.real:
        return []
    return [
        ("look", python("look.py", "--teachers", args.teachers, "--data", args.real, "--out", f"{DATA}/seen.jsonl")),
        ("real", python("real.py", "--data", args.real, "--seen", f"{DATA}/seen.jsonl", "--out", f"{DATA}/real")),
        *[
            (f"cutouts-{focus}", ["npx", "tsx", "test-media/scenes/cutouts.ts", "--focus", focus, "--first", "1000", "--count", str(round(args.scenes * share)), "--views", "4", "--out", f"{DATA}/cutouts"])
            for focus, share in CUTOUTS.items()
        ],
    ]


def learning(args, data):
    mapping = ["--mapping", args.mapping] if args.mapping else []
    start = ["--from", args.start] if args.start else []
    slow = ["--no-compile"] if args.no_compile else []
    # Workers share the work of processor cores; a GPU is one.
    real = ["--often", f"{1 - args.real_share},{args.real_share}", "--cutouts", f"{DATA}/cutouts"] if args.real else []
    workers = ["--workers", 1 if args.device.startswith("cuda") else args.workers]
    steps = [("train", python("train.py", "--data", data, "--run", args.run, "--network", args.network, "--seconds", args.seconds, "--seed", args.seed, "--device", args.device, "--batch", args.batch, "--rate", args.rate, *workers, *slow, *real, *mapping, *start))]
    if args.data and args.start:
        # Own pictures seldom tell the state of a bed: the shipped state network stays.
        return [*steps, ("states", python("weights.py", args.start, args.run))]
    return [*steps, ("states", python("state.py", "--data", data, "--run", args.run, "--seconds", args.state_seconds, "--seed", args.seed, *mapping))]


"""Wrong boxes a picture at most in each domain, of what no street is full of."""
MOST_FALSE = {"stall": 0.01, "cart": 0.01, "muck_truck": 0.01}
"""Share of boxes that are right at a threshold: what a violation is made of is asked for more."""
PRECISION = {"stall": 0.85, "cart": 0.8, "muck_truck": 0.9, "bicycle": 0.9}


def calibrating(args, fp32, held, mapping):
    """Thresholds at one precision over all domains; a set without stalls counts with its wrong ones alone."""
    sets = {Path(path).name: path for path in (args.held_real or "").split(",") if path}
    if not sets:
        return []
    domains = [word for name, path in {"rendered": held, **sets}.items() for word in ("--domain", f"{name}={path}")]
    absent = [word for name in sets if about(name).no_stalls for word in ("--absent", f"{name}=stall,cart")]
    most = [word for name, share in MOST_FALSE.items() for word in ("--most-false", f"{name}={share}")]
    wanted = [word for name, share in PRECISION.items() for word in ("--precision-of", f"{name}={share}")]
    return [("calibrate", python("calibrate.py", fp32, *domains, *absent, *most, "--precision", 0.75, *wanted, *mapping, "--json", f"{args.run}/calibration.json"))]


def measuring_real(args, fp32, int8, mapping):
    """Steps that measure both files on real pictures, and what the card is told of them."""
    steps, words = [], []
    for path in filter(None, [*(args.held_real or "").split(","), *(args.test_real or "").split(",")]):
        name = Path(path).name
        for file, form, word in ((fp32, "fp32", "--real"), (int8, "int8", "--real-int8")):
            figures = f"{args.run}/{name}-{form}.json"
            steps.append((f"measure-{name}-{form}", python("evaluate.py", file, path, *mapping, "--json", figures)))
            words += [word, f"{name}={figures}"]
    return steps, words


def shipping(args, data, held):
    mapping = ["--mapping", args.mapping] if args.mapping else []
    fp32, int8, run = f"{args.out}/model.onnx", f"{args.out}-int8/model.onnx", args.run
    start = ["--from", args.start] if args.start else []
    calibration = calibrating(args, fp32, held, mapping)
    real, told = measuring_real(args, fp32, int8, mapping)
    fitted = ["--calibration", f"{run}/calibration.json"] if calibration else []
    return [
        ("export", python("export.py", run, fp32)),
        ("quantise", python("quantise.py", fp32, int8, data, *mapping)),
        ("measure", python("evaluate.py", fp32, held, *mapping, "--weights", run, "--json", f"{run}/fp32.json")),
        ("measure-int8", python("evaluate.py", int8, held, *mapping, "--json", f"{run}/int8.json")),
        *real,
        *calibration,
        ("latency", python("latency.py", fp32, int8, "--json", f"{run}/latency.json")),
        ("card", python("card.py", args.out, run, "--figures", f"{run}/fp32.json", "--int8", f"{run}/int8.json", "--latency", f"{run}/latency.json", "--version", args.version, "--data", data, "--held", held, "--seed", args.seed, "--device", args.device, *start, *told, *fitted)),
    ]


def steps_of(args):
    data, held = args.data or f"{DATA}/train", args.held or f"{DATA}/held"
    data += f",{DATA}/real" if args.real else ""
    return [*([] if args.data else rendering(args)), *seeing(args), *learning(args, data), *shipping(args, data, held)]


def main():
    args = arguments()
    file = ROOT / args.run / "done.json"
    done = json.loads(file.read_text(encoding="utf8")) if file.exists() else {}
    steps = steps_of(args)
    for name, command in steps:
        print(f"{name}: {shlex.join(command)}", flush=True)
        if args.list:
            continue
        words = command[1:]
        if done.get(name) == words:
            print("  done before", flush=True)
            continue
        # What comes later builds on this step and has to be done again.
        later = [n for n, _ in steps][[n for n, _ in steps].index(name) :]
        done = {n: words_ for n, words_ in done.items() if n not in later}
        subprocess.run(command, cwd=ROOT, check=True)
        done[name] = words
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(done, indent=1), encoding="utf8")


if __name__ == "__main__":
    main()
