#!/usr/bin/env python3
"""Golden files of the autoencoder: diffusers' own classes at small sizes, in tests/data/models/.

    python3 tools/parity/autoencoder_kl.py

Weights are what PyTorch's constructors draw after torch.manual_seed, so most are not stored: the C++ side draws them itself.
"""
import json
import pathlib
import shutil

import diffusers
import numpy as np
import torch
from diffusers import AutoencoderKL
from diffusers.models.autoencoders.vae import Decoder, Encoder
from safetensors.torch import save_file

assert torch.__version__.startswith("2.13."), torch.__version__
assert diffusers.__version__ == "VERSION", diffusers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/models"


def flat(module):
    return torch.cat([p.detach().reshape(-1) for p in module.parameters()])


def halves():
    """The two halves alone: initial weights from a seed, and what they compute."""
    torch.manual_seed(7)
    decoder = Decoder(in_channels=8, out_channels=4, up_block_types=("UpDecoderBlock2D",) * 3,
                      block_out_channels=(32, 64, 96), layers_per_block=1)
    torch.manual_seed(8)
    encoder = Encoder(in_channels=3, out_channels=4, down_block_types=("DownEncoderBlock2D",) * 2,
                      block_out_channels=(32, 64), layers_per_block=1, norm_num_groups=16)
    generator = torch.Generator().manual_seed(9)
    z = torch.randn(2, 8, 8, 6, generator=generator)
    x = torch.rand(2, 3, 16, 12, generator=generator)
    with torch.no_grad():
        tensors = {"decoder_input": z, "decoder_output": decoder(z), "encoder_input": x, "encoder_output": encoder(x)}
    for name, module in (("decoder", decoder), ("encoder", encoder)):
        weights = flat(module)
        tensors[name + "_weights"] = weights[:: max(1, weights.numel() // 2000)].clone()  # every n-th of all weights
    z.requires_grad_(True)
    decoder(z).abs().mean().backward()
    tensors["decoder_input_gradient"] = z.grad
    tensors["decoder_gradients"] = torch.stack([p.grad.norm() for p in decoder.parameters()])
    save_file(tensors, OUT / "autoencoder_halves.safetensors")


def small_autoencoder():
    torch.manual_seed(11)
    model = AutoencoderKL(block_out_channels=(32, 32, 64), down_block_types=("DownEncoderBlock2D",) * 3,
                          up_block_types=("UpDecoderBlock2D",) * 3, layers_per_block=1, norm_num_groups=8,
                          sample_size=32, scaling_factor=0.18215).eval()
    return model


def folder():
    """A whole folder as diffusers saves it, and its answers."""
    model = small_autoencoder()
    target = OUT / "autoencoder_kl"
    shutil.rmtree(target, ignore_errors=True)
    generator = torch.Generator().manual_seed(12)
    picture = torch.rand(2, 3, 32, 32, generator=generator)
    half = small_autoencoder().half()
    half.save_pretrained(target)  # fp16 file: half the bytes
    model = AutoencoderKL.from_pretrained(target, torch_dtype=torch.float32).eval()
    with torch.no_grad():
        posterior = model.encode(picture * 2 - 1).latent_dist
        sample = posterior.sample(torch.Generator().manual_seed(13))
        decoded = model.decode(posterior.mean).sample
    save_file({"picture": picture, "mean": posterior.mean.contiguous(), "std": posterior.std.contiguous(),
               "sample": sample, "decoded": decoded}, OUT / "autoencoder_kl_answers.safetensors")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    halves()
    folder()
    for path in sorted(OUT.rglob("*")):
        print(path.relative_to(OUT), path.stat().st_size)
