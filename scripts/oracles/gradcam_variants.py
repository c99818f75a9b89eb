"""Writes tests/data/oracles/heatmaps/: the four heatmaps of small random activations and gradients, in float64.

Run from anywhere with Debian's python3-numpy (1.24):
    /usr/bin/python3 scripts/oracles/gradcam_variants.py
"""
import numpy as np

from heatmaps import METHODS, all_methods
from stored import DATA, save, save_json

SEED = 20230330
FOLDER = DATA / "heatmaps"
CLOSE = 0.02  # Grad-CAM++ divides by 2 + g sum A: nearer to 0 (but not 0) float32 would not do


def normal(rng, *shape):
    return rng.standard_normal(shape).astype(np.float32).astype(float)


def quarters(rng, *shape):
    """Multiples of 1/4: their sums are exact in float32."""
    return rng.integers(-8, 9, shape) / 4


def guarded(rng):
    """2 + g sum A is exactly 0 at one cell of channel 0, whose activations sum to -4."""
    activation, gradient = quarters(rng, 3, 4, 4), quarters(rng, 3, 4, 4)
    activation[0, 0, 0] += -4 - activation[0].sum()
    gradient[0] = np.where(gradient[0] == 0.5, 0.75, gradient[0])
    gradient[0, 2, 1] = 0.5
    return activation, gradient


def zero_channels(rng):
    activation, gradient = np.maximum(normal(rng, 6, 5, 3), 0), normal(rng, 6, 5, 3)
    activation[1], gradient[3], activation[4], gradient[4] = 0, 0, 0, 0
    return activation, gradient


def cases(rng):
    return {
        "relu-7x7": (np.maximum(normal(rng, 8, 7, 7), 0), normal(rng, 8, 7, 7)),
        "signed-4x6": (normal(rng, 5, 4, 6), normal(rng, 5, 4, 6)),
        "zero-channels-5x3": zero_channels(rng),
        "zero-denominator-4x4": guarded(rng),
        "positive-gradient-3x3": (np.maximum(normal(rng, 4, 3, 3), 0), np.abs(normal(rng, 4, 3, 3))),
        "flat-gradient-3x5": (np.maximum(normal(rng, 4, 3, 5), 0), np.repeat(normal(rng, 4, 1, 1), 15).reshape(4, 3, 5)),
        "blank-3x3": (np.abs(normal(rng, 4, 3, 3)), -np.abs(normal(rng, 4, 3, 3))),
        "zero-gradient-3x3": (normal(rng, 4, 3, 3), np.zeros((4, 3, 3))),
        "row-1x9": (normal(rng, 17, 1, 9), normal(rng, 17, 1, 9)),
        "cell-1x1": (np.array([[[2.0]], [[-1.0]]]), np.array([[[0.5]], [[0.25]]])),
        "one-channel-6x6": (normal(rng, 1, 6, 6), normal(rng, 1, 6, 6)),
    }


def main():
    index = {"methods": list(METHODS), "cases": []}
    for name, (activation, gradient) in cases(np.random.Generator(np.random.PCG64(SEED))).items():
        denominator = np.abs(2 + gradient * activation.sum((1, 2))[:, None, None])
        near = (gradient > 0) & (denominator > 0) & (denominator < CLOSE)
        if near.any():
            raise SystemExit(f"{name}: a denominator of {denominator[near].min():.1e}; take another seed")
        save(FOLDER / f"{name}.npy", np.stack([activation, gradient]), "<f4")
        save(FOLDER / f"{name}-expected.npy", all_methods(activation, gradient), "<f8")
        index["cases"].append({"name": name, "activation_gradient": f"{name}.npy", "expected": f"{name}-expected.npy"})
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
