"""Writes tests/data/oracles/explanations/: heatmaps and attributions of the tiny network, in float64, from the papers.

Run from anywhere with Debian's python3-torch (1.13) and python3-onnx (1.12), after attacks.py, which writes the network:
    /usr/bin/python3 scripts/oracles/explanations.py
Two images; class c = the clean prediction, t = (c + 1) mod 5. <name>.npy is [2,n]: of an image, the maps of the layers relu1
(8x8), relu2 (4x4) and conv2 (4x4, before its activation) one after the other; of an attribution [3,8,8] or [8,8] at the input.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch
import torch.nn.functional as F

from manifest import Manifest
from onnx_network import Network
from philox import Stream
from stored import DATA, save

FOLDER = DATA / "explanations"
TINY = DATA / "tiny"
LAYERS = ["relu1", "relu2", "conv2"]
IMAGES, CLASSES = 2, 5


class Model:
    def __init__(self):
        self.network = Network(TINY / "tiny.onnx")
        self.manifest = Manifest(TINY / "tiny.json")
        constants = self.network.constants
        self.conv1 = constants["conv1.weight"], constants["conv1.bias"]
        self.conv2 = constants["conv2.weight"], constants["conv2.bias"]
        self.dense = constants["gemm.weight"], constants["gemm.bias"]

    def logits(self, x):
        return self.network(self.manifest.normalise(x))

    def after(self, layer, value):
        """The logits from the value of one layer on."""
        if layer == "image":
            value = torch.relu(F.conv2d(value, *self.conv1, padding=1))
        if layer in ("image", "relu1"):
            value = F.conv2d(F.max_pool2d(value, 2), *self.conv2, padding=1)
        if layer != "relu2":
            value = torch.relu(value)
        return value.flatten(1) @ self.dense[0].T + self.dense[1]


# Scores of logits [N,K] -> [N]
def class_score(z, c, t):
    return z[:, c]


def margin(z, c, t):
    return z[:, c] - z[:, t]


def probability(z, c, t):
    return z.softmax(1)[:, c]


def probability_margin(z, c, t):
    p = z.softmax(1)
    return p[:, c] - p[:, t]


def swept(model, x, score, c, t):
    """Score and {layer: (A, g)} of one image [1,3,8,8]."""
    x = x.clone().requires_grad_(True)
    s = score(model.logits(x), c, t)
    s.sum().backward()
    values = model.network.values
    return float(s), {name: (values[name].detach().numpy()[0], values[name].grad.numpy()[0]) for name in LAYERS}


def relu(x):
    return np.maximum(x, 0.0)


def xgradcam(a, g, s):
    weights = (g * a).sum((1, 2)) / (a.sum((1, 2)) + 1e-7)
    return relu((weights[:, None, None] * a).sum(0))


def noisecam(a, g, s, scale=None):
    e = np.exp(s) if scale is None else scale
    denominator = 2 * g ** 2 + g ** 3 * a.sum((1, 2))[:, None, None]
    alpha = np.where(g != 0, g ** 2 / np.where(g != 0, denominator, 1.0), 0.0)
    total = alpha.sum((1, 2), keepdims=True)
    alpha = np.where(total != 0, alpha / np.where(total != 0, total, 1.0), 0.0)
    weights = (alpha * relu(e * g)).sum((1, 2))
    return relu(((weights[:, None, None] - relu(g)) * a).sum(0))


def first_component(values):
    """[C,h,w] -> [h,w]: the projection on the first right singular vector of the centred [Z,C]; largest cell positive."""
    matrix = values.reshape(len(values), -1).T
    matrix = matrix - matrix.mean(0)
    vectors = np.linalg.svd(matrix, full_matrices=False)[2]
    component = matrix @ vectors[0]
    component = component * np.sign(component[np.abs(component).argmax()])
    return component.reshape(values.shape[1:])


def scorecam(model, a, layer, score, c, t, x):
    low, high = a.min((1, 2), keepdims=True), a.max((1, 2), keepdims=True)
    masks = torch.from_numpy((a - low) / (high - low + 1e-8))
    if x is None:  # the layer is masked
        z = model.after(layer, masks[:, None] * torch.from_numpy(a)[None])
    else:  # the normalised image is
        masks = F.interpolate(masks[:, None], size=x.shape[2:], mode="bilinear", align_corners=False)
        z = model.after("image", masks * model.manifest.normalise(x))
    weights = score(z, c, t).softmax(0).numpy()
    return relu((weights[:, None, None] * a).sum(0))


def ablationcam(model, a, layer, score, c, t):
    clean = torch.from_numpy(a)[None]
    whole = score(model.after(layer, clean), c, t)
    ablated = clean.repeat(len(a), 1, 1, 1)
    for k in range(len(a)):
        ablated[k, k] = 0
    weights = ((whole - score(model.after(layer, ablated), c, t)) / whole).numpy()
    return relu((weights[:, None, None] * a).sum(0))


def gradient(model, x, score, c, t):
    x = x.clone().requires_grad_(True)
    score(model.logits(x), c, t).sum().backward()
    return x.grad


def integrated(model, x, score, c, t, steps, baseline):
    start = torch.full_like(x, baseline)
    total = torch.zeros_like(x)
    for i in range(steps):
        total += gradient(model, start + (i + 0.5) / steps * (x - start), score, c, t)
    return (x - start) * total / steps


def smoothed(model, x, score, c, t, samples, sigma, seed, key):
    """Each sample is rounded to float32, as an image is in faultline."""
    total = torch.zeros_like(x)
    for i in range(samples):
        noise = torch.from_numpy(Stream(seed, f"{key}/smoothgrad/sample={i}").normals(x.numel())).view(x.shape)
        total += gradient(model, (x + sigma * noise).float().double(), score, c, t)
    return total / samples


class GuidedRelu(torch.autograd.Function):
    """Springenberg et al. 2015: R = (f > 0) (r > 0) r."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, r):
        (x,) = context.saved_tensors
        return r * (x > 0) * (r > 0)


