"""Writes tests/data/oracles/compare/: distances between small maps, their concentration, and deviations, by NumPy and SciPy.

Run from anywhere with Debian's python3-numpy (1.24) and python3-scipy (1.10):
    /usr/bin/python3 scripts/oracles/compare.py
Definitions where docs/method.md leaves room (all maps H >= 0, of Z = h w cells, in row-major order):
  centre shift: distance of the centres of mass in cells, divided by sqrt(h^2 + w^2); earth mover's distances likewise, between
  the centres of the area-averaged cells, in cells of the full map. SSIM: maps divided by their maxima, population moments
  under the window, mean over the windows inside the map, K1 = 0.01, K2 = 0.03. Gini: sum |H_i - H_j| / (2 Z sum H).
  Half-mass region: cells descending, ties by index, until their exact sum is >= half. A distance to a blank map is missing (null),
  and so is a correlation with a constant map and the entropy of a single cell.
"""
from fractions import Fraction

import numpy as np
from scipy import ndimage, signal, spatial, stats
from scipy.optimize import linprog
from scipy.sparse import identity, kron, vstack

from stored import DATA, figure, save, save_json

SEED = 20230323
FOLDER = DATA / "compare"


def descending(h):
    """Indices of the positive cells, largest first, ties by index."""
    flat = h.ravel()
    order = np.argsort(-flat, kind="stable")
    return order[flat[order] > 0]


def half_mass_region(h):
    exact = [Fraction(float(v)) for v in h.ravel()]
    total, held, region = sum(exact), Fraction(0), []
    for index in descending(h):
        if 2 * held >= total:
            break
        held += exact[index]
        region.append(index)
    return region


def distraction(h, other):
    region = half_mass_region(h)
    share = [m.ravel()[region].sum() / m.sum() for m in (h, other)]
    return 1 - share[1] / share[0]


def cosine(h, other):
    return spatial.distance.cosine(h.ravel(), other.ravel())


