"""One training step of the low-level decoder in eager PyTorch, as its users run it. Ours: bench/training_step.cpp."""
import pathlib
import sys

import torch

import peer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/parity"))
from voxel_decoder import VoxelDecoder, optimizer_of  # noqa: E402

parser = peer.parser(__doc__, bf16="autocast with channels_last weights")
parser.add_argument("--inputs", type=int, default=39548)
parser.add_argument("--batch", type=int, default=32)
args = peer.parse(parser)

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


peer.measure(step, args.repeats)
