"""Fits what scores are worth over several domains, and thresholds: `calibrate.py models/kerb-s/model.onnx --domain rendered=DATA/held --domain highway=SETS/highway --json OUT`.

A domain is labelled pictures of one sort (datasets.py); each weighs the same. Fit on no picture that the model has learnt from."""
import argparse
import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np

from classes import CLASSES, LABELS
from curves import PRIOR, bins_of, chance, isotonic, log_loss, platt
from datasets import read
from evaluate import look, rounded
from matching import match, pooled
from served import open_model

"""Below this a box says nothing: wrong ones are endless there, and no threshold is."""
FLOOR = 0.05
"""A domain with fewer boxes than this of a class is shown and not fitted to; one that the class never stands in counts with its wrong boxes alone."""
FEW = 20
CURVES = {"platt": platt, "isotonic": isotonic}


def pairs_of(texts, what):
    found = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise SystemExit(f"{what} {text}: write NAME=VALUE")
        found[name] = value
    return found


def labelled_in(path):
    """Classes that `labelled.txt` beside a set names; None where there is none."""
    file = Path(path) / "labelled.txt"
    return frozenset(file.read_text(encoding="utf8").split()) if file.is_file() else None


def items_of(path, mapping, split, absent, limit):
    """Pictures with what is labelled in them; `absent` classes were looked for by somebody, and none stands there."""
    items = []
    for part in path.split(","):
        named = labelled_in(part)
        for item in read(part, mapping, split):
            labelled = item.labelled if named is None else item.labelled & named
            items.append(dataclasses.replace(item, labelled=frozenset(labelled | absent)))
    return [items[i] for i in np.linspace(0, len(items) - 1, limit).astype(int)] if limit and limit < len(items) else items


def seen_in(model, items):
    """By class: scores from FLOOR on, whether right, and true boxes; None for a class that the domain does not label."""
    looked = [look(model, item)[0] for item in items]
    found = {}
    for c, name in enumerate(CLASSES):
        own = [records[c] for records in looked if records[c]]
        if own:
            scores, right, count = pooled([match(r) for r in own])
            keep = scores >= FLOOR
            found[name] = {"scores": scores[keep].astype(float), "right": right[keep].astype(int), "truths": count, "pictures": len(own)}
    return found


def fitted(domains, form):
    return CURVES[form]([(d["scores"], d["right"]) for d in domains])


def without(name, usable, form):
    """A curve that has not seen this domain; None where no other is left."""
    rest = [d for other, d in usable.items() if other != name]
    return fitted(rest, form) if rest else None


def elsewhere(usable, form):
    """Mean loss of each domain under the curve of the others: what a camera of yet another sort may expect."""
    losses = [log_loss(chance(curve, d["scores"]), d["right"]) for name, d in usable.items() if (curve := without(name, usable, form))]
    return float(np.mean(losses)) if losses else float("inf")


def reliability(domain, curve, held):
    scores, right = domain["scores"], domain["right"]
    if not len(scores):
        return {"boxes": 0, "truths": domain["truths"], "pictures": domain["pictures"]}
    rows = {"boxes": len(scores), "right": int(right.sum()), "truths": domain["truths"], "pictures": domain["pictures"]}
    for name, one in (("before", {"a": 1.0, "b": 0.0}), ("after", curve), ("heldOut", held)):
        if one:
            chances = chance(one, scores)
            rows[name] = {"logLoss": rounded(log_loss(chances, right)), **bins_of(chances, right)}
    return rows


def threshold(domains, curve, wanted, most_false):
    """Least chance from which on the precision is `wanted` in equally many pictures of each domain, and no domain in which the class never stands has more wrong boxes a picture than `most_false`.

    None where no threshold does it."""
    ours = [(chance(curve, d["scores"]), d["right"], 1 / (d["pictures"] * len(domains)), d["pictures"], d["truths"]) for d in domains if len(d["scores"])]
    if not ours:
        return None
    chances = np.concatenate([c for c, *_ in ours])
    order = chances.argsort(kind="stable")[::-1]
    weight = np.concatenate([np.full(len(c), w) for c, _, w, *_ in ours])[order]
    right = np.concatenate([r for _, r, *_ in ours])[order]
    good = (weight * right).cumsum() / weight.cumsum() >= wanted
    for i, (*_, pictures, truths) in enumerate(ours):
        if truths:
            continue
        mine = np.concatenate([np.full(len(c), i == j) for j, (c, *_) in enumerate(ours)])[order]
        good &= (mine & (right == 0)).cumsum() / pictures <= most_false
    # Equal chances come together or not at all.
    good &= np.append(np.diff(chances[order]) < 0, True)
    if not good.any():
        return None
    last = int(np.flatnonzero(good).max())
    below = chances[order][last + 1] if last + 1 < len(order) else 0.0
    return float((chances[order][last] + below) / 2)


def at_threshold(domain, curve, cut):
    told = chance(curve, domain["scores"]) >= cut
    hits, count = int(domain["right"][told].sum()), int(told.sum())
    return {"told": count, "right": hits, "precision": rounded(hits / count if count else None), "recall": rounded(hits / domain["truths"] if domain["truths"] else None), "falsePerPicture": rounded((count - hits) / domain["pictures"])}


