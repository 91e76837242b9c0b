"""Ridge regression with ten penalties, one chosen per target: scikit-learn and himalaya. Ours: bench/ridge.cpp."""
import argparse
import json
import resource
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("library", choices=["sklearn", "himalaya"])
parser.add_argument("--rows", type=int, default=4000)
parser.add_argument("--vertices", type=int, default=20000)
parser.add_argument("--targets", type=int, default=4096)
args = parser.parse_args()

random = np.random.default_rng(1)
responses = random.standard_normal((args.rows, args.vertices), dtype=np.float32)
latents = random.standard_normal((args.rows, args.targets), dtype=np.float32)
alphas = np.logspace(1, 6, 10).astype(np.float32)

if args.library == "sklearn":
    from sklearn.linear_model import RidgeCV

    model = RidgeCV(alphas, alpha_per_target=True)  # leave-one-out by generalised cross-validation
else:
    from himalaya.backend import set_backend
    from himalaya.ridge import RidgeCV

    set_backend("torch")  # the faster of its CPU backends
    model = RidgeCV(alphas, fit_intercept=True)  # 5 folds

start = time.perf_counter()
model.fit(responses, latents)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": [seconds], "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
