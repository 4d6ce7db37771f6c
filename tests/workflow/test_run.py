"""A real run on a tiny data set: what it leaves, and what is done again after a change."""

from __future__ import annotations

import json
import re
from pathlib import Path

from workflow_help import jobs, snakemake

from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.config.load import load_run
from s5vh.reporting.catalog import exhibits

OF_ALL_SEEDS = [(method, bits) for method in ("s5vh", "conmh", "itq_mean") for bits in (16, 24)]
OF_ALL_SEEDS += [("s5vh_no_alignment", 16)]
CELLS = [*OF_ALL_SEEDS, ("itq_mean", 4)]  # the last one is the protocol study, which uses the first seed only
STUDY = "Studying the effect of the evaluation protocol on toy"
PUBLISHING = ("Writing", "Drawing")  # tables, figures and the report may be rebuilt after any change


def computing(done) -> set[str]:
    """Jobs of a dry run, without those that only publish results."""
    return {job for job in jobs(done) if not job.startswith(PUBLISHING)}


def test_everything_is_made(finished: Path) -> None:
    run = Run(load_run({"methods": ["s5vh"]}), ["toy"], [])
    shown = [exhibit for kind in ("table", "figure") for exhibit in exhibits(kind, run)]
    wanted = [layout.report(), *(file for exhibit in shown for file in exhibit.outputs())]
    for method, bits in CELLS:
        names = ["model.safetensors", "codes.npz", "ap.npz", "metrics.json", "pr.csv"]
        names += [] if method == "itq_mean" else ["train.csv", "evals.csv"]
        wanted += [layout.cell("toy", method, bits, 1) / name for name in names]
    missing = [str(file) for file in wanted if not (finished / file).is_file() or not (finished / file).stat().st_size]
    assert not missing
    made = {folder.parent.relative_to(finished) for folder in finished.glob("results/toy/*/*/seed1/model.safetensors")}
    assert made == {layout.cell("toy", *cell, 1) for cell in CELLS}
    # The database is the training set, so it has no file of its own.
    assert sorted(file.name for file in (finished / "results/toy/features").iterdir()) == ["query.h5", "train.h5"]


def test_scores_name_their_protocol_and_origin(finished: Path) -> None:
    metrics = json.loads((finished / layout.cell("toy", "itq_mean", 16, 1) / "metrics.json").read_text())
    assert list(metrics["protocols"]) == ["published", "strict"]
    assert metrics["provenance"]["seed"] == 1
    assert metrics["protocols"]["published"]["settings"]["ties"] == "stable"
    low, high = metrics["protocols"]["published"]["tie_bounds"]["GmAP"]
    assert low <= metrics["protocols"]["published"]["GmAP"] <= high
    # Classes are far apart in the toy data, so a method that ranked at random would be far below.
    assert metrics["protocols"]["strict"]["mAP"]["5"] > 0.9


def test_every_job_has_a_log_and_a_benchmark(finished: Path) -> None:
    logs = {file.with_suffix("") for file in (finished / "logs").rglob("*.log")}
    benchmarks = {file.with_suffix("") for file in (finished / "logs").rglob("*.tsv")}
    assert logs == benchmarks
    assert finished / "logs/train/toy_s5vh_16bit_seed1" in logs


def test_second_run_does_nothing(workspace: Path) -> None:
    done = snakemake(workspace, "all")
    assert done.returncode == 0, done.stdout
    assert "Nothing to be done" in done.stdout


def test_change_of_a_method_runs_that_method_only(workspace: Path) -> None:
    file = workspace / "config/methods/itq_mean.yaml"
    file.write_text(file.read_text().replace("{features: mean}", "{features: mean, iterations: 7}"))
    assert "iterations" in file.read_text()
    assert computing(snakemake(workspace, "-n", "all")) == {STUDY} | {
        f"{job} itq_mean on toy: {bits} bits, seed 1" for job in ("Fitting", "Evaluating") for bits in (4, 16, 24)
    }


