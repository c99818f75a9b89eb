"""Writes tests/data/oracles/gradient_variants/: what R+FGSM, PGD in L2 and MI-, NI-, DI-, TI- and VMI-FGSM make of the four images of
tiny/, in float64.

Run after attacks.py. Written from the papers, one image at a time; random numbers are those of philox.py. The mean of |g| stands for the L1
norm, as in the authors' code. Random maps go through PyTorch's own bilinear interpolation and autograd, the Gaussian through SciPy.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import math

import numpy as np
import torch
from scipy.ndimage import correlate1d
from scipy.stats import norm as normal_distribution

from manifest import Manifest
from onnx_network import Network
from philox import Stream
from stored import DATA, save, save_json

TINY = DATA / "tiny"
FOLDER = DATA / "gradient_variants"
CLOSE = 1e-6  # a gradient element or gate this near to turning could turn in float32

CASES = [  # attack, settings as a user writes them, seed; eps and steps are exact in float32
    ("rfgsm", {"norm": "linf", "eps": 1 / 32, "alpha": 1 / 128}, 1),
    ("pgd-l2", {"eps": 0.5, "steps": 3, "step_size": 0.25, "random_start": False}, 0),
    ("mi-fgsm", {"norm": "linf", "eps": 1 / 32, "steps": 4, "step_size": 1 / 64, "decay": 0.75}, 0),
    ("mi-fgsm", {"norm": "l2", "eps": 0.5, "steps": 3, "step_size": 0.25, "decay": 0.75}, 0),
    ("ni-fgsm", {"eps": 1 / 32, "steps": 4, "step_size": 1 / 64, "decay": 0.75}, 0),
    ("di-fgsm", {"norm": "linf", "eps": 1 / 32, "steps": 4, "step_size": 1 / 64, "decay": 0.75, "probability": 0.75,
                 "least_scale": 0.5}, 1),
    ("ti-fgsm", {"norm": "linf", "eps": 1 / 32, "steps": 4, "step_size": 1 / 64, "decay": 0.75, "kernel_size": 3,
                 "kernel_reach": 1.5}, 0),
    ("vmi-fgsm", {"eps": 1 / 32, "steps": 3, "step_size": 1 / 64, "decay": 0.75, "neighbours": 4, "beta": 1.25}, 1),
]


class Image:
    def __init__(self, network, manifest, pixels, name):
        self.network, self.manifest, self.name = network, manifest, name
        self.clean = pixels.double()
        self.closest = math.inf
        self.label = int(self.logits(self.clean).argmax())

    def logits(self, x):
        return self.network(self.manifest.normalise(x[None]))[0]

    def gradient(self, x, through=lambda x: x):
        """Of the cross-entropy at the label, by x."""
        x = x.detach().clone().requires_grad_(True)
        z = self.logits(through(x))
        (g,) = torch.autograd.grad(torch.logsumexp(z, 0) - z[self.label], x)
        values = self.network.values
        windows = torch.nn.functional.unfold(values["relu1"].detach(), 2, stride=2).view(1, 4, 4, 16)
        first, second = windows.topk(2, dim=2).values.unbind(2)
        # Windows in the padding tie exactly, and what they hand on stays there.
        for near in (values["conv1"], values["conv2"], (first - second)[(first > 0) & (first != second)]):
            self.watch(near)
        return g

    def watch(self, values):
        values = values.detach().abs()
        if values.numel():
            self.closest = min(self.closest, float(values.min()))

    def direction(self, g, norm):
        if norm == "linf":
            self.watch(g[g != 0] / g.abs().max())
            return g.sign()
        return g / g.norm()

    def project(self, x, norm, eps):
        d = x - self.clean
        d = d.clamp(-eps, eps) if norm == "linf" else d * min(1.0, eps / max(float(d.norm()), 1e-300))
        return (self.clean + d).clamp(0, 1)


def random_start_step(image, s, seed):
    noise = torch.from_numpy(Stream(seed, image.name + "/rfgsm/start").normals(image.clean.numel())).view(image.clean.shape)
    x = image.project(image.clean + s["alpha"] * noise.sign(), s["norm"], s["eps"])
    return image.project(x + (s["eps"] - s["alpha"]) * image.direction(image.gradient(x), "linf"), s["norm"], s["eps"])


def projected_descent_l2(image, s, _):
    x = image.clean
    for _ in range(s["steps"]):
        x = image.project(x + s["step_size"] * image.direction(image.gradient(x), "l2"), "l2", s["eps"])
    return x


def resized_and_padded(stream, least_scale):
    """The random map of step k: a share u of sizes, then offsets."""
    u = stream.uniform(1)

    def through(x):
        _, height, width = x.shape
        low_h, low_w = max(1, math.floor(least_scale * height)), max(1, math.floor(least_scale * width))
        h, w = low_h + math.floor(u * (height - low_h)), low_w + math.floor(u * (width - low_w))
        top, left = stream.below(2, height - h + 1), stream.below(3, width - w + 1)
        small = torch.nn.functional.interpolate(x[None], size=(h, w), mode="bilinear", align_corners=False)[0]
        return torch.nn.functional.pad(small, (left, width - w - left, top, height - h - top))
    return through


def smoothed(g, size, reach):
    weights = normal_distribution.pdf(np.linspace(-reach, reach, size))
    weights /= weights.sum()
    values = g.numpy()
    for axis in (1, 2):
        values = correlate1d(values, weights, axis=axis, mode="constant")
    return torch.from_numpy(values)


def momentum(image, s, seed, attack):
    norm = s.get("norm", "linf")
    x, u, v = image.clean, torch.zeros_like(image.clean), torch.zeros_like(image.clean)
    for k in range(1, s["steps"] + 1):
        stream = Stream(seed, f"{image.name}/{attack}/step={k}")
        if attack == "ni-fgsm":
            g = image.gradient(x + s["step_size"] * s["decay"] * u)
        elif attack == "di-fgsm" and stream.uniform(0) < s["probability"]:
            g = image.gradient(x, resized_and_padded(stream, s["least_scale"]))
        else:
            g = image.gradient(x)
        if attack == "ti-fgsm":
            g = smoothed(g, s["kernel_size"], s["kernel_reach"])
        at_point = g
        if attack == "vmi-fgsm":
            g = g + v
            around = torch.zeros_like(g)
            for i in range(s["neighbours"]):
                r = 2 * Stream(seed, f"{image.name}/{attack}/step={k}/neighbour={i}").uniforms(g.numel()) - 1
                around += image.gradient(x + s["beta"] * s["eps"] * torch.from_numpy(r).view(g.shape))
            v = around / s["neighbours"] - at_point
        u = s["decay"] * u + g / g.abs().mean()
        x = image.project(x + s["step_size"] * image.direction(u, norm), norm, s["eps"])
    return x


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    network, manifest = Network(TINY / "tiny.onnx"), Manifest(TINY / "tiny.json")
    pixels = torch.from_numpy(np.load(TINY / "images.npy"))
    closest, cases = math.inf, []
    for number, (attack, settings, seed) in enumerate(CASES):
        results, predictions = [], []
        for i in range(len(pixels)):
            image = Image(network, manifest, pixels[i], f"image{i}")
            if attack == "rfgsm":
                x = random_start_step(image, settings, seed)
            elif attack == "pgd-l2":
                x = projected_descent_l2(image, settings, seed)
            else:
                x = momentum(image, settings, seed, attack)
            results.append(x)
            predictions.append(int(image.logits(x).argmax()))
            print(f"{attack} {i}: nearest to turning {image.closest:.1e}")
            closest = min(closest, image.closest)
        file = f"{number}-{attack}.npy"
        save(FOLDER / file, torch.stack(results), "<f4")
        cases.append({"attack": attack, "settings": settings, "seed": seed, "images": file, "prediction": predictions})
    if closest < CLOSE:
        raise SystemExit(f"something is {closest:.1e} from turning; take other seeds or sizes")
    save_json(FOLDER / "index.json", {"cases": cases})


if __name__ == "__main__":
    main()
