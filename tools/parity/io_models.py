"""Writes the golden weight files and pictures of tests/data/io_models with PyTorch, safetensors and Pillow themselves.

    python3 tools/parity/io_models.py tests/data/io_models
"""

import argparse
import collections
import io
import json
import os
import struct
import sys
import zlib
from pathlib import Path
from unittest import mock

import numpy as np
import PIL
import safetensors
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file
from transformers.image_transforms import convert_to_rgb

ALL_TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32,
    "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "U16": torch.uint16, "U32": torch.uint32, "U64": torch.uint64, "BOOL": torch.bool,
}


def check_versions():
    assert torch.__version__.startswith("2.13"), torch.__version__
    assert transformers.__version__ == "5.24.0", transformers.__version__
    print("made with", {"torch": torch.__version__, "safetensors": safetensors.__version__, "Pillow": PIL.__version__})


def counting(dtype, shape):
    count = torch.arange(int(np.prod(shape))).reshape(shape)
    return count % 2 == 1 if dtype == torch.bool else count.to(dtype)


def all_types():
    return {name: counting(dtype, (2, 3)) for name, dtype in ALL_TYPES.items()} | {"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 4)}


def write_safetensors(folder):
    folder.mkdir(exist_ok=True)
    save_file(all_types(), folder / "all_types.safetensors", metadata={"format": "pt", "note": "grüße"})
    sharded = folder / "sharded"
    sharded.mkdir(exist_ok=True)
    weight_map = {}
    for shard in (1, 2):
        name = f"model-0000{shard}-of-00002.safetensors"
        tensors = {f"layer{shard}.weight": counting(torch.float32, (shard, 3)), f"layer{shard}.bias": counting(torch.float16, (3,))}
        save_file(tensors, sharded / name)
        weight_map |= dict.fromkeys(tensors, name)
    (sharded / "model.safetensors.index.json").write_text(json.dumps({"metadata": {"total_size": 48}, "weight_map": weight_map}))


class CallsSystem:
    def __reduce__(self):
        return os.system, ("touch /tmp/executed",)


def views():
    """Tensors that share storages, with offsets and strides of every kind."""
    base = torch.arange(24.0).reshape(4, 6)
    return {"base": base, "transposed": base.t(), "column": base[:, 2], "block": base[1:3, 1:5], "every_second": base[::2, ::3],
            "expanded": torch.tensor([7.0]).expand(5), "row": base[3], "empty": base[4:]}


def checkpoint():
    """A training checkpoint like those of the reference: model, AdamW with moments, loss as a tensor."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    groups = [{"params": [model[0].weight], "weight_decay": 0.01}, {"params": [model[0].bias, *model[1].parameters()], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-4)
    loss = model(torch.ones(4, 3)).abs().mean()
    loss.backward()
    optimizer.step()
    return {"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": loss.detach(), "steps": 421}


def odds_and_ends():
    return {
        "numpy": {"f8": np.float64(0.1), "f4": np.float32(0.5), "i8": np.int64(-3), "u4": np.uint32(7), "b": np.bool_(True),
                  "array": np.arange(6, dtype=np.float32).reshape(2, 3), "fortran": np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3))},
        "counter": collections.Counter([5, 5, 8]), "default": collections.defaultdict(list, a=[1]), "set": {1}, "frozen": frozenset([2]),
        "size": torch.Size([2, 3]), "dtype": torch.bfloat16, "device": torch.device("cuda", 1), "bytes": b"\x00\x7f\x80\xff", "none": None,
        "large": 2**64 - 1, "negative": -(2**40), "float": 1e300, "text": "grüße", "flag": True, "nested": [1, (2, [3, {}])],
        "parameter": torch.nn.Parameter(torch.ones(2)), "u2": torch.arange(3).to(torch.uint16),
    }


def write_torch(folder):
    folder.mkdir(exist_ok=True)
    weights = collections.OrderedDict((k, v) for k, v in all_types().items())
    plain = {k: v for k, v in weights.items() if v.dtype not in (torch.uint16, torch.uint32, torch.uint64)}
    torch.save(weights, folder / "all_types.pt")
    torch.save(plain, folder / "all_types_legacy.pth", _use_new_zipfile_serialization=False)
    for protocol in (3, 4, 5):
        torch.save(plain, folder / f"protocol{protocol}.bin", pickle_protocol=protocol)
    torch.save(plain, folder / "legacy_protocol4.bin", pickle_protocol=4, _use_new_zipfile_serialization=False)
    torch.save(views(), folder / "views.pt")
    torch.save(views(), folder / "views_legacy.pt", _use_new_zipfile_serialization=False)
    with mock.patch("torch.serialization.location_tag", lambda storage: "cuda:0"):
        torch.save(checkpoint(), folder / "checkpoint")
        torch.save(checkpoint(), folder / "checkpoint_legacy", _use_new_zipfile_serialization=False)
    torch.save(odds_and_ends(), folder / "odds_and_ends.pt")
    for name, legacy in (("calls_system.pt", False), ("calls_system_legacy.pt", True)):
        torch.save({"weight": torch.ones(2), "x": CallsSystem()}, folder / name, _use_new_zipfile_serialization=not legacy)
    torch.save({"args": argparse.Namespace(width=3)}, folder / "namespace.pt")
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), folder / "script.pt")
    save_file({k: v.clone().contiguous() for k, v in views().items()}, folder / "views_expected.safetensors")
    state = checkpoint()
    moments = {f"exp_avg.{i}": s["exp_avg"] for i, s in state["optimizer_state_dict"]["state"].items()}
    save_file({**state["model_state_dict"], **moments, "loss": state["loss"]}, folder / "checkpoint_expected.safetensors")


# Pictures. The PNG writer here makes every kind that the format has: Pillow writes only some.

COLOUR_TYPES = {"grey": (0, 1), "rgb": (2, 3), "palette": (3, 1), "grey_alpha": (4, 2), "rgba": (6, 4)}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples, depth):
    """[H, W, C] integers as PNG's rows, each with filter type 0."""
    rows = b""
    for row in samples:
        if depth == 16:
            data = row.astype(">u2").tobytes()
        else:
            bits = ((row.reshape(-1, 1) >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            data = np.packbits(bits.reshape(-1)).tobytes()
        rows += b"\0" + data
    return rows


def make_png(samples, depth, colour, interlaced=False, extra=b""):
    height, width, _ = samples.shape
    passes = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in PASSES] if interlaced else [samples]
    data = b"".join(packed_rows(p, depth) for p in passes if p.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def png_variants():
    random = np.random.default_rng(0)
    for kind, (colour, channels) in COLOUR_TYPES.items():
        depths = {"grey": (1, 2, 4, 8, 16), "palette": (1, 2, 4, 8)}.get(kind, (8, 16))
        for depth in depths:
            samples = random.integers(0, 2**depth, (11, 13, channels))
            if kind == "grey" and depth == 16:
                samples[:6] //= 200  # Pillow clips grey at 255
            extra = b""
            if kind == "palette":
                extra = chunk(b"PLTE", random.integers(0, 256, 3 * 2**depth, dtype=np.uint8).tobytes())
                if depth == 8:
                    extra += chunk(b"tRNS", bytes([0, 128]))
            for interlaced in (False, True):
                yield f"{kind}{depth}{'_interlaced' if interlaced else ''}.png", make_png(samples, depth, colour, interlaced, extra)
    grey = random.integers(0, 256, (11, 13, 1))
    yield "grey8_transparent.png", make_png(grey, 8, 0, extra=chunk(b"tRNS", b"\0\5"))
    yield "short_palette.png", make_png(grey % 8, 8, 3, extra=chunk(b"PLTE", bytes(range(100, 112))))
    yield "grey16_transparent.png", make_png(grey * 2, 16, 0, extra=chunk(b"tRNS", struct.pack(">H", int(grey[3, 4, 0]) * 2)))
    colours = random.integers(0, 256, (4, 3))
    rgb = colours[random.integers(0, 4, (11, 13))]
    yield "rgb8_transparent.png", make_png(rgb, 8, 2, extra=chunk(b"tRNS", struct.pack(">HHH", *colours[1].tolist())))


def jpeg_variants():
    y, x = np.mgrid[0:37, 0:53]
    waves = np.stack([127 + 120 * np.sin(x / 5 + c) * np.cos(y / (4 + c)) for c in range(4)], -1).astype(np.uint8)
    rgb = Image.fromarray(waves[..., :3])
    for name, picture, options in (("rgb_444", rgb, {"subsampling": 0}), ("rgb_422", rgb, {"subsampling": 1}), ("rgb_420", rgb, {"subsampling": 2}),
                                   ("progressive", rgb, {"progressive": True}), ("grey", rgb.convert("L"), {}),
                                   ("cmyk", Image.fromarray(waves, "CMYK"), {}), ("rgb_kept", rgb, {"keep_rgb": True})):
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=85, **options)
        yield name + ".jpg", data.getvalue()


def write_pictures(folder):
    folder.mkdir(exist_ok=True)
    expected, on_white = {}, {}
    for name, data in [*png_variants(), *jpeg_variants()]:
        (folder / name).write_bytes(data)
        expected[name] = torch.from_numpy(np.array(Image.open(io.BytesIO(data)).convert("RGB")))
        laid = torch.from_numpy(convert_to_rgb(Image.open(io.BytesIO(data)), return_numpy=True).copy())
        if not torch.equal(laid, expected[name]):
            on_white[name] = laid
    save_file(expected, folder / "expected.safetensors")
    save_file(on_white, folder / "on_white.safetensors")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    check_versions()
    write_safetensors(target / "safetensors")
    write_torch(target / "torch")
    write_pictures(target / "pictures")
