"""Embeddings of eight pictures of 512 x 512 by CLIP ViT-L/14 in transformers, eager."""
import argparse
import json
import pathlib
import resource
import time

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPModel

parser = argparse.ArgumentParser()
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--pictures", type=int, default=8)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--threads", type=int, default=0)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()
if options.threads:
    torch.set_num_threads(options.threads)

dtype = torch.bfloat16 if options.bf16 else torch.float32
model = CLIPModel.from_pretrained(options.model / "clip", dtype=dtype).eval()
processor = CLIPImageProcessorPil.from_pretrained(options.model / "clip")
random = np.random.default_rng(0)
pictures = [Image.fromarray(random.integers(0, 256, (512, 512, 3), dtype=np.uint8)) for _ in range(options.pictures)]
seconds = []
with torch.inference_mode():
    for i in range(options.repeats + 1):
        start = time.perf_counter()
        model.get_image_features(pixel_values=processor(images=pictures, return_tensors="pt")["pixel_values"].to(dtype))
        if i > 0:
            seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
