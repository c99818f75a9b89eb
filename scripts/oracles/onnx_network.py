"""A float64 interpreter for the ONNX operators of the two embedded models, in plain torch.

It shares no code with faultline. An operator or attribute it does not know is an error.
"""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

ONNX_FLOAT_TYPES = (1, 10, 11)  # FLOAT, FLOAT16, DOUBLE


def _symmetric(pads):
    half = len(pads) // 2
    if pads[:half] != pads[half:]:
        raise ValueError(f"asymmetric pads {pads}")
    return pads[:half]


class Network:
    """logits = network(x), x [N,3,H,W] normalised. `values` then holds every named tensor."""

    def __init__(self, path, dtype=torch.float64):
        model = onnx.load(str(path))
        self.nodes = list(model.graph.node)
        self.dtype = dtype
        self.output = model.graph.output[0].name
        self.constants = {
            i.name: torch.from_numpy(np.array(numpy_helper.to_array(i))).to(dtype)
            for i in model.graph.initializer
        }
        names = [i.name for i in model.graph.input if i.name not in self.constants]
        (self.input,) = names

    def layers(self):
        """[(name of a Conv node, name of the tensor its Relu writes)], in graph order."""
        relu_of = {n.input[0]: n.output[0] for n in self.nodes if n.op_type == "Relu"}
        return [(n.name, relu_of[n.output[0]]) for n in self.nodes if n.op_type == "Conv"]

    def before_activation(self):
        """Names of the tensors that enter a Relu."""
        return [n.input[0] for n in self.nodes if n.op_type == "Relu"]

    def __call__(self, x):
        self.values = dict(self.constants)
        self.values[self.input] = x.to(self.dtype)
        for node in self.nodes:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            inputs = [self.values[i] for i in node.input]
            result = getattr(self, "op_" + node.op_type)(inputs, attributes)
            if attributes:
                raise ValueError(f"node '{node.name}': unknown attributes {sorted(attributes)}")
            if result.requires_grad:
                result.retain_grad()
            self.values[node.output[0]] = result
        return self.values[self.output]

    def op_Cast(self, inputs, attributes):
        if attributes.pop("to") not in ONNX_FLOAT_TYPES:
            raise ValueError("Cast to something else than a float")
        return inputs[0]  # float16 weights are exact in every wider type

    def op_Conv(self, inputs, attributes):
        attributes.pop("kernel_shape")
        return F.conv2d(*inputs, stride=attributes.pop("strides"),
                        padding=_symmetric(attributes.pop("pads")),
                        dilation=attributes.pop("dilations"), groups=attributes.pop("group"))

    def op_Relu(self, inputs, attributes):
        return torch.relu(inputs[0])

    def op_MaxPool(self, inputs, attributes):
        return F.max_pool2d(inputs[0], attributes.pop("kernel_shape"), attributes.pop("strides"),
                            _symmetric(attributes.pop("pads")),
                            ceil_mode=bool(attributes.pop("ceil_mode")))

    def op_Concat(self, inputs, attributes):
        return torch.cat(inputs, attributes.pop("axis"))

    def op_GlobalAveragePool(self, inputs, attributes):
        return inputs[0].mean((2, 3), keepdim=True)

    def op_Flatten(self, inputs, attributes):
        return inputs[0].flatten(attributes.pop("axis"))

    def op_Gemm(self, inputs, attributes):
        a, b, c = inputs
        if attributes.pop("transB", 0):
            b = b.T
        return attributes.pop("alpha", 1.0) * (a @ b) + attributes.pop("beta", 1.0) * c
