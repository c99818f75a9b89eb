"""What a model's manifest says: preprocessing with Pillow / OpenCV, and normalisation in torch."""
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image


def _resize(pixels, width, height, rule):
    """[h,w,3] uint8 -> [height,width,3] uint8."""
    if rule == "opencv-linear":
        return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    if rule == "antialias":
        return np.asarray(Image.fromarray(pixels).resize((width, height), Image.BILINEAR))
    raise ValueError(f"unknown filter '{rule}'")


class Manifest:
    def __init__(self, path):
        path = Path(path)
        data = json.loads(path.read_text())
        self.input = data["input"]
        if "labels" in data:
            self.labels = data["labels"]
        else:
            lines = (path.parent / data["labels_file"]).read_text().splitlines()
            self.labels = [line.split(" ", 1)[1] for line in lines]

    def pixels(self, path):
        """The image as the network's size wants it: uint8 [height,width,3], RGB."""
        image = np.asarray(Image.open(path).convert("RGB"))
        width, height = self.input["width"], self.input["height"]
        resize = self.input["resize"]
        h, w = image.shape[:2]
        if resize.get("keep_if_exact", False) and (w, h) == (width, height):
            return image
        if resize["geometry"] == "stretch":
            return _resize(image, width, height, resize["filter"])
        # torchvision's Resize (longer side truncated) and CenterCrop (offset rounded).
        short = resize["resize_to"]
        new_w, new_h = (short, int(short * h / w)) if w <= h else (int(short * w / h), short)
        image = _resize(image, new_w, new_h, resize["filter"])
        top, left = int(round((new_h - height) / 2)), int(round((new_w - width) / 2))
        return image[top:top + height, left:left + width]

    def normalise(self, x):
        """x [N,3,H,W] in [0,1], RGB -> what the network is fed; differentiable."""
        v = x * self.input["scale"]
        if self.input["channels"] == "BGR":
            v = v.flip(1)
        mean = torch.tensor(self.input["mean"], dtype=x.dtype).view(1, 3, 1, 1)
        std = torch.tensor(self.input["std"], dtype=x.dtype).view(1, 3, 1, 1)
        return (v - mean) / std


def to_unit_range(pixels, dtype=torch.float64):
    """uint8 [N,H,W,3] -> [N,3,H,W] in [0,1]."""
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).to(dtype) / 255
