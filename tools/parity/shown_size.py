"""Writes tests/data/evaluation/shown_size.json: pixel correlation and SSIM of pictures that were shown at 128 x 128 and
reconstructed at 64 x 64, as the published scripts compute them: each picture resized from the size that it has.

Run: python3 tools/parity/shown_size.py   (numpy 2.4.6, scikit-image 0.26.0, torch 2.13.0, pillow 13.0.0)
"""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity
from torch.nn.functional import interpolate

OUT = Path(__file__).parents[2] / "tests/data/evaluation/shown_size.json"
COUNT, SHOWN, MADE = 4, 128, 64


def shown_picture(i):
    """uint8 [128, 128, 3]: slopes with a texture finer than 64 pixels can hold."""
    y, x, c = np.mgrid[0:SHOWN, 0:SHOWN, 0:3]
    return (100 * x // SHOWN + 60 * y // SHOWN + 20 * c + (x * (i + 3) + 5 * y + 11 * c) % 7 * 10).astype(np.uint8)


def made_picture(i):
    """uint8 [64, 64, 3], grey."""
    y, x = np.mgrid[0:MADE, 0:MADE]
    grey = 130 * x // MADE + 40 * y // MADE + x * y * (i + 1) % 9 * 6
    return np.repeat(grey[..., None], 3, 2).astype(np.uint8)


def prepare(picture, preset):
    """float [425, 425, 3]."""
    if preset == "brain-diffuser":
        return np.asarray(Image.fromarray(picture).resize((425, 425))) / 255
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None] / 255
    for side in (256, 425):  # torchvision's resize of a tensor is this call
        tensor = interpolate(tensor, (side, side), mode="bilinear", antialias=preset.endswith("antialias"))
    return tensor[0].permute(1, 2, 0).numpy().astype(np.float64)


def scores(preset, reduce=None):
    correlations, similarities = [], []
    for i in range(COUNT):
        shown = shown_picture(i)
        if reduce:
            shown = reduce(shown)
        a, b = prepare(shown, preset), prepare(made_picture(i), preset)
        correlations.append(np.corrcoef(a.ravel(), b.ravel())[0, 1])
        settings = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0)
        similarities.append(structural_similarity(rgb2gray(a), rgb2gray(b), **settings))
    return {"pixel_correlation": float(np.mean(correlations)), "ssim": float(np.mean(similarities))}


def main():
    presets = ("mindeye1-982", "mindeye1-982 antialias", "brain-diffuser")
    golden = {"count": COUNT, "shown": SHOWN, "made": MADE, "presets": {preset: scores(preset) for preset in presets}}
    reduced = lambda picture: np.asarray(Image.fromarray(picture).resize((MADE, MADE), Image.BILINEAR))
    for preset, found in golden["presets"].items():
        other = scores(preset, reduced)
        assert abs(found["pixel_correlation"] - other["pixel_correlation"]) > 1e-2, (found, other)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


main()
