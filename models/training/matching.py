"""Which found box answers for which true one, and the average precision that follows; numpy only."""
import numpy as np

"""Below this share of visible surface an object is neither demanded nor forbidden."""
MIN_VISIBLE = 0.25
"""Likewise below this size, the root of the box's area in pixels of the network's input."""
MIN_SIZE = 12.0
BINS = {"12-24": (12, 24), "24-48": (24, 48), "48-96": (48, 96), "96+": (96, np.inf)}
IOUS = tuple(np.arange(0.5, 0.96, 0.05).round(2))
MOST = 100


def iou_matrix(a, b):
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = (high - low).clip(0).prod(-1)
    area = lambda x: (x[:, 2:] - x[:, :2]).prod(-1)
    return inter / np.maximum(area(a)[:, None] + area(b)[None] - inter, 1e-6)


def size_of(boxes):
    return np.sqrt((boxes[:, 2:] - boxes[:, :2]).clip(0).prod(-1))


def suppress(boxes, scores, limit=0.6):
    """Rows to keep, best first: of two that overlap more than the limit, the better stays."""
    order, keep = scores.argsort(kind="stable")[::-1][: 4 * MOST], []
    overlap = iou_matrix(boxes[order], boxes[order])
    alive = np.ones(len(order), bool)
    for i in range(len(order)):
        if alive[i]:
            keep.append(order[i])
            alive &= overlap[i] <= limit
            alive[i] = False
    return np.array(keep[:MOST], int)


def record(boxes, scores, truth, demanded):
    """What matching needs of one picture and one class: `boxes` best first, `truth` all boxes of the class, `demanded` those that count."""
    return {"scores": scores, "sizes": size_of(boxes), "iou": iou_matrix(boxes, truth), "truth": size_of(truth), "demanded": demanded}


def match(record, iou=0.5, span=(0, np.inf)):
    """Scores and rightness of the boxes that count, and how many true ones were demanded.

    A box on something hidden, tiny or outside the span of sizes counts neither way; nor does an unmatched one of a size outside.
    """
    overlap, within = record["iou"], (record["truth"] >= span[0]) & (record["truth"] < span[1])
    demanded = record["demanded"] & within
    free, scores, right = demanded.copy(), [], []
    for i, score in enumerate(record["scores"]):
        row = overlap[i]
        open_ = np.where(free & (row >= iou))[0]
        if len(open_):
            free[open_[row[open_].argmax()]] = False
            scores.append(score)
            right.append(1)
        elif not ((row >= min(iou, 0.4)) & ~demanded).any() and span[0] <= record["sizes"][i] < span[1]:
            scores.append(score)
            right.append(0)
    return np.array(scores), np.array(right), int(demanded.sum())


def pooled(matches):
    """All scores, best first, whether right, and the number of true boxes."""
    if not matches:
        return np.zeros(0), np.zeros(0), 0
    scores, right = np.concatenate([m[0] for m in matches]), np.concatenate([m[1] for m in matches])
    order = scores.argsort(kind="stable")[::-1]
    return scores[order], right[order], sum(m[2] for m in matches)


def average_precision(right, count):
    """Area under the precision envelope; nan where there is nothing to find."""
    if count == 0:
        return float("nan")
    if len(right) == 0:
        return 0.0
    hits = right.cumsum()
    precision = np.maximum.accumulate((hits / np.arange(1, len(right) + 1))[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], hits / count])) * precision))


def best_point(scores, right, count):
    """Score with the best F1, with its precision and recall."""
    if count == 0 or len(right) == 0:
        return None
    hits, told = right.cumsum(), np.arange(1, len(right) + 1)
    f1 = 2 * hits / (told + count)
    at = int(f1.argmax())
    lower = scores[at + 1] if at + 1 < len(scores) else 0.0
    return {"score": float((scores[at] + lower) / 2), "f1": float(f1[at]), "precision": float(hits[at] / told[at]), "recall": float(hits[at] / count)}
