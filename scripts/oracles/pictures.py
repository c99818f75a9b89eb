"""Writes tests/image/data/pictures/: small pictures in every variant that faultline decodes, and what Pillow makes of them.

Run from the repository's root with Debian's python3-pil (9.4) and python3-numpy:
    /usr/bin/python3 scripts/oracles/pictures.py
index.txt holds one picture a line: file, width, height, maximum (255 or 65535), tolerance in steps of that maximum, hex of
the upright picture's interleaved RGB, two bytes a sample (high first) where the maximum is 65535.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path("tests/image/data/pictures")
INDEX = []


def picture(width, height):
    """A picture that no turn or mirroring leaves as it was."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * 3 + y * y * 5) * 11 % 256], -1).astype(np.uint8)


def add(name, content, expected, maximum=255, tolerance=0):
    (FOLDER / name).write_bytes(content)
    height, width = expected.shape[:2]
    hexed = expected.astype(">u2" if maximum > 255 else "u1").tobytes().hex()
    INDEX.append(f"{name} {width} {height} {maximum} {tolerance} {hexed}")


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def reopened(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def over_white(pixels, maximum=255):
    colour, alpha = pixels[..., :3].astype(float), pixels[..., 3:].astype(float)
    return np.floor((colour * alpha + maximum * (maximum - alpha)) / maximum + 0.5)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, before=b""):
    """A PNG that Pillow cannot write: rows are the raw bytes of each line."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return b"\x89PNG\r\n\x1a\n" + header + before + data + chunk(b"IEND", b"")


def exif(orientation, order="<"):
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "IH", 8, 1) + entry + struct.pack(order + "I", 0)


def jpegs(rgb):
    image = Image.fromarray(rgb)
    for name, options in {"jpeg-444": {"subsampling": 0}, "jpeg-420": {"subsampling": 2},
                          "jpeg-progressive": {"progressive": True}, "jpeg-best": {"quality": 100}}.items():
        content = encoded(image, "JPEG", **options)
        add(name + ".jpg", content, reopened(content))
    content = encoded(image.convert("L"), "JPEG")
    add("jpeg-grey.jpg", content, reopened(content))
    content = encoded(image.convert("CMYK"), "JPEG", quality=95)
    add("jpeg-cmyk.jpg", content, reopened(content), tolerance=1)
    content = content.replace(b"\xff\xee\x00\x0eAdobe", b"\xff\xee\x00\x0eOther")
    add("jpeg-cmyk-plain.jpg", content, reopened(content), tolerance=1)


def pngs(rgb):
    image = Image.fromarray(rgb)
    height, width = rgb.shape[:2]
    alpha = (np.arange(height * width).reshape(height, width, 1) * 29 % 256).astype(np.uint8)
    rgba = np.concatenate([rgb, alpha], -1)
    add("png-rgb.png", encoded(image, "PNG"), rgb)
    add("png-rgba.png", encoded(Image.fromarray(rgba), "PNG"), over_white(rgba))
    grey = rgb[..., 2]
    three = np.repeat(grey[..., None], 3, -1)
    add("png-grey.png", encoded(Image.fromarray(grey), "PNG"), three)
    grey_alpha = np.concatenate([grey[..., None], alpha], -1)
    add("png-grey-alpha.png", encoded(Image.fromarray(grey_alpha, "LA"), "PNG"),
        over_white(np.concatenate([three, alpha], -1)))
    palette = image.quantize(16)
    add("png-palette.png", encoded(palette, "PNG"), reopened(encoded(palette, "PNG")))
    transparent = encoded(palette, "PNG", transparency=3)
    shown = np.where(np.asarray(palette)[..., None] == 3, 255, np.asarray(palette.convert("RGB")))
    add("png-palette-transparent.png", transparent, shown)
    bits = image.convert("1")
    add("png-1bit.png", encoded(bits, "PNG"), np.asarray(bits.convert("RGB")))
    pngs_16(width, height)
    rows = [bytes(row) for row in interlaced(rgb)]
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1))
    add("png-interlaced.png", b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b""), rgb)


def pngs_16(width, height):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(4), indexing="ij")
    wide = ((x * 4711 + y * 9973 + c * 21011 + 17) % 65536).astype(">u2")
    add("png-16bit.png", png(width, height, 16, 2, [wide[i, :, :3].tobytes() for i in range(height)]), wide[..., :3], 65535)
    add("png-16bit-alpha.png", png(width, height, 16, 6, [wide[i].tobytes() for i in range(height)]),
        over_white(wide, 65535), 65535, 1)
    add("png-16bit-grey.png", png(width, height, 16, 0, [wide[i, :, 0].tobytes() for i in range(height)]),
        np.repeat(wide[..., :1], 3, -1), 65535)


def interlaced(rgb):
    """The lines of Adam7's seven passes."""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = rgb[y0::dy, x0::dx]
        if part.size:
            yield from (b"\0" + row.tobytes() for row in part)


