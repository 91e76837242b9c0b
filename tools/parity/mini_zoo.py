#!/usr/bin/env python3
"""The miniature zoo, loaded by diffusers and transformers: do they make the same pictures and captions as the program?

    python3 tools/parity/mini_zoo.py build/release/fmri2img [ZOO] [--pictures N] > zoo/mini/PARITY.md

Pictures, and captions for them, are those of a simulated subject. Everything in float32 on the CPU.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import tempfile

import diffusers
import numpy as np
import torch
import transformers
from diffusers import AutoencoderKL, StableDiffusionImg2ImgPipeline
from PIL import Image
from transformers import BertTokenizer, BlipForConditionalGeneration, CLIPModel, CLIPTokenizer
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert diffusers.__version__ == "0.42.1", diffusers.__version__
assert transformers.__version__ == "5.24.0", transformers.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 7


class Comparison:
    def __init__(self, program, zoo, work):
        self.program, self.zoo, self.work = program, zoo, work

    def run(self, *words):
        return subprocess.run([self.program, *map(str, words)], check=True, capture_output=True, text=True).stdout

    def pictures(self, count):
        """Files with their captions."""
        self.run("simulate", "--out", self.work / "subject", "--vertices", 200, "--train", 1, "--test", count)
        split = self.work / "subject/test_split"
        captions = [json.loads(line)["text"] for line in (split / "scenes.jsonl").read_text().splitlines()]
        return list(zip(sorted((split / "test_images").iterdir()), captions))

    def autoencoder(self, pictures):
        """Largest difference of a latent."""
        model = AutoencoderKL.from_pretrained(self.zoo / "stable-diffusion/vae").eval()
        worst = 0.0
        for file, _ in pictures:
            latents = self.work / "latents.npy"
            self.run("autoencode", file, "--model", self.zoo / "stable-diffusion", "--out", self.work / "out.png", "--latents-out", latents)
            values = torch.from_numpy(np.array(Image.open(file).convert("RGB"))).permute(2, 0, 1)[None].float() / 127.5 - 1
            theirs = model.encode(values).latent_dist.mean[0] * model.config.scaling_factor
            worst = max(worst, np.abs(np.load(latents) - theirs.numpy()).max())
        return f"largest difference of a latent {worst:.1e}", worst < 1e-3

    def clip(self, pictures):
        """Largest difference of a picture's embedding (of unit length), and the tokens of the captions."""
        model = CLIPModel.from_pretrained(self.zoo / "clip", dtype=torch.float32).eval()
        processor = CLIPImageProcessorPil.from_pretrained(self.zoo / "clip")
        tokenizer = CLIPTokenizer.from_pretrained(self.zoo / "clip")
        worst, same = 0.0, True
        for file, caption in pictures:
            ours = torch.tensor(json.loads(self.run("similarity", file, "--model", self.zoo, "--json")))
            theirs = model.get_image_features(**processor(Image.open(file).convert("RGB"), return_tensors="pt"))
            theirs = getattr(theirs, "pooler_output", theirs)[0]
            worst = max(worst, (ours / ours.norm() - theirs / theirs.norm()).abs().max().item())
            tokens = json.loads(self.run("tokenize", caption, "--model", self.zoo / "clip", "--json"))
            same &= tokens["ids"] == tokenizer(caption)["input_ids"]
        return f"tokens {'equal' if same else 'differ'}; largest difference of an embedding of unit length {worst:.1e}", same and worst < 1e-4

    def image_to_image(self, pictures):
        """Share of the values that are equal within one level."""
        pipe = StableDiffusionImg2ImgPipeline.from_pretrained(self.zoo / "stable-diffusion", torch_dtype=torch.float32, safety_checker=None)
        pipe.set_progress_bar_config(disable=True)
        close, values = 0, 0
        for file, caption in pictures:
            out = self.work / "high.png"
            self.run("img2img", "--model", self.zoo / "stable-diffusion", "--image", file, "--prompt", caption, "--seed", SEED, "--out", out)
            theirs = pipe(prompt=caption, image=Image.open(file).convert("RGB"), strength=0.75, guidance_scale=6, num_inference_steps=50,
                          generator=torch.Generator().manual_seed(SEED)).images[0]
            apart = np.abs(np.asarray(Image.open(out)).astype(int) - np.asarray(theirs).astype(int))
            close, values = close + int((apart <= 1).sum()), values + apart.size
        return f"{100 * close / values:.3f} % of the values equal within one level", close / values > 0.999

    def blip(self, pictures):
        """How many captions are equal, token by token."""
        model = BlipForConditionalGeneration.from_pretrained(self.zoo / "blip", dtype=torch.float32).eval()
        processor = BlipImageProcessorPil.from_pretrained(self.zoo / "blip")
        tokenizer = BertTokenizer.from_pretrained(self.zoo / "blip")
        ours = json.loads(self.run("caption", *(file for file, _ in pictures), "--model", self.zoo, "--json"))
        equal = 0
        for (file, _), mine in zip(pictures, ours):
            ids = model.generate(**processor(Image.open(file).convert("RGB"), return_tensors="pt"), max_new_tokens=20)[0]
            equal += mine["text"] == tokenizer.decode(ids, skip_special_tokens=True)
        return f"{equal} of {len(pictures)} captions equal", equal == len(pictures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("zoo", nargs="?", type=pathlib.Path, default=ROOT / "zoo/mini")
    parser.add_argument("--pictures", type=int, default=20)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    with tempfile.TemporaryDirectory() as work:
        comparison = Comparison(options.program, options.zoo, pathlib.Path(work))
        pictures = comparison.pictures(options.pictures)
        print(f"# The zoo in diffusers and transformers\n\n{len(pictures)} drawn scenes, float32; diffusers {diffusers.__version__}, transformers "
              f"{transformers.__version__}, torch {torch.__version__.split('+')[0]}. Written by `tools/parity/mini_zoo.py`.\n\n| part | beside the program |\n|---|---|")
        good = True
        for name in ("autoencoder", "clip", "image_to_image", "blip"):
            text, agrees = getattr(comparison, name)(pictures)
            good &= agrees
            print(f"| {name.replace('_', ' ')} | {text} |", flush=True)
    print("\nOf these weights:\n\n```")
    for file in sorted(options.zoo.rglob("*.safetensors")):
        print(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(options.zoo)}")
    print("```")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
