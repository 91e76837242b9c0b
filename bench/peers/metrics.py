"""The scores of preset mindeye1-982 as a script of torchvision, transformers, lpips, scikit-image and NumPy computes them."""
import pathlib

import numpy as np
import torch
from PIL import Image
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity
from torch.nn.functional import interpolate

import peer
import vision
from transformers import CLIPModel  # after vision: it imports torchvision

parser = peer.parser(__doc__)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--clip", type=pathlib.Path, required=True)
parser.add_argument("--batch", type=int, default=16)
options = peer.parse(parser)
LAYERS = {"alexnet": [("features", 4), ("features", 11)], "inception_v3": [("avgpool",)], "efficientnet_b1": [("avgpool",)], "swav_resnet50": [("avgpool",)]}
SIDES = {"alexnet": 256, "inception_v3": 342, "efficientnet_b1": 255, "swav_resnet50": 224}
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
CLIP_MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
CLIP_STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1)


def read(names):
    folder = options.folder / "results"
    pictures = [torch.from_numpy(np.array(Image.open(folder / name))).permute(2, 0, 1)[None] / 255 for name in names]
    return torch.cat([interpolate(picture, (256, 256), mode="bilinear") for picture in pictures])


def features(network, layers, pictures, side):
    """Of each hooked layer [N, D]."""
    kept = [[] for _ in layers]
    hooks = []
    for i, (module, *index) in enumerate(layers):
        layer = getattr(network, module)[index[0]] if index else getattr(network, module)
        hooks.append(layer.register_forward_hook(lambda m, x, y, i=i: kept[i].append(y.flatten(1).clone())))
    for batch in pictures.split(options.batch):
        network((interpolate(batch, (side, side), mode="bilinear") - MEAN) / STD)
    for hook in hooks:
        hook.remove()
    return [torch.cat(rows).numpy() for rows in kept]


def clip_features(model, pictures):
    """[N, 768]."""
    rows = []
    for batch in pictures.split(options.batch):
        rows.append(model.get_image_features((interpolate(batch, (224, 224), mode="bilinear") - CLIP_MEAN) / CLIP_STD).pooler_output)
    return torch.cat(rows).numpy()


def two_way(truth, made):
    r = np.corrcoef(truth, made)[: len(truth), len(truth):]
    return np.mean(np.sum(r < np.diag(r), 0)) / (len(truth) - 1)


def pixel_scores(truth, made):
    truth, made = (interpolate(pictures, (425, 425), mode="bilinear") for pictures in (truth, made))
    correlations = [np.corrcoef(a.flatten(), b.flatten())[0, 1] for a, b in zip(truth.numpy(), made.numpy())]
    grey = [[rgb2gray(picture.permute(1, 2, 0).numpy()) for picture in pictures] for pictures in (truth, made)]
    similarities = [structural_similarity(a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1.0) for a, b in zip(*grey)]
    return np.mean(correlations), np.mean(similarities)


@torch.inference_mode()
def evaluate():
    count = sum(1 for _ in open(options.folder / "results/trials.jsonl"))
    truth = read([f"targets/target_{i}.png" for i in range(count)])
    made = read([f"candidates/model/low_{i}.png" for i in range(count)])
    pixel_scores(truth, made)
    for name, layers in LAYERS.items():
        network = vision.NETWORKS[name]()
        network.load_state_dict(torch.load(options.folder / f"weights/{name}.pth"))
        network.eval()
        for a, b in zip(*(features(network, layers, pictures, SIDES[name]) for pictures in (truth, made))):
            if name in ("efficientnet_b1", "swav_resnet50"):
                np.mean([1 - np.corrcoef(x, y)[0, 1] for x, y in zip(a, b)])
            else:
                two_way(a, b)
    model = CLIPModel.from_pretrained(options.clip, dtype=torch.float32).eval()
    two_way(*(clip_features(model, pictures) for pictures in (truth, made)))
    for net in vision.LPIPS_NETS:
        distance = vision.lpips_without_weights(net)
        for a, b in zip(truth.split(options.batch), made.split(options.batch)):
            distance(a * 2 - 1, b * 2 - 1).mean()


peer.measure(evaluate, options.repeats, warmups=0)
