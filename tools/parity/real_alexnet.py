"""Golden values of AlexNet(2) and AlexNet(5) with ImageNet's weights, in tests/data/vision/real_alexnet.json: samples of what
torchvision's network makes of pictures of the reference data, which holds its convolutions' weights.

    pip install torch==2.13.0 torchvision==0.28.0 lpips==0.1.4 numpy==2.4.6 pillow==13.0.0
    python3 tools/parity/real_alexnet.py ../shared/data
"""
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from vision import layer_output, models, normalise, sample

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/vision/real_alexnet.json"
PICTURES = ["photos/chelsea.png", "photos/astronaut.png", "photos/coffee.png"]
SIDE = 256  # the crop at the top left: no resizing


def alexnet(folder):
    network = models.alexnet()
    tensors = {path.stem: torch.from_numpy(np.load(path)) for path in folder.glob("*.npy")}
    missing, unexpected = network.load_state_dict(tensors, strict=False)
    assert not unexpected and all(name.startswith("classifier.") for name in missing), (missing, unexpected)
    return network.eval()


def crops(data):
    """[N, 3, 256, 256] in [0, 1]."""
    pictures = [np.asarray(Image.open(data / name).convert("RGB"))[:SIDE, :SIDE] for name in PICTURES]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) / 255


def halves(pictures):
    """Reconstructions of a kind: half the resolution, each pixel four times."""
    return torch.nn.functional.avg_pool2d(pictures, 2).repeat_interleave(2, 2).repeat_interleave(2, 3)


def strongest(features):
    """Most features are 0 after the ReLU: the places and values of those that are furthest from it."""
    values, places = features.flatten().topk(24)
    return {"places": places.tolist(), "largest_values": [float(f"{value:.9g}") for value in values.tolist()]}


@torch.inference_mode()
def main():
    data = pathlib.Path(sys.argv[1])
    network, pictures = alexnet(data / "lpips/alex"), crops(data)
    golden = {"pictures": PICTURES, "side": SIDE, "layers": {}}
    for name, layer in (("alexnet2", network.features[4]), ("alexnet5", network.features[11])):
        features = layer_output(network, layer, normalise(pictures))
        blurred = layer_output(network, layer, normalise(halves(pictures)))
        pairs = zip(features.flatten(1).double().numpy(), blurred.flatten(1).double().numpy())
        golden["layers"][name] = sample(features) | strongest(features) | {"correlations": [float(np.corrcoef(a, b)[0, 1]) for a, b in pairs]}
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes", {name: layer["correlations"] for name, layer in golden["layers"].items()})


main()
