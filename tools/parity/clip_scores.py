"""Golden values of `evaluate`'s CLIP scores: transformers' CLIP of the miniature zoo, in tests/data/vision/clip_scores.json.

    pip install torch==2.13.0 transformers==5.24.0 numpy==2.4.6
    python3 tools/parity/clip_scores.py

Targets and reconstructions are those of tools/parity/vision.py.
"""
import json
import pathlib

import numpy as np
import torch
from made_pictures import made_pixels, mixed_pixels
from torch.nn.functional import interpolate
from transformers import CLIPModel

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZOO, OUT = ROOT / "zoo/mini/clip", ROOT / "tests/data/vision/clip_scores.json"
COUNT, SIDE = 24, 96
PRESETS = ["native", "mindeye2-1000", "mindeye1-982", "mindeye1-982 antialias"]  # brain-diffuser's 224 pixels are no input of this CLIP
SAFE = 1e-6  # what decides differs by more, so that single precision turns no rank


def resize(pictures, side, antialias):
    return interpolate(pictures, (side, side), mode="bilinear", antialias=antialias)


@torch.inference_mode()
def embed(model, processor, pixels, preset):
    """[N, D] float64, of pictures that are resized as the preset says, without crop."""
    antialias = preset == "native" or preset.endswith("antialias")
    pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
    if preset != "native":
        pictures = resize(pictures, 256, antialias)
    pictures = resize(pictures, model.config.vision_config.image_size, antialias)
    mean, std = (torch.tensor(processor[name]).view(1, 3, 1, 1) for name in ("image_mean", "image_std"))
    return model.get_image_features((pictures - mean) / std).pooler_output.double().numpy()


def share_of_lower(r):
    """MedARC's two_way_identification, image by image."""
    own = np.diag(r)
    assert np.abs(r - own)[~np.eye(len(r), dtype=bool)].min() > SAFE
    return np.sum(r < own, 0) / (len(r) - 1)


def top1(similarities):
    """Of all images: with no more than 300 every draw is of all of them."""
    ordered = np.sort(similarities, axis=1)
    assert (ordered[:, -1] - ordered[:, -2]).min() > SAFE
    return (np.argmax(similarities, axis=1) == np.arange(len(similarities))).astype(float).tolist()


def csls(similarities, k=10):
    rows = np.sort(similarities, axis=1)[:, -k:].mean(axis=1, keepdims=True)
    columns = np.sort(similarities, axis=0)[-k:].mean(axis=0, keepdims=True)
    return 2 * similarities - rows - columns


def scores(targets, reconstructions):
    unit = lambda rows: rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = unit(reconstructions) @ unit(targets).T
    directions = {"retrieval_clip_l_target": cosines, "retrieval_clip_l_reconstruction": cosines.T}
    return {
        "clip": share_of_lower(np.corrcoef(targets, reconstructions)[: len(targets), len(targets) :]).tolist(),
        "cosine": {name: top1(similarities) for name, similarities in directions.items()},
        "csls": {name: top1(csls(similarities)) for name, similarities in directions.items()},
    }


def main():
    model = CLIPModel.from_pretrained(ZOO, dtype=torch.float32).eval()
    processor = json.loads((ZOO / "preprocessor_config.json").read_text())
    pixels = made_pixels(COUNT, SIDE, 0), mixed_pixels(COUNT, SIDE)
    golden = {preset: scores(*(embed(model, processor, pictures, preset) for pictures in pixels)) for preset in PRESETS}
    OUT.write_text(json.dumps({"count": COUNT, "side": SIDE, "presets": golden}, separators=(",", ":")) + "\n")
    for preset, found in golden.items():
        print(preset, np.mean(found["clip"]), {rule: [np.mean(hits) for hits in found[rule].values()] for rule in ("cosine", "csls")})


if __name__ == "__main__":
    main()
