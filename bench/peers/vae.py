"""One picture of 512 x 512 through the autoencoder of Stable Diffusion 1.x in diffusers, eager, random weights."""
import argparse
import json
import resource
import time

import torch
from diffusers import AutoencoderKL

parser = argparse.ArgumentParser()
parser.add_argument("--what", choices=["encode", "decode"], default="decode")
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--threads", type=int, default=0)
parser.add_argument("--bf16", action="store_true")
options = parser.parse_args()
if options.threads:
    torch.set_num_threads(options.threads)

torch.manual_seed(1)
dtype = torch.bfloat16 if options.bf16 else torch.float32
model = AutoencoderKL(block_out_channels=(128, 256, 512, 512), layers_per_block=2, sample_size=512,
                      down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
model = model.eval().to(dtype)
picture = torch.rand(1, 3, 512, 512).mul(2).sub(1).to(dtype)
latents = torch.randn(1, 4, 64, 64).to(dtype)
seconds = []
with torch.inference_mode():
    for i in range(options.repeats + 1):
        start = time.perf_counter()
        model.encode(picture).latent_dist.parameters if options.what == "encode" else model.decode(latents).sample
        if i > 0:
            seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
