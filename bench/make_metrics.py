"""Writes what the benchmark of the metrics reads: networks with random weights, and a results folder of random pictures.

    python3 bench/make_metrics.py build/bench-metrics --images 64
"""
import argparse
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parent / "peers"))
import vision  # noqa: E402
from results_folder import write_results  # noqa: E402

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


def pairs():
    """Targets of coarse blocks, reconstructions with noise."""
    random = np.random.default_rng(1)
    for _ in range(options.images):
        blocks = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        target = Image.fromarray(blocks).resize((options.side, options.side), Image.BICUBIC)
        noise = random.integers(-40, 40, (options.side, options.side, 3))
        yield target, Image.fromarray(np.clip(np.asarray(target, dtype=int) + noise, 0, 255).astype(np.uint8))


write_weights(options.folder / "weights")
write_results(options.folder / "results", pairs())
