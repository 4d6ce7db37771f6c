"""The command line as a person meets it: stages end to end, messages, exit codes, nothing half-written."""

import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from s5vh.base import threads
from s5vh.cli import main
from s5vh.cli.main import _limit_threads
from s5vh.data.features import write_features
from s5vh.methods.model_file import read_model
from s5vh.retrieval.codes import read_codes
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.query_scores import read_query_scores

TINY = {
    "s5vh": {
        "semantics": {"clusters": 5},
        "model": {"width": 16, "depth": 1, "decoder_width": 16, "d_state": 2, "drop_path": 0},
        "training": {"epochs": 2, "evaluate_every": 1, "batch_size": 16, "selection": "last", "patience": None},
    }
}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A working directory with features of 5 classes that are easy to tell apart."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    prototypes = rng.standard_normal((5, 6, 8))
    for part, videos in (("train", 60), ("query", 15)):
        classes = np.arange(videos) % 5
        feats = (prototypes[classes] + 0.3 * rng.standard_normal((videos, 6, 8))).astype(np.float32)
        labels = np.eye(5, dtype=np.uint8)[classes]
        ids = [f"{part}{i}" for i in range(videos)]
        write_features(f"{part}.h5", [feats], shape=feats.shape, labels=labels, ids=ids, provenance={})
    return tmp_path


def run(*words):
    return main([str(word) for word in words])


def cell(method="s5vh", bits=8):
    return ["--dataset=demo", f"--method={method}", f"--bits={bits}", f"--overrides={json.dumps(TINY)}"]


FILES = ["--train=train.h5", "--database=train.h5", "--query=query.h5"]
PREPARED = ["--prepared=semantics=semantics.h5", "--prepared=centers=centers.h5"]


def test_stages_from_features_to_scores(corpus):
    assert run("semantics", "--features=train.h5", "--clusters=5", "--output=semantics.h5") == 0
    assert run("centers", "--semantics=semantics.h5", "--bits=8", "--output=centers.h5") == 0
    words = [*cell(), *FILES, *PREPARED, "--output-dir=cell", "--device=cpu"]
    assert run("train", *words) == 0
    protocols = {
        "published": {},
        "strict": {"ties": "expected", "denominator": "capped_relevant", "exclude_self": True},
    }
    words = ["--database=train.h5", "--query=query.h5", "--output-dir=cell", f"--protocols={json.dumps(protocols)}"]
    assert run("evaluate", "--model=cell/model.safetensors", *words) == 0
    metrics = json.loads((corpus / "cell/metrics.json").read_text())
    assert list(metrics["protocols"]) == ["published", "strict"] and metrics["queries_in_database"] == 0
    # Every choice that moves a number is named beside it: denominator, ties, self-match, cut-offs, weights kept.
    for name, settings in protocols.items():
        assert metrics["protocols"][name]["settings"] == Protocol.from_dict(settings).as_dict()
    assert metrics["training"]["selection"] == "last"
    assert metrics["training"]["epoch"] == 2 and metrics["provenance"]["model"]["seed"] == 1
    evaluations = (corpus / "cell/evals.csv").read_text().splitlines()
    last = dict(zip(evaluations[0].split(","), evaluations[-1].split(","), strict=True))
    # Codes of the stored model score as those of the model in training.
    assert float(last["GmAP"]) == pytest.approx(metrics["protocols"]["published"]["GmAP"], abs=1e-12)
    codes = read_codes(corpus / "cell/codes.npz")
    assert codes.bits == 8 and len(codes.database) == 60 and len(codes.query) == 15
    queries = read_query_scores(corpus / "cell/ap.npz", list(protocols))
    for name, scores in metrics["protocols"].items():
        means = queries.average_precision[name].astype(float).mean(axis=0)
        assert means == pytest.approx(list(scores["mAP"].values()), abs=1e-6)
        low, high = scores["interval"]["GmAP"]
        assert low < scores["GmAP"] < high and list(scores["interval"]["mAP"]) == list(scores["mAP"])


