"""Real data sets that the shipped weights have learnt from: where each comes from, its licence, and how it is used. No picture of them is shipped."""
from dataclasses import dataclass


@dataclass(frozen=True)
class RealSet:
    origin: str
    licence: str
    learnt: str
    """Nothing in its pictures is a stall or a cart, so that both are taught as absent there. Elsewhere nobody has looked."""
    no_stalls: bool = False
    """Small things are many: teachers look at quarters of each picture too."""
    quarters: bool = False
    """How often its pictures are drawn beside those of other sets: street cameras are what the edge sees."""
    weight: float = 1.0


SETS = {
    "highway-tidar": RealSet("adeirman46/Level2-FSD", "CC BY 4.0", "people and vehicles by hand; kinds of 753 lorries by hand, tippers among them", no_stalls=True),
    "atl-cctv": RealSet("yuskun/object_detected", "CC BY 4.0", "vehicles by hand, from cameras over roads", no_stalls=True, quarters=True, weight=2.0),
    "construction-safety": RealSet("suhail243/PPE_Detect", "CC BY 4.0", "people by hand", no_stalls=True, weight=0.5),
    "bangkok-bus": RealSet("llsrwsaint225/Bus-Dataset_YoloV7", "CC BY 4.0", "buses by hand"),
    "vehicles-openimages": RealSet("yuskun/object_detected, from Open Images", "annotations CC BY 4.0, photographs CC BY 2.0 as Open Images lists them", "vehicles by hand", no_stalls=True),
    "voc2012-people": RealSet("mateusrafael4/Atividade_programacao_pose_estimation with labels of abeardear/pytorch-YOLO-v1, from VOC 2012", "VOC (Flickr terms)", "people and vehicles by hand"),
    "voc-tiny": RealSet("polya-xue/Pytorch-YoloV1, from VOC", "VOC (Flickr terms)", "people, bicycles and vehicles by hand"),
    "u-tfl-jamcam": RealSet("dais-ita/Creation-of-low-resolution-vehicle-dataset", "none stated; TfL open data asks for attribution: powered by TfL Open Data", "three street cameras, by teachers alone", no_stalls=True, quarters=True, weight=2.0),
    "u-tud-street": RealSet("LS-chen/Pedestrian-behavior-detection-and-prediction", "none stated", "streets with parked bicycles, by teachers alone", quarters=True, weight=2.0),
    "market-views": RealSet("27 public repositories with travel and market photographs, labelled by this project", "none stated for most; the pictures stay where they are and are not shipped", "stalls, carts and umbrellas by hand", weight=10.0),
    "carts-tippers": RealSet("23 public repositories of hauliers, builders and food sellers, labelled by this project", "none stated for most; the pictures stay where they are and are not shipped", "carts, stalls, lorries and what their beds hold by hand", weight=4.0),
}
OWN = RealSet("your own", "yours", "as labelled; what it does not label by teachers")


def about(name):
    """What is known of a set by its folder's name; of any other, that it is the user's own."""
    return SETS.get(name, OWN)
