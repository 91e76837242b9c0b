"""Writes a tiny subject in MindEye2's layout, and what it is as rows of pictures, with h5py, tarfile and NumPy.

    python3 tools/parity/mindeye2.py tests/data/mindeye2
"""

import io
import sys
import tarfile
from pathlib import Path

import h5py
import numpy as np

SUBJECT, TRIALS, VOXELS, PICTURES, SIDE = 1, 14, 5, 12, 4
TRAIN = {0: [(3, 0), (7, 1), (3, 2), (-1, -1)], 1: [(1, 4), (3, 5), (7, 6), (10, 7)]}  # tar -> (picture, trial)
TEST = [(9, 8), (2, 9), (9, 10), (2, 3), (9, 12)]


def behaviour(picture, trial, shared):
    row = np.full((1, 17), -1.0)
    row[0, 0], row[0, 5], row[0, 16] = picture, trial, shared
    return row


def add(tar, name, array):
    content = io.BytesIO()
    np.save(content, array)
    info = tarfile.TarInfo(name)
    info.size = content.tell()
    content.seek(0)
    tar.addfile(info, content)


def write_tar(path, trials, shared):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for i, (picture, trial) in enumerate(trials):
            add(tar, f"sample{i:09d}.behav.npy", behaviour(picture, trial, shared))
            add(tar, f"sample{i:09d}.past_behav.npy", np.full((15, 17), 11.0))  # must not be taken for the trial itself


def main():
    assert [np.__version__, h5py.__version__] == ["2.4.6", "3.16.0"]
    folder = Path(sys.argv[1])
    wds = folder / "wds" / f"subj{SUBJECT:02d}"
    for number, trials in TRAIN.items():
        write_tar(wds / "train" / f"{number}.tar", trials, 0)
    write_tar(wds / "new_test" / "0.tar", TEST, 1)
    random = np.random.default_rng(0)
    betas = random.standard_normal((TRIALS, VOXELS), dtype=np.float32)
    images = random.random((PICTURES, 3, SIDE, SIDE)).astype(np.float16)
    with h5py.File(folder / f"betas_all_subj{SUBJECT:02d}_fp32_renorm.hdf5", "w") as file:
        file["betas"] = betas
    with h5py.File(folder / "coco_images_224_float16.hdf5", "w") as file:
        file.create_dataset("images", data=images, chunks=(1, 3, SIDE, SIDE), compression="gzip")
    with h5py.File(folder / "expected.h5", "w") as file:
        for part, trials in {"train": sum(TRAIN.values(), []), "test": TEST}.items():
            ids = sorted({picture for picture, _ in trials if picture >= 0})
            rows = [np.mean(betas[[t for p, t in trials if p == i]].astype(np.float64), axis=0) for i in ids]
            file[f"{part}/nsd_ids"] = np.array(ids)
            file[f"{part}/responses"] = np.array(rows).astype(np.float32)
            file[f"{part}/pictures"] = np.rint(images[ids].astype(np.float32) * 255).astype(np.uint8).transpose(0, 2, 3, 1)


if __name__ == "__main__":
    main()
