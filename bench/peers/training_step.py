"""One training step of the low-level decoder in eager PyTorch, as its users run it. Ours: bench/training_step.cpp."""
import argparse
import json
import pathlib
import resource
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/parity"))
from voxel_decoder import VoxelDecoder, optimizer_of  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--inputs", type=int, default=39548)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--bf16", action="store_true", help="autocast with channels_last weights")
args = parser.parse_args()

model = VoxelDecoder(args.inputs).train()
if args.bf16:
    model = model.to(memory_format=torch.channels_last)
optimizer, schedule = optimizer_of(model, 5e-4, 1000, 200)
responses, latents = torch.randn(args.batch, args.inputs), torch.randn(args.batch, 4, 64, 64)


def step():
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
        loss = torch.nn.functional.l1_loss(model(responses), latents)
    loss.backward()
    optimizer.step()
    schedule.step()
    return loss.item()


step()
seconds = []
for _ in range(args.repeats):
    start = time.perf_counter()
    step()
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
