"""One guided step of Stable Diffusion's network at 512 x 512 in diffusers, eager."""
import argparse
import json
import pathlib
import resource
import time

import torch
from diffusers import UNet2DConditionModel

parser = argparse.ArgumentParser()
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--threads", type=int, default=0)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()
if options.threads:
    torch.set_num_threads(options.threads)

dtype = torch.bfloat16 if options.bf16 else torch.float32
model = UNet2DConditionModel.from_pretrained(options.model / "stable-diffusion/unet", torch_dtype=dtype).eval()
sample, text = torch.randn(2, 4, 64, 64).to(dtype), torch.randn(2, 77, 768).to(dtype)
seconds = []
with torch.inference_mode():
    for i in range(options.repeats + 1):
        start = time.perf_counter()
        model(sample, 500, text)
        if i > 0:
            seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
