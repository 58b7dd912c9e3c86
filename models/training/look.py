"""Writes what the teachers see in pictures: `look.py --teachers DIR --data SET[,SET…] --out FILE`; goes on where it stopped."""
import argparse
import json
from pathlib import Path

import cv2

from datasets import pictures_of
from real_sets import about
from teachers import look, open_teachers


def seen_before(file):
    if not file.exists():
        return set()
    return {json.loads(line)["picture"] for line in file.read_text(encoding="utf8").split("\n") if line}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teachers", required=True, help="folder with the ONNX files named in teachers.py")
    parser.add_argument("--data", required=True, help="folders of pictures, several with commas")
    parser.add_argument("--quarters", default="", help="those of your own that are looked at in quarters too, for what is small there")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    teachers, out = open_teachers(args.teachers), Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    done, quarters = seen_before(out), set(args.quarters.split(","))
    with out.open("a", encoding="utf8") as lines:
        for folder in args.data.split(","):
            for picture in pictures_of(Path(folder)):
                if str(picture) in done:
                    continue
                image = cv2.imread(str(picture))
                if image is None:
                    raise SystemExit(f"{picture} cannot be read")
                seen = {name: look(teacher, image, folder in quarters or about(Path(folder).name).quarters) for name, teacher in teachers.items()}
                lines.write(json.dumps({"picture": str(picture), "size": [image.shape[1], image.shape[0]], "seen": seen}) + "\n")
            lines.flush()
            print(folder, "seen", flush=True)


if __name__ == "__main__":
    main()