def overlap(h, other):
    count = -(-h.size // 5)  # ceil(0.2 Z)
    a, b = (set(descending(m)[:count].tolist()) for m in (h, other))
    return 1 - len(a & b) / len(a | b)


def centre_shift(h, other):
    a, b = (np.array(ndimage.center_of_mass(m)) for m in (h, other))
    return np.linalg.norm(a - b) / np.hypot(*h.shape)


def mse(h, other):
    return ((h / h.max() - other / other.max()) ** 2).mean()


def pearson(h, other):
    return 1 - stats.pearsonr(h.ravel(), other.ravel())[0]


def spearman(h, other):
    return 1 - stats.spearmanr(h.ravel(), other.ravel())[0]


def gaussian_window(side):
    x = np.arange(side) - side // 2
    line = np.exp(-x**2 / (2 * 1.5**2))
    return np.outer(line, line) / line.sum() ** 2


def ssim(h, other):
    a, b = h / h.max(), other / other.max()
    side = min(11, *(n if n % 2 else n - 1 for n in h.shape))
    window = gaussian_window(side)

    def mean(m):
        return signal.correlate2d(m, window, mode="valid")

    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    c1, c2 = 0.01**2, 0.03**2
    return 1 - ((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean()


def jensen_shannon(h, other):
    return spatial.distance.jensenshannon(h.ravel() / h.sum(), other.ravel() / other.sum(), base=2) ** 2


def averaging(n, limit=8):
    """[min(n,limit), n]: each new cell averages the stretch of old cells that it covers."""
    m = min(n, limit)
    edges = np.arange(m + 1) * n / m
    starts = np.maximum(edges[:-1, None], np.arange(n)[None])
    ends = np.minimum(edges[1:, None], np.arange(n)[None] + 1)
    return np.maximum(ends - starts, 0) * m / n


def earth_mover(h, other):
    height, width = h.shape
    rows, columns = averaging(height), averaging(width)
    p, q = ((rows @ m @ columns.T).ravel() for m in (h, other))
    p, q = p / p.sum(), q / q.sum()
    y = (np.arange(len(rows)) + 0.5) * height / len(rows)
    x = (np.arange(len(columns)) + 0.5) * width / len(columns)
    centres = np.stack(np.meshgrid(y, x, indexing="ij"), -1).reshape(-1, 2)
    cost = spatial.distance.cdist(centres, centres) / np.hypot(height, width)
    n = len(p)
    supply, demand = kron(identity(n), np.ones((1, n))), kron(np.ones((1, n)), identity(n))
    result = linprog(cost.ravel(), A_eq=vstack([supply, demand]).tocsr(), b_eq=np.concatenate([p, q]), method="highs-ds",
                     options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10})
    if not result.success:
        raise SystemExit(result.message)
    return result.fun


DISTANCES = {
    "distraction": distraction, "cosine": cosine, "overlap": overlap, "centre_shift": centre_shift, "mse": mse,
    "pearson": pearson, "spearman": spearman, "ssim": ssim, "jensen_shannon": jensen_shannon, "earth_mover": earth_mover,
}


def distances(h, other):
    values = {}
    for name, distance in DISTANCES.items():
        correlation = name in ("pearson", "spearman")
        constant = any(np.ptp(m) == 0 for m in (h, other))
        missing = not h.any() or not other.any() or (correlation and constant)
        values[name] = None if missing else figure(round(float(distance(h, other)), 13) + 0.0)
    return values


def concentration(h):
    if not h.any():
        return {"entropy": None, "gini": None, "half_mass_cells": 0}
    flat = h.ravel()
    entropy = stats.entropy(flat / flat.sum()) / np.log(h.size) if h.size > 1 else None
    gini = np.abs(flat[:, None] - flat[None]).sum() / (2 * h.size * flat.sum())
    return {"entropy": None if entropy is None else figure(entropy), "gini": figure(gini),
            "half_mass_cells": len(half_mass_region(h))}


def blob(rng, height, width):
    """A smooth spot with noise: what heatmaps look like."""
    y, x = np.mgrid[0:height, 0:width]
    cy, cx = rng.uniform(0, height), rng.uniform(0, width)
    spot = np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (0.08 * (height**2 + width**2)))
    return spot + 0.2 * rng.random((height, width))


def relu_noise(rng, height, width):
    return np.maximum(rng.standard_normal((height, width)), 0)


def tied(rng, height, width):
    return rng.integers(0, 4, (height, width)).astype(float)


def sparse(rng, height, width):
    """Fewer positive cells than a fifth."""
    h = np.zeros(height * width)
    h[rng.choice(h.size, max(1, h.size // 12), replace=False)] = rng.random(max(1, h.size // 12)) + 0.5
    return h.reshape(height, width)


def one_cell(height, width, index):
    h = np.zeros((height, width))
    h.flat[index] = 3
    return h


def map_cases(rng):
    sizes = [(7, 7), (8, 8), (13, 13), (14, 14), (28, 28), (5, 12), (12, 5), (1, 9), (9, 1), (1, 40), (2, 2), (3, 2), (11, 12)]
    cases = []
    for kind in (blob, relu_noise, tied, sparse):
        for height, width in sizes:
            if kind is sparse and height * width < 12:
                continue
            cases.append((f"{kind.__name__}-{height}x{width}", kind(rng, height, width), kind(rng, height, width)))
    h = blob(rng, 6, 6)
    cases += [("same-6x6", h, h), ("blank-other-6x6", h, np.zeros((6, 6))), ("blank-clean-6x6", np.zeros((6, 6)), h),
              ("blank-both-6x6", np.zeros((6, 6)), np.zeros((6, 6))), ("constant-clean-6x6", np.ones((6, 6)), h),
              ("constant-both-6x6", np.ones((6, 6)), np.full((6, 6), 2.0)), ("corners-6x6", one_cell(6, 6, 0), one_cell(6, 6, 35)),
              ("one-cell-1x1", np.full((1, 1), 2.0), np.full((1, 1), 5.0)), ("faint-5x5", blob(rng, 5, 5) * 1e-30, blob(rng, 5, 5))]
    return cases


def deviation_cases(rng):
    """[(A, A')]: |A' - A| / |A| over all channels and positions."""
    cases = []
    for shape, size in (((3, 4, 5), 0.1), ((16, 7, 7), 1e-4), ((1, 1, 1), 2.0), ((10,), 0.5), ((8, 1, 6), 0.0)):
        clean = np.maximum(rng.standard_normal(shape), 0.01)
        cases.append((clean, clean + size * rng.standard_normal(shape)))
    cases.append((np.zeros((2, 3, 3)), rng.standard_normal((2, 3, 3))))
    return cases


def main():
    rng = np.random.Generator(np.random.PCG64(SEED))
    index = {"maps": [], "deviations": []}
    for name, clean, other in map_cases(rng):
        clean, other = (m.astype(np.float32).astype(float) for m in (clean, other))
        save(FOLDER / f"{name}.npy", np.stack([clean, other]), "<f4")
        index["maps"].append({"name": name, "maps": f"{name}.npy", **distances(clean, other),
                              "clean": concentration(clean), "other": concentration(other)})
    for number, pair in enumerate(deviation_cases(rng)):
        clean, other = (a.astype(np.float32).astype(float) for a in pair)
        save(FOLDER / f"activations-{number}.npy", np.stack([clean, other]), "<f4")
        size = np.linalg.norm(clean)
        index["deviations"].append({"activations": f"activations-{number}.npy",
                                    "deviation": figure(np.linalg.norm(other - clean) / size) if size > 0 else None})
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
