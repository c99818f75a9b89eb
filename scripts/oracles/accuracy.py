"""Prints how many images a model answers right, preprocessed by its manifest, in float32 PyTorch.

    /usr/bin/python3 scripts/oracles/accuracy.py models/squeezenet1.0.json IMAGES/labels.csv
    /usr/bin/python3 scripts/oracles/accuracy.py models/vgg16-slim-imagenette.json FOLDER --every 13
The images: a CSV with the columns file and class_index, or a folder that holds one folder a class, which sorted are the
classes. --filter and --geometry replace what the manifest says, --every N takes each Nth image.
"""
import argparse
import csv
from pathlib import Path

import torch

from manifest import Manifest, to_unit_range
from onnx_network import Network


def labelled(path):
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as lines:
            return [(path.parent / row["file"], int(row["class_index"])) for row in csv.DictReader(lines)]
    folders = sorted(p for p in path.iterdir() if p.is_dir())
    return [(image, index) for index, folder in enumerate(folders) for image in sorted(folder.iterdir())]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--filter")
    parser.add_argument("--geometry")
    parser.add_argument("--resize-to", type=int)
    return parser.parse_args()


def main():
    options = arguments()
    manifest = Manifest(options.manifest)
    replaced = {"filter": options.filter, "geometry": options.geometry, "resize_to": options.resize_to}
    manifest.input["resize"].update({key: value for key, value in replaced.items() if value is not None})
    network = Network(options.manifest.with_suffix(".onnx"), torch.float32)
    images = labelled(options.images)[::options.every]
    right = [0, 0]
    for path, label in images:
        with torch.no_grad():
            x = to_unit_range(manifest.pixels(path)[None], torch.float32)
            top = network(manifest.normalise(x))[0].topk(5).indices.tolist()
        right[0] += top[0] == label
        right[1] += label in top
    for name, count in zip(("top-1", "top-5"), right):
        print(f"{name}: {count} of {len(images)} = {100 * count / len(images):.2f} %")


if __name__ == "__main__":
    main()
