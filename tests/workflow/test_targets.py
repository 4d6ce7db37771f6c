"""Targets by name, and planning without data; nothing is run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from workflow_help import ROOT, jobs, snakemake

from s5vh.config.load import load_dataset
from s5vh.data.download.availability import source_files

PREPARING = ("Importing", "Clustering", "Solving")


def scored(done) -> set[str]:
    """The cells that a dry run would evaluate."""
    return {job.removeprefix("Evaluating ") for job in jobs(done) if job.startswith("Evaluating ")}


@pytest.mark.parametrize(
    ("target", "methods"),
    [
        ("toy_16bit", {"s5vh": [16], "conmh": [16], "itq_mean": [16], "s5vh_no_alignment": [16]}),
        ("24bit", {"s5vh": [24], "conmh": [24], "itq_mean": [24]}),
        ("toy", {"s5vh": [16, 24], "conmh": [16, 24], "itq_mean": [16, 24], "s5vh_no_alignment": [16]}),
    ],
)
def test_target_of_a_data_set_and_a_code_length(empty: Path, target: str, methods: dict[str, list[int]]) -> None:
    done = snakemake(empty, "-n", target)
    assert scored(done) == {f"{name} on toy: {bits} bits, seed 1" for name in methods for bits in methods[name]}
    others = {job.split()[0] for job in jobs(done)}
    assert others == {"Importing", "Clustering", "Solving", "Training", "Fitting", "Evaluating"}


def test_target_of_a_data_set_outside_the_run(empty: Path) -> None:
    assert scored(snakemake(empty, "-n", "other_24bit")) == {
        *(f"{method} on other: 24 bits, seed 1" for method in ("s5vh", "conmh", "itq_mean")),
    }


def test_scaling_needs_no_data_set(empty: Path) -> None:
    assert jobs(snakemake(empty, "-n", "scaling")) == {
        "Measuring time and memory of s5vh against sequence length",
        "Measuring time and memory of conmh against sequence length",
        "Fitting time and memory against sequence length",
        "Drawing figure figure1a",
        "Writing table efficiency",
        "Writing table scaling_fits",
    }


def test_table2_trains_the_ablation_at_its_code_length_only(empty: Path) -> None:
    trained = {job for job in jobs(snakemake(empty, "-n", "table2")) if job.startswith("Training")}
    assert trained == {f"Training {name} on toy: 16 bits, seed 1" for name in ("s5vh", "s5vh_no_alignment")}


def test_only_methods_that_align_wait_for_centers(empty: Path) -> None:
    folder = "results/toy/{}/16bit/seed1/model.safetensors"
    for method in ("s5vh_no_alignment", "conmh"):
        assert jobs(snakemake(empty, "-n", folder.format(method))) == {
            "Importing the train features of toy",
            "Importing the query features of toy",
            f"Training {method} on toy: 16 bits, seed 1",
        }


def test_neighbours_are_found_when_they_are_asked_for(empty: Path) -> None:
    assert jobs(snakemake(empty, "-n", "results/toy/neighbours/k3_e2.h5")) == {
        "Importing the train features of toy",
        "Building the neighbour graph of the training videos of toy: k3_e2",
    }


def test_centers_of_the_released_code_have_files_of_their_own(empty: Path) -> None:
    model = "results/toy/s5vh/16bit/seed1/model.safetensors"
    settings = "overrides={s5vh: {centers: {solver: released, seconds: 9}, semantics: {recipe: released}}}"
    done = snakemake(empty, "-n", model, "--config", settings)
    assert jobs(done) >= {
        "Clustering the training videos of toy: c6_pca4_released",
        "Solving for 16-bit hash centers on toy, c6_pca4_released: released-9s",
    }
    asked = jobs(snakemake(empty, "-n", "results/toy/centers/released-9s_c6_pca4_released_k16.h5"))
    assert asked == jobs(done) - {job for job in jobs(done) if job.startswith(("Training", "Importing the query"))}


def test_imported_method_is_not_trained(empty: Path) -> None:
    for bits in (16, 24):
        (empty / f"data/toy/toy_{bits}.pth").touch()
    done = jobs(snakemake(empty, "-n", "toy_24bit", "--config", "methods=[s5vh-authors]"))
    # The database is the training set.
    assert done == {
        "Importing the train features of toy",
        "Importing the query features of toy",
        "Importing the s5vh-authors checkpoint for toy: 24 bits",
        "Evaluating s5vh-authors on toy: 24 bits, seed 1",
    }


def test_without_data_sets_the_demo_runs(empty: Path) -> None:
    done = snakemake(empty, "-n", "all", "--config", "datasets=auto")
    assert "Generating the demo data set demo" in jobs(done)
    lines = [line for line in done.stdout.splitlines() if line.startswith("s5vh: ")]
    missing = [line.removeprefix("s5vh: skipped: ").split(":")[0] for line in lines[:-1]]
    assert missing == ["activitynet", "fcvid", "hmdb51", "ucf101", "yfcc"]
    assert all("get them from https://" in line for line in lines[:-1])
    assert lines[-1] == "s5vh: no paper data set is available; running the built-in demo instead"


def test_auto_takes_a_paper_data_set_that_is_here(empty: Path) -> None:
    place_holders(empty, ["ucf101"])
    done = snakemake(empty, "-n", "models", "--config", "datasets=auto")
    assert {job.split(" on ")[1].split(":")[0] for job in jobs(done) if job.startswith("Training")} == {"ucf101"}
    assert "s5vh: skipped: ucf101" not in done.stdout
    assert "running the built-in demo" not in done.stdout


def test_whole_paper_is_planned(tmp_path: Path) -> None:
    place_holders(tmp_path, ["activitynet", "fcvid", "ucf101", "hmdb51"])
    done = snakemake(tmp_path, "-n", "all", "--configfile", str(ROOT / "config/paper.yaml"))
    planned = Counter(job.split()[0] for job in jobs(done))
    # 4 data sets x 3 code lengths x 3 seeds: S5VH as in the paper and as released, its nine ablations and six other
    # networks are trained, BTH's first stage at one code length; six classical methods are fitted, one of them at 8
    # bits too, for the study of the protocol.
    assert planned["Training"] == 4 * 3 * (3 * (2 + 9 + 6) + 1)
    assert planned["Fitting"] - 1 == 4 * (3 * 3 * 6 + 1)  # and the fits of time and memory
    assert planned["Studying"] == 4
    assert sum(", trained on ucf101, on hmdb51: " in job for job in jobs(done)) == 14 * 3  # Table 1
    # Of UCF101 and HMDB51 the database is the training set, of FCVID the queries are the database.
    assert planned["Importing"] == 3 + 2 + 2 + 2


def test_planning_without_data_is_the_same(tmp_path: Path) -> None:
    configuration = ("--configfile", str(ROOT / "config/paper.yaml"), "--config", "bits=[16]", "seeds=[1]")
    without = jobs(snakemake(tmp_path, "-n", "all", *configuration, S5VH_PLAN="1"))
    place_holders(tmp_path, ["activitynet", "fcvid", "ucf101", "hmdb51"])
    assert without == jobs(snakemake(tmp_path, "-n", "all", *configuration))


def test_shim_has_the_same_default_target(empty: Path) -> None:
    done = snakemake(empty, "-n", "--snakefile", str(ROOT / "workflow/Snakefile"))
    assert "Writing the report" in jobs(done)
    assert jobs(snakemake(empty, "-n")) == jobs(done)


def place_holders(folder: Path, names: list[str]) -> None:
    """Empty files where the features of data sets would be; plans ask only whether files exist."""
    for name in names:
        for file in source_files(name, load_dataset(name)):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).touch()
