"""Writes tests/data/oracles/layer/: what the layer attack makes of the four images of tiny/, in float64.

Run from anywhere with Debian's python3-torch (1.13), after attacks.py:
    /usr/bin/python3 scripts/oracles/layer_attack.py
Each image is moved so that a layer's activation comes near that of the next image (its guide): x <- clip(project(x - step u)), u the
sign of the gradient of the distance or the gradient by its length; the nearest iterate is the result. No random start.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch

from attacks import FOLDER as TINY, Classifier
from stored import DATA, figure, save, save_json

FOLDER = DATA / "layer"
CASES = [  # name, point, the tensor that holds its value, settings
    ("linf-conv2", "conv2", "relu2", {"norm": "linf", "eps": 0.0625, "steps": 5, "step_size": 0.015625}),
    ("l2-conv1", "conv1", "relu1", {"norm": "l2", "eps": 1.0, "steps": 6, "step_size": 0.25}),
    ("linf-logits", "logits", "logits", {"norm": "linf", "eps": 0.03125, "steps": 4, "step_size": 0.0078125}),
]


def activation(classifier, tensor, x):
    classifier.network(classifier.manifest.normalise(x))
    return classifier.network.values[tensor]


def attack(classifier, tensor, x0, guide, norm, eps, steps, step_size):
    """(the nearest iterate, its distance)"""
    target = activation(classifier, tensor, guide).detach()
    x, best = x0, (np.inf, x0)
    for step in range(steps + 1):
        x = x.clone().requires_grad_(True)
        distance = (activation(classifier, tensor, x) - target).norm()
        if float(distance) < best[0]:
            best = (float(distance), x.detach())
        gradient, = torch.autograd.grad(distance, x)
        x = x.detach() - step_size * (gradient.sign() if norm == "linf" else gradient / gradient.norm())
        d = x - x0
        d = d.clamp(-eps, eps) if norm == "linf" else d * min(1, eps / float(d.norm()))
        x = (x0 + d).clamp(0, 1)
    return best[1], best[0]


def main():
    torch.set_num_threads(1)
    classifier = Classifier()
    images = torch.from_numpy(np.load(TINY / "images.npy")).double()
    index = {"model": "../tiny/tiny.onnx", "images": "../tiny/images.npy", "cases": []}
    for name, point, tensor, settings in CASES:
        found = [attack(classifier, tensor, images[i:i + 1], images[(i + 1) % 4:(i + 1) % 4 + 1], **settings) for i in range(4)]
        save(FOLDER / f"{name}.npy", torch.cat([p for p, _ in found]).numpy(), "<f4")
        distances = [figure(d) for _, d in found]
        print(name, distances)
        index["cases"].append({"name": name, "settings": dict(settings, point=point, direction="guide"), "points": f"{name}.npy",
                               "distances": distances})
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
