"""Holds the curves to worked cases and to what must hold of every one: `check_curves.py`; leaves with 1 at the first difference."""
import numpy as np

from calibrate import at_threshold, calibrated, card_of, threshold
from curves import bins_of, chance, isotonic, log_loss, logit, platt, score_at, sigmoid

RANDOM = np.random.default_rng(7)
PLAIN = {"a": 1.0, "b": 0.0}


def holds(true, what):
    if not true:
        raise SystemExit(what)


def drawn(count, a, b):
    """Scores whose boxes are right as often as this curve says."""
    scores = RANDOM.uniform(0.05, 0.98, count)
    return scores, (RANDOM.uniform(size=count) < sigmoid(a * logit(scores) + b)).astype(int)


def check_fit():
    found = platt([drawn(20000, 0.6, -1.2)])
    holds(abs(found["a"] - 0.6) < 0.05 and abs(found["b"] + 1.2) < 0.05, f"a known curve is not found again: {found}")
    few = platt([(np.array([0.9, 0.8]), np.array([0, 0]))])
    holds(abs(few["a"] - 1) < 0.5 and abs(few["b"]) < 3, f"two boxes move a curve too far: {few}")
    big, small = drawn(9000, 1, -2), drawn(300, 1, 2)
    both = platt([big, small])
    holds(abs(both["b"]) < 0.7, f"a large domain outweighs a small one: {both}")


def check_shapes():
    grid = np.linspace(0.02, 0.98, 400)
    for fit in (platt, isotonic):
        for _ in range(20):
            domains = [drawn(int(RANDOM.integers(25, 400)), RANDOM.uniform(0.3, 3), RANDOM.uniform(-3, 3)) for _ in range(int(RANDOM.integers(1, 4)))]
            curve = fit(domains)
            made = chance(curve, grid)
            holds((np.diff(made) > 0).all(), f"{fit.__name__} does not rise: {curve}")
            holds(np.abs(score_at(curve, made) - grid).max() < 1e-6, f"{fit.__name__} has no inverse: {curve}")
            before = np.mean([log_loss(s, r) for s, r in domains])
            after = np.mean([log_loss(chance(curve, s), r) for s, r in domains])
            holds(after <= before + 0.02, f"{fit.__name__} is worse than no curve: {before} {after}")


def check_bins():
    found = bins_of(np.array([0.82] * 10 + [0.88] * 10 + [0.15] * 20), np.array([1] * 13 + [0] * 7 + [1] * 3 + [0] * 17))
    holds(abs(found["expectedCalibrationError"] - 0.1) < 1e-6, f"the error by hand is 0.1: {found}")
    holds([b["boxes"] for b in found["bins"]] == [20, 20], f"bins: {found}")


def check_threshold():
    domain = lambda scores, right, pictures, truths: {"scores": np.array(scores, float), "right": np.array(right), "pictures": pictures, "truths": truths}
    one = domain([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0], 10, 4)
    cut = threshold([one], PLAIN, 0.75, float("inf"))
    holds(abs(cut - 0.55) < 1e-6, f"three of four are right from 0.6 on: {cut}")
    holds(at_threshold(one, PLAIN, cut) == {"told": 4, "right": 3, "precision": 0.75, "recall": 0.75, "falsePerPicture": 0.1}, "what is told at it")
    empty = domain([0.85], [0], 10, 0)
    cut = threshold([one, empty], PLAIN, 0.7, float("inf"))
    holds(abs(cut - 0.875) < 1e-6, f"a street without any counts with its wrong boxes: {cut}")
    holds(abs(threshold([one, empty], PLAIN, 0.1, 0.0) - 0.875) < 1e-6, "no wrong box where none stands")
    holds(abs(threshold([one], PLAIN, 0.1, 0.0) - 0.25) < 1e-6, "where some stand, wrong boxes count by precision alone")
    holds(threshold([empty], PLAIN, 0.5, float("inf")) is None, "nothing is right at any threshold")


def check_card():
    scores, right = drawn(300, 0.5, -1)
    seen = {"street": {"scores": scores, "right": right, "pictures": 100, "truths": 150}, "few": {"scores": scores[:3], "right": right[:3], "pictures": 3, "truths": 2}}
    row = calibrated(seen, "auto", 0.5, float("inf"))
    holds(row["fittedTo"] == ["street"] and "heldOut" in row["domains"]["few"], f"three boxes are shown and not fitted to: {row['fittedTo']}")
    holds(row["domains"]["street"]["after"]["expectedCalibrationError"] < row["domains"]["street"]["before"]["expectedCalibrationError"], "the error falls")
    card = card_of({"muck_truck": row, "stall": None})
    holds(set(card["calibration"]) == {"muck_truck", "muck_truck_covered", "muck_truck_uncovered", "muck_truck_empty", "muck_truck_partly"}, f"states share the curve: {card}")
    holds(calibrated({"few": seen["few"]}, "platt", 0.5, float("inf")) is None, "nothing is fitted to three boxes")


def main():
    check_fit()
    check_shapes()
    check_bins()
    check_threshold()
    check_card()
    print("curves hold")


if __name__ == "__main__":
    main()