def guided(model, x, score, c, t):
    x = x.clone().requires_grad_(True)
    u = GuidedRelu.apply(F.conv2d(model.manifest.normalise(x), *model.conv1, padding=1))
    u = GuidedRelu.apply(F.conv2d(F.max_pool2d(u, 2), *model.conv2, padding=1))
    score(u.flatten(1) @ model.dense[0].T + model.dense[1], c, t).sum().backward()
    return x.grad


def stabilised(z, epsilon):
    return z + epsilon * torch.where(z >= 0, 1.0, -1.0)


def relevance(model, x, score, c, t, epsilon, gamma):
    """R_j = a_j sum_k w_jk R_k / (z_k + epsilon sign z_k) layer by layer (Bach et al. 2015); with gamma, at the second
    convolution (whose input is >= 0), w_jk + gamma max(w_jk, 0) for w and the like for the bias and z (Montavon et al. 2019)."""
    u0 = model.manifest.normalise(x)
    z1 = F.conv2d(u0, *model.conv1, padding=1)
    u1, winners = F.max_pool2d(torch.relu(z1), 2, return_indices=True)
    z2 = F.conv2d(u1, *model.conv2, padding=1)
    u2 = torch.relu(z2)
    z3 = u2.flatten(1) @ model.dense[0].T + model.dense[1]
    seed = z3.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(score(seed, c, t).sum(), seed)
    r3 = slope * z3
    r2 = u2 * ((r3 / stabilised(z3, epsilon)) @ model.dense[0]).view(u2.shape)
    w2, b2 = (p + gamma * p.clamp(min=0) for p in model.conv2)
    shares = r2 / stabilised(F.conv2d(u1, w2, b2, padding=1), epsilon)
    r1 = u1 * F.conv_transpose2d(shares, w2, padding=1)
    r1 = F.max_unpool2d(r1, winners, 2, output_size=z1.shape)
    return u0 * F.conv_transpose2d(r1 / stabilised(z1, epsilon), model.conv1[0], padding=1)


def rescaled(values):
    """|v| of one image's layer, least 0 and largest 1, as FullGrad's authors do."""
    values = values.abs()
    values = values - values.min()
    return values / (values.max() + 1e-6)


