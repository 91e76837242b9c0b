#!/usr/bin/env python3
"""Writes a subject of the size of NSD's subject 1 with random numbers: 9,841 responses of 39,548 vertices, as many pictures of 425 x 425, and
their latents, 16,384 each. For load, memory and time; there is nothing to decode in it.

    bench/make_full_subject.py build/release/fmri2img build/full-subject        # 4 GB of disk
    /usr/bin/time -v build/release/fmri2img train build/full-subject --decoder ridge --codec vae --out build/full-ridge

Needs numpy and pillow (bench/peers/requirements.txt). `simulate --full-size` writes one that can be decoded, and takes longer.
"""
import argparse
import os
import pathlib
import subprocess

import numpy as np
from PIL import Image

ROWS, PICTURE, LATENT = 9841, 425, (4, 64, 64)
TOGETHER = 500


def random_array(path, width, generator):
    """float32 [ROWS, *width], written in pieces."""
    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(ROWS, *width))
    for start in range(0, ROWS, TOGETHER):
        piece = array[start:start + TOGETHER]
        piece[...] = generator.standard_normal(piece.shape, dtype=np.float32)
    array.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    subprocess.run([args.program, "simulate", "--vertices", "39548", "--train", "20", "--test", "10", "--out", args.out, "--quiet"], check=True)
    generator = np.random.default_rng(1)
    training = args.out / "training_split"
    for old in [*(training / "training_images").iterdir(), *training.glob("*.jsonl")]:
        os.remove(old)
    for i in range(ROWS):
        blocks = generator.integers(0, 255, (17, 17, 3), dtype=np.uint8).repeat(25, 0).repeat(25, 1)
        Image.fromarray(blocks[:PICTURE, :PICTURE]).save(training / f"training_images/train-{i + 1:04d}_nsd-{i * 7:05d}.png", compress_level=1)
    for hemisphere in (training / "training_fmri").glob("*.npy"):
        vertices = np.load(hemisphere, mmap_mode="r").shape[1]
        random_array(hemisphere, (vertices,), generator)
    random_array(training / "fMRI_VAE.npy", LATENT, generator)


if __name__ == "__main__":
    main()
