"""Writes tests/data/evaluation/shown_size.json: pixel scores, image by image, of pictures that were shown at one size and
reconstructed at another, in every preset of `evaluate`. Published scripts resize each picture from the size that it has;
`native` brings what was shown to the size of the reconstructions.

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
COUNT = 4
SIZES = [(128, 64), (450, 440)]  # shown and made: what every preset enlarges, and what it reduces
PRESETS = ["native", "mindeye2-1000", "mindeye2-1000 antialias", "mindeye1-982", "mindeye1-982 antialias", "brain-diffuser"]
SSIM = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0)


def shown_picture(i, side):
    """uint8 [side, side, 3]: slopes with a texture finer than half as many pixels can hold."""
    y, x, c = np.mgrid[0:side, 0:side, 0:3]
    return ((40 + 20 * i) * x // side + 60 * y // side + 20 * c + (x * (i + 3) + 5 * y + 11 * c) % 7 * 10).astype(np.uint8)


def made_picture(i, side):
    """uint8 [side, side, 3], grey."""
    y, x = np.mgrid[0:side, 0:side]
    grey = (130 - 25 * i) * x // side + 40 * y // side + x * y * (i + 1) % 9 * 6
    return np.repeat(grey[..., None], 3, 2).astype(np.uint8)


def reduce(picture, side):
    """As `native` brings a picture to the codec's size: bilinear, antialiased, back to 8 bits."""
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    resized = interpolate(tensor, (side, side), mode="bilinear", antialias=True)
    return (resized[0].permute(1, 2, 0) + 0.5).floor().clamp(0, 255).byte().numpy()


def prepare(picture, preset):
    """float [H, W, 3]: 425 x 425 in the published presets."""
    if preset == "native":
        return picture / 255
    if preset == "brain-diffuser":
        return np.asarray(Image.fromarray(picture).resize((425, 425))) / 255
    tensor = torch.from_numpy(picture).permute(2, 0, 1)[None] / 255
    for side in (256, 425):  # torchvision's resize of a tensor is this call
        tensor = interpolate(tensor, (side, side), mode="bilinear", antialias=preset.endswith("antialias"))
    return tensor[0].permute(1, 2, 0).numpy().astype(np.float64)


def two_way(targets, reconstructions):
    """MedARC's two_way_identification, image by image."""
    count = len(targets)
    r = np.corrcoef([t.ravel() for t in targets], [m.ravel() for m in reconstructions])[:count, count:]
    near = np.abs(r - np.diag(r)) + np.eye(count)
    assert near.min() > 1e-3, "single precision could decide otherwise"
    return np.sum(r < np.diag(r), 0) / (count - 1)


def scores(preset, shown, made):
    targets = [prepare(picture, preset) for picture in shown]
    reconstructions = [prepare(picture, preset) for picture in made]
    pairs = list(zip(targets, reconstructions))
    greys = [(rgb2gray(a), rgb2gray(b)) for a, b in pairs]
    return {
        "pixel_correlation": [float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in pairs],
        "mse": [float(np.mean((a - b) ** 2)) for a, b in pairs],
        "ssim": [float(structural_similarity(a, b, **SSIM)) for a, b in greys],
        "ssim_1d": [float(structural_similarity(a, b, channel_axis=-1, **SSIM)) for a, b in greys],  # as scikit-image 0.17's multichannel
        "identification": two_way(targets, reconstructions).tolist(),
    }


def golden_of(shown_side, made_side):
    shown = [shown_picture(i, shown_side) for i in range(COUNT)]
    made = [made_picture(i, made_side) for i in range(COUNT)]
    reduced = [reduce(picture, made_side) for picture in shown]
    presets = {preset: scores(preset, reduced if preset == "native" else shown, made) for preset in PRESETS}
    for preset in PRESETS[1:]:
        if shown_side == 2 * made_side:  # the size that a target is resized from must show in the figures
            other = scores(preset, reduced, made)
            assert abs(np.mean(presets[preset]["pixel_correlation"]) - np.mean(other["pixel_correlation"])) > 1e-2, preset
    return {"shown": shown_side, "made": made_side, "presets": presets}


def main():
    golden = {"count": COUNT, "sizes": [golden_of(*sides) for sides in SIZES]}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
