"""The four class-activation heatmaps, from the formulas, in float64 NumPy.

activation, gradient [C,h,w] -> [h,w], not normalised.
"""
import numpy as np


def relu(x):
    return np.maximum(x, 0.0)


def layercam(activation, gradient):
    return relu((relu(gradient) * activation).sum(0))


def hirescam(activation, gradient):
    return relu((gradient * activation).sum(0))


def gradcam(activation, gradient):
    weights = gradient.mean((1, 2))
    return relu((weights[:, None, None] * activation).sum(0))


def gradcam_plus_plus(activation, gradient):
    """w_k = sum over g > 0 of g / (2 + g sum A_k), terms with |2 + g sum A_k| < 1e-12 left out."""
    denominator = 2.0 + gradient * activation.sum((1, 2))[:, None, None]
    counted = (gradient > 0) & (np.abs(denominator) >= 1e-12)
    terms = np.where(counted, gradient / np.where(counted, denominator, 1.0), 0.0)
    weights = terms.sum((1, 2))
    return relu((weights[:, None, None] * activation).sum(0))


METHODS = {
    "layercam": layercam,
    "hirescam": hirescam,
    "gradcam": gradcam,
    "gradcam++": gradcam_plus_plus,
}


def all_methods(activation, gradient):
    """[4,h,w] in the order of METHODS."""
    return np.stack([method(activation, gradient) for method in METHODS.values()])
