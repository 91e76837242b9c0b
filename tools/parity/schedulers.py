#!/usr/bin/env python3
"""Golden files of the samplers, in tests/data/diffusion: diffusers' schedulers driven as its image-to-image pipeline drives them.

The network is a cheap formula, the latents are 2 x 2 x 4 x 4, and each picture has a generator of its own: the runs hold every time step, the
sigmas, and the samples after the first, the middle and the last step. `time_step_sums` guards the rounding of time steps at many lengths.
"""
import inspect
import json
import logging
import pathlib

import diffusers
import torch
from diffusers import (DDIMScheduler, DPMSolverMultistepScheduler, EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, LCMScheduler,
                       PNDMScheduler, UniPCMultistepScheduler)
from diffusers.utils.torch_utils import randn_tensor
from safetensors.torch import save_file

assert diffusers.__version__ == "0.42.1", diffusers.__version__
assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
logging.disable(logging.WARNING)  # keys that only other classes have

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/diffusion"
SHAPE = (2, 2, 4, 4)
SIGMA_CLASSES = (DPMSolverMultistepScheduler, EulerDiscreteScheduler, EulerAncestralDiscreteScheduler, UniPCMultistepScheduler)
CLASSES = {"pndm": PNDMScheduler, "ddim": DDIMScheduler, "dpm++2m": DPMSolverMultistepScheduler, "dpm++2m-karras": DPMSolverMultistepScheduler,
           "euler": EulerDiscreteScheduler, "euler-ancestral": EulerAncestralDiscreteScheduler, "unipc": UniPCMultistepScheduler, "lcm": LCMScheduler}

CONFIGS = {  # the keys of the published files
    "stable-diffusion-v1-5": {
        "_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
        "num_train_timesteps": 1000, "set_alpha_to_one": False, "skip_prk_steps": True, "steps_offset": 1, "trained_betas": None,
        "clip_sample": False},
    "stable-diffusion-2-1": {
        "_class_name": "DDIMScheduler", "_diffusers_version": "0.8.0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
        "clip_sample": False, "num_train_timesteps": 1000, "prediction_type": "v_prediction", "set_alpha_to_one": False, "skip_prk_steps": True,
        "steps_offset": 1, "trained_betas": None},
}
ZERO_SNR = {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "prediction_type": "v_prediction"}


def runs():
    """(config, changes to it, scheduler, steps, strength, generators)."""
    for config in CONFIGS:
        for name in CLASSES:
            for steps in (50, 20, 7, 1):
                for strength in (1.0, 0.75, 0.3):
                    if steps * strength >= 1:
                        yield config, {}, name, steps, strength, 2
    first, second = CONFIGS
    for name in CLASSES:
        for spacing in ("linspace", "leading", "trailing") if name not in ("lcm", "dpm++2m-karras") else ():
            yield first, {"timestep_spacing": spacing}, name, 20, 0.75, 2
        yield first, {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02}, name, 7, 1.0, 2
        yield first, {"beta_schedule": "squaredcos_cap_v2"}, name, 7, 0.75, 2
        yield first, {"num_train_timesteps": 60, "trained_betas": [0.001 + 0.0005 * i for i in range(60)]}, name, 7, 1.0, 2
        if name != "pndm":
            yield second, ZERO_SNR, name, 7, 1.0, 2
        yield second, {}, name, 7, 1.0, 1
    for name in ("ddim", "lcm"):
        yield first, {"clip_sample": True, "clip_sample_range": 0.5}, name, 7, 1.0, 2
    for name in ("pndm", "ddim"):
        yield first, {"set_alpha_to_one": True}, name, 7, 1.0, 2
    yield first, {"original_inference_steps": 30, "timestep_scaling": 5.0}, "lcm", 7, 1.0, 2


def make(config, name):
    karras = {"use_karras_sigmas": name.endswith("karras")} if name.startswith("dpm++") else {}
    return CLASSES[name].from_config({**config, **karras})


def network(sample, time_step):
    pattern = torch.arange(sample.numel(), dtype=torch.float32).view(sample.shape) * 0.37
    return 0.3 * sample + 0.5 * torch.sin(pattern + float(time_step) / 100)


def run(config, name, steps, strength, num_generators):
    scheduler = make(config, name)
    latents = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))
    generators = [torch.Generator().manual_seed(11 + i) for i in range(num_generators)]
    scheduler.set_timesteps(steps)
    skipped = max(steps - min(int(steps * strength), steps), 0)  # get_timesteps of the pipeline
    time_steps = scheduler.timesteps[skipped:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(skipped)
    noise = randn_tensor(SHAPE, generator=generators)
    sample = scheduler.add_noise(latents, noise, time_steps[:1].repeat(SHAPE[0]))
    extra = {"generator": generators} if "generator" in inspect.signature(scheduler.step).parameters else {}
    samples = []
    for time_step in time_steps:
        output = network(scheduler.scale_model_input(sample, time_step), time_step)
        sample = scheduler.step(output, time_step, sample, **extra).prev_sample
        samples.append(sample)
    kept = torch.stack([samples[0], samples[len(samples) // 2], samples[-1]])
    assert kept.isfinite().all(), (name, steps, strength)
    result = {"time_steps": time_steps.to(torch.float64), "samples": kept}
    if isinstance(scheduler, SIGMA_CLASSES) and strength == 1 and scheduler.config.prediction_type == "epsilon":
        result["sigmas"] = scheduler.sigmas
    return result


def time_step_sums():
    """Per grid and spacing: lengths, and the sum of each whole run's time steps, each times its place."""
    for name in ("ddim", "dpm++2m", "euler"):
        for spacing in ("linspace", "leading", "trailing"):
            rows = []
            for steps in range(1, 1000, 22):
                scheduler = make({**CONFIGS["stable-diffusion-v1-5"], "timestep_spacing": spacing}, name)
                scheduler.set_timesteps(steps)
                time_steps = scheduler.timesteps.tolist()
                if len(time_steps) == steps and max(time_steps) < 1000:  # the others are the reference's slips, see fmri2img/diffusion/time_steps.h
                    rows.append((steps, sum(time_step * (i + 1) for i, time_step in enumerate(time_steps))))
            yield name, spacing, rows


def main():
    tensors, listed = {}, []
    for number, (config, changes, name, steps, strength, generators) in enumerate(runs()):
        listed.append({"config": config, "changes": changes, "scheduler": name, "steps": steps, "strength": strength, "generators": generators})
        for key, value in run({**CONFIGS[config], **changes}, name, steps, strength, generators).items():
            tensors[f"{number}.{key}"] = value.contiguous()
    for name, config in CONFIGS.items():
        folder = OUT / name / "scheduler"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scheduler_config.json").write_text(json.dumps(config, indent=2) + "\n")
    sums = [{"scheduler": name, "spacing": spacing, "rows": rows} for name, spacing, rows in time_step_sums()]
    save_file(tensors, OUT / "runs.safetensors")
    (OUT / "runs.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in listed) + "\n]\n")
    (OUT / "time_step_sums.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in sums) + "\n]\n")
    for name, scheduler_class in CLASSES.items():
        changes = {"dpm++2m-karras": {"use_karras_sigmas": True}, "pndm": {"skip_prk_steps": True}}.get(name, {})
        scheduler_class(**changes).save_pretrained(OUT / "saved_by_diffusers" / name / "scheduler")
    print(len(listed), "runs", *(f"{path.name} {path.stat().st_size}" for path in sorted(OUT.iterdir()) if path.is_file()))


if __name__ == "__main__":
    main()
