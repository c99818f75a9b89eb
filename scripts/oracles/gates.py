"""Writes tests/data/oracles/gates/: the gates game (docs/method.md) of the four images of tiny/ and inputs near them, in float64.

Run from anywhere with Debian's python3-torch (1.13), after attacks.py:
    /usr/bin/python3 scripts/oracles/gates.py
Every one of the 16 coalitions is a whole run of the network, whose ReLUs multiply by the gates and whose pooling takes the winner
of a recorded run; shares are means over all orders in which the players join. Players: the input, the blocks of relu1 and pool,
of relu2, and of the head, which has no gates.
"""
import itertools
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import numpy as np
import torch
import torch.nn.functional as F

from attacks import FOLDER as TINY
from manifest import Manifest
from onnx_network import Network
from stored import DATA, figure, save, save_json

FOLDER = DATA / "gates"
PLAYERS = 4


class Frozen(Network):
    """Takes each non-linearity's gates from a recording, in the order of the graph; records them without one."""

    def logits(self, x, gates=None):
        self.given, self.recorded = list(gates or []), []
        return self(x)

    def next_gate(self, own):
        self.recorded.append(own)
        return self.given.pop(0) if self.given else own

    def op_Relu(self, inputs, attributes):
        return inputs[0] * self.next_gate((inputs[0] > 0).to(inputs[0].dtype))

    def op_MaxPool(self, inputs, attributes):
        size, strides = attributes.pop("kernel_shape"), attributes.pop("strides")
        assert attributes.pop("pads") == [0, 0, 0, 0] and not attributes.pop("ceil_mode")
        _, winners = F.max_pool2d(inputs[0], size, strides, return_indices=True)
        winners = self.next_gate(winners)
        return inputs[0].flatten(2).gather(2, winners.flatten(2)).view(winners.shape)


def game(network, manifest, clean, other):
    inputs = [manifest.normalise(x) for x in (clean, other)]
    gates = []
    for x in inputs:
        logits = network.logits(x)
        gates.append(network.recorded)
        if x is inputs[0]:
            first = int(logits[0].argmax())
        else:
            order = logits[0].argsort(descending=True).tolist()
            second = order[0] if order[0] != first else order[1]
    assert len(gates[0]) == 3, "relu1, pool, relu2"
    values = []
    for coalition in range(2 ** PLAYERS):
        member = [(coalition >> p) & 1 for p in range(PLAYERS)]
        chosen = [gates[member[1]][0], gates[member[1]][1], gates[member[2]][2]]
        logits = network.logits(inputs[member[0]], chosen)[0]
        values.append(float(logits[first] - logits[second]))
    shares = np.zeros(PLAYERS)
    orders = list(itertools.permutations(range(PLAYERS)))
    for order in orders:
        joined = 0
        for player in order:
            shares[player] += values[joined | 1 << player] - values[joined]
            joined |= 1 << player
    return first, second, values, shares / len(orders)


def main():
    torch.set_num_threads(1)
    network, manifest = Frozen(TINY / "tiny.onnx"), Manifest(TINY / "tiny.json")
    images = torch.from_numpy(np.load(TINY / "images.npy")).double()
    noise = np.random.Generator(np.random.PCG64(17)).normal(size=tuple(images.shape))
    others = (images + 0.15 * torch.from_numpy(noise)).clamp(0, 1).float().double()
    save(FOLDER / "others.npy", others.numpy(), "<f4")
    index = {"model": "../tiny/tiny.onnx", "images": "../tiny/images.npy", "others": "others.npy", "games": []}
    for clean, other in zip(images, others):
        with torch.no_grad():
            first, second, values, shares = game(network, manifest, clean[None], other[None])
        print(first, second, [f"{v:.3f}" for v in values], shares)
        index["games"].append({"clean_class": first, "other_class": second, "values": [figure(v) for v in values],
                               "shapley": [figure(s) for s in shares]})
    save_json(FOLDER / "index.json", index)


if __name__ == "__main__":
    main()
