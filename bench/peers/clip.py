"""Embeddings of eight pictures of 512 x 512 by CLIP ViT-L/14 in transformers, eager."""
import pathlib

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPModel

import peer

parser = peer.parser(__doc__, bf16="weights and products in bfloat16")
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--pictures", type=int, default=8)
options = peer.parse(parser)

dtype = torch.bfloat16 if options.bf16 else torch.float32
model = CLIPModel.from_pretrained(options.model / "clip", dtype=dtype).eval()
processor = CLIPImageProcessorPil.from_pretrained(options.model / "clip")
random = np.random.default_rng(0)
pictures = [Image.fromarray(random.integers(0, 256, (512, 512, 3), dtype=np.uint8)) for _ in range(options.pictures)]


@torch.inference_mode()
def embed():
    model.get_image_features(pixel_values=processor(images=pictures, return_tensors="pt")["pixel_values"].to(dtype))


peer.measure(embed, options.repeats)