def webps(rgb):
    image = Image.fromarray(rgb)
    alpha = (np.arange(rgb.shape[0] * rgb.shape[1]).reshape(rgb.shape[:2])[..., None] * 31 % 256).astype(np.uint8)
    rgba = np.concatenate([rgb, alpha], -1)
    add("webp-lossless.webp", encoded(image, "WEBP", lossless=True), rgb)
    content = encoded(image, "WEBP", quality=80)
    add("webp-lossy.webp", content, reopened(content))
    content = encoded(Image.fromarray(rgba), "WEBP", lossless=True, exact=True)
    add("webp-alpha.webp", content, over_white(rgba))
    (FOLDER / "webp-animated.webp").write_bytes(
        encoded(image, "WEBP", save_all=True, append_images=[image.rotate(180)], duration=100))


def pnms(rgb):
    height, width = rgb.shape[:2]
    grey = rgb[..., 2]
    three = np.repeat(grey[..., None], 3, -1)
    size = b"%d %d" % (width, height)
    add("ppm-p6.ppm", b"P6\n# a comment\n" + size + b"\n255\n" + rgb.tobytes(), rgb)
    add("pgm-p5.pgm", b"P5 " + size + b" 255 " + grey.tobytes(), three)
    add("ppm-p3.ppm", b"P3\n" + size + b"\n255\n" + " ".join(map(str, rgb.flat)).encode(), rgb)
    add("pgm-p2.pgm", b"P2\n" + size + b"# another\n255\n" + "\n".join(map(str, grey.flat)).encode() + b"\n", three)
    wide = rgb.astype(">u2") * 257
    add("ppm-16bit.ppm", b"P6 " + size + b" 65535\n" + wide.tobytes(), wide, 65535)
    add("ppm-p3-16bit.ppm", b"P3 " + size + b" 65535\n" + " ".join(map(str, wide.flat)).encode(), wide, 65535)
    few = rgb // 17
    add("ppm-maximum-15.ppm", b"P6 " + size + b" 15\n" + few.tobytes(), few * 17)


def orientations(rgb):
    """orientation-N.EXT: what is stored, so that turning it as N says gives `rgb`, or what is left of it."""
    turned = {1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
              5: lambda a: a.transpose(1, 0, 2), 6: lambda a: np.rot90(a, 1), 7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
              8: lambda a: np.rot90(a, -1)}
    for value, turn in turned.items():
        stored = np.ascontiguousarray(turn(rgb))
        order = "<" if value % 2 else ">"
        rows = [row.tobytes() for row in stored]
        add(f"orientation-{value}.png", png(stored.shape[1], stored.shape[0], 8, 2, rows, chunk(b"eXIf", exif(value, order))),
            rgb)
        add(f"orientation-{value}.webp",
            encoded(Image.fromarray(stored), "WEBP", lossless=True, exif=exif(value, order)), rgb)
        upright = ImageOps.exif_transpose(Image.open(FOLDER / f"orientation-{value}.png"))
        assert (np.asarray(upright) == rgb).all(), "Pillow turns it otherwise"
        content = encoded(Image.fromarray(stored), "JPEG", quality=100, subsampling=0,
                          exif=b"Exif\0\0" + exif(value, order))
        add(f"orientation-{value}.jpg", content, rgb, tolerance=6)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    rgb = picture(13, 9)
    for make in (jpegs, pngs, webps, pnms, orientations):
        make(rgb)
    (FOLDER / "index.txt").write_text("\n".join(INDEX) + "\n")
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(INDEX)} pictures, {total} bytes in {FOLDER}")


if __name__ == "__main__":
    main()