def test_semantics_and_centers_as_the_released_code_makes_them(corpus, capsys):
    words = ["--features=train.h5", "--clusters=5", "--recipe=released", "--output=semantics.h5"]
    assert run("semantics", *words) == 0
    said = capsys.readouterr().err
    assert "semantics.h5: hash center i lies nearest to pseudo-label i for " in said
    words = ["--semantics=semantics.h5", "--bits=8", "--solver=released", "--output=centers.h5"]
    assert run("centers", *words, "--seconds=60") == 0
    assert "stopped" not in capsys.readouterr().err
    with h5py.File("centers.h5") as file:
        statistics, made = (json.loads(file.attrs[name]) for name in ("statistics", "provenance"))
    assert (statistics["seconds_limit"], statistics["limit_reached"], statistics["seed"]) == (60, None, 80)
    assert made["seed"] == 80 and made["settings"] == {"bits": 8, "solver": "released", "seconds": 60}
    words = [*cell(), *FILES, *PREPARED, "--output-dir=cell", "--device=cpu"]
    assert run("train", *words) == 0
    agreeing = read_model("cell/model.safetensors").training["agreeing_videos"]
    with h5py.File("semantics.h5") as file:
        assert agreeing == json.loads(file.attrs["statistics"])["agreeing_videos"]
    assert fails(capsys, "centers", "--semantics=semantics.h5", "--bits=8", "--seconds=9", "--output=c.h5") == (
        "unknown option 'seconds' of center solver admm; its options are "
        "penalty, growth, step, iterations, inner_iterations, tolerance, phi_first, sweeps, hot, cold, chains, budget"
    )


def test_solver_study_needs_no_files(corpus, capsys):
    words = ["--clusters=6", "--bits=8", "--output=study/c6_k8.h5"]
    assert run("solver-study", *words, "--solver=admm-plain") == 0
    assert "study/c6_k8.h5: objective " in capsys.readouterr().err
    assert fails(capsys, "solver-study", *words, "--solver=magic") == (
        "unknown center solver 'magic'; choose from admm, admm-plain, released, hadamard, random, bernoulli"
    )


@pytest.mark.parametrize("method", ["itq_mean", "itq_flat", "lsh_mean", "lsh_flat"])
def test_methods_without_training(corpus, method):
    assert run("fit", *cell(method, 4), "--train=train.h5", f"--output={method}.safetensors") == 0
    words = ["--database=train.h5", "--query=query.h5", "--output-dir=cell"]
    assert run("evaluate", f"--model={method}.safetensors", *words) == 0
    assert json.loads((corpus / "cell/metrics.json").read_text())["protocols"]["published"]["mAP"]["5"] > 0.3
    assert read_model(f"{method}.safetensors").training is None


def test_queries_that_are_database_videos_are_counted_and_can_be_left_out(corpus):
    assert run("fit", *cell("itq_mean", 4), "--train=train.h5", "--output=m.safetensors") == 0
    protocols = json.dumps({"in": {}, "out": {"exclude_self": True}})
    words = ["--model=m.safetensors", "--database=train.h5", "--output-dir=self", f"--protocols={protocols}"]
    assert run("evaluate", *words, "--query=train.h5") == 0
    metrics = json.loads((corpus / "self/metrics.json").read_text())
    assert metrics["queries_in_database"] == 60 and metrics["queries_in_database_examples"] == []
    copied = corpus / "copy.h5"
    copied.write_bytes((corpus / "train.h5").read_bytes())
    assert run("evaluate", *words, "--query=copy.h5") == 0
    again = json.loads((corpus / "self/metrics.json").read_text())
    assert again["protocols"] == metrics["protocols"] and again["queries_in_database"] == 60
    assert again["queries_in_database_examples"][:2] == [["train0", "train0"], ["train1", "train1"]]


def fails(capsys, *words):
    assert run(*words) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("s5vh: error: ")
    return error.removeprefix("s5vh: error: ")


