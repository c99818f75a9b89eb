"""Prints how far float32 can move the gradients of each embedded photograph: the reason for the choice in models.py.

    /usr/bin/python3 scripts/oracles/near_ties.py
A ReLU network's gradient jumps where a gate or a pooling winner turns. With some three million of them an image may well have
one so close that the order of float32 sums decides it, and one is enough for a relative L2 of 1e-3. Each figure is the largest
over layers and image for one random order of the input channels of every convolution, against float64.
"""
import torch

import models
from manifest import Manifest
from onnx_network import Network
from stored import ROOT

ORDERS = 10
PHOTOGRAPHS = {"vgg16-slim-imagenette": "imagenette/*.jpg", "squeezenet1.0": "*/*.jpg"}


class Reordered(Network):
    """The same network, its convolutions summed in another order."""

    def op_Conv(self, inputs, attributes):
        x, weight, *bias = inputs
        order = torch.randperm(x.shape[1])
        return super().op_Conv([x[:, order], weight[:, order], *bias], attributes)


def gradients(recording):
    return [gradient for _, gradient in recording.layers.values()] + [recording.image_gradient]


def worst_of_orders(model, manifest, image):
    pixels = manifest.pixels(image)
    exact = models.Recording(models.load(model), manifest, pixels)
    reordered = Reordered(ROOT / "models" / f"{model}.onnx", torch.float32)
    worst = []
    for _ in range(ORDERS):
        single = models.Recording(reordered, manifest, pixels, exact.score_class)
        errors = [models.relative_l2(f, e) for f, e in zip(gradients(single), gradients(exact))]
        worst.append(max(errors))
    return worst


def main():
    for model, pattern in PHOTOGRAPHS.items():
        print(model)
        manifest = Manifest(ROOT / "models" / f"{model}.json")
        for image in sorted((ROOT / "images").glob(pattern)):
            torch.manual_seed(1)
            worst = worst_of_orders(model, manifest, image)
            print(f"  {image.parent.name}/{image.name}", " ".join(f"{w:.0e}" for w in worst), flush=True)


if __name__ == "__main__":
    main()
