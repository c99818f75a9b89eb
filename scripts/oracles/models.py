"""Writes tests/data/oracles/<model>/: logits, gradients and heatmaps of the embedded models, in float64.

Run from anywhere with Debian's python3-torch (1.13), python3-onnx (1.12), python3-opencv (4.6), python3-pil (9.4):
    /usr/bin/python3 scripts/oracles/models.py
tests/data/oracles/README.md says what is in the files; docs/oracles.md how and why.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch
from PIL import Image

from heatmaps import METHODS, all_methods
from manifest import Manifest, to_unit_range
from onnx_network import Network
from stored import DATA, ROOT, figure, save, save_json

SEED = 20230306
SAMPLES = 4096
FULL_MAP = 28 * 28  # heatmaps of up to so many cells are stored whole,
MAP_SAMPLES = 1024  # of larger ones so many cells

# Photographs with hardly a gate or a pooling winner so close that float32 turns it (near_ties.py).
IMAGES = {
    "vgg16-slim-imagenette": ["imagenette/9ee13ecd8d6727c0.jpg", "imagenette/f5b0ed0fbb3b5f74.jpg"],
    "squeezenet1.0": ["imagenette/74dbbe535861d709.jpg", "street/74355a8c878b6814.jpg"],
}


def load(model, dtype=torch.float64):
    return Network(ROOT / "models" / f"{model}.onnx", dtype)


class Recording:
    """One forward and one backward pass of the class score: all layers' activations and gradients."""

    def __init__(self, network, manifest, pixels, score_class=None):
        x = to_unit_range(pixels[None], network.dtype).requires_grad_(True)
        logits = network(manifest.normalise(x))
        self.score_class = int(logits.argmax()) if score_class is None else score_class
        logits[0, self.score_class].backward()
        self.logits = logits.detach()[0].double().numpy()
        self.image_gradient = x.grad[0].double().numpy()
        self.layers = {}
        for name, tensor in network.layers():
            value = network.values[tensor]
            self.layers[name] = (value.detach()[0].double().numpy(), value.grad[0].double().numpy())


def check_pooling_ties():
    """A window of equal values sends its gradient to the first in row-major order, as faultline defines."""
    x = torch.zeros(1, 1, 3, 3, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.max_pool2d(x, 3, 2, ceil_mode=True).sum().backward()
    if x.grad.flatten().tolist() != [1.0] + [0.0] * 8:
        raise SystemExit("this torch breaks pooling ties otherwise")


def relative_l2(value, expected):
    size = np.linalg.norm(expected)
    return float(np.linalg.norm(value - expected) / size) if size > 0 else float(np.linalg.norm(value))


def float32_error(exact, single):
    """The largest relative L2 of any layer's activation, gradient or heatmap, computed in float32."""
    worst = relative_l2(single.image_gradient, exact.image_gradient)
    for name, pair in exact.layers.items():
        other = single.layers[name]
        errors = [relative_l2(o, p) for o, p in zip(other, pair)]
        errors += [relative_l2(o, p) for o, p in zip(all_methods(*other), all_methods(*pair))]
        worst = max(worst, *errors)
    return worst


def moments(name, array):
    return {f"{name}_norm": figure(np.linalg.norm(array)), f"{name}_sum": figure(array.sum())}


def file_name(layer):
    return layer.replace("/", "-") + ".npy"


def draw_positions(recording, folder, rng):
    """Which elements of every layer are stored: [layers,4096], and for large heatmaps [1024] each."""
    shapes = {name: pair[0].shape for name, pair in recording.layers.items()}

    def choose(count, samples=SAMPLES):
        return np.sort(rng.choice(count, samples, replace=False))

    positions = np.stack([choose(int(np.prod(shape))) for shape in shapes.values()])
    image_positions = choose(recording.image_gradient.size)
    save(folder / "positions.npy", positions, "<f4")
    save(folder / "image_positions.npy", image_positions, "<f4")
    layers, map_positions = [], {}
    for name, shape in shapes.items():
        entry = {"name": name, "shape": list(shape)}
        if shape[1] * shape[2] > FULL_MAP:
            map_positions[name] = choose(shape[1] * shape[2], MAP_SAMPLES)
            entry["heatmap_positions"] = "heatmap_positions/" + file_name(name)
            save(folder / entry["heatmap_positions"], map_positions[name], "<f4")
        layers.append(entry)
    return layers, positions, image_positions, map_positions


def store_heatmaps(path, recording, name, map_positions):
    maps = all_methods(*recording.layers[name])
    stored = maps.reshape(len(METHODS), -1)[:, map_positions[name]] if name in map_positions else maps
    save(path, stored, "<f4")
    return {"heatmap_norms": [figure(np.linalg.norm(m)) for m in maps],
            "heatmap_sums": [figure(m.sum()) for m in maps]}


def store_image(model, manifest, image, folder, drawn):
    """Writes one image's files; returns its entry of the index."""
    pixels = manifest.pixels(ROOT / "images" / image)
    exact = Recording(load(model), manifest, pixels)
    single = Recording(load(model, torch.float32), manifest, pixels, exact.score_class)
    layers, positions, image_positions, map_positions = drawn
    stem = image.split("/")[-1].removesuffix(".jpg")
    (folder / stem).mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / stem / "input.png", optimize=True)
    save(folder / stem / "logits.npy", exact.logits, "<f8")
    for kind, file in enumerate(("activations.npy", "gradients.npy")):
        sampled = [pair[kind].ravel()[at] for at, pair in zip(positions, exact.layers.values())]
        save(folder / stem / file, np.stack(sampled), "<f4")
    save(folder / stem / "image_gradient.npy", exact.image_gradient.ravel()[image_positions], "<f4")
    entry = {"image": "images/" + image, "folder": stem, "class_index": exact.score_class,
             "label": manifest.labels[exact.score_class], **moments("image_gradient", exact.image_gradient),
             "float32_relative_l2": float(f"{float32_error(exact, single):.1e}"), "layers": []}
    for layer in layers:
        name = layer["name"]
        path = f"{stem}/heatmaps/{file_name(name)}"
        entry["layers"].append({"name": name, **moments("activation", exact.layers[name][0]),
                                **moments("gradient", exact.layers[name][1]), "heatmaps": path,
                                **store_heatmaps(folder / path, exact, name, map_positions)})
    return entry


def store_model(model, images):
    folder = DATA / model
    manifest = Manifest(ROOT / "models" / f"{model}.json")
    first = Recording(load(model), manifest, manifest.pixels(ROOT / "images" / images[0]))
    drawn = draw_positions(first, folder, np.random.Generator(np.random.PCG64(SEED)))
    entries = [store_image(model, manifest, image, folder, drawn) for image in images]
    save_json(folder / "index.json", {"model": f"models/{model}.onnx", "methods": list(METHODS),
                                      "layers": drawn[0], "images": entries})


def main():
    torch.set_num_threads(1)
    check_pooling_ties()
    for model, images in IMAGES.items():
        store_model(model, images)


if __name__ == "__main__":
    main()