def test_wrong_input_is_one_line_and_exit_code_2(corpus, capsys):
    train = ["train", *cell(), *FILES, "--output-dir=out"]
    assert fails(capsys, *train) == (
        "method 's5vh' requires semantics; specify --prepared semantics=FILE "
        "(`snakemake results/demo/semantics/c5_pca64.h5` creates it)"
    )
    assert fails(capsys, *train, "--prepared=semantics=train.h5") == (
        "method 's5vh' requires centers; specify --prepared centers=FILE "
        "(`snakemake results/demo/centers/admm-plain_c5_pca64_k8.h5` creates it)"
    )
    assert fails(capsys, *train, *PREPARED, "--prepared=graph=x.h5") == (
        "--prepared graph: method 's5vh' does not use it; it requires semantics, centers"
    )
    unaligned = json.dumps({"s5vh": TINY["s5vh"] | {"loss": {"beta": 0}}})
    assert fails(capsys, *train, f"--overrides={unaligned}", *PREPARED) == (
        "--prepared semantics: method 's5vh' does not use it; it requires none"
    )
    assert fails(capsys, "train", "--dataset=demo", *FILES, "--output-dir=out") == (
        "specify --cell, or --dataset, --method and --bits (missing: --method, --bits)"
    )
    assert fails(capsys, "train", *cell("itq_mean"), *FILES, "--output-dir=out") == (
        "method 'itq_mean' is fitted, not trained; use `s5vh fit`"
    )
    assert fails(capsys, "fit", *cell(), "--train=train.h5", "--output=m.safetensors") == (
        "method 's5vh' is a network; use `s5vh train`"
    )
    assert fails(capsys, "features", "--dataset=demo", "--part=train", "--output=x.h5") == (
        "data set 'demo' has no files to import; use `s5vh demo`"
    )
    assert fails(capsys, "demo", "--dataset=ucf101", "--output-dir=x") == (
        "data set 'ucf101' is of kind 'papers'; use `s5vh features`"
    )
    assert fails(capsys, "efficiency", "--method=itq_mean", "--output=x.csv") == (
        "method 'itq_mean' has no network; the efficiency study only measures networks"
    )
    assert fails(capsys, "efficiency", "--method=s5vh", "--output=x.csv", '--settings={"frame": [3]}') == (
        "efficiency: unknown key 'frame' (did you mean 'frames'?)"
    )
    assert fails(capsys, "semantics", "--features=none.h5", "--clusters=2", "--output=x.h5").startswith("none.h5: ")
    assert fails(capsys, "semantics", "--features=train.h5", "--clusters=61", "--output=x.h5").startswith("61 clusters")
    assert {path.name for path in corpus.iterdir()} == {"train.h5", "query.h5"}


def test_targets_that_do_not_fit_the_features(corpus, capsys):
    run("semantics", "--features=query.h5", "--clusters=5", "--output=query_semantics.h5")
    run("semantics", "--features=query.h5", "--clusters=3", "--output=few.h5")
    run("centers", "--semantics=few.h5", "--bits=8", "--output=centers8_of_3.h5", "--solver=random")
    run("semantics", "--features=train.h5", "--clusters=5", "--output=right.h5")
    for bits in (4, 8):
        words = [f"--bits={bits}", f"--output=centers{bits}.h5", "--solver=random"]
        run("centers", "--semantics=right.h5", *words)
    capsys.readouterr()

    def error(semantics, centers):
        words = [f"--prepared=semantics={semantics}", f"--prepared=centers={centers}", "--output-dir=out"]
        return fails(capsys, "train", *cell(), *FILES, *words)

    assert error("query_semantics.h5", "centers8.h5") == (
        "query_semantics.h5: 15 pseudo-labels for 60 training videos; regenerate it"
    )
    assert error("few.h5", "centers8_of_3.h5") == "few.h5: 3 clusters, expected 5; regenerate it"
    assert error("right.h5", "centers4.h5") == "centers4.h5: centers of 4 bits, expected 8; regenerate it"
    assert error("right.h5", "centers8_of_3.h5") == "centers8_of_3.h5: 3 centers for 5 clusters; regenerate it"
    assert not (corpus / "out").exists()


def test_broken_models_and_features_that_do_not_fit(corpus, capsys):
    words = ["--database=train.h5", "--query=query.h5", "--output-dir=cell"]
    assert fails(capsys, "evaluate", "--model=m.safetensors", *words) == (
        "m.safetensors: no such model; train it first"
    )
    (corpus / "m.safetensors").write_bytes(b"not a model")
    assert fails(capsys, "evaluate", "--model=m.safetensors", *words) == "m.safetensors: is a text file, not a model"
    assert fails(capsys, "evaluate", "--model=train.h5", *words) == "train.h5: is a feature file, not a model"
    run("fit", *cell("itq_mean", 4), "--train=train.h5", "--output=m.safetensors")
    data = (corpus / "m.safetensors").read_bytes()
    (corpus / "short.safetensors").write_bytes(data[:-20])
    error = fails(capsys, "evaluate", "--model=short.safetensors", *words)
    assert error.startswith("short.safetensors: the model is truncated or damaged (")
    assert error.endswith("); restore the file or train again")
    feats = np.ones((3, 6, 9), np.float32)
    write_features("wide.h5", [feats], shape=feats.shape, ids=["a", "b", "c"], provenance={})
    assert "wide.h5" in fails(
        capsys, "evaluate", "--model=m.safetensors", "--database=wide.h5", "--query=wide.h5", "--output-dir=cell"
    )
    feats = np.ones((3, 6, 8), np.float32)
    write_features("bare.h5", [feats], shape=feats.shape, ids=["a", "b", "c"], provenance={})
    assert not (corpus / "cell").exists()


