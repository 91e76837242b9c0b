#!/usr/bin/env python3
"""Golden files of the denoising network: diffusers' UNet2DConditionModel at small sizes, in tests/data/unet/.

    python3 tools/parity/unet.py

The weights are what PyTorch's constructors draw after torch.manual_seed, so they are not stored: the C++ side draws them
itself.
"""
import os
import pathlib

import diffusers
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert diffusers.__version__ == "0.42.1", diffusers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/unet"

CROSS_DOWN, CROSS_UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
# Each with a generator's seed of its own; sizes that halve with a remainder too.
CASES = {
    "sd1": dict(seed=31, sample=(2, 4, 16, 12), text=(2, 7, 24), steps=[481],
                options=dict(block_out_channels=(32, 64, 64), down_block_types=(CROSS_DOWN, CROSS_DOWN, "DownBlock2D"),
                             up_block_types=("UpBlock2D", CROSS_UP, CROSS_UP), layers_per_block=2, cross_attention_dim=24,
                             attention_head_dim=4, norm_num_groups=16)),
    "sd2": dict(seed=32, sample=(1, 4, 11, 9), text=(1, 5, 40), steps=[999],
                options=dict(block_out_channels=(32, 64), down_block_types=(CROSS_DOWN, CROSS_DOWN), up_block_types=(CROSS_UP, CROSS_UP),
                             layers_per_block=1, cross_attention_dim=40, attention_head_dim=(2, 4), use_linear_projection=True,
                             norm_num_groups=8, transformer_layers_per_block=(1, 2))),
    "lcm": dict(seed=33, sample=(2, 3, 8, 8), text=(2, 3, 16), steps=[3, 700], condition=(2, 10),
                options=dict(in_channels=3, out_channels=5, block_out_channels=(24, 40), down_block_types=("DownBlock2D", CROSS_DOWN),
                             up_block_types=(CROSS_UP, "UpBlock2D"), layers_per_block=1, cross_attention_dim=16, attention_head_dim=8,
                             norm_num_groups=8, time_cond_proj_dim=10, flip_sin_to_cos=False, freq_shift=1)),
}


def normal(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def answer(case):
    torch.manual_seed(case["seed"])
    model = UNet2DConditionModel(**case["options"])
    inputs = {"sample": normal(1, *case["sample"]), "text": normal(2, *case["text"]), "steps": torch.tensor(case["steps"], dtype=torch.float32)}
    if "condition" in case:
        inputs["condition"] = normal(3, *case["condition"])
    steps = inputs["steps"] if len(inputs["steps"]) > 1 else inputs["steps"][0]
    output = model(inputs["sample"], steps, inputs["text"], timestep_cond=inputs.get("condition")).sample
    output.abs().mean().backward()
    gradients = {name: parameter.grad.norm() for name, parameter in model.named_parameters()}
    names = sorted(gradients)
    return inputs | {"output": output, "gradient_norms": torch.stack([gradients[name] for name in names])}


if __name__ == "__main__":
    os.umask(0o022)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        save_file({key: value.detach().contiguous() for key, value in answer(case).items()}, OUT / f"{name}.safetensors")
        print(name, (OUT / f"{name}.safetensors").stat().st_size)
