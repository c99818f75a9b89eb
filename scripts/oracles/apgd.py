"""Writes tests/data/oracles/apgd/: what Auto-PGD makes of the four images of tiny/, in float64.

Run after attacks.py. Written from Croce & Hein 2020 (algorithm 1, equations 6 and 7) and the constants of the authors' code; the random
starts are those of philox.py. Nothing here is batched: one image at a time.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch

from manifest import Manifest
from onnx_network import Network
from philox import Stream
from stored import DATA, figure, save, save_json

TINY = DATA / "tiny"
FOLDER = DATA / "apgd"
STEPS, RHO = 12, 0.6  # not the defaults
CLOSE = 1e-6  # a gradient element, gate or comparison of losses this near to turning could turn in float32

TENTH = float(np.float32(0.1))

CASES = [  # name, norm, eps (exact in float32), loss, targets, restarts, seed
    ("apgd-ce", "linf", 1 / 128, "ce", 0, 1, 2),
    ("apgd-ce", "l2", TENTH, "ce", 0, 2, 4),
    ("apgd-dlr", "linf", 1 / 256, "dlr", 0, 2, 0),
    ("apgd-dlr", "l2", TENTH, "dlr", 0, 1, 1),
    ("apgd-t", "linf", 1 / 256, "dlr-targeted", 3, 1, 4),
    ("apgd-t", "l2", TENTH, "dlr-targeted", 2, 2, 4),
]


class Watch:
    def __init__(self):
        self.closest = np.inf

    def __call__(self, values):
        values = torch.as_tensor(values).detach().abs()
        if values.numel():
            self.closest = min(self.closest, float(values.min()))


class Image:
    def __init__(self, network, manifest, pixels, watch):
        self.network, self.manifest, self.watch = network, manifest, watch
        self.clean = pixels.double()
        self.label = int(self.logits(self.clean).argmax())

    def logits(self, x):
        return self.network(self.manifest.normalise(x[None]))[0]

    def value_and_gradient(self, x, loss):
        x = x.clone().requires_grad_(True)
        z = self.logits(x)
        value = loss(z, self.label)
        (gradient,) = torch.autograd.grad(value, x)
        values = self.network.values
        windows = torch.nn.functional.unfold(values["relu1"].detach(), 2, stride=2).view(1, 4, 4, 16)
        first, second = windows.topk(2, dim=2).values.unbind(2)
        for near in (values["conv1"], values["conv2"], (first - second)[first > 0], gradient / gradient.abs().max()):
            self.watch(near)
        return float(value.detach()), gradient, int(z.argmax()) != self.label


def cross_entropy(z, y):
    return torch.logsumexp(z, 0) - z[y]


def dlr(z, y):
    ordered = z.sort(descending=True).values
    rival = torch.cat([z[:y], z[y + 1:]]).max()
    return (rival - z[y]) / (ordered[0] - ordered[2] + 1e-12)


def dlr_towards(t):
    def loss(z, y):
        ordered = z.sort(descending=True).values
        return (z[t] - z[y]) / (ordered[0] - (ordered[2] + ordered[3]) / 2 + 1e-12)
    return loss


def project(x, clean, norm, eps):
    d = x - clean
    d = d.clamp(-eps, eps) if norm == "linf" else d * min(1.0, eps / max(float(d.norm()), 1e-300))
    return (clean + d).clamp(0, 1)


def windows(steps):
    w = max(int(0.22 * steps), 1)
    while True:
        yield w
        w = max(w - max(int(0.03 * steps), 1), max(int(0.06 * steps), 1))


def one_run(image, norm, eps, loss, stream):
    """The last misclassified point and its step (or None), and the best point and its loss."""
    n = image.clean.numel()
    if norm == "linf":
        t = 2 * stream.uniforms(n) - 1
        t /= np.abs(t).max()
    else:
        t = stream.normals(n)
        t /= np.linalg.norm(t)
    x = (image.clean + eps * torch.from_numpy(t).view(image.clean.shape)).clamp(0, 1)
    last = None
    trace = []
    value, gradient, wrong = image.value_and_gradient(x, loss)
    if wrong:
        last = (x, 0)
    best, best_value, best_gradient, best_step = x, value, gradient, 0
    before, step, size = windows(STEPS), 0, 2 * eps
    window, since, values = next(before), 0, [0.0]  # the authors' first comparison is with 0
    halved, best_at_check = True, None
    older = x
    for step in range(1, STEPS + 1):
        direction = gradient.sign() if norm == "linf" else gradient / gradient.norm()
        z = project(x + size * direction, image.clean, norm, eps)
        a = 1.0 if step == 1 else 0.75
        new = project(x + a * (z - x) + (1 - a) * (x - older), image.clean, norm, eps)
        older, x = x, new
        value, gradient, wrong = image.value_and_gradient(x, loss)
        if wrong:
            last = (x, step)
        if not bool((x == best).all()):
            image.watch(value - best_value)
        if value > best_value:
            best, best_value, best_gradient, best_step = x, value, gradient, step
        trace.append(best_value)
        values.append(value)
        since += 1
        if since == window:
            rises = 0
            for i in range(window):
                difference = values[-1 - i] - values[-2 - i]
                if difference != 0:
                    image.watch(difference)
                rises += difference > 0
            reduce = rises <= RHO * window or (not halved and best_at_check >= best_value)
            halved, best_at_check = reduce, best_value
            if reduce:
                size /= 2
                x, gradient = best, best_gradient
            window, since = next(before), 0
    return last, (best, best_step, best_value)


def attack(image, key, name, norm, eps, loss, targets, restarts, seed):
    order = image.logits(image.clean).argsort(descending=True).tolist()
    failed = []
    for rank in range(2, 2 + max(targets, 1)):
        for restart in range(restarts):
            use = f"target={rank}/restart={restart}" if targets else f"restart={restart}"
            chosen = {"ce": cross_entropy, "dlr": dlr}.get(loss) or dlr_towards(order[rank - 1])
            last, best = one_run(image, norm, eps, chosen, Stream(seed, f"{key}/{name}/{use}"))
            number = (rank - 2) * restarts + restart
            if last:
                return last[0], last[1], number, True
            failed.append((best, number))
    # The best of the runs by the loss of the verdicts, cross-entropy but for apgd-dlr.
    judged = dlr if loss == "dlr" else cross_entropy
    scored = [float(judged(image.logits(best[0]), image.label)) for best, _ in failed]
    winner = int(np.argmax(scored))
    for other in range(len(scored)):
        if other != winner:
            image.watch(scored[other] - scored[winner])
    return failed[winner][0][0], failed[winner][0][1], failed[winner][1], False


def main():
    torch.set_num_threads(1)
    watch = Watch()
    network, manifest = Network(TINY / "tiny.onnx"), Manifest(TINY / "tiny.json")
    pixels = torch.from_numpy(np.load(TINY / "images.npy"))
    images = [Image(network, manifest, p, watch) for p in pixels]
    cases = []
    for name, norm, eps, loss, targets, restarts, seed in CASES:
        results = [attack(image, f"image{i}", name, norm, eps, loss, targets, restarts, seed) for i, image in enumerate(images)]
        file = f"{name}-{norm}.npy"
        save(FOLDER / file, torch.stack([r[0] for r in results]), "<f4")
        cases.append({"name": name, "norm": norm, "eps": eps, "targets": targets, "restarts": restarts, "seed": seed, "images": file,
                      "step": [r[1] for r in results], "run": [r[2] for r in results], "success": [r[3] for r in results],
                      "cross_entropy": [figure(cross_entropy(i.logits(r[0]).detach(), i.label)) for i, r in zip(images, results)]})
        print(name, norm, cases[-1]["success"], cases[-1]["step"], cases[-1]["run"], f"{watch.closest:.1e}")
    if watch.closest < CLOSE:
        raise SystemExit(f"something is {watch.closest:.1e} from turning; take another seed")
    save_json(FOLDER / "index.json", {"steps": STEPS, "rho": RHO, "cases": cases})


if __name__ == "__main__":
    main()
