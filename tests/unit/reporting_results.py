"""A small results folder, as the stages before reporting would have left it; the package's own writers make it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.centers.centers_file import write_centers
from s5vh.centers.solve import solve
from s5vh.config import layout
from s5vh.config.centers import solver_label
from s5vh.config.grid import Run, cells, protocol_study_cells
from s5vh.config.load import load_dataset, load_run
from s5vh.data.demo import aspects
from s5vh.data.features import write_features
from s5vh.reporting.transfer_pairs import transfer_cells
from s5vh.retrieval.codes import code_statistics, write_codes
from s5vh.retrieval.metrics import evaluate
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.query_scores import videos_digest, write_query_scores
from s5vh.retrieval.uncertainty import score_intervals
from s5vh.studies.aspect_scores import aspect_scores
from s5vh.studies.protocol_study import study_protocol
from s5vh.studies.reference_rankings import score_reference_rankings
from s5vh.studies.scaling_fits import fit_files
from s5vh.studies.solver_study import study_centering, study_solver

DEMO_DATASET = """
title: Toy corpus
kind: demo
frames: 3
feature_size: 16
classes: 90
backbone: random
demo: {seed: 3}
semantics: {clusters: 6, pca: null}
methods:
  s5vh: {training: {epochs: 4, selection: last}}
"""
PAPERS_DATASET = """
title: {title}
published_name: {title}
frames: 3
feature_size: 8
classes: 5
backbone: random
parts:
  train: {{features: [train.h5], labels: {{files: [train.mat]}}}}
  database: train
  query: {{features: [query.h5], labels: {{files: [query.mat]}}}}
