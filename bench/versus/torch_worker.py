"""The other side of bench/versus: VGG-16 in PyTorch, written for speed by hand.

usage: torch_worker.py MODEL.onnx FOLDER THREADS

Reads FOLDER/images.npy (float32 [N,3,H,W] in [0,1]), then commands on stdin, and answers each with one line of JSON:
  format N   {"format", "seconds": {format: s}, "difference"}: times the maps of N images in both memory formats, which
             differ by so much (relative L2, the worst map); the faster is taken for all that follows of N images
  maps N     {"seconds"}: Grad-CAM of each image's own class at all 13 convolutions' ReLUs, of the first N images
  pgd N      {"seconds"}: PGD, Linf 4/255, 10 steps of 1/255, no random start, of the first N images
  step N     the same with one step
  load       {"seconds"}: state dict from a file -> module
  save       {}: writes the last answer to FOLDER: classes.npy, and maps_0.npy ... or attacked.npy and losses.npy
"""

import collections
import json
import pathlib
import sys
import time

import numpy
import onnx
import onnx.numpy_helper
import torch

WIDTHS = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]]
NETWORK_FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
EPS = 4 / 255
STEPS = 10
STEP_SIZE = 2.5 * EPS / STEPS


class Normalize(torch.nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.mean = torch.tensor(mean).view(1, 3, 1, 1)
        self.std = torch.tensor(std).view(1, 3, 1, 1)

    def forward(self, images):
        return (images - self.mean) / self.std


def build(mean, std):
    """Layers are named as the model file names them. Nothing is initialised, as a state dict follows."""
    skip_init = torch.nn.utils.skip_init
    layers = collections.OrderedDict(normalized=Normalize(mean, std))
    channels = 3
    for block, widths in enumerate(WIDTHS, 1):
        for i, width in enumerate(widths, 1):
            name = f"block{block}_conv{i}"
            layers[name] = skip_init(torch.nn.Conv2d, channels, width, 3, padding=1)
            layers[name + "_relu"] = torch.nn.ReLU(inplace=True)
            channels = width
        layers[f"block{block}_pool"] = torch.nn.MaxPool2d(2)
    layers["flatten"] = torch.nn.Flatten()
    layers["fc1"] = skip_init(torch.nn.Linear, 512 * 7 * 7, 4096)
    layers["fc1_relu"] = torch.nn.ReLU(inplace=True)
    layers["fc2"] = skip_init(torch.nn.Linear, 4096, 4096)
    layers["fc2_relu"] = torch.nn.ReLU(inplace=True)
    layers["predictions"] = skip_init(torch.nn.Linear, 4096, 1000)
    return torch.nn.Sequential(layers).eval().requires_grad_(False)


def grad_cam(activation, gradient):
    """A matrix product with a vector, in either memory format without a copy."""
    n, channels, height, width = activation.shape
    weights = gradient.mean(dim=(2, 3))
    if activation.is_contiguous():
        sums = torch.bmm(weights.unsqueeze(1), activation.view(n, channels, height * width))
    else:
        sums = torch.bmm(activation.permute(0, 2, 3, 1).view(n, height * width, channels), weights.unsqueeze(2))
    return sums.view(n, height, width).relu_()


def worst_difference(a, b):
    """The largest relative L2 difference of two answers' maps: what the order of sums alone is worth."""
    return max(float(((x - y).flatten(1).norm(dim=1) / y.flatten(1).norm(dim=1)).max())
               for x, y in ((a[key], b[key]) for key in a if key.startswith("maps")))


class Worker:
    def __init__(self, model, folder):
        manifest = json.loads(pathlib.Path(model).with_suffix(".json").read_text())
        self.preprocessing = manifest["input"]["mean"], manifest["input"]["std"]
        self.folder = pathlib.Path(folder)
        initialisers = onnx.load(model).graph.initializer
        state = {each.name: torch.from_numpy(onnx.numpy_helper.to_array(each).copy()) for each in initialisers}
        torch.save(state, self.folder / "state.pt")
        self.networks = {name: self.load(name) for name in NETWORK_FORMATS}
        self.formats = {}  # of a batch size: the name of the faster
        self.images = torch.from_numpy(numpy.load(self.folder / "images.npy"))
        self.answer = {}

    def load(self, name="contiguous"):
        network = build(*self.preprocessing)
        network.load_state_dict(torch.load(self.folder / "state.pt"))
        return network.to(memory_format=NETWORK_FORMATS[name])

    def prepare(self, count):
        """The network in the batch size's format, and so many images in it."""
        name = self.formats[count]
        return self.networks[name], self.images[:count].contiguous(memory_format=NETWORK_FORMATS[name])

    def maps(self, count):
        """One forward and one backward pass for all images and layers; the image's own gradient is not computed."""
        network, images = self.prepare(count)
        kept = []
        hooks = [layer.register_forward_hook(lambda _layer, _inputs, output: kept.append(output))
                 for name, layer in network.named_children() if "conv" in name and name.endswith("_relu")]
        best = network(images.requires_grad_()).max(dim=1)
        gradients = torch.autograd.grad(best.values.sum(), kept)
        for hook in hooks:
            hook.remove()
        maps = [grad_cam(a.detach(), g) for a, g in zip(kept, gradients)]
        return {"classes": best.indices, **{f"maps_{i}": each for i, each in enumerate(maps)}}

    def step(self, count):
        return self.pgd(count, steps=1)

    def pgd(self, count, steps=STEPS):
        """12 forward passes, 10 of them with a backward one: the clean pass is the first step's, the last two judge the
        result and what an 8-bit file would hold of it."""
        network, clean = self.prepare(count)
        lower, upper = (clean - EPS).clamp_(min=0), (clean + EPS).clamp_(max=1)
        point = clean.clone(memory_format=torch.preserve_format)
        logits = network(point.requires_grad_())
        labels = logits.detach().argmax(dim=1)
        for step in range(steps):
            loss = torch.nn.functional.cross_entropy(logits, labels, reduction="sum")
            (gradient,) = torch.autograd.grad(loss, point)
            point = point.detach().add_(gradient.sign_(), alpha=STEP_SIZE)
            point = torch.minimum(torch.maximum(point, lower), upper)
            with torch.set_grad_enabled(step + 1 < steps):
                logits = network(point.requires_grad_())
        with torch.no_grad():
            network((point * 255).round_().div_(255))
        losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
        return {"classes": logits.argmax(dim=1), "attacked": point.detach(), "losses": losses}

    def choose_format(self, count):
        """Times the maps of `count` images in both memory formats; what follows of that batch size takes the faster."""
        seconds, answers = {}, []
        for name in NETWORK_FORMATS:
            self.formats[count] = name
            answers.append(self.maps(count))
            start = time.perf_counter()
            self.maps(count)
            seconds[name] = time.perf_counter() - start
        self.formats[count] = min(seconds, key=seconds.get)
        return {"format": self.formats[count], "seconds": seconds, "difference": worst_difference(*answers)}

    def run(self, command):
        name, *arguments = command.split()
        if name == "format":
            return self.choose_format(int(arguments[0]))
        if name == "save":
            for key, value in self.answer.items():
                numpy.save(self.folder / (key + ".npy"), value.numpy().astype(numpy.float32))
            return {}
        job = getattr(self, name)
        start = time.perf_counter()
        answer = job(*map(int, arguments))
        seconds = time.perf_counter() - start
        self.answer = answer if isinstance(answer, dict) else {}
        return {"seconds": seconds}


def blas():
    """The BLAS that this process has loaded, which PyTorch takes for dense layers."""
    maps = pathlib.Path("/proc/self/maps").read_text().split()
    names = {pathlib.Path(each).resolve().name for each in maps if "blas" in pathlib.Path(each).name}
    return " and ".join(sorted(names)) or "none"


def main():
    _, model, folder, threads = sys.argv
    torch.set_num_threads(int(threads))
    worker = Worker(model, folder)
    onednn = next(line for line in torch.__config__.show().splitlines() if "MKL-DNN" in line)
    print(json.dumps({"version": torch.__version__, "onednn": onednn.strip(" -"), "blas": blas(),
                      "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        print(json.dumps(worker.run(line)), flush=True)


if __name__ == "__main__":
    main()
