"""The training stage: from files to a trained model's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from s5vh.centers.store import read_centers
from s5vh.config.cell import Cell
from s5vh.config.method import check_selection, is_imported, is_trained, needs_centers, needs_labels
from s5vh.data.features import FeatureFile, open_features
from s5vh.errors import UserError
from s5vh.files import write_csv
from s5vh.memory import keep_freed_memory
from s5vh.methods.registry import implementation
from s5vh.methods.store import StoredModel, save_model
from s5vh.provenance import digest, provenance
from s5vh.retrieval.metrics import quick_map
from s5vh.retrieval.protocol import Protocol
from s5vh.semantics.clustering import numbering_agreement
from s5vh.semantics.store import read_semantics
from s5vh.training import PUBLISHED_CRITERION
from s5vh.training.batches import FeatureSource
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads
from s5vh.training.encode import encode_all
from s5vh.training.engine import Evaluate, train
from s5vh.training.progress import Progress
from s5vh.training.selection import hold_out


def train_cell(
    cell: Cell,
    *,
    train_file: Path,
    database_file: Path,
    query_file: Path,
    semantics_file: Path | None,
    centers_file: Path | None,
    protocol: dict[str, Any],
    output: Path,
    device: str = "auto",
    gpu_share: int = 1,
    threads: int | None = None,
    checkpoint_seconds: float = 30.0,
) -> None:
    """Train the network of a cell; write model.safetensors, train.csv and evals.csv into `output`.

    Raises:
        UserError: a file that is missing, broken or does not fit the others; a method that is not trained; a selection
            that has nothing to select by.
    """
    method = cell.settings
    if not is_trained(method):
        raise UserError(f"method '{cell.method}' is fitted, not trained; use `s5vh fit`")
    check_selection(method.training, f"{cell.method} on {cell.dataset}")
    if is_imported(method):
        raise UserError(f"method '{cell.method}' is imported, not trained; use `s5vh import-checkpoint`")
    set_threads(threads)
    keep_freed_memory()
    with open_features(train_file) as videos, device_lock(device, gpu_share) as place:
        labels, centers, clusters, agreement = _targets(cell, len(videos.feats), semantics_file, centers_file)
        frames, size = videos.shape[1:]
        set_determinism(cell.seed)
        network = implementation(method.implementation)(
            method, frames=frames, feature_size=size, bits=cell.bits, centers=centers, clusters=clusters
        ).to(place)
        inputs = {
            "cell": cell.to_json(),
            "protocol": protocol,
            "device": place.type,
            "threads": torch.get_num_threads(),
            "files": [
                None if file is None else [file.stat().st_size, file.stat().st_mtime_ns]
                for file in (train_file, database_file, query_file, semantics_file, centers_file)
            ],
        }
        with (
            open_features(database_file, frames, size) as database,
            open_features(query_file, frames, size) as queries,
        ):
            source = FeatureSource(videos.feats, place)
            searched = source if database.path == videos.path else FeatureSource(database.feats, place)
            asked = searched if queries.path == database.path else FeatureSource(queries.feats, place)
            scored = Protocol.from_dict(protocol)
            evaluate = _evaluator(cell.bits, (database, searched), (queries, asked), scored)
            if method.training.selection == "published":
                _check_published(evaluate is not None, scored, query_file)
            trained, labels, held_out = hold_out(source, labels, method.training, seed=cell.seed, where=str(train_file))
            checkpoint = output / "checkpoint.pt"
            history = train(
                network,
                trained,
                labels,
                method.training,
                seed=cell.seed,
                digest=digest(inputs),
                checkpoint=checkpoint,
                evaluate=evaluate,
                held_out=held_out,
                checkpoint_seconds=checkpoint_seconds,
                progress=Progress(f"{cell.dataset} {cell.method} {cell.bits} bit seed {cell.seed}"),
            )
        write_csv(output / "train.csv", history.steps)
        write_csv(output / "evals.csv", history.evaluations)
        training = {
            "selection": method.training.selection,
            "held_out": method.training.held_out,
            "held_out_videos": 0 if held_out is None else len(held_out),
            "epoch": history.best_epoch,
            "epochs": history.steps[-1]["epoch"],
            "seconds": history.seconds,
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            **agreement,
        }
        arrays = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
        record = provenance(
            settings=cell.model_dump(mode="json"),
            seed=cell.seed,
            device=device_name(place),
            threads=torch.get_num_threads(),
        )
        save_model(output / "model.safetensors", StoredModel(arrays, cell, frames, size, training, record))
        checkpoint.unlink(missing_ok=True)


def _targets(
    cell: Cell, videos: int, semantics_file: Path | None, centers_file: Path | None
) -> tuple[torch.Tensor | None, torch.Tensor | None, int | None, dict[str, float]]:
    """Pseudo-labels int64 [N], hash centers [C, K], C, and how well labels and centers go together; None, or an empty
    record, for what the method does not use."""
    if not needs_labels(cell.settings):
        return None, None, None, {}
    if needs_centers(cell.settings) and (semantics_file is None or centers_file is None):
        raise UserError(f"method '{cell.method}' aligns with hash centers; give --semantics and --centers")
    if semantics_file is None:
        raise UserError(f"method '{cell.method}' is trained with pseudo-labels; give --semantics")
    semantics = read_semantics(semantics_file)
    labels, clusters = semantics.assignments, len(semantics.centroids)
    if len(labels) != videos:
        raise UserError(f"{semantics_file}: {len(labels)} pseudo-labels for {videos} training videos; make it again")
    labels = torch.from_numpy(labels.astype(np.int64))
    if not needs_centers(cell.settings):
        return labels, None, clusters, {}
    centers = read_centers(centers_file).centers
    if centers.shape[1] != cell.bits:
        raise UserError(f"{centers_file}: centers of {centers.shape[1]} bits, expected {cell.bits}; make it again")
    if len(centers) != clusters:
        raise UserError(f"{centers_file}: {len(centers)} centers for {clusters} clusters; make it again")
    return labels, torch.from_numpy(centers.astype(np.float32)), clusters, numbering_agreement(semantics)


def _check_published(labels: bool, protocol: Protocol, query_file: Path) -> None:
    """Refuse the published selection where its criterion cannot be computed."""
    needs = "training.selection 'published' needs"
    if not labels:
        raise UserError(f"{query_file}: no labels, but {needs} them; set it to 'held_out' or 'last'")
    if PUBLISHED_CRITERION not in {f"mAP@{n}" for n in protocol.cutoffs}:
        raise UserError(
            f"protocol: cutoffs {list(protocol.cutoffs)}, but {needs} {PUBLISHED_CRITERION}; add its cut-off, or set "
            "the selection to 'held_out' or 'last'"
        )


def _evaluator(
    bits: int,
    database_part: tuple[FeatureFile, FeatureSource],
    query_part: tuple[FeatureFile, FeatureSource],
    protocol: Protocol,
) -> Evaluate | None:
    """Retrieval metrics of a network's current weights; None when there are no labels to score with."""
    (database, searched), (queries, asked) = database_part, query_part
    if database.labels is None or queries.labels is None:
        return None
    same = searched is asked
    # Only videos that are query and database item by declaration are left out here; the evaluation stage also finds
    # copies.
    self_index = np.arange(len(asked)) if same else np.full(len(asked), -1)

    def evaluate(network: torch.nn.Module) -> dict[str, float]:
        database_codes = encode_all(network, searched)
        query_codes = database_codes if same else encode_all(network, asked)
        return quick_map(query_codes, database_codes, bits, queries.labels, database.labels, protocol, self_index)

    return evaluate
