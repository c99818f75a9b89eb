"""Writes tests/data/oracles/minimal/: what minimal-norm attacks make of the four images of tiny/, in float64.

Run from anywhere with Debian's python3-torch (1.13), after attacks.py:
    /usr/bin/python3 scripts/oracles/minimal_attacks.py
Written from the papers: DeepFool (Moosavi-Dezfooli et al. 2016), C&W (Carlini & Wagner 2017), EAD (Chen et al. 2018), DDN
(Rony et al. 2019), FAB (Croce & Hein 2020), FMN (Pintor et al. 2021), and the authors' code for what they leave open. Each attack runs
twice, once with every point rounded to float32 before it is judged: where that changes more than rounding does, some
decision is too close to compare programs by, and the script stops.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch

from attacks import FOLDER as TINY, Classifier
from stored import DATA, figure, save, save_json

FOLDER = DATA / "minimal"
SAME = 2e-6  # rounding's own part of a result


class Model:
    """One image's network: logits [K] and their gradients [K,n] at a flat point."""

    def __init__(self, classifier, rounds):
        self.classifier, self.rounds = classifier, rounds

    def __call__(self, x):
        x = torch.from_numpy(np.float32(x).astype(np.float64) if self.rounds else x).reshape(1, 3, 8, 8).requires_grad_(True)
        z = self.classifier.network(self.classifier.manifest.normalise(x))[0]
        rows = [torch.autograd.grad(z[k], x, retain_graph=True)[0].flatten().numpy() for k in range(len(z))]
        return z.detach().numpy(), np.array(rows)


def size(norm, d):
    return {"linf": np.abs(d).max(), "l2": np.sqrt((d * d).sum()), "l1": np.abs(d).sum(), "l0": np.count_nonzero(d)}[norm]


DUAL = {"linf": "l1", "l2": "l2", "l1": "linf"}


class Best:
    """The smallest adversarial point. As a program in float32 would measure it, l0 included."""

    def __init__(self, norm, x0):
        self.norm, self.x0, self.size, self.point = norm, x0, np.inf, x0

    def offer(self, x):
        if size(self.norm, x - self.x0) < self.size:
            self.size, self.point = size(self.norm, x - self.x0), x.copy()


def others(z, y, count):
    return [k for k in np.argsort(-z, kind="stable") if k != y][:count]


def wrong(z, y, target):
    return z.argmax() == target if target is not None else z.argmax() != y


def score(z, y, target):
    """(s, its class pair): s > 0 once the goal is reached."""
    up, down = (others(z, y, 1)[0], y) if target is None else (target, others(z, target, 1)[0])
    return z[up] - z[down], up, down


def deepfool(model, x0, y, target, norm, steps, classes, overshoot):
    clean, _ = model(x0)
    candidates = others(clean, y, classes - 1)
    r, x = np.zeros_like(x0), x0
    for _ in range(steps):
        z, g = model(x)
        pairs = [(k, y) for k in candidates] if target is None else [score(z, y, target)[1:]]
        distances = [abs(z[a] - z[b]) / size(DUAL[norm], g[a] - g[b]) for a, b in pairs]
        a, b = pairs[int(np.argmin(distances))]
        f, w = abs(z[a] - z[b]), g[a] - g[b]
        r = r + (f * w / (w @ w) if norm == "l2" else f * np.sign(w) / np.abs(w).sum())
        x = np.clip(x0 + (1 + overshoot) * r, 0, 1)
        if wrong(model(x)[0], y, target):
            return x
    return x0


def onto_hyperplane(norm, w, rise, x):
    """The least d with <w, d> = rise, x + d in [0,1]; the best corner where there is none."""
    w, wanted = (w, rise) if rise >= 0 else (-w, -rise)

    def at(multiplier):
        free = multiplier * (np.sign(w) if norm == "linf" else w)
        return np.clip(x + free, 0, 1) - x

    low, high = 0.0, 1e9
    for _ in range(300):
        middle = (low + high) / 2
        low, high = (middle, high) if w @ at(middle) < wanted else (low, middle)
    return at(high)


def fab(model, x0, y, target, norm, steps, classes, alpha_max, eta, beta, by_target=False):
    best = Best(norm, x0)
    runs = [[k] for k in others(model(x0)[0], y, classes - 1)] if by_target else [others(model(x0)[0], y, classes - 1)]
    for candidates in runs:
        x = x0
        for _ in range(steps):
            z, g = model(x)
            distances = [abs(z[k] - z[y]) / size(DUAL[norm], g[k] - g[y]) for k in candidates]
            k = candidates[int(np.argmin(distances))]
            w = g[k] - g[y]
            offset = w @ x - (z[k] - z[y])  # the hyperplane is <w, .> = offset
            d1, d2 = (onto_hyperplane(norm, w, offset - w @ p, p) for p in (x, x0))
            a1, a2 = (max(size(norm, d), 1e-8) for d in (d1, d2))
            alpha = min(a1 / (a1 + a2), alpha_max)
            x = np.clip((1 - alpha) * (x + eta * d1) + alpha * (x0 + eta * d2), 0, 1)
            if wrong(model(x)[0], y, target):
                best.offer(x)
                x = x0 + beta * (x - x0)
    return best.point


