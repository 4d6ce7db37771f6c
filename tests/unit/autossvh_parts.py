"""Golden numbers of AutoSSVH and small networks, for its tests."""

from pathlib import Path

import h5py
import numpy as np
import torch

from s5vh.methods.autossvh.network import AutoSSVH
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method

GOLDEN = Path(__file__).parents[1] / "golden" / "autossvh_released.h5"
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}  # the golden numbers are single precision
SMALL = {"width": 16, "depth": 1, "heads": 2, "decoder_width": 12, "decoder_depth": 1}
FEATS = torch.randn(8, 10, 24, generator=torch.Generator().manual_seed(1))
SHAPE = (10, 24, 6)


def read(group):
    """The datasets of an HDF5 group by their paths in it, as tensors."""
    found = {}
    group.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return {name: torch.from_numpy(np.asarray(data[()])) for name, data in found.items()}


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
