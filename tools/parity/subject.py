"""Writes tests/data/subject/roi_masks/mapping_*.npy: the ROI names of the Algonauts 2023 layout, as its files hold them."""
import pathlib

import numpy as np

assert np.__version__ == "2.4.6", np.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES = {
    "prf-visualrois": "V1v V1d V2v V2d V3v V3d hV4",
    "floc-bodies": "EBA FBA-1 FBA-2 mTL-bodies",
    "floc-faces": "OFA FFA-1 FFA-2 mTL-faces aTL-faces",
    "floc-places": "OPA PPA RSC",
    "floc-words": "OWFA VWFA-1 VWFA-2 mfs-words mTL-words",
    "streams": "early midventral midlateral midparietal ventral lateral parietal",
}

for name, regions in CLASSES.items():
    mapping = dict(enumerate(["Unknown", *regions.split()]))
    np.save(ROOT / f"tests/data/subject/roi_masks/mapping_{name}.npy", np.array(mapping), allow_pickle=True)
