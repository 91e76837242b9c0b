#!/usr/bin/env python3
"""Golden files of image-to-image: small Stable Diffusion folders as diffusers saves them, and what its
StableDiffusionImg2ImgPipeline makes with them, in tests/data/img2img/.

    python3 tools/parity/img2img.py
"""
import json
import os
import pathlib
import shutil

import diffusers
import numpy as np
import torch
import transformers
from diffusers import AutoencoderKL, StableDiffusionImg2ImgPipeline, UNet2DConditionModel
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert diffusers.__version__ == "0.42.1", diffusers.__version__
assert transformers.__version__ == "5.24.0", transformers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/img2img"
CROSS_DOWN, CROSS_UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
NOISE = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)


def tokenizer(folder):
    """Every byte as a token of its own, at the start and at the end of a word, a few merges, and the special tokens."""
    folder.mkdir(parents=True)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    merges = [("c", "a"), ("ca", "t</w>"), ("d", "o"), ("do", "g</w>"), ("o", "f</w>")]
    words = signs + [sign + "</w>" for sign in signs] + ["".join(pair) for pair in merges] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    made = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)
    return made, len(words)


def text_encoder(words, width, layers, activation):
    config = CLIPTextConfig(vocab_size=words, hidden_size=width, intermediate_size=2 * width, num_hidden_layers=layers, num_attention_heads=2,
                            hidden_act=activation, bos_token_id=words - 2, eos_token_id=words - 1, projection_dim=width)
    return CLIPTextModel(config).eval()


def vae(channels):
    return AutoencoderKL(block_out_channels=channels, down_block_types=("DownEncoderBlock2D",) * len(channels),
                         up_block_types=("UpDecoderBlock2D",) * len(channels), norm_num_groups=4, layers_per_block=1,
                         sample_size=32).eval()


def pipeline(name, scheduler, unet_options, activation, seed, tensor_type):
    """As a user finds it: a saved folder, read back in float32."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(seed)
    tokens, words = tokenizer(OUT / "tokens")
    encoder = text_encoder(words, 16, 2, activation)
    # Initial embeddings are so small that every prompt would look alike.
    encoder.text_model.embeddings.token_embedding.weight.data.mul_(40) if hasattr(encoder, "text_model") else encoder.embeddings.token_embedding.weight.data.mul_(40)
    pipe = StableDiffusionImg2ImgPipeline(vae=vae((8, 16)), text_encoder=encoder, tokenizer=tokens, scheduler=scheduler,
                                          unet=UNet2DConditionModel(block_out_channels=(16, 32), layers_per_block=1, cross_attention_dim=16,
                                                                    norm_num_groups=8, sample_size=16, **unet_options).eval(),
                                          safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe.to(tensor_type).save_pretrained(folder)
    shutil.rmtree(OUT / "tokens")
    pipe = StableDiffusionImg2ImgPipeline.from_pretrained(folder, torch_dtype=torch.float32, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def picture(seed, width, height):
    """Smooth, so that resizing does not turn it into noise."""
    rough = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((width, height), Image.Resampling.BICUBIC)


def generators(seeds):
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def run(pipe, seeds, scheduler=None, **call):
    """Final latents, and pictures as 8-bit values. `scheduler` names another class, with the folder's settings; it enters by
    the constructor, which switches clipping off as it does for the folder's own."""
    if scheduler:
        other = getattr(diffusers, scheduler[0]).from_config(pipe.scheduler.config, **scheduler[1])
        pipe = StableDiffusionImg2ImgPipeline(**(pipe.components | {"scheduler": other}), requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
    latents = pipe(generator=generators(seeds), output_type="latent", **call).images
    pictures = np.stack([np.asarray(image) for image in pipe(generator=generators(seeds), **call).images])
    return {"latents": latents, "pictures": torch.from_numpy(pictures)}


def answers_sd1(pipe):
    one, two, odd = picture(1, 32, 24), picture(2, 32, 24), picture(3, 43, 37)
    usual = dict(prompt=["a photo of a dog"], image=[one], guidance_scale=6.0, strength=0.75)
    results = {
        "pndm": run(pipe, [7], num_inference_steps=50, **usual),
        "batch": run(pipe, [7, 8], prompt=["a cat on a mat", "Ünïcode 🙂 dog"], negative_prompt=["blurry"] * 2, image=[one, two], guidance_scale=7.5,
                     strength=0.6, num_inference_steps=10),
        "odd": run(pipe, [9], prompt=["of " * 100], image=[odd], guidance_scale=3.0, strength=1.0, num_inference_steps=8),
        "unguided": run(pipe, [2**63 - 1], prompt=["dog"], image=[two], guidance_scale=1.0, strength=0.5, num_inference_steps=20),
    }
    for name, choice in {"ddim": ("DDIMScheduler", {}), "dpm": ("DPMSolverMultistepScheduler", {}),
                         "dpm_karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}), "euler": ("EulerDiscreteScheduler", {}),
                         "euler_ancestral": ("EulerAncestralDiscreteScheduler", {}), "unipc": ("UniPCMultistepScheduler", {}),
                         "lcm": ("LCMScheduler", {})}.items():
        results[name] = run(pipe, [11], scheduler=choice, num_inference_steps=12, **usual)
    return results, {"one": one, "two": two, "odd": odd}


def write(name, results, pictures):
    tensors = {f"{case}.{key}": value.detach().contiguous() for case, result in results.items() for key, value in result.items()}
    tensors |= {f"picture.{key}": torch.from_numpy(np.asarray(value)).contiguous() for key, value in pictures.items()}
    save_file(tensors, OUT / f"{name}_answers.safetensors")


if __name__ == "__main__":
    os.umask(0o022)
    OUT.mkdir(parents=True, exist_ok=True)
    sd1 = pipeline("sd1", diffusers.PNDMScheduler(skip_prk_steps=True, steps_offset=1, **NOISE),
                   dict(down_block_types=(CROSS_DOWN, "DownBlock2D"), up_block_types=("UpBlock2D", CROSS_UP), attention_head_dim=4), "quick_gelu", 41, torch.float16)
    write("sd1", *answers_sd1(sd1))
    sd2 = pipeline("sd2", diffusers.DDIMScheduler(prediction_type="v_prediction", set_alpha_to_one=False, steps_offset=1, clip_sample=False, **NOISE),
                   dict(down_block_types=(CROSS_DOWN, CROSS_DOWN), up_block_types=(CROSS_UP, CROSS_UP), attention_head_dim=(2, 4), use_linear_projection=True),
                   "gelu", 42, torch.bfloat16)
    grey = picture(4, 24, 24)
    write("sd2", {"ddim": run(sd2, [5], prompt=["a dog"], image=[grey], guidance_scale=5.0, strength=0.75, num_inference_steps=20),
                  "dpm": run(sd2, [5], scheduler=("DPMSolverMultistepScheduler", {}), prompt=["a dog"], image=[grey], guidance_scale=5.0, strength=0.75,
                             num_inference_steps=20)}, {"grey": grey})
    for path in sorted(OUT.rglob("*")):
        print(path.relative_to(OUT), path.stat().st_size)