def calibrated(seen, form, wanted, most_false):
    """Curve, threshold and reliability of one class; `seen` by domain, those that label it. None where nothing can be fitted."""
    usable = {name: d for name, d in seen.items() if len(d["scores"]) >= FEW}
    if not usable or not any(d["right"].any() for d in usable.values()):
        return None
    forms = {one: elsewhere(usable, one) for one in ([form] if form != "auto" else CURVES)}
    chosen = min(forms, key=forms.get)
    curve = fitted(list(usable.values()), chosen)
    cut = threshold(list(seen.values()), curve, wanted, most_false)
    row = {"form": chosen, "curve": curve, "fittedTo": sorted(usable), "lossElsewhere": {k: rounded(v) if np.isfinite(v) else None for k, v in forms.items()}}
    row["threshold"] = None if cut is None else round(cut, 3)
    row["domains"] = {name: {**reliability(d, curve, without(name, usable, chosen) if len(usable) > 1 or name not in usable else None), **({"atThreshold": at_threshold(d, curve, cut)} if cut is not None else {})} for name, d in seen.items()}
    return row


def card_of(classes):
    """`calibration` and `byLabel` as a card has them: the states of a muck truck share its curve and its threshold."""
    label_of = lambda label: "muck_truck" if label.startswith("muck_truck") else label
    known = [(label, classes[label_of(label)]) for label in LABELS if classes.get(label_of(label))]
    return {"calibration": {label: row["curve"] for label, row in known}, "byLabel": {label: row["threshold"] for label, row in known if row["threshold"] is not None}}


def printed(result):
    for name, row in result["classes"].items():
        if row is None:
            print(f"{name:12s} too few boxes")
            continue
        print(f"{name:12s} {json.dumps(row['curve'])}  threshold {row['threshold']}")
        for where, d in row["domains"].items():
            error = lambda key: f"{d[key]['expectedCalibrationError']:.3f}" if key in d else "-"
            at = d.get("atThreshold", {})
            print(f"  {where:18s} {d['boxes']:6d} boxes  error {error('before')} -> {error('after')}, unseen {error('heldOut')}  precision {at.get('precision')} recall {at.get('recall')} false a picture {at.get('falsePerPicture')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help=".onnx, or a run, a checkpoint, a folder with weights.npz")
    parser.add_argument("--domain", action="append", required=True, help="NAME=SETS, several sets with commas; `labelled.txt` in a set names the classes that it labels")
    parser.add_argument("--absent", action="append", help="NAME=CLASSES: somebody has looked for them in this domain, and there is none")
    parser.add_argument("--curve", choices=["auto", *CURVES], default="platt", help="auto: what does better on a domain that it was not fitted to")
    parser.add_argument("--precision", type=float, default=0.6, help="wanted of every class, in equally many pictures of each domain")
    parser.add_argument("--precision-of", action="append", help="CLASS=SHARE, for one class")
    parser.add_argument("--most-false", action="append", help="CLASS=BOXES a picture that are wrong at most, in each domain in which none stands")
    parser.add_argument("--mapping", help="file with 'their name: our name' lines")
    parser.add_argument("--split", default="val", help="of a YOLO data set")
    parser.add_argument("--limit", type=int, help="only so many pictures a domain, evenly taken")
    parser.add_argument("--json", help="where to write the figures")
    args = parser.parse_args()
    absent, wanted, most = pairs_of(args.absent, "--absent"), pairs_of(args.precision_of, "--precision-of"), pairs_of(args.most_false, "--most-false")
    domains = pairs_of(args.domain, "--domain")
    for name in absent:
        if name not in domains:
            raise SystemExit(f"--absent {name}: no --domain is called that")
    unknown = {*wanted, *most, *(c for text in absent.values() for c in text.split(","))} - set(CLASSES)
    if unknown:
        raise SystemExit(f"no class is called {', '.join(sorted(unknown))}; there are {', '.join(CLASSES)}")
    model, seen = open_model(args.model), {}
    for name, path in domains.items():
        items = items_of(path, args.mapping, args.split, frozenset(filter(None, absent.get(name, "").split(","))), args.limit)
        print(f"{name}: {len(items)} pictures", flush=True)
        seen[name] = seen_in(model, items)
    classes = {c: calibrated({name: found[c] for name, found in seen.items() if c in found}, args.curve, float(wanted.get(c, args.precision)), float(most.get(c, "inf"))) for c in CLASSES}
    result = {"floor": FLOOR, "few": FEW, "prior": PRIOR, "precision": args.precision, "classes": classes, "card": card_of(classes)}
    if args.model.endswith(".onnx"):
        result["sha256"] = hashlib.sha256(Path(args.model).read_bytes()).hexdigest()
    printed(result)
    if args.json:
        Path(args.json).write_text(json.dumps(result, indent=1), encoding="utf8")


if __name__ == "__main__":
    main()
