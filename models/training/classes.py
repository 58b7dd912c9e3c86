"""What the network tells apart, and the labels of the exported graph."""

CLASSES = ("person", "bicycle", "car", "bus", "truck", "muck_truck", "stall", "cart", "umbrella")
INDEX = {name: index for index, name in enumerate(CLASSES)}
MUCK_TRUCK = INDEX["muck_truck"]

"""States of a muck truck's bed: the first is "cannot be told"; each of the others is a label of its own."""
STATES = ("unknown", "covered", "uncovered", "empty", "partly")
LOAD_AND_COVER = {"covered": ("loaded", "covered"), "uncovered": ("loaded", "uncovered"), "empty": ("empty", "uncovered"), "partly": ("loaded", "partly")}
"""Columns of the exported scores: the classes, then the states that can be told."""
LABELS = CLASSES + tuple(f"muck_truck_{state}" for state in STATES[1:])

WIDTH, HEIGHT, PAD = 416, 256, 114


"""An open bed of which nobody has said what it holds: uncovered or empty."""
OPEN = len(STATES)
"""States that a bed may be in, by the state that its label says: [len(STATES) + 1, len(STATES)]."""
ALLOWED = tuple(tuple(float(i == j or (i == OPEN and STATES[j] in ("uncovered", "empty"))) for j in range(len(STATES))) for i in range(len(STATES) + 1))


def state_of(label):
    """Number of a scene label's state, OPEN among them; -1 for what has no bed that anybody judged."""
    found = (label.get("load"), label.get("cover"))
    if label["class"] != "muck_truck" and not (label["class"] == "truck" and found[1] in ("covered", "uncovered")):
        return -1
    if found[1] == "covered":
        # A sheet looks the same whatever lies under it, or nothing.
        found = ("loaded", "covered")
    if found == ("unknown", "uncovered"):
        return OPEN
    return next((STATES.index(state) for state, pair in LOAD_AND_COVER.items() if pair == found), 0)
