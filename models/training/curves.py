"""Curves from a score to the chance that its box is right, fitted so that each domain weighs the same; numpy only."""
import numpy as np

"""Bounds of a card (edge/domain/score-curve.ts)."""
SLOPE, SHIFT, MOST_POINTS = (0.2, 5.0), (-8.0, 8.0), 32
"""Boxes' worth of belief, within each domain, that scores are chances already: what keeps a class with few boxes near its graph."""
PRIOR = 5.0
EDGE = 1e-12


def logit(share):
    share = np.clip(share, EDGE, 1 - EDGE)
    return np.log(share / (1 - share))


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def chance(curve, scores):
    """What the edge makes of scores: Platt's form, or straight lines between points from 0,0 to 1,1."""
    scores = np.asarray(scores, float)
    if "points" in curve:
        xs, ys = zip(*curve["points"])
        return np.interp(scores, (0, *xs, 1), (0, *ys, 1))
    return sigmoid(curve["a"] * logit(scores) + curve["b"])


def score_at(curve, wanted):
    """The inverse of `chance`."""
    if "points" in curve:
        xs, ys = zip(*curve["points"])
        return np.interp(wanted, (0, *ys, 1), (0, *xs, 1))
    return sigmoid((logit(wanted) - curve["b"]) / curve["a"])


def log_loss(chances, right):
    """Mean negative log-likelihood of right and wrong boxes."""
    chances = np.clip(chances, EDGE, 1 - EDGE)
    return float(-np.mean(np.where(right > 0, np.log(chances), np.log(1 - chances))))


def gathered(domains):
    """All boxes of several domains, each (scores, right), with weights that give each domain the same."""
    scores, right = np.concatenate([d[0] for d in domains]), np.concatenate([d[1] for d in domains]).astype(float)
    return scores, right, np.concatenate([np.full(len(d[0]), 1 / (len(d[0]) * len(domains))) for d in domains])


def platt(domains):
    """Slope and shift in log-odds (J. Platt, 1999) of least mean loss over domains, by Newton's method; a card's bounds hold."""
    scores, right, weights = gathered(domains)
    x = np.stack([logit(scores), np.ones(len(scores))], 1)
    pull = PRIOR / np.mean([len(d[0]) + PRIOR for d in domains]) * np.array([1.0, 0.1])
    start = np.array([1.0, 0.0])
    loss = lambda at: -np.sum(weights * np.where(right > 0, np.log(sigmoid(x @ at)), np.log(sigmoid(-x @ at)))) + 0.5 * np.sum(pull * (at - start) ** 2)
    at = start.copy()
    for _ in range(100):
        p = sigmoid(x @ at)
        slope = x.T @ (weights * (p - right)) + pull * (at - start)
        bend = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(pull) + 1e-12 * np.eye(2)
        step, share = np.linalg.solve(bend, slope), 1.0
        while share > 1e-6 and loss(at - share * step) > loss(at):
            share /= 2
        at = at - share * step
        if np.abs(share * step).max() < 1e-9:
            break
    a = float(np.clip(at[0], *SLOPE))
    return {"a": round(a, 4), "b": round(float(np.clip(at[1], *SHIFT)), 4)}


def isotonic(domains):
    """Pooling of adjacent violators (M. Ayer et al., 1955) over weighted boxes; flat steps become rising lines through their middles."""
    scores, right, weights = gathered(domains)
    order = scores.argsort(kind="stable")
    blocks = []
    for s, r, w in zip(scores[order], right[order], weights[order]):
        blocks.append([w * s, w * r, w, 1])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [p + q for p, q in zip(blocks[-1], last)]
    # A block of one or two boxes is chance: it goes to its neighbour.
    least, merged = max(8, sum(b[3] for b in blocks) / MOST_POINTS), []
    for block in blocks:
        if merged and merged[-1][3] < least:
            merged[-1] = [p + q for p, q in zip(merged[-1], block)]
        else:
            merged.append(list(block))
    points = []
    for sum_s, sum_r, weight, _ in merged:
        x, y = round(sum_s / weight, 4), round(float(np.clip(sum_r / weight, 0.001, 0.999)), 4)
        if 0 < x < 1 and (not points or (x > points[-1][0] and y > points[-1][1])):
            points.append([x, y])
    return {"points": points[:MOST_POINTS]} if points else {"a": 1.0, "b": 0.0}


def bins_of(chances, right, count=10):
    """Reliability bins of equal width and the expected calibration error (C. Guo et al., 2017, arXiv:1706.04599)."""
    place, bins, error = np.minimum((np.asarray(chances) * count).astype(int), count - 1), [], 0.0
    for i in range(count):
        own = place == i
        n = int(own.sum())
        if n:
            mean, share = float(chances[own].mean()), float(right[own].mean())
            error += n * abs(share - mean)
            bins.append({"from": i / count, "to": (i + 1) / count, "boxes": n, "right": int(right[own].sum()), "meanScore": round(mean, 4)})
    return {"bins": bins, "expectedCalibrationError": round(error / max(len(right), 1), 4)}
