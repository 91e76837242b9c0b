"""Writes what the benchmark of the metrics reads: networks with random weights, and a results folder of random pictures.

    python3 bench/make_metrics.py build/bench-metrics --images 64
"""
import argparse
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent / "peers"))
import vision  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--images", type=int, default=64)
parser.add_argument("--side", type=int, default=512)
options = parser.parse_args()


def write_weights(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in vision.NETWORKS.items():
        torch.save(make().state_dict(), folder / f"{name}.pth")
    for net in vision.LPIPS_NETS:
        heads = {key: value for key, value in vision.lpips_without_weights(net).state_dict().items() if key.startswith("lin") and "lins" not in key}
        torch.save({key: value.abs() for key, value in heads.items()}, folder / f"lpips_{net}.pth")


def write_results(folder):
    """As `reconstruct --low-only` writes them: targets of coarse blocks, reconstructions with noise."""
    (folder / "targets").mkdir(parents=True, exist_ok=True)
    (folder / "candidates/model").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    lines = []
    for trial in range(options.images):
        blocks = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        target = Image.fromarray(blocks).resize((options.side, options.side), Image.BICUBIC)
        noise = random.integers(-40, 40, (options.side, options.side, 3))
        made = Image.fromarray(np.clip(np.asarray(target, dtype=int) + noise, 0, 255).astype(np.uint8))
        row = {"trial": trial, "picture": f"{trial}", "model": "model", "trained_on": False, "target": f"targets/target_{trial}.png",
               "low": f"candidates/model/low_{trial}.png", "high": "", "caption": "", "raw_caption": "", "seed": None, "low_high": None,
               "low_target": None, "high_target": None, "consensus": None, "encoder": None, "voted": False}
        target.save(folder / row["target"])
        made.save(folder / row["low"])
        lines.append(json.dumps(row))
    (folder / "trials.jsonl").write_text("\n".join(lines) + "\n")
    record = {"format": "fmri2img results", "version": 2, "subject": "random", "partition": "test", "trials": "test", "models": ["model"],
              "height": options.side, "width": options.side, "mean_picture": "", "mean_picture_of": 0, "vote": "", "high_height": 0, "high_width": 0}
    (folder / "results.json").write_text(json.dumps(record))
    manifest = {"program": "fmri2img", "version": "0.1.0", "command": "reconstruct", "command_line": [], "settings": {}, "inputs": {},
                "models": {}, "started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:00Z", "results": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


write_weights(options.folder / "weights")
write_results(options.folder / "results")
