#!/usr/bin/env python3
"""Golden files of pictures on their way into a model, in tests/data/pictures: Pillow's resampling and transformers' image processors.

    python3 tools/parity/pictures.py
"""
import json
import pathlib

import numpy
import PIL
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

assert PIL.__version__ == "13.0.0", PIL.__version__
assert transformers.__version__ == "5.24.0", transformers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/pictures"
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}

# height, width, channels of a picture, and the sizes (height, width) that it gets
RESIZED = [
    ((23, 17, 3), [(7, 5), (31, 29), (23, 40), (9, 17), (1, 1), (23, 17)]),
    ((16, 24, 1), [(24, 16), (8, 12), (5, 48)]),
    ((1, 1, 3), [(1, 1), (5, 3)]),
    ((1, 700, 3), [(2, 33), (1, 5)]),
    ((300, 2, 1), [(7, 3), (299, 2)]),
    ((64, 48, 3), [(14, 14)]),
]


def drawn(seed, *shape):
    """Noise with saturated patches: overshoot has to be cut off at both ends."""
    generator = numpy.random.default_rng(seed)
    pixels = generator.integers(0, 256, shape, dtype=numpy.uint8)
    return numpy.where(generator.random(shape) < 0.3, pixels // 128 * 255, pixels).astype(numpy.uint8)


def resize(pixels, height, width, resample):
    picture = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    return numpy.array(picture.resize((width, height), resample)).reshape(height, width, pixels.shape[2])


def write_resized():
    tensors = {}
    for i, (shape, sizes) in enumerate(RESIZED):
        pixels = drawn(i, *shape)
        tensors[f"{i}"] = torch.from_numpy(pixels)
        for height, width in sizes:
            for name, resample in FILTERS.items():
                tensors[f"{i}/{name}/{height}x{width}"] = torch.from_numpy(resize(pixels, height, width, resample).copy())
    save_file(tensors, OUT / "resized.safetensors")


PROCESSORS = {
    "clip": (CLIPImageProcessorPil, {"size": 12, "crop_size": 12}),
    "clip_wide_crop": (CLIPImageProcessorPil, {"size": {"shortest_edge": 7}, "crop_size": {"height": 6, "width": 13}, "resample": 2}),
    "clip_crop_only": (CLIPImageProcessorPil, {"do_resize": False, "crop_size": 15, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.5, 0.25, 0.125]}),
    "blip": (BlipImageProcessorPil, {"size": 10}),
    "blip_plain": (BlipImageProcessorPil, {"size": {"height": 9, "width": 14}, "resample": 1, "do_normalize": False, "rescale_factor": 0.0078125}),
    "blip_raw": (BlipImageProcessorPil, {"size": [8, 8], "do_rescale": False}),
}
SIZES = [(20, 33), (33, 20), (7, 9), (16, 16), (3, 50)]


def write_processed():
    tensors, configs = {}, {}
    for i, size in enumerate(SIZES):
        tensors[f"{i}"] = torch.from_numpy(drawn(100 + i, *size, 3))
    for name, (kind, options) in PROCESSORS.items():
        configs[name] = options
        for i in range(len(SIZES)):
            processed = kind(**options)(Image.fromarray(tensors[f"{i}"].numpy()), return_tensors="pt")["pixel_values"][0]
            tensors[f"{i}/{name}"] = processed.float().contiguous()
    save_file(tensors, OUT / "processed.safetensors")
    (OUT / "processors.json").write_text(json.dumps(configs, indent=1) + "\n")
    for name, kind in (("clip", CLIPImageProcessorPil), ("blip", BlipImageProcessorPil)):
        (OUT / f"{name}_saved.json").write_text(json.dumps(kind().to_dict(), indent=1) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write_resized()
    write_processed()
    for path in sorted(OUT.iterdir()):
        print(path.name, path.stat().st_size)
