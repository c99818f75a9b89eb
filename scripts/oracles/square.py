"""Writes tests/data/oracles/square/: what the Square Attack makes of the four images of tiny/, in float64.

Run after attacks.py. Written from Andriushchenko et al. 2020 (algorithms 1 to 3) and the constants of AutoAttack's version, one image at a
time; the random numbers are those of philox.py, in the order that src/attack/square_proposal.h gives.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import math

import numpy as np
import torch

from manifest import Manifest
from onnx_network import Network
from philox import Stream
from stored import DATA, figure, save, save_json

TINY = DATA / "tiny"
FOLDER = DATA / "square"
P = 0.5  # not the default
CLOSE = 1e-6  # a comparison of margins this near to a tie could turn in float32

CASES = [  # norm, eps (exact in float32), queries, schedule rescaled, restarts, seed
    ("linf", 1 / 64, 70, False, 1, 1),
    ("linf", 1 / 128, 40, True, 2, 2),
    ("l2", 1 / 8, 70, False, 2, 3),
    ("l2", 1 / 4, 30, True, 1, 6),
]


def share(query, queries, rescaled):
    it = int(query / queries * 10000) if rescaled else query
    for bound, divisor in ((8000, 512), (6000, 256), (4000, 128), (2000, 64), (1000, 32), (500, 16), (200, 8), (50, 4), (10, 2)):
        if it > bound:
            return P / divisor
    return P


class Draws:
    def __init__(self, stream, first):
        self.stream, self.next = stream, first

    def below(self, bound):
        self.next += 1
        return self.stream.below(self.next - 1, bound)

    def sign(self):
        return 1.0 if self.below(2) else -1.0


def hill(rows, columns):
    """Rectangles that grow by one on every side, the k-th adding 1/k^2."""
    values = np.zeros((rows, columns))
    row, column = rows // 2, columns // 2
    for k in range(max(rows // 2, columns // 2) + 1):
        values[max(row - k, 0):min(row + k + 1, rows), max(column - k, 0):min(column + k + 1, columns)] += 1 / (k + 1) ** 2
    return values / np.linalg.norm(values) if values.size else values


def pattern(side):
    values = np.concatenate([hill(side // 2, side), -hill(side - side // 2, side)])
    return values / np.linalg.norm(values)


def to_sphere(clean, d, eps):
    return np.clip(clean + eps * d / np.linalg.norm(d), 0, 1)


def start(clean, norm, eps, draws):
    channels, height, width = clean.shape
    if norm == "linf":
        signs = np.array([[draws.sign() for _ in range(width)] for _ in range(channels)])
        return np.clip(clean + eps * signs[:, None, :], 0, 1)
    side = height // 5
    origin = (height - 5 * side) // 2
    d = np.zeros((channels, height + 2 * side, width + 2 * side))  # squares may stick out
    for row in range(height // side):
        for column in range(width // side):
            u = pattern(side)
            u = u.T if draws.below(2) == 0 else u
            signs = np.array([draws.sign() for _ in range(channels)])
            top, left = origin + row * side, origin + column * side
            d[:, top:top + side, left:left + side] += signs[:, None, None] * u
    return to_sphere(clean, d[:, :height, :width], eps)


def proposal(clean, best, norm, eps, side, draws):
    channels, height, width = clean.shape
    top, left = draws.below(max(height - side, 1)), draws.below(max(width - side, 1))
    square = (slice(None), slice(top, top + side), slice(left, left + side))
    if norm == "linf":
        step = np.zeros_like(clean)
        step[square] = 2 * eps * np.array([draws.sign() for _ in range(channels)])[:, None, None]
        return np.clip(np.clip(best + step, clean - eps, clean + eps), 0, 1)
    top2, left2 = draws.below(max(height - side, 1)), draws.below(max(width - side, 1))
    second = (slice(None), slice(top2, top2 + side), slice(left2, left2 + side))
    u = pattern(side)
    u = u.T if draws.below(2) == 0 else u
    signs = np.array([draws.sign() for _ in range(channels)])
    d = best - clean
    mask = np.zeros_like(clean)
    mask[square] = mask[second] = 1
    size = math.sqrt(max(eps ** 2 - (d ** 2).sum(), 0) / channels + ((d * mask) ** 2).sum())
    new = signs[:, None, None] * u + d[square] / (1e-12 + np.sqrt((d[square] ** 2).sum((1, 2), keepdims=True)))
    new *= size / (1e-12 + np.sqrt((new ** 2).sum((1, 2), keepdims=True)))
    d[second] = 0
    d[square] = new
    return to_sphere(clean, d, eps)


class Attacker:
    def __init__(self, network, manifest, clean):
        self.network, self.manifest = network, manifest
        self.clean = clean.astype(np.float64)
        self.label = int(self.logits(self.clean).argmax())
        self.closest = math.inf

    def logits(self, x):
        with torch.no_grad():
            return self.network(self.manifest.normalise(torch.from_numpy(x)[None]))[0].numpy()

    def margin(self, x):
        z = self.logits(x)
        return np.delete(z, self.label).max() - z[self.label]

    def restart(self, key, number, norm, eps, queries, rescaled, seed):
        """Point, query, margin; a positive margin is a success."""
        name = f"{key}/square/restart={number}"
        x = start(self.clean, norm, eps, Draws(Stream(seed, name + "/start"), 0))
        best = (x, 0, self.margin(x))
        for query in range(queries):
            if best[2] > 0:
                break
            side = int(round(math.sqrt(share(query, queries, rescaled) * x.shape[1] * x.shape[2])))
            side = max(side, 1) if norm == "linf" else max(side, 3) + (max(side, 3) % 2 == 0)
            draws = Draws(Stream(seed, name), query * (x.shape[0] + 5))
            x = proposal(self.clean, best[0], norm, eps, side, draws)
            margin = self.margin(x)
            if not np.array_equal(x, best[0]):
                self.closest = min(self.closest, abs(margin - best[2]), abs(margin))
            if margin > best[2]:
                best = (x, query + 1, margin)
        return best

    def attack(self, key, norm, eps, queries, rescaled, restarts, seed):
        failed = []
        for number in range(restarts):
            point, query, margin = self.restart(key, number, norm, eps, queries, rescaled, seed)
            if margin > 0:
                return point, query, number, margin
            failed.append((point, query, number, margin))
        return max(failed, key=lambda run: run[3])


def main():
    torch.set_num_threads(1)
    network, manifest = Network(TINY / "tiny.onnx"), Manifest(TINY / "tiny.json")
    images = [Attacker(network, manifest, pixels) for pixels in np.load(TINY / "images.npy")]
    cases = []
    for number, (norm, eps, queries, rescaled, restarts, seed) in enumerate(CASES):
        results = [image.attack(f"image{i}", norm, eps, queries, rescaled, restarts, seed) for i, image in enumerate(images)]
        file = f"{number}-{norm}.npy"
        save(FOLDER / file, np.stack([r[0] for r in results]), "<f4")
        cases.append({"norm": norm, "eps": eps, "queries": queries, "rescaled": rescaled, "restarts": restarts, "seed": seed,
                      "images": file, "query": [r[1] for r in results], "restart": [r[2] for r in results],
                      "margin": [figure(r[3]) for r in results]})
        print(norm, cases[-1]["query"], cases[-1]["restart"], cases[-1]["margin"], f"{min(i.closest for i in images):.1e}")
    if min(image.closest for image in images) < CLOSE:
        raise SystemExit("two margins are too near to each other; take another seed")
    save_json(FOLDER / "index.json", {"p": P, "cases": cases})


if __name__ == "__main__":
    main()
