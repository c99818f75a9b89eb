"""The random streams of docs/catalogue.md in Python: Philox4x32-10 (Salmon et al. 2011), keyed by SHA-256."""
import hashlib
import math

import numpy as np

MASK = 0xFFFFFFFF


def philox4x32(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def open_unit(bits):
    return (bits + 0.5) / 2 ** 32


class Stream:
    """Named by seed and text; three kinds of numbers, each by index."""

    def __init__(self, seed, name):
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        self.key = [int.from_bytes(digest[i:i + 4], "little") for i in (0, 4)]
        self.salt = int.from_bytes(digest[8:12], "little")

    def _block(self, index, purpose):
        return philox4x32([index & MASK, index >> 32, purpose, self.salt], self.key)

    def uniform(self, index):
        return open_unit(self._block(index // 4, 0)[index % 4])

    def normal(self, index):
        bits = self._block(index // 4, 1)
        pair = (index % 4) // 2
        radius = math.sqrt(-2 * math.log(open_unit(bits[2 * pair])))
        angle = 2 * math.pi * open_unit(bits[2 * pair + 1])
        return radius * (math.cos(angle) if index % 2 == 0 else math.sin(angle))

    def below(self, index, bound):
        bits = self._block(index, 2)
        return ((bits[0] << 32 | bits[1]) * bound) >> 64

    def bits(self, first, count):
        """32 random bits each: numbers first, first + 1, ..., all at once."""
        blocks = np.arange(first // 4, (first + count + 3) // 4, dtype=np.uint64)
        low, shift = np.uint64(MASK), np.uint64(32)
        c = [blocks & low, blocks >> shift, np.full(len(blocks), 3, np.uint64), np.full(len(blocks), self.salt, np.uint64)]
        k = [np.uint64(key) for key in self.key]
        for _ in range(10):
            p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
            c = [(p1 >> shift) ^ c[1] ^ k[0], p1 & low, (p0 >> shift) ^ c[3] ^ k[1], p0 & low]
            k = [(k[0] + np.uint64(0x9E3779B9)) & low, (k[1] + np.uint64(0xBB67AE85)) & low]
        return np.stack(c, axis=1).reshape(-1)[first % 4:first % 4 + count]