semantics: {{clusters: 6, pca: null}}
"""
METHODS = ("s5vh", "itq_mean")
DATABASE, QUERIES = 40, 11


def write_datasets(root):
    """Data sets of a user: toy (kind demo), ucf101 and hmdb51 (published names), mine (own data)."""
    folder = root / "config" / "datasets"
    folder.mkdir(parents=True)
    (folder / "toy.yaml").write_text(DEMO_DATASET)
    for name, title in (("ucf101", "UCF101"), ("hmdb51", "HMDB51")):
        (folder / f"{name}.yaml").write_text(PAPERS_DATASET.format(title=title))
    (folder / "mine.yaml").write_text(PAPERS_DATASET.format(title="Mine").replace("published_name: Mine\n", ""))


def make_run(datasets, **settings) -> Run:
    settings = {
        "methods": list(METHODS),
        "bits": [16, 32],
        "ablations": {"table2": {"methods": ["s5vh_no_alignment"], "bits": [16]}},
        "convergence": {"methods": ["s5vh", "s5vh_no_alignment"], "bits": 16},
        "examples": {"method": "s5vh", "bits": 16, "queries": 3, "neighbours": 5},
        "efficiency": {"methods": ["s5vh"], "frames": [10, 20, 40, 80], "feature_size": 64},
        "centers": {"solvers": ["admm", "bernoulli"]},
        "protocol_study": {"methods": ["itq_mean"], "bits": [8, 16], "orders": 3},
        "solver_study": {
            "solvers": ["admm", "released", "bernoulli"],
            "sizes": [{"title": "Tiny", "clusters": 6, "bits": [8, 16]}],
            "centering": {"clusters": 6, "bits": 4, "seeds": 2},
            "seconds": 1,
        },
        "transfer": [{"train": "ucf101", "test": "hmdb51", "bits": [16]}],
    } | settings
    return Run(load_run({"datasets": datasets} | settings), datasets, ["fcvid"])


def make_runs(root: Path, **runs: Callable[[], Run]) -> Path:
    """Data sets in `root`, and a results folder of each run by name; a run is made there, where its data sets are."""
    write_datasets(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for seed, (name, run) in enumerate(runs.items()):
            make_results(run(), root / name, np.random.default_rng(seed))
    return root


def make_results(run: Run, root: Path, rng: np.random.Generator) -> None:
    """Everything that the stages before reporting would have written, from random features and codes."""
    labels = {name: _write_features(name, root, rng) for name in (*run.datasets, *run.searched)}
    for cell in cells(run.config, run.datasets):
        write_cell(layout.cell(*cell, root), cell, cell.dataset, labels[cell.dataset], run, rng)
    for test, cell in transfer_cells(run):
        folder = layout.transfer(cell.dataset, test, cell.method, cell.bits, cell.seed, root)
        write_cell(folder, cell, test, labels[test], run, rng)
    for dataset in run.datasets:
        _write_centers(dataset, run, root)
        _write_protocol_study(dataset, labels[dataset], run, root, rng)
        score_reference_rankings(
            *(layout.features(dataset, part, root) for part in ("train", "query")),
            protocols={name: protocol.model_dump() for name, protocol in run.config.protocols.items()},
            rankings=run.config.reference_rankings,
            output=layout.reference_rankings(dataset, root),
        )
    _write_solver_study(run, root)
    _write_efficiency(run, root, rng)


def _write_features(name, root, rng):
    config = load_dataset(name)
    eye = np.eye(config.classes, dtype=np.uint8)
    labels = {"train": eye[rng.integers(0, 5, DATABASE)], "query": eye[rng.integers(0, 5, QUERIES)]}
    for part, rows in labels.items():
        shape = (len(rows), config.frames, config.feature_size)
        feats = rng.standard_normal(shape, dtype=np.float32)
        ids = [f"{part}-{i}" for i in range(len(rows))]
        path = layout.features(name, part, root)
        found = _aspects(config)
        write_features(path, [feats], shape=shape, labels=rows, ids=ids, provenance={}, aspects=found)
    if config.kind == "demo":
        with h5py.File(layout.thumbnails(name, root), "w") as file:
            for part, rows in labels.items():
                file[part] = rng.integers(0, 255, (len(rows), 5, 32, 32), dtype=np.uint8)
            names = [f"3 drifts {c}" for c in range(config.classes)]
            file.create_dataset("class_names", data=names, dtype=h5py.string_dtype("utf-8"))
    return labels


def _aspects(config):
    return aspects() if config.kind == "demo" else []


def write_cell(folder, cell, dataset, labels, run, rng):
    # A random rotation of the labels and some noise: better than chance, different for every cell.
    project = rng.standard_normal((labels["train"].shape[1], cell.bits))
    codes = {}
    for part, rows in labels.items():
        values = rows @ project + 0.8 * rng.standard_normal((len(rows), cell.bits))
        codes[part] = np.where(values >= 0, 1, -1).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    write_codes(folder / "codes.npz", codes["train"], codes["query"], cell.bits)
    plain = {part: {k: v for k, v in code_statistics(c).items() if np.ndim(v) == 0} for part, c in codes.items()}
    metrics = {
        **cell._asdict(),
        "dataset": dataset,
        "protocols": {},
        "queries_in_database": 2 if dataset == "mine" else 0,
        "queries_in_database_examples": [["query-3", "train-7"], ["query-5", "train-0"]] if dataset == "mine" else [],
        "codes": {
            "database": {"videos": len(codes["train"])} | plain["train"],
            "query": {"videos": len(codes["query"])} | plain["query"],
        },
        "training": {"selection": "last", "epoch": 4, "epochs": 4, "seconds": 12.5, "parameters": 1000},
        "provenance": provenance(seed=cell.seed),
    }
    rows, found = [], {}
    for name, settings in run.config.protocols.items():
        protocol = Protocol.from_dict(settings.model_dump())
        itself = np.full(QUERIES, -1)
        result = evaluate(codes["query"], codes["train"], cell.bits, labels["query"], labels["train"], protocol, itself)
        found[name] = result
        scores = result.summary() | {"interval": score_intervals({name: result})[name]}
        metrics["protocols"][name] = {"settings": scores.pop("protocol")} | scores
        rows += [{"protocol": name, "position": row.pop("at")} | row for row in result.pr_rows()]
    protocols = {name: result.protocol for name, result in found.items()}
    scored = (codes["query"], codes["train"], cell.bits, labels["query"], labels["train"])
    metrics["aspects"] = aspect_scores(*scored, _aspects(load_dataset(dataset)), protocols, itself)
    write_json(folder / "metrics.json", metrics)
    videos = videos_digest([[dataset]] * 2, [labels["query"], labels["train"]])
    write_query_scores(folder / "ap.npz", found, videos)
    pd.DataFrame(rows).to_csv(folder / "pr.csv", index=False)
    if cell.method.startswith("s5vh"):
        epochs = np.arange(1, 5)
        evals = pd.DataFrame({"epoch": epochs, "GmAP": 0.08 * epochs, "seconds": 2.0 * epochs})
        evals["mAP@5"], evals["eligible"] = [0.1, 0.4, 0.3, 0.2], True
        if cell.method == "s5vh":
            evals["held_out_total"] = [4.0, 3.0, 1.0, 2.0]
        evals.to_csv(folder / "evals.csv", index=False)
        train = pd.DataFrame({"epoch": np.repeat(epochs, 2), "step": np.arange(8), "total": 4 / (1 + np.arange(8))})
        train["reconstruction"], train["contrast"] = 0.3, 3 / (1 + np.arange(8))
        if cell.method == "s5vh":
            train["alignment"] = 0.5
        train.to_csv(folder / "train.csv", index=False)


@cache
def _centers(clusters, bits, solver):
    means = np.random.default_rng(clusters).standard_normal((clusters, 12))
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return solve(means @ means.T, bits, solver)


def _write_centers(dataset, run, root):
    clustering = load_dataset(dataset).semantics
    study = run.config.solver_study
    for solver in dict.fromkeys([*run.config.centers.solvers, *study.solvers]):
        for bits in run.config.bits:
            file = layout.centers(dataset, solver_label(solver, study.seconds), clustering.label, bits, root)
            write_centers(file, _centers(clustering.clusters, bits, solver), {})


def _write_solver_study(run, root):
    study = run.config.solver_study
    for size in study.sizes:
        for solver in study.solvers:
            for bits in size.bits:
                label = solver_label(solver, study.seconds)
                file = layout.solver_study(label, size.clusters, bits, size.seed, root)
                # The limit stops one search at once, so that a table has that to say.
                options = {"seconds": 1e-9} if solver == "released" and bits == 16 else {}
                study_solver(size.clusters, bits, solver, size.seed, output=file, **options)
    for solver in study.solvers if study.centering else []:
        size = study.centering
        file = layout.centering_study(solver_label(solver, study.seconds), size.clusters, size.bits, size.seeds, root)
        options = {} if solver == "bernoulli" else {"sweeps": 1}
        study_centering(size.clusters, size.bits, solver, size.seeds, output=file, **options)


def _write_protocol_study(dataset, labels, run, root, rng):
    studied = protocol_study_cells(run.config, dataset)
    for cell in set(studied) - set(cells(run.config, run.datasets)):
        write_cell(layout.cell(*cell, root), cell, dataset, labels, run, rng)
    study_protocol(
        [layout.cell(*cell, root) for cell in studied],
        database_file=layout.features(dataset, "train", root),
        query_file=layout.features(dataset, "query", root),
        protocols={name: protocol.model_dump() for name, protocol in run.config.protocols.items()},
        settings={"orders": run.config.protocol_study.orders},
        output=layout.protocol_study(dataset, root),
    )


def _write_efficiency(run, root, rng):
    frames = np.array(run.config.efficiency.frames)
    files = []
    for method in run.config.efficiency.methods:
        parts = []
        for purpose, factor in (("encode", 1), ("train", 3)):
            time = factor * (0.05 * frames + 0.3 + 0.02 * rng.standard_normal(len(frames)))
            data = {"method": method, "purpose": purpose, "frames": frames, "batch_size": 4}
            data |= {"milliseconds_per_video": time, "milliseconds_median": time + 0.2}
            data["milliseconds_of_calls"] = [f"{value} {value + 0.2} {value + 0.3}" for value in time]
            data |= {"peak_mib": 5 + 0.4 * frames, "mib_per_video": factor * (1.25 + 0.1 * frames), "disturbance": ""}
            data |= {"device": "some CPU", "threads": 1, "bits": 64, "feature_size": 64}
            data |= {"parameters": 1200, "encoding_parameters": 900, "flops_per_video": 2_500_000 * frames}
            parts.append(pd.DataFrame(data))
        files.append(layout.efficiency(method, root))
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        pd.concat(parts).to_csv(files[-1], index=False)
    fit_files(files, layout.efficiency_fit(root))