def next_weight(weight, low, high, succeeded):
    low, high = (low, weight) if succeeded else (weight, high)
    return ((low + high) / 2 if high < 1e10 else weight * 10), low, high


def cw(model, x0, y, target, binary_steps, steps, step_size, initial_weight, confidence):
    best, weight, low, high = Best("l2", x0), initial_weight, 0.0, 1e10
    for _ in range(binary_steps):
        w, m, v, succeeded = np.arctanh((2 * x0 - 1) * 0.999999), 0, 0, False
        for t in range(1, steps + 1):
            x = (np.tanh(w) + 1) / 2
            z, g = model(x)
            s, up, down = score(z, y, target)
            if wrong(z, y, target) and s >= confidence:
                best.offer(x)
                succeeded = True
            gradient = 2 * (x - x0)
            if s < confidence:
                gradient = gradient - weight * (g[up] - g[down])
            gradient = gradient * 2 * x * (1 - x)  # dx/dw of the logistic form
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient ** 2
            w = w - step_size * (m / (1 - 0.9 ** t)) / (np.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
        weight, low, high = next_weight(weight, low, high, succeeded)
    return best.point


def ead(model, x0, y, target, binary_steps, steps, step_size, initial_weight, beta):
    best, weight, low, high = Best("l1", x0), initial_weight, 0.0, 1e10
    for _ in range(binary_steps):
        x = slack = x0
        succeeded = False
        for k in range(steps):
            z, g = model(slack)
            s, up, down = score(z, y, target)
            gradient = 2 * (slack - x0) - (weight * (g[up] - g[down]) if s < 0 else 0)
            moved = slack - step_size * (1 - k / steps) ** 0.5 * gradient
            d = moved - x0
            new = np.where(d > beta, np.minimum(moved - beta, 1), np.where(d < -beta, np.maximum(moved + beta, 0), x0))
            slack, x = new + k / (k + 3) * (new - x), new
            if wrong(model(x)[0], y, target):
                best.offer(x)
                succeeded = True
        weight, low, high = next_weight(weight, low, high, succeeded)
    return best.point


def anneal(first, last, k, steps):
    return last + (first - last) * (1 + np.cos(np.pi * k / steps)) / 2


def ddn(model, x0, y, target, steps, gamma, initial_norm, step_size, quantise):
    best, d, length, adversarial = Best("l2", x0), np.zeros_like(x0), initial_norm, False
    for k in range(steps):
        z, g = model(x0 + d)
        p = np.exp(z - z.max())
        p /= p.sum()
        ascent = p @ g - g[y] if target is None else g[target] - p @ g
        d = d + anneal(step_size, 0.01, k, steps) * ascent / size("l2", ascent)
        length *= 1 - gamma if adversarial else 1 + gamma
        x = np.clip(x0 + d * length / size("l2", d), 0, 1)
        if quantise:
            x = np.round(x * 255) / 255
        d = x - x0
        adversarial = wrong(model(x)[0], y, target)
        if adversarial:
            best.offer(x)
    return best.point


def onto_ball(norm, e, d):
    if size(norm, d) <= e:
        return d
    if norm == "linf":
        return np.clip(d, -e, e)
    if norm == "l2":
        return d * e / size("l2", d)
    if norm == "l0":
        keep = np.argsort(-np.abs(d), kind="stable")[: int(e)]
        return np.where(np.isin(np.arange(len(d)), keep), d, 0)
    low, high = 0.0, np.abs(d).max()  # l1: soft thresholding by the threshold that gives e
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(np.abs(d) - middle, 0).sum() > e else (low, middle)
    return np.sign(d) * np.maximum(np.abs(d) - high, 0)


def fmn(model, x0, y, target, norm, steps, gamma, step_size):
    best, d, e, adversarial = Best(norm, x0), np.zeros_like(x0), 1.0, False
    for k in range(steps):
        z, g = model(x0 + d)
        s, up, down = score(z, y, target)
        gradient, rate = g[up] - g[down], anneal(gamma, 0.001, k, steps)
        if norm == "l0":
            if adversarial:
                e = max(0, min(e - 1, np.floor(e * (1 - rate)), best.size))
            else:
                e = max(e + 1, np.floor(e * (1 + rate)))
        elif adversarial:
            e = min(e * (1 - rate), best.size)
        elif np.isfinite(best.size):
            e = e * (1 + rate)
        else:
            e = size(norm, d) + abs(s) / size(DUAL[norm], gradient)
        e = min(e, size(norm, np.maximum(x0, 1 - x0)))
        d = onto_ball(norm, e, d + anneal(step_size, step_size / 100, k, steps) * gradient / size("l2", gradient))
        d = np.clip(x0 + d, 0, 1) - x0
        adversarial = wrong(model(x0 + d)[0], y, target)
        if adversarial:
            best.offer(x0 + d)
    return best.point


CASES = [  # name, attack, function, norm, targeted, settings; where norm is none of them, it is the attack's only one
    ("deepfool-l2", "deepfool", deepfool, "l2", False, {"norm": "l2", "steps": 6, "classes": 3, "overshoot": 0.05}),
    ("deepfool-linf", "deepfool", deepfool, "linf", False, {"norm": "linf", "steps": 6, "classes": 5, "overshoot": 0.02}),
    ("fab-linf", "fab", fab, "linf", False,
     {"norm": "linf", "steps": 5, "classes": 5, "alpha_max": 0.2, "eta": 1.1, "beta": 0.8}),
    ("fab-l2", "fab", fab, "l2", False, {"norm": "l2", "steps": 5, "classes": 4, "alpha_max": 0.1, "eta": 1.05, "beta": 0.9}),
    ("fab-t-l2", "fab-t", fab, "l2", False,
     {"norm": "l2", "steps": 3, "classes": 4, "alpha_max": 0.1, "eta": 1.05, "beta": 0.85}),
    ("cw-l2", "cw-l2", cw, "l2", False,
     {"binary_steps": 3, "steps": 12, "step_size": 0.02, "initial_weight": 0.5, "confidence": 0.05}),
    ("cw-l2-targeted", "cw-l2", cw, "l2", True,
     {"binary_steps": 2, "steps": 25, "step_size": 0.03, "initial_weight": 2, "confidence": 0}),
    ("ddn", "ddn", ddn, "l2", False, {"steps": 7, "gamma": 0.1, "initial_norm": 0.4, "step_size": 0.5, "quantise": False}),
    ("ddn-quantised", "ddn", ddn, "l2", False,
     {"steps": 7, "gamma": 0.05, "initial_norm": 0.8, "step_size": 1, "quantise": True}),
    ("fmn-linf", "fmn", fmn, "linf", False, {"norm": "linf", "steps": 8, "gamma": 0.1, "step_size": 0.5}),
    ("fmn-l2", "fmn", fmn, "l2", False, {"norm": "l2", "steps": 8, "gamma": 0.1, "step_size": 0.5}),
    ("fmn-l1", "fmn", fmn, "l1", False, {"norm": "l1", "steps": 8, "gamma": 0.1, "step_size": 0.5}),
    ("fmn-l0", "fmn", fmn, "l0", False, {"norm": "l0", "steps": 20, "gamma": 0.3, "step_size": 2}),
    ("ead", "ead", ead, "l1", False, {"binary_steps": 3, "steps": 10, "step_size": 0.02, "initial_weight": 0.5, "beta": 0.002}),
]
UNSTORED = {"cw-l2": {"abort_early": False}, "ead": {"abort_early": False}}  # settings that the functions above do not take


def main():
    torch.set_num_threads(1)
    classifier = Classifier()
    images = np.load(TINY / "images.npy").astype(np.float64).reshape(4, -1)
    index = {"model": "../tiny/tiny.onnx", "images": "../tiny/images.npy", "cases": []}
    exact, rounded = Model(classifier, False), Model(classifier, True)
    labels = [int(exact(x)[0].argmax()) for x in images]
    for name, attack, function, norm, targeted, settings in CASES:
        points = []
        for x, y in zip(images, labels):
            arguments = dict(settings, by_target=True) if attack == "fab-t" else settings
            target = (y + 1) % 5 if targeted else None
            point, check = (function(model, x, y, target, **arguments) for model in (exact, rounded))
            if np.abs(point - check).max() > SAME:
                raise SystemExit(f"{name}: rounding changes the result by {np.abs(point - check).max():.1e}; take other settings")
            points.append(point)
        sizes = [size(norm, p - x) for p, x in zip(points, images)]
        success = [bool(s > 0) for s in sizes]
        print(f"{name}: {sum(success)} of 4, {norm} " + " ".join(f"{s:.4g}" for s in sizes))
        save(FOLDER / f"{name}.npy", np.array(points).reshape(4, 3, 8, 8), "<f4")
        index["cases"].append({"name": name, "attack": attack, "targets": [(y + 1) % 5 for y in labels] if targeted else [],
                               "settings": dict(settings, **UNSTORED.get(attack, {})), "points": f"{name}.npy",
                               "norm": norm, "sizes": [figure(s) for s in sizes], "success": success})
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