def test_videos_without_labels_are_encoded_and_not_scored(corpus, capsys):
    run("fit", *cell("itq_mean", 4), "--train=train.h5", "--output=m.safetensors")
    run("evaluate", "--model=m.safetensors", "--database=train.h5", "--query=query.h5", "--output-dir=scored")
    with h5py.File("query.h5", "a") as file:
        del file["labels"]
    capsys.readouterr()
    run("evaluate", "--model=m.safetensors", "--database=train.h5", "--query=query.h5", "--output-dir=bare")
    assert capsys.readouterr().err == "bare: codes written; query.h5 has no labels, so codes cannot be scored\n"
    found = json.loads((corpus / "bare/metrics.json").read_text())
    assert found["protocols"] == {} and found["skipped"] == "query.h5 has no labels, so codes cannot be scored"
    one, two = (np.load(corpus / name / "codes.npz") for name in ("scored", "bare"))
    assert all(np.array_equal(one[name], two[name]) for name in ("database", "query"))
    assert (corpus / "bare/pr.csv").read_text().count("\n") == 1
    assert np.load(corpus / "bare/ap.npz")["protocols"].size == 0


def test_published_selection_without_labels_is_refused(corpus, capsys):
    with h5py.File("query.h5", "a") as file:
        del file["labels"]
    overrides = json.dumps({"s5vh": {**TINY["s5vh"], "loss": {"beta": 0}, "training": {"selection": "published"}}})
    words = ["train", "--dataset=ucf101", "--method=s5vh", "--bits=8", f"--overrides={overrides}", *FILES]
    assert fails(capsys, *words, "--output-dir=out") == (
        "query.h5: no labels, but training.selection 'published' requires them; set it to 'held_out' or 'last'"
    )


def test_a_full_disk_is_one_line(corpus, capsys, monkeypatch):
    import errno

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("safetensors.numpy.save_file", full)
    assert fails(capsys, "fit", *cell("itq_mean", 4), "--train=train.h5", "--output=m.safetensors") == (
        "m.safetensors: the disk is full; free some space and run the same command again"
    )
    assert not list(corpus.glob("*.safetensors")) and not list(corpus.glob(".*"))


def test_check_reads_a_whole_file(corpus, capsys):
    assert run("check", "train.h5") == 0
    assert capsys.readouterr().out == "train.h5: 60 videos of 6 x 8, OK\n"
    with h5py.File("train.h5", "a") as file:
        file["feats"][41, 3, 2] = np.nan
    assert "video 41" in fails(capsys, "check", "train.h5")


def test_as_a_program():
    def program(*words):
        return subprocess.run([sys.executable, "-m", "s5vh", *words], capture_output=True, text=True)

    assert program("--version").stdout.startswith("s5vh ")
    unknown = program("fly")
    assert unknown.returncode == 2 and "invalid choice: 'fly'" in unknown.stderr
    bits = program("settings", "--dataset=demo", "--method=s5vh", "--bits=0")
    assert bits.returncode == 2 and "'0' is not a positive integer" in bits.stderr
    prepared = program("train", "--prepared=c.h5")
    assert prepared.returncode == 2 and "argument --prepared: 'c.h5' is not NAME=FILE" in prepared.stderr
    missing = program("settings", "--dataset=demoo", "--method=s5vh", "--bits=8")
    assert missing.returncode == 2 and missing.stderr.startswith("s5vh: error: dataset 'demoo': no file demoo.yaml in ")
    assert len(missing.stderr.splitlines()) == 1
    settings = program("settings", "--dataset=demo", "--method=s5vh", "--bits=8")
    assert json.loads(settings.stdout)["bits"] == 8


def test_threads_limit_every_pool(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setattr(threads, "_threads", 1)
    _limit_threads(3)
    assert {os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"3"}
    assert threads._threads == 3
    _limit_threads(None)
    assert threads._threads == 3