def test_change_of_an_ablation_leaves_its_parent_alone(workspace: Path) -> None:
    file = workspace / "config/config.yaml"
    file.write_text(file.read_text() + "  s5vh_no_alignment:\n    training: {epochs: 3}\n")
    assert computing(snakemake(workspace, "-n", "all")) == {
        f"{job} s5vh_no_alignment on toy: 16 bits, seed 1" for job in ("Training", "Evaluating")
    }


def test_change_of_a_title_computes_nothing(workspace: Path) -> None:
    file = workspace / "config/methods/itq_mean.yaml"
    file.write_text(re.sub("title: .*", "title: Renamed", file.read_text()))
    done = jobs(snakemake(workspace, "-n", "all"))
    assert "Writing table map" in done
    assert all(job.startswith(PUBLISHING) for job in done)


def test_new_bit_length_adds_cells_and_keeps_the_others(workspace: Path) -> None:
    done = computing(snakemake(workspace, "-n", "models", "--config", "bits=[16,24,8]"))
    assert done == {
        "Fitting itq_mean on toy: 8 bits, seed 1",
        "Training s5vh on toy: 8 bits, seed 1",
        "Training conmh on toy: 8 bits, seed 1",
        "Solving for 8-bit hash centers on toy, c6_pca4: admm-plain",
    }


def test_new_seed_adds_cells_and_keeps_the_others(workspace: Path) -> None:
    done = computing(snakemake(workspace, "-n", "all", "--config", "seeds=[1,2]"))
    assert done == {
        f"{job} {method} on toy: {bits} bits, seed 2"
        for method, bits in OF_ALL_SEEDS
        for job in ("Fitting" if method == "itq_mean" else "Training", "Evaluating")
    }


def test_lost_scores_are_computed_again(workspace: Path) -> None:
    (layout.cell("toy", "s5vh", 16, 1, workspace / "results") / "metrics.json").unlink()
    assert jobs(snakemake(workspace, "-n", "toy")) == {"Evaluating s5vh on toy: 16 bits, seed 1"}


def test_transfer_searches_the_other_data_set(workspace: Path) -> None:
    target = layout.transfer("toy", "other", "itq_mean", 16, 1) / "metrics.json"
    done = snakemake(workspace, str(target))
    assert done.returncode == 0, done.stdout
    assert "3 of 3 steps" in done.stdout  # two imports and the evaluation; nothing is trained on the other data set
    assert json.loads((workspace / target).read_text())["dataset"] == "toy"


def test_snakemake_report_lists_tables_and_figures_by_paper_and_topic(workspace: Path) -> None:
    done = snakemake(workspace, "all", "--report", "record.html")
    assert done.returncode == 0, done.stdout
    page = (workspace / "record.html").read_text()
    assert not re.findall(r"<(?:script|link)[^>]*(?:src|href)=[^>]*http", page), "it must be readable without a network"
    listed = json.loads(re.search(r"categories = (\{.*?\});?\n", page)[1])
    assert set(listed) == {"Report", "S5VH", "Further studies"}
    assert {file for files in listed["Report"].values() for file in files} == {str(layout.report())}
    assert set(listed["S5VH"]) == {"Tables", "Figures"} and "Hash centers" in listed["Further studies"]
    run = Run(load_run({"methods": ["s5vh"]}), ["toy"], [])
    made = [str(one.outputs()[n]) for kind, n in (("table", 0), ("figure", 1)) for one in exhibits(kind, run)]
    shown = [file for name in ("S5VH", "Further studies") for files in listed[name].values() for file in files]
    assert sorted(shown) == sorted(made)
    assert str(layout.table("table2")[0]) in listed["S5VH"]["Tables"]
    assert '"Ablations"' in page and '"Table 2"' in page


def test_jobs_find_the_command_without_an_activated_environment(empty: Path) -> None:
    target = layout.features("toy", "query")
    done = snakemake(empty, str(target), PATH="/usr/bin:/bin")
    assert done.returncode == 0, done.stdout
    assert (empty / target).is_file()
