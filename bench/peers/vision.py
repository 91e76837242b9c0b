"""torchvision's networks and the lpips package's LPIPS, without weights of their own."""
import torch

for operator in ("nms", "qnms"):  # where torchvision's compiled part belongs to another build of PyTorch
    try:
        torch.library.define(f"torchvision::{operator}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import lpips  # noqa: E402
from torchvision import models  # noqa: E402

NETWORKS = {
    "alexnet": models.alexnet,
    "inception_v3": lambda: models.inception_v3(transform_input=True, init_weights=False),
    "efficientnet_b1": models.efficientnet_b1,
    "swav_resnet50": models.resnet50,
    "squeezenet1_1": models.squeezenet1_1,
    "vgg16": models.vgg16,
}
LPIPS_NETS = ("alex", "squeeze", "vgg")


def lpips_without_weights(net):
    return lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False)
