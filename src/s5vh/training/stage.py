"""The training stage: trains a network from feature files and writes its output files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s5vh.base.errors import UserError
from s5vh.base.files import write_csv
from s5vh.base.memory import keep_freed_memory
from s5vh.base.provenance import digest, provenance
from s5vh.config.training import PUBLISHED_CRITERION, check_selection
from s5vh.data.features import FeatureFile, open_features
from s5vh.methods.cell import Cell
from s5vh.methods.contract import Shape, available
from s5vh.methods.discovery import implementation_of
from s5vh.methods.model_file import StoredModel, save_model
from s5vh.methods.settings import is_imported, is_trained
from s5vh.retrieval.metrics import quick_map
from s5vh.retrieval.protocol import Protocol
from s5vh.training.batches import FeatureSource
from s5vh.training.device import device_lock, device_name, set_determinism, set_threads
from s5vh.training.encoding import encode_all
from s5vh.training.engine import Evaluate, train
from s5vh.training.progress import Progress
from s5vh.training.selection import hold_out


def train_cell(
    cell: Cell,
    *,
    train_file: Path,
    database_file: Path,
    query_file: Path,
    prepared: Mapping[str, Path],
    protocol: dict[str, Any],
    output: Path,
    device: str = "auto",
    gpu_share: int = 1,
    threads: int | None = None,
    curve_every: int | None = None,
    checkpoint_seconds: float = 30.0,
) -> None:
    """Train the network of a cell and write model.safetensors, train.csv and evals.csv to `output`.

    With `curve_every`, retrieval is also scored every so many epochs for training curves, without effect on the model.

    Raises:
        UserError: a file is missing, broken or inconsistent with the others; the method is not trained; the selection
            criterion cannot be computed.
    """
    method = cell.settings
    if not is_trained(method):
        raise UserError(f"method '{cell.method}' is fitted, not trained; use `s5vh fit`")
    check_selection(method.training, f"{cell.method} on {cell.dataset}")
    if is_imported(method):
        raise UserError(f"method '{cell.method}' is imported, not trained; use `s5vh import-checkpoint`")
    _check_prepared(cell, prepared)
    set_threads(threads)
    keep_freed_memory()
    with open_features(train_file) as videos, device_lock(device, gpu_share) as target:
        frames, size = videos.shape[1:]
        set_determinism(cell.seed)
        network = implementation_of(method)(method, Shape(frames, size, cell.bits), prepared).to(target)
        progress = Progress(f"{cell.dataset} {cell.method} {cell.bits} bit seed {cell.seed}")
        precision = available(method.training.precision, target.type)
        if precision != method.training.precision:
            progress.line(f"this processor has no bfloat16, so it trains in {precision}")
        inputs = {
            "cell": cell.to_json(),
            "protocol": protocol,
            "curve_every": curve_every,
            "device": target.type,
            "threads": torch.get_num_threads(),
            "precision": precision,
            "files": [
                [file.stat().st_size, file.stat().st_mtime_ns]
                for file in (train_file, database_file, query_file, *prepared.values())
            ],
        }
        with (
            open_features(database_file, frames, size) as database,
            open_features(query_file, frames, size) as queries,
        ):
            source = FeatureSource(videos.feats, target)
            database_source = source if database.path == videos.path else FeatureSource(database.feats, target)
            query_source = database_source if queries.path == database.path else FeatureSource(queries.feats, target)
            scored = Protocol.from_dict(protocol)
            evaluate = _evaluator(cell.bits, (database, database_source), (queries, query_source), scored)
            if method.training.selection == "published":
                _check_published(evaluate is not None, scored, query_file)
            rows, held_out = hold_out(source, method.training, seed=cell.seed, where=str(train_file))
            checkpoint = output / "checkpoint.pt"
            history = train(
                network,
                source,
                rows,
                method.training.for_videos(len(rows), network.minimum_batch_size),
                seed=cell.seed,
                digest=digest(inputs),
                checkpoint=checkpoint,
                evaluate=evaluate,
                held_out=held_out,
                curve_every=curve_every,
                checkpoint_seconds=checkpoint_seconds,
                progress=progress,
            )
        write_csv(output / "train.csv", history.steps)
        evaluations = history.all_evaluations
        # Evaluations for curves do not measure held-out videos, so those rows lack columns.
        write_csv(output / "evals.csv", evaluations, list(max(evaluations, key=len)))
        training = {
            "selection": method.training.selection,
            "held_out": method.training.held_out,
            "held_out_videos": 0 if held_out is None else len(held_out),
            "epoch": history.best_epoch,
            "epochs": history.steps[-1]["epoch"],
            "seconds": history.seconds,
            "precision": precision,
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            **network.facts(),
        }
        arrays = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
        record = provenance(
            settings=cell.model_dump(mode="json"),
            seed=cell.seed,
            device=device_name(target),
            threads=torch.get_num_threads(),
            **videos.extraction,
        )
        save_model(output / "model.safetensors", StoredModel(arrays, cell, frames, size, training, record))
        checkpoint.unlink(missing_ok=True)


def _check_prepared(cell: Cell, prepared: Mapping[str, Path]) -> None:
    """Check that exactly the artifacts required by the method are given."""
    required = cell.requires()
    for name, path in required.items():
        if name not in prepared:
            raise UserError(
                f"method '{cell.method}' requires {name}; specify --prepared {name}=FILE "
                f"(`snakemake {path}` creates it)"
            )
    for name in prepared:
        if name not in required:
            expected = f"it requires {', '.join(required)}" if required else "it requires none"
            raise UserError(f"--prepared {name}: method '{cell.method}' does not use it; {expected}")


def _check_published(labels: bool, protocol: Protocol, query_file: Path) -> None:
    """Check that the criterion of the selection "published" can be computed."""
    requirement = "training.selection 'published' requires"
    if not labels:
        raise UserError(f"{query_file}: no labels, but {requirement} them; set it to 'held_out' or 'last'")
    if PUBLISHED_CRITERION not in {f"mAP@{n}" for n in protocol.cutoffs}:
        raise UserError(
            f"protocol: cutoffs {list(protocol.cutoffs)}, but {requirement} {PUBLISHED_CRITERION}; add this cutoff, or "
            "set the selection to 'held_out' or 'last'"
        )


def _evaluator(
    bits: int,
    database_part: tuple[FeatureFile, FeatureSource],
    query_part: tuple[FeatureFile, FeatureSource],
    protocol: Protocol,
) -> Evaluate | None:
    """A function that computes a network's retrieval metrics; None if there are no labels."""
    (database, database_source), (queries, query_source) = database_part, query_part
    if database.labels is None or queries.labels is None:
        return None
    same = database_source is query_source
    # Only self-matches by declaration are excluded here; the evaluation stage also detects duplicates.
    self_index = np.arange(len(query_source)) if same else np.full(len(query_source), -1)

    def evaluate(network: torch.nn.Module) -> dict[str, float]:
        database_codes = encode_all(network, database_source)
        query_codes = database_codes if same else encode_all(network, query_source)
        return quick_map(query_codes, database_codes, bits, queries.labels, database.labels, protocol, self_index)

    return evaluate
