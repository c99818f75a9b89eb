"""Writes tests/image/data/resize.txt: pictures resized by Pillow and OpenCV, for tests/image/resize_test.cc.

Run from the repository's root with Debian's python3-pil (9.4) and python3-opencv (4.6):
    /usr/bin/python3 scripts/oracles/resize.py
The inputs come from a formula that the test repeats, so only the results are stored, one case a line:
    filter geometry in_width in_height width height shorter_side  hex of the result, interleaved RGB
The crop follows torchvision 0.15, functional.py: resize to int(shorter_side * long / short), centre_crop from
int(round((side - crop) / 2.0)).
"""

import pathlib

import cv2
import numpy as np
from PIL import Image

STRETCH = [  # in_width, in_height, width, height
    (1, 1, 1, 1), (1, 1, 5, 3), (5, 3, 1, 1), (1, 9, 4, 4), (9, 1, 4, 4), (2, 2, 4, 4), (3, 2, 7, 9), (7, 5, 7, 11),
    (7, 5, 14, 5), (16, 12, 8, 6), (17, 13, 8, 6), (31, 29, 10, 10), (64, 5, 9, 9), (5, 64, 9, 9), (40, 30, 13, 11),
    (97, 61, 16, 16), (10, 10, 15, 15), (23, 19, 22, 18), (12, 12, 12, 12), (200, 3, 7, 2), (33, 47, 3, 1)]
CROP = [  # in_width, in_height, width, height, shorter_side
    (20, 14, 8, 8, 9), (14, 20, 8, 8, 9), (37, 23, 14, 14, 16), (23, 37, 14, 14, 16), (1, 1, 5, 5, 6), (50, 7, 12, 12, 13),
    (7, 50, 12, 12, 13), (16, 16, 11, 11, 16), (18, 16, 11, 11, 16), (19, 16, 10, 7, 16), (16, 21, 7, 10, 12),
    (45, 31, 8, 8, 8), (101, 67, 14, 14, 16), (3, 2, 9, 9, 10)]


def picture(width, height):
    """Noise on ramps: repeated by the test."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    noise = (x * 7919 + y * 104729 + c * 1299709 + 12345) * 2654435761 % 2**32 >> 24
    ramp = x * 255 // max(width - 1, 1) if width > height else y * 255 // max(height - 1, 1)
    return np.where((x // 4 + y // 4) % 2 == 0, noise, ramp).astype(np.uint8)


def resized(pixels, rule, width, height):
    if rule == "antialias":
        return np.asarray(Image.fromarray(pixels).resize((width, height), Image.BILINEAR))
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)


def cropped(pixels, rule, width, height, shorter_side):
    in_height, in_width = pixels.shape[:2]
    short, long = sorted((in_width, in_height))
    long_side = int(shorter_side * long / short)
    size = (shorter_side, long_side) if in_width <= in_height else (long_side, shorter_side)
    whole = resized(pixels, rule, *size)
    top = int(round((size[1] - height) / 2.0))
    left = int(round((size[0] - width) / 2.0))
    return whole[top:top + height, left:left + width]


def main():
    lines = []
    for rule in ("antialias", "opencv-linear"):
        for in_width, in_height, width, height in STRETCH:
            result = resized(picture(in_width, in_height), rule, width, height)
            lines.append(f"{rule} stretch {in_width} {in_height} {width} {height} 0 {result.tobytes().hex()}")
        for in_width, in_height, width, height, side in CROP:
            result = cropped(picture(in_width, in_height), rule, width, height, side)
            lines.append(f"{rule} crop {in_width} {in_height} {width} {height} {side} {result.tobytes().hex()}")
    target = pathlib.Path("tests/image/data/resize.txt")
    target.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} cases, {target.stat().st_size} bytes in {target}")


if __name__ == "__main__":
    main()
