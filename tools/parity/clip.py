#!/usr/bin/env python3
"""Golden files of CLIP, in tests/data/clip: folders that transformers saved, a file as OpenAI's program writes it, and what they answer.

    python3 tools/parity/clip.py
"""
import json
import os
import pathlib
import shutil
import zipfile
from collections import OrderedDict

import numpy
import PIL
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTextModel, CLIPTokenizer, CLIPVisionConfig, CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert transformers.__version__ == "5.24.0", transformers.__version__
assert PIL.__version__ == "13.0.0", PIL.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/data/clip"
TOKENIZER = ROOT / "tests/data/text/byte_pairs"
TEXTS = ["a photo of a dog", "a red train beside the water", "two people playing tennis near a large grey house, and a very long rest that is cut off"]
SIZES = [(20, 33), (33, 20), (16, 16), (7, 9)]


def save(name, tensors):
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, OUT / name)


def randomise(model, seed):
    """Weights that matter: initial ones leave every state near the class token."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if name == "logit_scale":
                continue
            if parameter.dim() == 1:
                parameter.copy_(0.2 * noise + (1 if "norm" in name and name.endswith("weight") else 0))
            elif "embedding" in name and "patch" not in name:
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(noise * parameter[0].numel() ** -0.5)
    return model


def reread(model, folder, dtype, **options):
    shutil.rmtree(OUT / folder, ignore_errors=True)
    model.to(dtype).save_pretrained(OUT / folder, **options)
    return type(model).from_pretrained(OUT / folder, dtype=torch.float32).eval()


def drawn(seed, *shape):
    return torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)


def token_ids(length):
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    return tokenizer(TEXTS, padding="max_length", truncation=True, max_length=length, return_tensors="pt")["input_ids"]


def tower(**options):
    return {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, **options}


def text_config(**options):
    return CLIPTextConfig(**tower(vocab_size=910, max_position_embeddings=24, eos_token_id=909, bos_token_id=908, **options))


def pixels(processor, pictures):
    return processor([Image.fromarray(numpy.asarray(p)) for p in pictures], return_tensors="pt")["pixel_values"]


def both_towers():
    config = CLIPConfig(text_config=text_config().to_dict(), vision_config=CLIPVisionConfig(**tower(image_size=16, patch_size=4)).to_dict(), projection_dim=24)
    model = reread(randomise(CLIPModel(config), 1), "clip", torch.float16)
    processor = CLIPImageProcessorPil(size=16, crop_size=16)
    processor.save_pretrained(OUT / "clip")
    pictures = [drawn(10 + i, *size, 3) for i, size in enumerate(SIZES)]
    inputs, ids = pixels(processor, pictures), token_ids(24)
    with torch.no_grad():
        tensors = {"ids": ids, "picture_embeddings": model.get_image_features(inputs).pooler_output,
                   "text_embeddings": model.get_text_features(ids).pooler_output,
                   "logits": model(input_ids=ids, pixel_values=inputs).logits_per_image}
    model.train()
    model(input_ids=ids, pixel_values=inputs[:3], return_loss=True).loss.backward()
    names = sorted(name for name, _ in model.named_parameters())
    tensors["gradients"] = torch.stack([dict(model.named_parameters())[name].grad.norm() for name in names])
    save("clip_answers.safetensors", tensors | {f"picture_{i}": p for i, p in enumerate(pictures)})


def picture_tower():
    """Patches that do not fill the picture, exact GELU."""
    config = CLIPVisionConfig(**tower(image_size=17, patch_size=5, num_hidden_layers=1, hidden_act="gelu"), projection_dim=20)
    model = reread(randomise(CLIPVisionModelWithProjection(config), 2), "vision", torch.float32)
    processor = CLIPImageProcessorPil(size=17, crop_size=17)
    processor.save_pretrained(OUT / "vision")
    pictures = [drawn(10 + i, *size, 3) for i, size in enumerate(SIZES)]
    with torch.no_grad():
        save("vision_answers.safetensors", {"picture_embeddings": model(pixels(processor, pictures)).image_embeds})


def text_answers(model, ids):
    with torch.no_grad():
        output = model(input_ids=ids, output_hidden_states=True)
        skipped = {f"skip_{n}": model.final_layer_norm(output.hidden_states[-(n + 1)]) for n in (1, 2)}
    return {"ids": ids, "states": output.last_hidden_state, **skipped}


def text_encoders():
    """Stable Diffusion 1.x as its files are: older names, a .bin, position_ids, an end token that is wrong; then 2.x as transformers 5 saves it."""
    folder = OUT / "sd1/text_encoder"
    shutil.rmtree(OUT / "sd1", ignore_errors=True)
    folder.mkdir(parents=True)
    model = randomise(CLIPTextModel(text_config(num_hidden_layers=3)), 3).half()
    weights = {f"text_model.{name}": tensor for name, tensor in model.state_dict().items()}
    weights["text_model.embeddings.position_ids"] = torch.arange(24)[None]
    torch.save(weights, folder / "pytorch_model.bin")
    config = {"_name_or_path": "openai/clip-vit-large-patch14", "architectures": ["CLIPTextModel"], "attention_dropout": 0.0, "bos_token_id": 0, "dropout": 0.0,
              "eos_token_id": 2, "hidden_act": "quick_gelu", "hidden_size": 32, "initializer_factor": 1.0, "initializer_range": 0.02, "intermediate_size": 48,
              "layer_norm_eps": 1e-05, "max_position_embeddings": 24, "model_type": "clip_text_model", "num_attention_heads": 4, "num_hidden_layers": 3,
              "pad_token_id": 1, "projection_dim": 32, "torch_dtype": "float16", "transformers_version": "4.22.0.dev0", "vocab_size": 910}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save("sd1_answers.safetensors", text_answers(model.float().eval(), token_ids(24)))

    shutil.rmtree(OUT / "sd2", ignore_errors=True)
    config = CLIPTextConfig(**tower(num_hidden_layers=3, num_attention_heads=2, hidden_act="gelu"), vocab_size=120, max_position_embeddings=24)
    model = reread(randomise(CLIPTextModel(config), 4), "sd2/text_encoder", torch.float32)
    ids = torch.randint(0, 120, (2, 24), generator=torch.Generator().manual_seed(5))
    save("sd2_answers.safetensors", text_answers(model, ids))


class Block(torch.nn.Module):
    """ResidualAttentionBlock of openai/CLIP, clip/model.py, here with an MLP of any width."""

    def __init__(self, width, inner, mask):
        super().__init__()
        self.attn = torch.nn.MultiheadAttention(width, width // 64)
        self.ln_1 = torch.nn.LayerNorm(width)
        self.mlp = torch.nn.Sequential(OrderedDict(c_fc=torch.nn.Linear(width, inner), c_proj=torch.nn.Linear(inner, width)))
        self.ln_2 = torch.nn.LayerNorm(width)
        self.mask = mask

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=self.mask)[0]
        y = self.mlp.c_fc(self.ln_2(x))
        return x + self.mlp.c_proj(y * torch.sigmoid(1.702 * y))


class Transformer(torch.nn.Module):
    def __init__(self, width, inner, layers, mask=None):
        super().__init__()
        self.resblocks = torch.nn.Sequential(*(Block(width, inner, mask) for _ in range(layers)))

    def forward(self, x):
        return self.resblocks(x.permute(1, 0, 2)).permute(1, 0, 2)


class Visual(torch.nn.Module):
    def __init__(self, width, inner, layers, side, patch, projected):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = torch.nn.Parameter(torch.randn(width))
        self.positional_embedding = torch.nn.Parameter(torch.randn((side // patch) ** 2 + 1, width))
        self.ln_pre = torch.nn.LayerNorm(width)
        self.transformer = Transformer(width, inner, layers)
        self.ln_post = torch.nn.LayerNorm(width)
        self.proj = torch.nn.Parameter(torch.randn(width, projected))

    def forward(self, x):
        x = self.conv1(x).flatten(2).permute(0, 2, 1)
        x = torch.cat([self.class_embedding.expand(x.shape[0], 1, -1), x], dim=1) + self.positional_embedding
        return self.ln_post(self.transformer(self.ln_pre(x))[:, 0]) @ self.proj


class OpenAiClip(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Visual(width=128, inner=48, layers=1, side=16, patch=4, projected=24)
        mask = torch.full((24, 24), float("-inf")).triu(1)
        self.transformer = Transformer(64, 32, 2, mask)
        self.token_embedding = torch.nn.Embedding(120, 64)
        self.positional_embedding = torch.nn.Parameter(torch.randn(24, 64))
        self.ln_final = torch.nn.LayerNorm(64)
        self.text_projection = torch.nn.Parameter(torch.randn(64, 24))
        self.logit_scale = torch.nn.Parameter(torch.tensor(3.0))
        for name, number in (("input_resolution", 16), ("context_length", 24), ("vocab_size", 120)):
            self.register_buffer(name, torch.tensor(number))

    def encode_image(self, image):
        return self.visual(image)

    def encode_text(self, text):
        x = self.ln_final(self.transformer(self.token_embedding(text) + self.positional_embedding))
        return x[torch.arange(x.shape[0]), text.argmax(dim=-1)] @ self.text_projection


def drop_debug_files(path):
    """They hold the paths of this machine."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".debug_pkl")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in kept.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    torch.jit.load(path)


def openai_file():
    model = randomise(OpenAiClip(), 6).eval()
    pictures = [drawn(10 + i, *size, 3) for i, size in enumerate(SIZES)]
    inputs = pixels(CLIPImageProcessorPil(size=16, crop_size=16), pictures)
    ids = torch.randint(0, 120, (3, 24), generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        for parameter in model.parameters():  # the file's values, in half precision
            parameter.copy_(parameter.half().float())
        traced = torch.jit.trace_module(model, {"encode_image": inputs, "encode_text": ids})
        answers = {"ids": ids, "picture_embeddings": model.encode_image(inputs), "text_embeddings": model.encode_text(ids)}
    for parameter in traced.parameters():
        if parameter.dim() > 1:
            parameter.data = parameter.data.half()
    traced.save(str(OUT / "openai.pt"))
    drop_debug_files(OUT / "openai.pt")
    save("openai_answers.safetensors", answers)


if __name__ == "__main__":
    os.umask(0o022)
    OUT.mkdir(parents=True, exist_ok=True)
    both_towers()
    picture_tower()
    text_encoders()
    openai_file()
    for path in sorted(OUT.rglob("*")):
        if path.is_file():
            print(path.relative_to(OUT), path.stat().st_size)
