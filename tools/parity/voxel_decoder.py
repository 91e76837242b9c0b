"""The PyTorch twin of the voxel decoder, and the golden values of tests/parity/voxel_decoder.

Module structure, names and order of construction follow Koios1143/Machine-Learning-Final, src/Models.py.
"""
import os
import pathlib

import diffusers
import torch
from diffusers.models.autoencoders.vae import Decoder
from safetensors.torch import save_file
from torch import nn

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert diffusers.__version__ == "0.42.1", diffusers.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/data/voxel_decoder"


def dense_block(inputs, outputs, dropout):
    return nn.Sequential(nn.Linear(inputs, outputs, bias=False), nn.LayerNorm(outputs), nn.SiLU(), nn.Dropout(dropout))


class VoxelDecoder(nn.Module):
    def __init__(self, inputs, width=2048, blocks=4, channels=(64, 128, 256), latent=(4, 64, 64)):
        super().__init__()
        self.start = (channels[0], latent[1] >> (len(channels) - 1), latent[2] >> (len(channels) - 1))
        self.lin0 = dense_block(inputs, width, 0.5)
        self.mlp = nn.ModuleList([dense_block(width, width, 0.3) for _ in range(blocks)])
        self.lin1 = nn.Linear(width, self.start[0] * self.start[1] * self.start[2], bias=False)
        self.norm = nn.GroupNorm(1, channels[0])
        for block in self.mlp:
            nn.init.xavier_uniform_(block[0].weight)
        nn.init.xavier_uniform_(self.lin1.weight)
        self.upsampler = Decoder(
            in_channels=channels[0],
            out_channels=latent[0],
            up_block_types=["UpDecoderBlock2D"] * len(channels),
            block_out_channels=list(channels),
            layers_per_block=1,
        )

    def forward(self, x):
        x = self.lin0(x)
        for block in self.mlp:
            x = block(x) + x
        return self.upsampler(self.norm(self.lin1(x).reshape(len(x), *self.start)))


def optimizer_of(model, max_lr, steps, epochs):
    spared = ["bias", "LayerNorm.bias", "LayerNorm.weight"]
    groups = [
        {"params": [p for n, p in model.named_parameters() if not any(s in n for s in spared)], "weight_decay": 1e-2},
        {"params": [p for n, p in model.named_parameters() if any(s in n for s in spared)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=max_lr, total_steps=steps, final_div_factor=1000, pct_start=2 / epochs)
    return optimizer, schedule


SMALL = dict(inputs=40, width=48, blocks=2, channels=(32, 64), latent=(3, 8, 12))


TINY = dict(inputs=12, width=16, blocks=1, channels=(32,), latent=(1, 4, 4))  # its checkpoint is committed


def data(rows, inputs, latent):
    generator = torch.Generator().manual_seed(7)
    return torch.randn(rows, inputs, generator=generator), torch.randn(rows, *latent, generator=generator)


def train(model, responses, latents, epochs, batch, last_epoch=None):
    """The original's loop; returns every loss, and the optimizer after `last_epoch` epochs."""
    per_epoch = -(-len(responses) // batch)
    optimizer, schedule = optimizer_of(model, 5e-4, epochs * per_epoch, epochs)
    losses = []
    for epoch in range(epochs):
        for begin in range(0, len(responses), batch):
            optimizer.zero_grad()
            loss = nn.functional.l1_loss(model(responses[begin:begin + batch]), latents[begin:begin + batch])
            loss.backward()
            optimizer.step()
            if len(losses) + 1 < epochs * per_epoch:
                schedule.step()
            losses.append(loss.item())
        if last_epoch == epoch + 1:
            break
    return torch.tensor(losses, dtype=torch.float64), optimizer


def summary(model):
    """Sum and first value of every parameter, in order: enough to tell a draw out of order."""
    return {name: torch.stack([p.double().sum(), p.flatten()[0].double(), p.flatten()[-1].double()])
            for name, p in model.state_dict().items()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    os.umask(0o022)
    responses, latents = data(20, SMALL["inputs"], SMALL["latent"])

    torch.manual_seed(42)
    model = VoxelDecoder(**SMALL)
    golden = {"init." + name: value for name, value in summary(model).items()}
    model.eval()
    golden["responses"], golden["latents"] = responses, latents
    golden["forward"] = model(responses[:3]).detach()
    losses, _ = train(model, responses, latents, epochs=5, batch=6)  # 4 batches an epoch, the last of 2 rows
    golden["losses"] = losses
    golden["trained"] = model(responses[:3]).detach()

    torch.manual_seed(42)
    model = VoxelDecoder(**SMALL).train()  # with dropout, its numbers following the weights'
    golden["losses_dropout"], _ = train(model, responses, latents, epochs=5, batch=6)

    save_file({name: value.contiguous() for name, value in golden.items()}, OUT / "small.safetensors")

    torch.manual_seed(3)
    full = VoxelDecoder(39548)
    assert sum(p.numel() for p in full.parameters()) == 138_188_228 and len(full.state_dict()) == 106
    save_file({name: value for name, value in summary(full).items()}, OUT / "full_width_init.safetensors")

    # A checkpoint as the original saves it, after two of five epochs without dropout.
    torch.manual_seed(42)
    model = VoxelDecoder(**TINY).eval()
    responses, latents = data(20, TINY["inputs"], TINY["latent"])
    losses, optimizer = train(model, responses, latents, epochs=5, batch=6, last_epoch=2)
    torch.save({"epoch": 1, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(),
                "loss": losses[-1].float(), "steps": len(losses)}, OUT / "original_checkpoint")
    torch.manual_seed(42)
    model = VoxelDecoder(**TINY).eval()
    losses, _ = train(model, responses, latents, epochs=5, batch=6)
    save_file({"responses": responses, "latents": latents, "losses": losses}, OUT / "original_run.safetensors")


if __name__ == "__main__":
    main()
