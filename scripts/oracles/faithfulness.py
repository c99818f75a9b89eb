"""Writes tests/data/oracles/faithfulness/: what a linear classifier's probability does as pixels are taken, by NumPy and SciPy.

Run from anywhere with Debian's python3-numpy (1.24) and python3-scipy (1.10):
    /usr/bin/python3 scripts/oracles/faithfulness.py
The network is softmax(W x), x the pixels row-major by channel. Definitions: src/compare/insertion_deletion.h,
confidence_drop.h, noisy_linear_imputation.h (without noise).
"""
import numpy as np
from scipy import ndimage

from stored import DATA, figure, save, save_json

SEED = 20220711
FOLDER = DATA / "faithfulness"
SHAPE = (3, 6, 7)
CLASS = 2
STEPS = 5  # does not divide the 42 pixels
SHARE = 0.6


def probability(weights, pixels):
    z = weights @ pixels.ravel()
    e = np.exp(z - z.max())
    return e[CLASS] / e.sum()


def curve(weights, start, end, relevance):
    order = np.argsort(-relevance.ravel(), kind="stable")
    ps = []
    for i in range(STEPS + 1):
        taken = order[: order.size * i // STEPS]
        x = start.reshape(3, -1).copy()
        x[:, taken] = end.reshape(3, -1)[:, taken]
        ps.append(probability(weights, x))
    shares = [order.size * i // STEPS / order.size for i in range(STEPS + 1)]
    return {"probabilities": [figure(p) for p in ps], "area": figure(np.trapz(ps, shares))}


def blurred(image):
    line = np.exp(-np.arange(-5, 6) ** 2 / (2 * 5.0**2))
    line /= line.sum()
    for axis in (1, 2):
        image = ndimage.correlate1d(image, line, axis=axis, mode="nearest")
    return image


def imputed(image, removed):
    """Every removed pixel the mean of its neighbours, by a dense system over all pixels."""
    h, w = image.shape[1:]
    system, known = np.eye(h * w), image.reshape(3, -1).T.copy()
    for p in removed:
        y, x = divmod(int(p), w)
        near = [(y + i, x + j, 1 / 6 if i == 0 or j == 0 else 1 / 12)
                for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
        near = [(a * w + b, weight) for a, b, weight in near if 0 <= a < h and 0 <= b < w]
        total = sum(weight for _, weight in near)
        for q, weight in near:
            system[p, q] -= weight / total
        known[p] = 0
    return np.linalg.solve(system, known).T.reshape(image.shape)


def main():
    rng = np.random.default_rng(SEED)
    image = rng.random(SHAPE).astype("<f4").astype(float)
    weights = rng.normal(size=(4, image.size)).astype("<f4").astype(float) * 0.25
    relevance = rng.normal(size=SHAPE[1:]).astype("<f4").astype(float)
    relevance[2, 3] = relevance[1, 1]  # a tie
    order = np.argsort(-relevance.ravel(), kind="stable")
    removed = order[: round(SHARE * order.size)]
    blur = blurred(image)
    mask = (relevance - relevance.min()) / np.ptp(relevance)
    save(FOLDER / "image.npy", image, "<f4")
    save(FOLDER / "weights.npy", weights, "<f4")
    save(FOLDER / "relevance.npy", relevance, "<f4")
    save(FOLDER / "blurred.npy", blur, "<f8")
    save(FOLDER / "imputed.npy", imputed(image, removed), "<f8")
    save_json(FOLDER / "faithfulness.json", {
        "class_index": CLASS,
        "steps": STEPS,
        "share": SHARE,
        "deletion_to_black": curve(weights, image, np.zeros(SHAPE), relevance),
        "insertion_from_blurred": curve(weights, blur.astype("<f4").astype(float), image, relevance),
        "clean": figure(probability(weights, image)),
        "masked": figure(probability(weights, image * mask)),
        "most_first": figure(probability(weights, imputed(image, removed))),
    })


if __name__ == "__main__":
    main()