def fullgrad(model, x, score, c, t):
    x = x.clone().requires_grad_(True)
    s = score(model.logits(x), c, t)
    s.sum().backward()
    values, manifest = model.network.values, model.manifest
    u0 = manifest.normalise(x).detach()
    z1 = F.conv2d(u0, *model.conv1, padding=1).requires_grad_(True)
    z2 = F.conv2d(F.max_pool2d(torch.relu(z1), 2), *model.conv2, padding=1)
    z2.retain_grad()
    z3 = torch.relu(z2).flatten(1) @ model.dense[0].T + model.dense[1]
    z3.retain_grad()
    score(z3, c, t).sum().backward()
    shift = manifest.normalise(torch.zeros_like(x)).detach()  # -mean/std
    at_normalised = x.grad / (manifest.normalise(torch.ones_like(x)) - shift)
    terms = [at_normalised * shift, z1.grad * model.conv1[1].view(1, -1, 1, 1), z2.grad * model.conv2[1].view(1, -1, 1, 1)]
    through_input = x.detach() * x.grad
    complete = through_input.sum() + sum(term.sum() for term in terms) + (z3.grad * model.dense[1]).sum()
    assert abs(float(complete - s)) < 1e-12, "FullGrad is not complete"
    total = rescaled(through_input).sum(1, keepdim=True)
    for term in terms:
        total = total + F.interpolate(rescaled(term).sum(1, keepdim=True), size=x.shape[2:], mode="bilinear", align_corners=False)
    return total


def layer_maps(model, x, c, t):
    """{name: [maps of LAYERS]}"""
    sweeps = {score: swept(model, x, score, c, t) for score in (class_score, margin, probability, probability_margin)}

    def of(score, formula):
        s, layers = sweeps[score]
        return [formula(*layers[name], s) for name in LAYERS]

    activations = {name: sweeps[class_score][1][name][0] for name in LAYERS}
    return {
        "xgradcam": of(class_score, xgradcam),
        "xgradcam-margin": of(margin, xgradcam),
        "noisecam": of(probability, noisecam),
        "noisecam-margin": of(probability_margin, noisecam),
        "noisecam-logit": of(class_score, noisecam),
        "noisecam-scale-free": of(class_score, lambda a, g, s: noisecam(a, g, s, 1.0)),
        "eigencam": of(class_score, lambda a, g, s: first_component(a)),
        "eigengradcam": of(class_score, lambda a, g, s: first_component(g * a)),
        "eigengradcam-margin": of(margin, lambda a, g, s: first_component(g * a)),
        "scorecam": [scorecam(model, activations[n], n, class_score, c, t, None) for n in LAYERS],
        "scorecam-input-probability": [scorecam(model, activations[n], n, probability, c, t, x) for n in LAYERS],
        "ablationcam": [ablationcam(model, activations[n], n, class_score, c, t) for n in LAYERS],
        "ablationcam-margin": [ablationcam(model, activations[n], n, margin, c, t) for n in LAYERS],
    }


def attributions(model, x, c, t, key):
    """{name: [1,C,8,8]}"""
    plain = gradient(model, x, class_score, c, t)
    return {
        "gradient": plain,
        "gradient-probability": gradient(model, x, probability, c, t),
        "input-x-gradient": x * plain,
        "integrated-gradients": integrated(model, x, class_score, c, t, 50, 0.0),
        "integrated-gradients-7-steps": integrated(model, x, margin, c, t, 7, 0.25),
        "smoothgrad": smoothed(model, x, class_score, c, t, 25, 0.15, 0, key),
        "smoothgrad-3-samples": smoothed(model, x, margin, c, t, 3, 0.0625, 5, key),
        "guided-backprop": guided(model, x, class_score, c, t),
        "guided-backprop-margin": guided(model, x, margin, c, t),
        "lrp-epsilon": relevance(model, x, class_score, c, t, 1e-6, 0.0),
        "lrp-epsilon-large": relevance(model, x, margin, c, t, 0.05, 0.0),
        "lrp-gamma": relevance(model, x, class_score, c, t, 1e-6, 0.25),
        "lrp-gamma-large": relevance(model, x, class_score, c, t, 0.01, 1.5),
        "fullgrad": fullgrad(model, x, class_score, c, t),
        "fullgrad-margin": fullgrad(model, x, margin, c, t),
    }


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    model = Model()
    images = torch.from_numpy(np.load(TINY / "images.npy")[:IMAGES]).double()
    found = {}
    for i in range(IMAGES):
        x = images[i:i + 1]
        c = int(model.logits(x).argmax())
        t = (c + 1) % CLASSES
        for name, maps in layer_maps(model, x, c, t).items():
            found.setdefault(name, []).append(np.concatenate([m.reshape(-1) for m in maps]))
        for name, values in attributions(model, x, c, t, str(i)).items():
            found.setdefault(name, []).append(values.detach().numpy().reshape(-1))
    for name, rows in found.items():
        save(FOLDER / f"{name}.npy", np.stack(rows), "<f8")
        print(f"{name}: [{len(rows)},{len(rows[0])}], largest {np.abs(np.stack(rows)).max():.3g}")


if __name__ == "__main__":
    main()
