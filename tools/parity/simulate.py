"""Opens simulated subjects with NumPy and Pillow as the Algonauts 2023 tutorial opens the challenge's, and checks what it finds.

    build/release/fmri2img simulate --out /tmp/subj01 && python3 tools/parity/simulate.py /tmp/subj01

Run with NumPy 2.4.6 and Pillow 12 or 13.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ["prf-visualrois", "floc-bodies", "floc-faces", "floc-places", "floc-words", "streams"]
HEMISPHERES = ["l", "r"]
FSAVERAGE = 163842


def load_split(folder, split, prefix):
    """Responses of both hemispheres, one row a picture; the pictures' own numbers ascend with the rows."""
    pictures = sorted((folder / f"{split}_split" / f"{split}_images").iterdir())
    ids = [int(path.stem.split("nsd-")[1]) for path in pictures]
    assert ids == sorted(set(ids)) and 0 <= ids[0] and ids[-1] < 73000
    assert [path.name.split("_")[0] for path in pictures] == [f"{prefix}-{i + 1:04d}" for i in range(len(pictures))]
    assert Image.open(pictures[0]).convert("RGB").size[0] > 0
    responses = [np.load(folder / f"{split}_split" / f"{split}_fmri" / f"{h}h_{split}_fmri.npy") for h in HEMISPHERES]
    for matrix in responses:
        assert matrix.dtype == np.float32 and matrix.flags.c_contiguous and matrix.shape[0] == len(pictures)
        assert np.isfinite(matrix).all()
    return responses, set(ids)


def check_rois(folder, vertices):
    """The tutorial's own steps: which vertices of fsaverage belong to a region, and which of the challenge's."""
    mappings = {c: np.load(folder / "roi_masks" / f"mapping_{c}.npy", allow_pickle=True).item() for c in CLASSES}
    for hemisphere, width in zip(HEMISPHERES, vertices):
        load = lambda name: np.load(folder / "roi_masks" / f"{hemisphere}h.{name}.npy")
        all_vertices = load("all-vertices_fsaverage_space")
        assert all_vertices.shape == (FSAVERAGE,) and all_vertices.sum() == width
        for roi_class, mapping in mappings.items():
            assert mapping[0] == "Unknown" and all(type(k) is int and type(v) is str for k, v in mapping.items())
            challenge, fsaverage = load(f"{roi_class}_challenge_space"), load(f"{roi_class}_fsaverage_space")
            assert challenge.dtype == np.int64 and challenge.shape == (width,) and fsaverage.shape == (FSAVERAGE,)
            assert np.array_equal(fsaverage[np.where(all_vertices)[0]], challenge)
            assert set(np.unique(challenge)) <= set(mapping)
    return mappings


def check(folder):
    train, train_ids = load_split(folder, "training", "train")
    test, test_ids = load_split(folder, "test", "test")
    assert not train_ids & test_ids
    vertices = [matrix.shape[1] for matrix in train]
    assert vertices == [matrix.shape[1] for matrix in test]
    for hemisphere, matrix in zip(HEMISPHERES, train):
        ceiling = np.load(folder / "test_split" / "noise_ceiling" / f"{hemisphere}h_noise_ceiling.npy")
        assert ceiling.shape == (matrix.shape[1],) and (0 < ceiling).all() and (ceiling < 1).all()
    mappings = check_rois(folder, vertices)
    print(f"{folder}: {len(train_ids)} + {len(test_ids)} pictures, {vertices} vertices, "
          f"{sum(len(m) - 1 for m in mappings.values())} regions, mean variance {train[0].var(axis=0).mean():.3f}: fine")


if __name__ == "__main__":
    assert np.__version__.startswith("2.4."), np.__version__
    warnings.simplefilter("error")
    for name in sys.argv[1:]:
        check(Path(name))
