"""Golden values of `evaluate`'s caption cosine: transformers' BLIP and CLIP on the miniature zoo, in tests/data/vision/captions.json.

    pip install torch==2.13.0 transformers==5.24.0 pillow==13.0.0 numpy==2.4.6
    python3 tools/parity/caption_cosine.py

Targets are the made pictures of tools/parity/made_pictures.py; the reconstructions' captions stand in the file.
"""
import json
import pathlib

import numpy as np
import torch
from made_pictures import made_pixels
from PIL import Image
from transformers import BertTokenizer, BlipForConditionalGeneration, CLIPModel, CLIPTokenizer
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZOO, OUT = ROOT / "zoo/mini", ROOT / "tests/data/vision/captions.json"
COUNT, SIDE = 8, 96
CAPTIONS = ["a red circle on a green field", "two blue squares", "a dog", "a large yellow triangle above a small one", "a face", "A Red Circle!", "a house on a hill", "a blurry sky"]


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
