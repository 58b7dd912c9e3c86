"""What several teachers agree on in one picture: boxes to learn, and boxes to leave alone because they do not."""
import numpy as np

from matching import iou_matrix

VEHICLES = ("car", "bus", "truck")
"""Things that are told apart well enough to be matched by name; vehicles are matched as one and named by the vote."""
GROUPS = {**{name: "vehicle" for name in VEHICLES}, "person": "person", "bicycle": "bicycle", "motorbike": "motorbike", "umbrella": "umbrella"}
SAME = 0.5
"""Mean score from which boxes of two teachers are learnt, and the score of one alone from which nothing is learnt there."""
SURE = {"vehicle": 0.32, "person": 0.35, "bicycle": 0.28, "umbrella": 0.28, "motorbike": 0.3}
DOUBT = 0.25
"""The share of the vote below which a vehicle's runner-up is left alone as well."""
NAMED = 0.7
"""A doubtful box that is larger than this share of the picture would silence everything: it is dropped."""
LARGEST = 0.6


def clusters(rows):
    """Groups of rows (teacher, name, score, box) of one group of things that lie on each other, best first; one row a teacher and name."""
    rows = sorted(rows, key=lambda row: -row[2])
    boxes = np.array([row[3] for row in rows], float).reshape(-1, 4)
    overlap, free, out = iou_matrix(boxes, boxes), np.ones(len(rows), bool), []
    for i in range(len(rows)):
        if free[i]:
            near = np.where(free & (overlap[i] >= SAME))[0]
            free[near] = False
            out.append([rows[j] for j in near])
    return out


def vote(cluster):
    """Teachers, their mean best score, the mean box by score, and names with their shares of the vote."""
    best, votes = {}, {}
    for teacher, name, score, box in cluster:
        if score > best.get(teacher, (0,))[0]:
            best[teacher] = (score, box)
        votes[name] = votes.get(name, 0.0) + score
    scores = np.array([score for score, _ in best.values()])
    box = np.average(np.array([box for _, box in best.values()], float), axis=0, weights=scores)
    total = sum(votes.values())
    names = sorted(((share / total, name) for name, share in votes.items()), reverse=True)
    return len(best), float(scores.mean()), box, names


def agreed(seen):
    """`seen`: rows (name, score, x1, y1, x2, y2) by teacher. Returns boxes to learn (name, box, names also possible there) and doubtful ones (group's names, box), motorbikes among both."""
    learn, doubt = [], []
    for group in sorted(set(GROUPS.values())):
        rows = [(teacher, name, score, box) for teacher, found in seen.items() for name, score, *box in found if GROUPS.get(name) == group and box[2] > box[0] and box[3] > box[1]]
        for cluster in clusters(rows):
            teachers, score, box, names = vote(cluster)
            if teachers >= 2 and score >= SURE[group]:
                learn.append((names[0][1], box, [name for share, name in names[1:]] if names[0][0] < NAMED else []))
            elif cluster[0][2] >= DOUBT and not covered(box, [other for name, other, _ in learn if GROUPS[name] == group]):
                doubt.append(([name for name, g in GROUPS.items() if g == group], box))
    return learn, doubt


def covered(box, boxes, limit=SAME):
    """Whether a box lies on one of others."""
    return len(boxes) > 0 and bool((iou_matrix(np.array([box], float), np.array(boxes, float)) >= limit).any())
