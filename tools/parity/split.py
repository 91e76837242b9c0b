"""Writes tests/data/subject/random_split.json: what torch.utils.data.random_split draws.

`splits`: SHA-256 of the rows as little-endian int64, and the first and last ten. `sizes`: lengths of the two parts.
"""
import hashlib
import json
import pathlib

import torch
from torch.utils.data import random_split

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]


def split(count, fractions, seed):
    return [list(part) for part in random_split(range(count), fractions, generator=torch.Generator().manual_seed(seed))]


def summary(rows):
    content = b"".join(row.to_bytes(8, "little") for row in rows)
    return {"sha256": hashlib.sha256(content).hexdigest(), "count": len(rows), "first": rows[:10], "last": rows[-10:]}


def summarise(count, seed):
    train, validation = split(count, [0.7, 0.3], seed)
    return {"rows": count, "seed": seed, "train": summary(train), "validation": summary(validation)}


golden = {
    "splits": [summarise(count, seed) for count in (5000, 9841) for seed in (42, 3, 2423, 849, 1921)],
    "sizes": [{"fraction": first, "rows": count, "train": len(split(count, [first, second], 0)[0])}
              for first, second in ((0.7, 0.3), (0.9, 0.1), (0.5, 0.5), (0.05, 0.95)) for count in range(20, 62)],
}
text = json.dumps(golden, indent=None, separators=(",", ":")).replace('{"rows"', '\n{"rows"').replace('{"fraction"', '\n{"fraction"')
(ROOT / "tests/data/subject/random_split.json").write_text(text + "\n")
