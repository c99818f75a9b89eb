"""Writes tests/data/oracles/controls/: every control of a small image and a perturbation of it, in float64.

Run from anywhere with Debian's python3-numpy (1.24):
    /usr/bin/python3 scripts/oracles/controls.py
Written from docs/catalogue.md; the random numbers are those of philox.py. Scales are found by bisection to the last bits of a
double, not by faultline's steps; Fourier transforms are NumPy's. "The network" that flips is a plane, sum(weights x) > threshold.
"""
import numpy as np

from philox import Stream
from stored import DATA, figure, save, save_json

FOLDER = DATA / "controls"
SHAPE = (3, 9, 14)
SEED = 11
KEY = "image0"
PRECISION = 1 / 16  # to which docs/catalogue.md looks for the smallest flip


def clipped(image, noise, scale):
    return np.clip(image + scale * noise, 0, 1).astype(np.float32).astype(np.float64)


def length(d):
    return np.sqrt((d ** 2).sum())


def matched(image, noise, wanted):
    """clip(x + s n) as long as wanted, s by bisection on what does not fall with s."""
    low, high = 0.0, 2.0 ** 20
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if length(np.clip(image + middle * noise, 0, 1) - image) < wanted else (low, middle)
    return clipped(image, noise, high), high


def with_moments(noise, d, axes):
    centred = noise - noise.mean(axes, keepdims=True)
    return d.mean(axes, keepdims=True) + centred / centred.std(axes, keepdims=True) * d.std(axes, keepdims=True)


def normals(stream, n):
    return np.array([stream.normal(i) for i in range(n)])


def uniforms(stream, n):
    return np.array([stream.uniform(i) for i in range(n)])


def permuted(d, stream):
    """Pixels moved together, by Fisher and Yates from the last place on."""
    order = list(range(SHAPE[1] * SHAPE[2]))
    for i in range(len(order), 1, -1):
        j = stream.below(i, i)
        order[i - 1], order[j] = order[j], order[i - 1]
    return d.reshape(3, -1)[:, order].reshape(SHAPE)


def phases_of_noise(d, stream):
    """d's spectrum, its phases moved by those of white noise, which are those of a real field; the mean is kept."""
    field = normals(stream, SHAPE[1] * SHAPE[2]).reshape(SHAPE[1:])
    phases = np.angle(np.fft.fft2(field))
    phases[0, 0] = 0
    return np.fft.ifft2(np.fft.fft2(d) * np.exp(1j * phases)).real


def smallest_flip(image, noise, flips):
    """The smallest s <= 1 that flips: of a plane and noise that no clipping bends back there is one."""
    if not flips(clipped(image, noise, 1.0)):
        raise ValueError("does not flip")
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if flips(clipped(image, noise, middle)) else (middle, high)
    return high


def main():
    rng = np.random.Generator(np.random.PCG64(SEED))
    image = (rng.integers(0, 256, SHAPE) / 255).astype(np.float32).astype(np.float64)
    image[:, :3] = np.round(image[:, :3])  # a part where clipping matters: black and white
    channel = np.array([0.02, -0.01, 0.005])[:, None, None]
    d, other, boost = (np.clip(image + channel * shift + rng.normal(0, 0.03, SHAPE), 0, 1).astype(np.float32).astype(np.float64) - image
                       for shift in (1, -1, 0))
    d, other, boost = (each.astype(np.float32).astype(np.float64) for each in (d, other, boost))
    weights = rng.normal(0, 1, SHAPE) + 4 * d / length(d)
    clean, adversarial = (weights * image).sum(), (weights * clipped(image, d, 1)).sum()
    threshold = clean + 0.6 * (adversarial - clean)

    def flips(x):
        return (weights * x).sum() > threshold

    noises = {
        ("gaussian", "per-channel"): lambda s: with_moments(normals(s, d.size).reshape(SHAPE), d, (1, 2)),
        ("gaussian", "whole-image"): lambda s: with_moments(normals(s, d.size).reshape(SHAPE), d, (0, 1, 2)),
        ("uniform", "per-channel"): lambda s: with_moments(uniforms(s, d.size).reshape(SHAPE), d, (1, 2)),
        ("uniform", "whole-image"): lambda s: with_moments(uniforms(s, d.size).reshape(SHAPE), d, (0, 1, 2)),
        ("sign", ""): lambda s: np.where(uniforms(s, d.size).reshape(SHAPE) < 0.5, -np.abs(d), np.abs(d)),
        ("shuffled", ""): lambda s: permuted(d, s),
        ("phase", ""): lambda s: phases_of_noise(d, s),
        ("boost", ""): lambda s: boost,
        ("transfer", ""): lambda s: other,
    }
    cases = []

    def add(name, settings, draw, result, scale, exact):
        file = f"{name}-{len(cases)}.npy"
        save(FOLDER / file, result, "<f4")
        cases.append({"control": name, "settings": settings, "draw": draw, "image": file, "scale": figure(scale), "exact": exact})

    for (name, moments), make in noises.items():
        for draw in (0, 3):
            result, scale = matched(image, make(Stream(SEED, f"{KEY}/control={name}/draw={draw}")), length(d))
            add(name, {"moments": moments} if moments else {}, draw, result, scale, True)
    for largest in (0.25, 0.5):
        for draw in range(40):  # the first draw that leads over the plane
            noise = largest * normals(Stream(SEED, f"{KEY}/control=flip-gaussian/draw={draw}"), d.size).reshape(SHAPE)
            if flips(clipped(image, noise, 1.0)) and flips(clipped(image, noise, 0.5)):
                break
        scale = smallest_flip(image, noise, flips)
        add("flip-gaussian", {"largest_std": largest}, draw, clipped(image, noise, scale), scale, False)
    for share in (0.9, 0.5):
        scale = share * smallest_flip(image, d, flips)
        add("subcritical", {"share": share}, 0, clipped(image, d, scale), scale, False)
    for name, array in (("image", image), ("perturbation", d), ("other", other), ("boost", boost)):
        save(FOLDER / f"{name}.npy", array, "<f4")
    save(FOLDER / "weights.npy", weights, "<f8")
    save_json(FOLDER / "index.json", {"seed": SEED, "key": KEY, "threshold": threshold, "precision": PRECISION, "cases": cases})


if __name__ == "__main__":
    main()
