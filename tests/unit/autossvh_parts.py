"""Golden numbers of AutoSSVH and small networks, for its tests."""

import golden_files
import torch

from s5vh.methods.autossvh.network import AutoSSVH
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method

GOLDEN = golden_files.GOLDEN / "autossvh_released.h5"
SMALL = {"width": 16, "depth": 1, "heads": 2, "decoder_width": 12, "decoder_depth": 1}
FEATS = torch.randn(8, 10, 24, generator=torch.Generator().manual_seed(1))
SHAPE = (10, 24, 6)


def network(recipe="autossvh", shape=SHAPE, *, model=SMALL, **more):
    torch.manual_seed(0)
    return AutoSSVH(load_method(recipe, overrides={recipe: {"model": model} | more}), Shape(*shape), {})


def batch_of(feats=FEATS, epoch=0, seed=0):
    return Batch(feats[None], torch.arange(len(feats))[None], epoch, torch.Generator().manual_seed(seed))


def gradients(net, batch=None):
    """Gradients of the total loss, by name; None without one."""
    net.zero_grad(set_to_none=True)
    net.losses(batch or batch_of())["total"].backward()
    return {name: parameter.grad for name, parameter in net.named_parameters()}
