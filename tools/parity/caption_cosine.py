"""Golden values of `evaluate`'s caption cosine: transformers' BLIP and CLIP on the miniature zoo, in tests/data/vision/captions.json.

    pip install torch==2.13.0 transformers==5.24.0 pillow==13.0.0 numpy==2.4.6
    python3 tools/parity/caption_cosine.py

Targets are the made pictures of tools/parity/vision.py; the reconstructions' captions stand in the file.
"""
import json
import pathlib
import zlib

import numpy as np
import torch
from PIL import Image
from transformers import BertTokenizer, BlipForConditionalGeneration, CLIPModel, CLIPTokenizer
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZOO, OUT = ROOT / "zoo/mini", ROOT / "tests/data/vision/captions.json"
COUNT, SIDE = 8, 96
CAPTIONS = ["a red circle on a green field", "two blue squares", "a dog", "a large yellow triangle above a small one", "a face", "A Red Circle!", "a house on a hill", "a blurry sky"]


def made_values(name, count):
    """As in vision.py, which asks for more packages."""
    mask = np.uint64(0xFFFFFFFF)
    index = np.arange(1, count + 1, dtype=np.uint64)
    x = (index * np.uint64(2654435761) + np.uint64(zlib.crc32(name.encode()))) & mask
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(2246822519)) & mask
    x ^= x >> np.uint64(13)
    return x.astype(np.float64) / 2.0**32


def made_pixels(count, side, number):
    values = made_values(f"pixels {number}", count * side * side * 3).reshape(count, side, side, 3)
    blocks = made_values(f"blocks {number}", count * 4 * 4 * 3).reshape(count, 4, 4, 3).repeat(side // 4, 1).repeat(side // 4, 2)
    return np.floor(60 * values + 190 * blocks).astype(np.uint8)


@torch.inference_mode()
def caption(pictures):
    model = BlipForConditionalGeneration.from_pretrained(ZOO / "blip", dtype=torch.float32).eval()
    processor, tokenizer = BlipImageProcessorPil.from_pretrained(ZOO / "blip"), BertTokenizer.from_pretrained(ZOO / "blip")
    pixels = processor(images=[Image.fromarray(picture) for picture in pictures], return_tensors="pt").pixel_values
    texts = [tokenizer.decode(model.generate(pixel_values=one[None], max_new_tokens=20)[0], skip_special_tokens=True) for one in pixels]
    return [text.replace("blurry ", "") for text in texts]


@torch.inference_mode()
def embed(texts):
    model, tokenizer = CLIPModel.from_pretrained(ZOO / "clip", dtype=torch.float32).eval(), CLIPTokenizer.from_pretrained(ZOO / "clip")
    rows = []
    for text in texts:
        ids = tokenizer(text, padding="max_length", truncation=True, max_length=model.config.text_config.max_position_embeddings, return_tensors="pt")
        features = model.text_projection(model.text_model(**ids).pooler_output)
        rows.append(features[0].double() / features[0].double().norm())
    return torch.stack(rows)


targets = caption(made_pixels(COUNT, SIDE, 0))
cosines = (embed(CAPTIONS) * embed(targets)).sum(1).tolist()
golden = {"side": SIDE, "captions": CAPTIONS, "target_captions": targets, "cosines": cosines, "mean": float(np.mean(cosines))}
OUT.write_text(json.dumps(golden, indent=1) + "\n")
print(OUT.read_text())
