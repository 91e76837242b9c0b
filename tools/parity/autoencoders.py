#!/usr/bin/env python3
"""Golden files of the autoencoders: diffusers' own classes at small sizes, in tests/data/models/.

    python3 tools/parity/autoencoders.py

Where only the numbers matter the weights are what PyTorch's constructors draw after torch.manual_seed, so they are not
stored: the C++ side draws them itself. Where the files matter they are as diffusers saves them.
"""
import os
import pathlib
import shutil

import diffusers
import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from diffusers.models.autoencoders.vae import Decoder, Encoder
from safetensors.torch import save_file

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert diffusers.__version__ == "0.42.1", diffusers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/models"


def save(name, tensors):
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, OUT / name)


def uniform(seed, *shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def normal(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def halves():
    """The two halves alone: initial weights from a seed, what they compute, and gradients."""
    torch.manual_seed(7)
    decoder = Decoder(in_channels=8, out_channels=4, up_block_types=("UpDecoderBlock2D",) * 3,
                      block_out_channels=(32, 64, 96), layers_per_block=1)
    torch.manual_seed(8)
    encoder = Encoder(in_channels=3, out_channels=4, down_block_types=("DownEncoderBlock2D",) * 2,
                      block_out_channels=(32, 64), layers_per_block=1, norm_num_groups=16)
    z, x = normal(9, 2, 8, 8, 6), uniform(10, 2, 3, 16, 12)
    tensors = {"decoder_input": z, "decoder_output": decoder(z), "encoder_input": x, "encoder_output": encoder(x)}
    z = z.clone().requires_grad_(True)
    decoder(z).abs().mean().backward()
    tensors["decoder_input_gradient"] = z.grad
    tensors["decoder_gradients"] = torch.stack([p.grad.norm() for p in decoder.parameters()])
    save("autoencoder_halves.safetensors", tensors)


def kl_model(channels, groups, **options):
    return AutoencoderKL(block_out_channels=channels, down_block_types=("DownEncoderBlock2D",) * len(channels),
                         up_block_types=("UpDecoderBlock2D",) * len(channels), norm_num_groups=groups, **options).eval()


def kl_answers(model, picture):
    """As a pipeline uses it: pictures in [0, 1], latents scaled."""
    scale, shift = model.config.scaling_factor, model.config.shift_factor or 0
    posterior = model.encode(picture * 2 - 1).latent_dist
    sample = posterior.sample(torch.Generator().manual_seed(13))
    decoded = (model.decode(posterior.mean).sample / 2 + 0.5).clamp(0, 1)
    return {"picture": picture, "mean": (posterior.mean - shift) * scale, "sample": (sample - shift) * scale,
            "decoded": decoded}


def seeded_kl():
    torch.manual_seed(11)
    model = kl_model((32, 32, 64), 8, layers_per_block=2, latent_channels=4)
    save("autoencoder_kl_seeded.safetensors", kl_answers(model, uniform(12, 2, 3, 48, 40)))


def folder(name, dtype, model, **save_options):
    """Saves `model` in `dtype` as diffusers does and returns it as read back, in float32."""
    shutil.rmtree(OUT / name, ignore_errors=True)
    model.to(dtype).save_pretrained(OUT / name, **save_options)
    return type(model).from_pretrained(OUT / name, torch_dtype=torch.float32).eval()


def kl_folders():
    picture = uniform(14, 2, 3, 24, 32)
    torch.manual_seed(21)
    model = folder("kl_fp16", torch.float16, kl_model((8, 16), 4, sample_size=[24, 32]))
    save("kl_fp16_answers.safetensors", kl_answers(model, picture))
    torch.manual_seed(22)
    model = folder("kl_bf16_bin", torch.bfloat16, kl_model((8, 8), 4, sample_size=[24, 32], use_quant_conv=False, use_post_quant_conv=False,
                   mid_block_add_attention=False, latent_channels=16, scaling_factor=0.36, shift_factor=0.11), safe_serialization=False)
    save("kl_bf16_bin_answers.safetensors", kl_answers(model, picture))
    torch.manual_seed(23)
    model = folder("kl_shards/vae", torch.float32, kl_model((8, 8), 8, sample_size=[24, 32], latent_channels=1), max_shard_size="30KB")
    save("kl_shards_answers.safetensors", kl_answers(model, picture))


def tiny_folder():
    torch.manual_seed(24)
    tiny = AutoencoderTiny(encoder_block_out_channels=(8, 8, 8), decoder_block_out_channels=(16, 16, 16), latent_channels=5,
                           num_encoder_blocks=(1, 2, 1), num_decoder_blocks=(2, 1, 1))
    model = folder("tiny_fp16", torch.float16, tiny)
    picture = uniform(15, 2, 3, 24, 32)
    latents = model.encode(picture * 2 - 1).latents
    decoded = (model.decode(latents * 4).sample / 2 + 0.5).clamp(0, 1)
    save("tiny_fp16_answers.safetensors", {"picture": picture, "mean": latents, "decode_input": latents * 4, "decoded": decoded})


if __name__ == "__main__":
    os.umask(0o022)
    OUT.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        seeded_kl()
        kl_folders()
        tiny_folder()
    halves()
    for path in sorted(OUT.rglob("*")):
        print(path.relative_to(OUT), path.stat().st_size)
