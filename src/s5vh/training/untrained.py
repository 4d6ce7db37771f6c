"""Networks with their initial weights in place of trained ones, for rehearsals of everything but the training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch

from s5vh.base.files import write_csv
from s5vh.base.provenance import provenance
from s5vh.data.features import open_features
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape
from s5vh.methods.discovery import implementation_of
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.retrieval.codes import pack
from s5vh.retrieval.metrics import quick_map
from s5vh.training.device import set_determinism

_SCORED = 256  # videos


def write_untrained(cell: Cell, train_file: Path, query_file: Path, prepared: Mapping[str, Path], output: Path) -> None:
    """Write model.safetensors, train.csv and evals.csv of a network of `cell` that has made no step.

    Its only evaluation, in epoch 0, is of the first queries among themselves.

    Args:
        cell: a cell of a method with a network.
        train_file: its training videos; only their shape is read.
        query_file: the queries, with labels.
        prepared: the artifacts that its method requires, by name.
        output: the cell's folder.
    """
    with open_features(train_file) as videos:
        frames, size = videos.shape[1:]
        set_determinism(cell.seed)
        network = implementation_of(cell.settings)(cell.settings, Shape(frames, size, cell.bits), prepared)
        record = provenance(settings=cell.model_dump(mode="json"), seed=cell.seed, device="cpu", **videos.extraction)
    arrays = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
    training = {
        "selection": cell.settings.training.selection,
        "held_out": 0.0,
        "held_out_videos": 0,
        "epoch": 0,
        "epochs": 0,
        "seconds": 0.0,
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        **network.facts(),
    }
    write_csv(output / "train.csv", [], ["epoch", "step", "learning_rate", "total"])
    with open_features(query_file) as queries, torch.inference_mode():
        codes = pack(network.eval().encode(torch.from_numpy(queries.feats[:_SCORED]).float()).numpy())
        labels = queries.labels[:_SCORED]
    scores = quick_map(codes, codes, cell.bits, labels, labels)
    write_csv(output / "evals.csv", [{"epoch": 0, **scores, "seconds": 0.0}])
    save_model(output / "model.safetensors", StoredModel(arrays, cell, frames, size, training, record))
