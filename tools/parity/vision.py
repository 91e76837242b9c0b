"""Golden values of the networks that pictures are compared by (torchvision's, and the lpips package's LPIPS), and of the
scores that they give in each preset of `evaluate`.

    pip install torch==2.13.0 torchvision==0.28.0 lpips==0.1.4 numpy==2.4.6 pillow==13.0.0
    python3 tools/parity/vision.py

No weights are stored: `made_values` makes them from a tensor's name and shape, and tests/parity/vision/made_weights.h
does the same. The files hold sums and a sample of each network's answer to made pictures.
"""
import json
import pathlib

import numpy as np
import torch
from made_pictures import made_pixels, made_values, mixed_pixels

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/vision/golden.json"
SAMPLES = 48


def without_compiled_operators():
    """Lets torchvision's Python part be imported where its compiled part belongs to another build of PyTorch."""
    for operator in ("nms", "qnms"):
        try:
            torch.library.define(f"torchvision::{operator}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass


without_compiled_operators()
import lpips  # noqa: E402
import torchvision.models as models  # noqa: E402
from PIL import Image  # noqa: E402
from torchvision.transforms import functional as transforms  # noqa: E402


def made_weight(name, shape):
    """Weights of He's scale; normalisations near 1, heads of LPIPS not negative, as the real ones are."""
    values = made_values(name, int(np.prod(shape)))
    if name.startswith("lin"):
        pass
    elif len(shape) > 1:
        values = (2 * values - 1) * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith(("running_mean", ".bias")):
        values = 0.2 * (2 * values - 1)
    else:
        values = 0.5 + values
    return torch.from_numpy(values.reshape(shape).astype(np.float32))


def made_pictures(count, side):
    """Float pictures in [0, 1] with structure of several sizes: [count, 3, side, side]."""
    y, x = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    pictures = np.empty((count, 3, side, side))
    for n in range(count):
        for c in range(3):
            wave = np.sin(0.11 * (n + 1) * x + 0.07 * (c + 2) * y) + np.sin(0.013 * x * (c + 1) - 0.05 * (n + 2) * y)
            pictures[n, c] = 0.5 + 0.2 * wave
    pictures += 0.1 * (made_values("pictures", pictures.size).reshape(pictures.shape) - 0.5)
    return torch.from_numpy(pictures.astype(np.float32))


def fill(module, prefix=""):
    state = module.state_dict()
    module.load_state_dict({key: value if "num_batches" in key else made_weight(prefix + key, tuple(value.shape)) for key, value in state.items()})
    return module.eval()


def normalise(pictures):
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (pictures - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)


def sample(features):
    flat = features.flatten().double()
    step = max(1, flat.numel() // SAMPLES)
    return {
        "shape": list(features.shape),
        "mean": flat.mean().item(),
        "largest": flat.abs().max().item(),
        "step": step,
        "values": [float(f"{value:.9g}") for value in flat[::step][:SAMPLES].tolist()],
    }


def layer_output(network, layer, pictures):
    kept = []
    hook = layer.register_forward_hook(lambda module, inputs, output: kept.append(output.clone()))
    network(pictures)
    hook.remove()
    return kept[0]


@torch.inference_mode()
def networks():
    alexnet = fill(models.alexnet())
    yield "alexnet2", 256, layer_output(alexnet, alexnet.features[4], normalise(made_pictures(2, 256)))
    yield "alexnet5", 256, layer_output(alexnet, alexnet.features[11], normalise(made_pictures(2, 256)))
    inception = fill(models.inception_v3(transform_input=True, init_weights=False))
    yield "inception", 342, layer_output(inception, inception.avgpool, normalise(made_pictures(2, 342))).flatten(1)
    efficientnet = fill(models.efficientnet_b1())
    yield "efficientnet", 255, layer_output(efficientnet, efficientnet.avgpool, normalise(made_pictures(2, 255))).flatten(1)
    swav = fill(models.resnet50())
    yield "swav", 224, layer_output(swav, swav.avgpool, normalise(made_pictures(2, 224))).flatten(1)


def made_lpips(net):
    made = lpips.LPIPS(net=net, version="0.1", pnet_rand=True, pretrained=False, verbose=False)
    state = made.state_dict()
    for key in state:
        if key.startswith("net."):
            layer = key.split(".", 2)[2]  # net.sliceN.<torchvision's number>
            state[key] = made_weight(f"features.{layer}", tuple(state[key].shape))
        elif key.startswith("lin") and not key.startswith("lins."):
            state[key] = made_weight(key, tuple(state[key].shape))
    made.load_state_dict(state)
    for i in range(made.L):  # `lins` holds the same modules
        assert torch.equal(made.lins[i].model[1].weight, state[f"lin{i}.model.1.weight"])
    return made


@torch.inference_mode()
def lpips_distances(net, side):
    pictures = made_pictures(3, side) * 2 - 1
    first = pictures[:1].expand(2, -1, -1, -1)
    return made_lpips(net)(first, pictures[1:]).flatten().tolist()


def two_way(truth, made):
    """MedARC's two_way_identification, as it stands in final_evaluations.ipynb."""
    count = len(truth)
    r = np.corrcoef(truth, made)[:count, count:]
    congruents = np.diag(r)
    return float(np.mean(np.sum(r < congruents, 0)) / (count - 1))


def correlation_distance(truth, made):
    return float(np.mean([1 - np.corrcoef(a, b)[0, 1] for a, b in zip(truth, made)]))


def to_base(pixels, preset):
    """What the networks' inputs are made of, [N, 3, h, w] in [0, 1]."""
    floats = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    if preset == "native":
        return floats
    if preset == "brain-diffuser":
        resized = [Image.fromarray(picture).resize((224, 224), Image.BILINEAR) for picture in pixels]
        return torch.stack([transforms.to_tensor(picture) for picture in resized])
    return transforms.resize(floats, [256, 256], antialias=preset.endswith("antialias"))


def to_side(base, side, preset):
    if preset == "brain-diffuser":
        return base
    return transforms.resize(base, [side, side], antialias=preset == "native" or preset.endswith("antialias"))


@torch.inference_mode()
def metrics(preset, count, side):
    bases = [to_base(pixels, preset) for pixels in (made_pixels(count, side, 0), mixed_pixels(count, side))]
    alexnet, efficientnet, swav = fill(models.alexnet()), fill(models.efficientnet_b1()), fill(models.resnet50())
    inception = fill(models.inception_v3(transform_input=True, init_weights=False))

    def features(network, layer, side):
        return [layer_output(network, layer, normalise(to_side(base, side, preset))).flatten(1).numpy().astype(np.float64) for base in bases]

    return {
        "alexnet2": two_way(*features(alexnet, alexnet.features[4], 256)),
        "alexnet5": two_way(*features(alexnet, alexnet.features[11], 256)),
        "inception": two_way(*features(inception, inception.avgpool, 342)),
        "efficientnet": correlation_distance(*features(efficientnet, efficientnet.avgpool, 255)),
        "swav": correlation_distance(*features(swav, swav.avgpool, 224)),
        **{f"lpips_{net}": made_lpips(net)(*(base * 2 - 1 for base in bases)).mean().item() for net in ("alex", "squeeze", "vgg")},
    }


def main():
    golden = {"networks": {name: {"side": side, **sample(features)} for name, side, features in networks()}}
    golden["lpips"] = {net: {"side": side, "distances": lpips_distances(net, side)} for net, side in (("alex", 64), ("squeeze", 70), ("vgg", 64))}
    presets = ("native", "mindeye1-982", "mindeye1-982 antialias", "brain-diffuser")
    golden["metrics"] = {"count": 8, "side": 96, "presets": {preset: metrics(preset, 8, 96) for preset in presets}}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
