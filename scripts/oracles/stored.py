"""How the oracle scripts write what they compute: .npy of float32 or float64, and JSON."""
import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "oracles"


def save(path, array, dtype):
    """dtype '<f4' or '<f8'. Refuses what does not fit: infinite values, indices beyond float32's integers."""
    array = np.ascontiguousarray(array)
    stored = array.astype(dtype)
    if not np.all(np.isfinite(stored)):
        raise ValueError(f"{path}: not finite")
    if np.issubdtype(array.dtype, np.integer) and not np.array_equal(stored.astype(array.dtype), array):
        raise ValueError(f"{path}: integers that {dtype} cannot hold")
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, stored)


def figure(value):
    """A float64 at 12 significant digits: the last ones depend on the order of summation."""
    return float(f"{float(value):.12g}")


def save_json(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")
