"""The classes of our detector; the first nine are the concepts, the last three the states of a muck truck."""

CLASSES = (
    "person", "bicycle", "car", "bus", "truck", "muck_truck", "stall", "cart", "umbrella",
    "muck_truck_covered", "muck_truck_uncovered", "muck_truck_empty",
)
INDEX = {name: index for index, name in enumerate(CLASSES)}
WIDTH, HEIGHT, PAD = 416, 256, 114


def class_of(label):
    """Network class of a scene label: a muck truck's load and cover choose its class when the bed can be seen."""
    name = label["class"]
    if name != "muck_truck":
        return INDEX[name]
    load, cover = label.get("load"), label.get("cover")
    if load == "loaded" and cover in ("covered", "uncovered"):
        return INDEX[f"muck_truck_{cover}"]
    if load == "empty" and cover == "uncovered":
        return INDEX["muck_truck_empty"]
    return INDEX["muck_truck"]
