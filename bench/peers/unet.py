"""One guided step of Stable Diffusion's network at 512 x 512 in diffusers, eager."""
import pathlib

import torch
from diffusers import UNet2DConditionModel

import peer

parser = peer.parser(__doc__, bf16="weights and products in bfloat16")
parser.add_argument("model", type=pathlib.Path)
options = peer.parse(parser)

dtype = torch.bfloat16 if options.bf16 else torch.float32
model = UNet2DConditionModel.from_pretrained(options.model / "stable-diffusion/unet", torch_dtype=dtype).eval()
sample, text = torch.randn(2, 4, 64, 64).to(dtype), torch.randn(2, 77, 768).to(dtype)


@torch.inference_mode()
def step():
    model(sample, 500, text)


peer.measure(step, options.repeats)
