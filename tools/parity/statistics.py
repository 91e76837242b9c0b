"""Writes tests/data/statistics/golden.json: what NumPy and scikit-image say about small pictures.

Run: python3 tools/parity/statistics.py   (numpy 2.4.6, scikit-image 0.26.0)
"""

import json
from pathlib import Path

import numpy as np
import skimage
from skimage.metrics import structural_similarity

assert np.__version__ == "2.4.6" and skimage.__version__ == "0.26.0"

OUT = Path(__file__).parents[2] / "tests/data/statistics/golden.json"


def pictures(random, height, width):
    """A smooth picture and a noisy, shifted copy, 8-bit."""
    y, x = np.mgrid[0:height, 0:width]
    waves = sum(np.sin(x * random.uniform(0.1, 0.9) + y * random.uniform(0.1, 0.9) + random.uniform(0, 6)) for _ in range(4))
    first = (waves - waves.min()) / (waves.max() - waves.min())
    second = np.clip(0.8 * np.roll(first, 1, axis=1) + 0.1 + random.normal(0, 0.1, first.shape), 0, 1)
    return [np.round(255 * p).astype(np.uint8) for p in (first, second)]


def ssim_case(random, height, width):
    first, second = pictures(random, height, width)
    a, b = first / 255.0, second / 255.0
    settings = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0)
    return {
        "a": first.tolist(),
        "b": second.tolist(),
        "pearson": np.corrcoef(a.ravel(), b.ravel())[0, 1],
        "mse": np.mean((a - b) ** 2),
        "ssim": structural_similarity(a, b, **settings),
        "ssim_columns": structural_similarity(a, b, channel_axis=-1, **settings),
    }


def two_way(targets, reconstructions):
    """As MindEye2's and brain-diffuser's evaluation: NumPy's corrcoef, compared over targets."""
    n = len(targets)
    r = np.corrcoef(targets, reconstructions)[:n, n:]
    return r, np.sum(r < np.diag(r), axis=0) / (n - 1)


def identification_case(random, images, values):
    targets = random.normal(size=(images, values)).round(3)
    reconstructions = (0.25 * targets + random.normal(size=targets.shape)).round(3)
    r, shares = two_way(targets, reconstructions)
    return {"targets": targets.tolist(), "reconstructions": reconstructions.tolist(), "r": r.tolist(), "two_way": shares.tolist()}


def main():
    random = np.random.default_rng(849)
    golden = {
        "pictures": [ssim_case(random, *size) for size in ((11, 11), (28, 28), (20, 37))],
        "identification": identification_case(random, 12, 30),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
