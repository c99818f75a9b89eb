"""Writes tests/data/oracles/tiny/: a tiny network as ONNX and what attacks make of four images, in float64.

Run from anywhere with Debian's python3-torch (1.13) and python3-onnx (1.12):
    /usr/bin/python3 scripts/oracles/attacks.py
x_(i+1) = clip(project(x_i + u)) with u = step sign(g) (Linf) or step g/|g| (L2, each image by itself), g the gradient of the
cross-entropy of the label in pixel units, label = the clean prediction; targeted: u = -step sign(g), g of the target's
cross-entropy. project is onto the ball round x_0, clip to [0,1]. tests/data/oracles/README.md describes the files.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from manifest import Manifest
from onnx_network import Network
from stored import DATA, figure, save, save_json

SEED = 20230313
FOLDER = DATA / "tiny"
IMAGES, CLASSES, SIDE = 4, 5, 8
EPS = {"linf": 1 / 32, "l2": 0.5}  # exact in float32, and so are the steps
STEPS = 5  # step size 2.5 eps / 5
CLOSE = 1e-5  # a gradient element or a gate this near 0 could turn in float32

ATTACKS = [  # name, norm, steps, step / eps, targeted
    ("fgsm-linf", "linf", 1, 1.0, False),
    ("fgsm-l2", "l2", 1, 1.0, False),
    ("bim-linf", "linf", STEPS, 2.5 / STEPS, False),
    ("pgd-l2", "l2", STEPS, 2.5 / STEPS, False),
    ("bim-linf-targeted", "linf", STEPS, 2.5 / STEPS, True),
]


def write_model(rng):
    """conv 3x3 (pad 1) - relu - maxpool 2 - conv 3x3 (pad 1) - relu - flatten - gemm, He-normal weights."""
    def normal(*shape, scale):
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    weights = {
        "conv1.weight": normal(4, 3, 3, 3, scale=np.sqrt(2 / 27)), "conv1.bias": normal(4, scale=0.1),
        "conv2.weight": normal(6, 4, 3, 3, scale=np.sqrt(2 / 36)), "conv2.bias": normal(6, scale=0.1),
        "gemm.weight": normal(CLASSES, 96, scale=np.sqrt(2 / 96)), "gemm.bias": normal(CLASSES, scale=0.1),
    }

    def conv(name, source):
        return helper.make_node("Conv", [source, name + ".weight", name + ".bias"], [name], name=name, group=1,
                                kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1], dilations=[1, 1])

    nodes = [
        conv("conv1", "image"), helper.make_node("Relu", ["conv1"], ["relu1"], name="relu1"),
        helper.make_node("MaxPool", ["relu1"], ["pool"], name="pool", kernel_shape=[2, 2], strides=[2, 2],
                         pads=[0, 0, 0, 0], ceil_mode=0),
        conv("conv2", "pool"), helper.make_node("Relu", ["conv2"], ["relu2"], name="relu2"),
        helper.make_node("Flatten", ["relu2"], ["flatten"], name="flatten", axis=1),
        helper.make_node("Gemm", ["flatten", "gemm.weight", "gemm.bias"], ["logits"], name="gemm", transB=1),
    ]
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", CLASSES])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="faultline-oracles")
    model.ir_version = 7
    onnx.checker.check_model(model)
    (FOLDER / "tiny.onnx").write_bytes(model.SerializeToString())


def write_manifest():
    save_json(FOLDER / "tiny.json", {
        "faultline_manifest": 1, "name": "tiny",
        "input": {"width": SIDE, "height": SIDE, "channels": "RGB", "scale": 1.0, "mean": [0.5, 0.375, 0.625],
                  "std": [0.25, 0.5, 0.375],
                  "resize": {"filter": "antialias", "geometry": "stretch", "keep_if_exact": True}},
        "labels": [f"class {k}" for k in range(CLASSES)], "license": "Apache-2.0", "source": "scripts/oracles/attacks.py"})


class Classifier:
    def __init__(self):
        self.network = Network(FOLDER / "tiny.onnx")
        self.manifest = Manifest(FOLDER / "tiny.json")
        self.closest = np.inf  # how near any gate, pooling winner or gradient element has been to turning

    def logits(self, x):
        with torch.no_grad():
            return self.network(self.manifest.normalise(x))

    def gradient(self, x, classes):
        """Cross-entropies [N] and their gradients [N,3,8,8] in pixel units."""
        x = x.clone().requires_grad_(True)
        losses = torch.nn.functional.cross_entropy(self.network(self.manifest.normalise(x)), classes, reduction="none")
        losses.sum().backward()
        self._watch(x.grad)
        return losses.detach(), x.grad

    def _watch(self, gradient):
        values = self.network.values
        windows = torch.nn.functional.unfold(values["relu1"].detach(), 2, stride=2).view(len(gradient), 4, 4, 16)
        first, second = windows.topk(2, dim=2).values.unbind(2)
        gaps = (first - second)[first > 0]
        for near in (values["conv1"], values["conv2"], gaps, gradient / gradient.abs().amax((1, 2, 3), keepdim=True)):
            self.closest = min(self.closest, float(near.detach().abs().min()))


def project(x, clean, norm, eps):
    delta = x - clean
    if norm == "linf":
        delta = delta.clamp(-eps, eps)
    else:
        delta = delta * (eps / delta.flatten(1).norm(dim=1).clamp(min=eps)).view(-1, 1, 1, 1)
    return (clean + delta).clamp(0, 1)


def attack(classifier, clean, classes, norm, steps, step, targeted):
    """All iterates [steps,N,3,8,8]."""
    x, iterates = clean, []
    for _ in range(steps):
        _, gradient = classifier.gradient(x, classes)
        if norm == "linf":
            direction = gradient.sign()
        else:
            direction = gradient / gradient.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        x = project(x + (-step if targeted else step) * direction, clean, norm, EPS[norm])
        iterates.append(x)
    return torch.stack(iterates)


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    rng = np.random.Generator(np.random.PCG64(SEED))
    write_model(rng)
    write_manifest()
    pixels = rng.integers(0, 256, (IMAGES, 3, SIDE, SIDE)).astype(np.float32) / np.float32(255)
    save(FOLDER / "images.npy", pixels, "<f4")
    clean = torch.from_numpy(pixels).double()
    classifier = Classifier()
    logits = classifier.logits(clean)
    label = logits.argmax(1)
    target = (label + 1) % CLASSES
    losses, gradient = classifier.gradient(clean, label)
    save(FOLDER / "logits.npy", logits, "<f8")
    save(FOLDER / "gradient.npy", gradient, "<f8")
    index = {"model": "tiny.onnx", "images": "images.npy", "logits": "logits.npy", "gradient": "gradient.npy",
             "label": label.tolist(), "target": target.tolist(), "cross_entropy": [figure(v) for v in losses], "attacks": []}
    for name, norm, steps, relative_step, targeted in ATTACKS:
        step = relative_step * EPS[norm]
        iterates = attack(classifier, clean, target if targeted else label, norm, steps, step, targeted)
        after = classifier.logits(iterates[-1])
        save(FOLDER / f"{name}.npy", iterates, "<f8")
        save(FOLDER / f"{name}-logits.npy", after, "<f8")
        index["attacks"].append({"name": name, "norm": norm, "eps": EPS[norm], "steps": steps, "step_size": step,
                                 "targeted": targeted, "iterates": f"{name}.npy", "logits": f"{name}-logits.npy",
                                 "prediction": after.argmax(1).tolist()})
    if classifier.closest < CLOSE:
        raise SystemExit(f"seed {SEED}: something is {classifier.closest:.1e} from turning; take another seed")
    print(f"nearest gate, winner or gradient element: {classifier.closest:.1e}")
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
