"""Opening a subject and gathering the responses of set1 as the challenge's notebooks do. Ours: bench/gather_roi.cpp."""
import argparse
import json
import pathlib
import resource
import time

import numpy as np

SET1 = ["V1v", "V1d", "V2v", "V2d", "V3v", "V3d", "hV4", "FFA-1", "FFA-2", "PPA"]
CLASSES = ["prf-visualrois", "floc-bodies", "floc-faces", "floc-places", "floc-words", "streams"]

parser = argparse.ArgumentParser()
parser.add_argument("subject", type=pathlib.Path)
parser.add_argument("--repeats", type=int, default=1)
args = parser.parse_args()


def hemisphere(side):
    """numpy.load of the whole file, then a mask."""
    responses = np.load(args.subject / "training_split/training_fmri" / f"{side}_training_fmri.npy")
    chosen = np.zeros(responses.shape[1], bool)
    for name in CLASSES:
        masks = args.subject / "roi_masks"
        codes = np.load(masks / f"{side}.{name}_challenge_space.npy")
        mapping = np.load(masks / f"mapping_{name}.npy", allow_pickle=True).item()
        chosen |= np.isin(codes, [code for code, roi in mapping.items() if roi in SET1])
    return responses[:, chosen]


seconds = []
for i in range(-1, args.repeats):  # the first run fills the page cache
    gathered = None
    start = time.perf_counter()
    gathered = np.concatenate([hemisphere("lh"), hemisphere("rh")], axis=1)
    if i >= 0:
        seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
