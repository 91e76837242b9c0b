"""Writes tests/data/statistics/golden.json: what NumPy and scikit-image say about small pictures, and
tests/data/statistics/retrieval.json: what NumPy says about who finds whom among random features.

Run: python3 tools/parity/statistics.py   (numpy 2.4.6, scikit-image 0.26.0; torch 2.13.0, which draws as we do)
"""

import json
from pathlib import Path

import numpy as np
import skimage
import torch
from skimage.metrics import structural_similarity

assert np.__version__ == "2.4.6" and skimage.__version__ == "0.26.0"
assert torch.__version__.split("+")[0] == "2.13.0"

OUT = Path(__file__).parents[2] / "tests/data/statistics"
SAFE = 1e-9  # similarities that decide differ by more: no rounding turns a rank


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


def features(random, images, values, noise):
    """Rows of targets, and of reconstructions that resemble them; CLIP's are all near each other, and so are these."""
    shared = random.normal(size=values)
    targets = (shared + random.normal(size=(images, values))).round(3)
    return targets, (targets + noise * random.normal(size=targets.shape)).round(3)


def cosines(rows, columns):
    unit = [m / np.linalg.norm(m, axis=1, keepdims=True) for m in (rows, columns)]
    return unit[0] @ unit[1].T


def csls(similarities, k=10):
    """Conneau et al. (2018), equation 3."""
    rows = np.sort(similarities, axis=1)[:, -k:].mean(axis=1, keepdims=True)
    columns = np.sort(similarities, axis=0)[-k:].mean(axis=0, keepdims=True)
    return 2 * similarities - rows - columns


def ranks(similarities):
    """[n] how many candidates each query likes as much as its own, or more; 0 is top-1."""
    own = np.diag(similarities)[:, None]
    others = ~np.eye(len(similarities), dtype=bool)
    assert np.abs(similarities - own)[others].min() > SAFE
    return np.sum((similarities >= own) & others, axis=1)


def retrieval(similarities, pool, draws, seed, scale):
    """As final_evaluations.ipynb of MindEye2: draws of a pool without replacement, top-1 in each."""
    count = len(similarities)
    generator = torch.Generator().manual_seed(seed)
    hits, drawn, top1 = np.zeros(count), np.zeros(count), []
    for _ in range(draws):
        items = torch.randperm(count, generator=generator).numpy()[: min(pool, count)]
        square = similarities[np.ix_(items, items)]
        found = ranks(csls(square) if scale else square) == 0
        hits[items] += found
        drawn[items] += 1
        top1.append(np.mean(found))
    deviation = np.std(top1, ddof=1) / np.sqrt(draws)
    interval = [np.mean(top1), np.mean(top1) - 1.959963984540054 * deviation, np.mean(top1) + 1.959963984540054 * deviation]
    return {"hits": hits.tolist(), "drawn": drawn.tolist(), "top1": top1, "interval": interval}


def retrieval_case(random, images, values, noise, **options):
    targets, reconstructions = features(random, images, values, noise)
    similarities = cosines(reconstructions, targets)
    return {
        "targets": targets.tolist(), "reconstructions": reconstructions.tolist(), **options,
        "csls": csls(similarities)[:3].tolist(),
        "target": {name: retrieval(similarities, scale=name == "csls", **options) for name in ("cosine", "csls")},
        "reconstruction": {name: retrieval(similarities.T, scale=name == "csls", **options) for name in ("cosine", "csls")},
    }


def n_way(r, n, seed):
    """Share of n - 1 drawn other targets that correlate less with reconstruction j than its own."""
    count = len(r)
    generator = torch.Generator().manual_seed(seed)
    shares = []
    for j in range(count):
        others = np.delete(np.arange(count), j)
        if n < count:
            others = others[torch.randperm(count - 1, generator=generator).numpy()[: n - 1]]
        assert np.abs(r[others, j] - r[j, j]).min() > SAFE
        shares.append(float(np.mean(r[others, j] < r[j, j])))
    return shares


def n_way_case(random, images, values, seed):
    targets, reconstructions = features(random, images, values, 2.0)
    r, two_way_shares = two_way(targets, reconstructions)
    return {
        "targets": targets.tolist(), "reconstructions": reconstructions.tolist(), "seed": seed, "two_way": two_way_shares.tolist(),
        "n_way": {str(n): n_way(r, n, seed) for n in (2, 5, 10, images)},
    }


def write(name, golden):
    (OUT / name).write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT / name, (OUT / name).stat().st_size, "bytes")


def main():
    random = np.random.default_rng(849)
    golden = {
        "pictures": [ssim_case(random, *size) for size in ((11, 11), (28, 28), (20, 37))],
        "identification": identification_case(random, 12, 30),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    write("golden.json", golden)
    random = np.random.default_rng(2024)
    cases = [retrieval_case(random, 24, 8, 1.0, pool=10, draws=5, seed=7), retrieval_case(random, 320, 6, 0.3, pool=300, draws=30, seed=42)]
    write("retrieval.json", {"retrieval": cases, "n_way": n_way_case(random, 40, 16, 42)})


if __name__ == "__main__":
    main()
