"""Writes model folders of full size with random weights, as diffusers and transformers lay them out: what the benchmarks load.

    python3 bench/make_models.py build/bench-models            # stable-diffusion, clip, blip; 4 GB in float16
    python3 bench/make_models.py build/bench-models --dtype float32 --only stable-diffusion

Speed and memory do not depend on the values; they are scaled so that nothing overflows. Tokenizers are small ones of the right kind.
"""
import argparse
import json
import pathlib

import torch
from diffusers import AutoencoderKL, PNDMScheduler, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import BlipConfig, BlipForConditionalGeneration, CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTextModel

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--dtype", choices=["float16", "float32", "bfloat16"], default="float16")
parser.add_argument("--only", choices=["stable-diffusion", "clip", "blip"])
options = parser.parse_args()
dtype = getattr(torch, options.dtype)
generator = torch.Generator().manual_seed(1)


def draw(name, tensor):
    """Norms start as ones and zeros; everything else keeps the scale of its input."""
    if tensor.dim() < 2 and name.endswith("weight"):
        return torch.ones(tensor.shape, dtype=dtype)
    if tensor.dim() < 2:
        return torch.zeros(tensor.shape, dtype=dtype)
    fan_in = tensor[0].numel() if tensor.dim() != 3 else tensor.shape[-1] * 100
    values = torch.randn(tensor.shape, generator=generator) / fan_in ** 0.5
    return values.to(dtype)


def save(make, folder, name):
    with torch.device("meta"):
        model = make()
    shared = {"text_decoder.cls.predictions.decoder.weight", "text_decoder.cls.predictions.decoder.bias"}
    tensors = {key: draw(key, value) for key, value in model.state_dict().items() if "position_ids" not in key and key not in shared}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / name, metadata={"format": "pt"})
    model.save_config(folder) if hasattr(model, "save_config") else model.config.save_pretrained(folder)
    print(f"{folder / name}: {sum(t.numel() for t in tensors.values()):,} parameters, {(folder / name).stat().st_size >> 20} MiB")


def byte_pair_tokenizer(folder, bytes_only=256):
    """Every byte as a token of its own, at the start and at the end of a word, and the two special tokens at the usual places."""
    folder.mkdir(parents=True, exist_ok=True)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    words = signs + [sign + "</w>" for sign in signs]
    vocabulary = {word: i for i, word in enumerate(words)} | {"<|startoftext|>": 49406, "<|endoftext|>": 49407}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "do_lower_case": True}))
    (folder / "special_tokens_map.json").write_text(json.dumps({
        "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}))


def word_piece_tokenizer(folder):
    """As many words as BERT has, most of them made up."""
    words = ["[PAD]"] + [f"[unused{i}]" for i in range(1, 100)] + ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words += list("abcdefghijklmnopqrstuvwxyz") + [f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"]
    words += [f"word{i}" for i in range(30522 - len(words))] + ["[DEC]", "[ENC]"]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}))


def preprocessor(folder, kind, side):
    crop = {"do_center_crop": True, "crop_size": {"height": side, "width": side}, "size": {"shortest_edge": side}} if kind == "CLIP" else \
        {"size": {"height": side, "width": side}}
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True, "image_processor_type": f"{kind}ImageProcessor",
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3,
        "rescale_factor": 1 / 255} | crop))


def stable_diffusion(folder):
    cross = ("CrossAttnDownBlock2D",) * 3
    save(lambda: UNet2DConditionModel(sample_size=64, cross_attention_dim=768), folder / "unet", "diffusion_pytorch_model.safetensors")
    save(lambda: AutoencoderKL(block_out_channels=(128, 256, 512, 512), layers_per_block=2, sample_size=512, norm_num_groups=32,
                               down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4),
         folder / "vae", "diffusion_pytorch_model.safetensors")
    text = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
    save(lambda: CLIPTextModel(CLIPTextConfig(**text)), folder / "text_encoder", "model.safetensors")
    byte_pair_tokenizer(folder / "tokenizer")
    PNDMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1).save_config(folder / "scheduler")
    (folder / "model_index.json").write_text(json.dumps({
        "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.42.1", "feature_extractor": [None, None], "safety_checker": [None, None],
        "requires_safety_checker": False, "scheduler": ["diffusers", "PNDMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"], "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}, indent=2))


def clip(folder):
    text = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
    vision = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, patch_size=14, image_size=224, projection_dim=768)
    save(lambda: CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=768)), folder, "model.safetensors")
    byte_pair_tokenizer(folder)
    preprocessor(folder, "CLIP", 224)


def blip(folder):
    vision = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, patch_size=16, image_size=384)
    text = dict(encoder_hidden_size=1024)
    save(lambda: BlipForConditionalGeneration(BlipConfig(text_config=text, vision_config=vision)), folder, "model.safetensors")
    word_piece_tokenizer(folder)
    preprocessor(folder, "Blip", 384)


for name, make in {"stable-diffusion": stable_diffusion, "clip": clip, "blip": blip}.items():
    if options.only in (None, name):
        make(options.folder / name)
