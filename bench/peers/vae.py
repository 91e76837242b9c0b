"""One picture of 512 x 512 through the autoencoder of Stable Diffusion 1.x in diffusers, eager, random weights."""
import torch
from diffusers import AutoencoderKL

import peer

parser = peer.parser(__doc__, bf16="weights and products in bfloat16")
parser.add_argument("--what", choices=["encode", "decode"], default="decode")
options = peer.parse(parser)

torch.manual_seed(1)
dtype = torch.bfloat16 if options.bf16 else torch.float32
model = AutoencoderKL(block_out_channels=(128, 256, 512, 512), layers_per_block=2, sample_size=512,
                      down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
model = model.eval().to(dtype)
picture = torch.rand(1, 3, 512, 512).mul(2).sub(1).to(dtype)
latents = torch.randn(1, 4, 64, 64).to(dtype)


@torch.inference_mode()
def run():
    model.encode(picture).latent_dist.parameters if options.what == "encode" else model.decode(latents).sample


peer.measure(run, options.repeats)
