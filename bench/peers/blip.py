"""Captions of 20 tokens for four pictures of 512 x 512 by BLIP-large in transformers, greedy."""
import pathlib

import numpy as np
import torch
from PIL import Image
from transformers import BlipForConditionalGeneration, BlipImageProcessorPil

import peer

parser = peer.parser(__doc__, bf16="weights and products in bfloat16")
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--pictures", type=int, default=4)
options = peer.parse(parser)

dtype = torch.bfloat16 if options.bf16 else torch.float32
model = BlipForConditionalGeneration.from_pretrained(options.model / "blip", dtype=dtype).eval()
processor = BlipImageProcessorPil.from_pretrained(options.model / "blip")
random = np.random.default_rng(0)
pictures = [Image.fromarray(random.integers(0, 256, (512, 512, 3), dtype=np.uint8)) for _ in range(options.pictures)]


@torch.inference_mode()
def caption():
    pixels = processor(images=pictures, return_tensors="pt")["pixel_values"].to(dtype)
    model.generate(pixel_values=pixels, max_new_tokens=20, min_new_tokens=20)


peer.measure(caption, options.repeats)
