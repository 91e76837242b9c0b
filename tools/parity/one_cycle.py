"""Writes tests/data/training/one_cycle.csv: whole learning-rate and momentum curves of PyTorch's OneCycleLR."""
import pathlib

import torch

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNS = [  # steps, max learning rate, warm-up fraction, final division
    (650, 5e-4, 2 / 50, 1e3),
    (43, 5e-4, 2 / 4, 1e3),
    (10, 1e-3, 0.05, 1e4),  # a warm-up shorter than one step
    (400, 1e-2, 0.3, 1e4),
]


def curve(steps, max_lr, warmup, division):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.AdamW([parameter], lr=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=max_lr, total_steps=steps, pct_start=warmup, final_div_factor=division)
    for step in range(steps):
        group = optimizer.param_groups[0]
        yield step, group["lr"], group["betas"][0]
        optimizer.step()
        if step + 1 < steps:
            schedule.step()


with open(ROOT / "tests/data/training/one_cycle.csv", "w") as out:
    out.write("num_steps,max_learning_rate,warmup_fraction,final_division,step,learning_rate,beta1\n")
    for run in RUNS:
        for step, rate, beta1 in curve(*run):
            out.write(",".join(f"{value:.17g}" for value in (*run, step, rate, beta1)) + "\n")
