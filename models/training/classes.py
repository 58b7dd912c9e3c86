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


def state_of(label):
    """Number of a scene label's state; -1 for what is not a muck truck."""
    if label["class"] != "muck_truck":
        return -1
    found = (label.get("load"), label.get("cover"))
    if found[1] == "covered":
        # A sheet looks the same whatever lies under it, or nothing.
        found = ("loaded", "covered")
    return next((STATES.index(state) for state, pair in LOAD_AND_COVER.items() if pair == found), 0)
