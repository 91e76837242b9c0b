"""Pictures and numbers that need no file: tests/parity/vision/made_weights.h makes the same."""
import zlib

import numpy as np


def made_values(name, count):
    """`count` numbers in [0, 1), from the name and the index alone: 32-bit integers, mixed by two multiplications."""
    mask = np.uint64(0xFFFFFFFF)
    index = np.arange(1, count + 1, dtype=np.uint64)
    x = (index * np.uint64(2654435761) + np.uint64(zlib.crc32(name.encode()))) & mask
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(2246822519)) & mask
    x ^= x >> np.uint64(13)
    return x.astype(np.float64) / 2.0**32


def made_pixels(count, side, number):
    """8-bit pictures [count, side, side, 3], coarse enough that no rounding decides a value."""
    values = made_values(f"pixels {number}", count * side * side * 3).reshape(count, side, side, 3)
    blocks = made_values(f"blocks {number}", count * 4 * 4 * 3).reshape(count, 4, 4, 3).repeat(side // 4, 1).repeat(side // 4, 2)
    return np.floor(60 * values + 190 * blocks).astype(np.uint8)


def mixed_pixels(count, side):
    """Reconstructions of `made_pixels(count, side, 0)`: a quarter of the target, three quarters of something else."""
    return (made_pixels(count, side, 0) // 4 + made_pixels(count, side, 1) // 4 * 3).astype(np.uint8)
