"""What `all` makes of the user's own videos, alone and beside other data sets, and what it makes on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import Run, cells, is_archive
from s5vh.config.load import load_run
from s5vh.planning.datasets import run_of
from s5vh.planning.estimate import planned
from s5vh.planning.run import notices, resolve_run
from s5vh.planning.targets import files_by_target
from s5vh.reporting import inputs
from s5vh.reporting.arrangement import HEADLINE, paper_sections
from s5vh.reporting.catalog import exhibits, find, report_inputs

CONFIG = Path(__file__).resolve().parents[2] / "config/config.yaml"


@pytest.fixture(autouse=True)
def videos(tmp_path, monkeypatch) -> None:
    """30 videos of two classes in data/own."""
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        path = tmp_path / f"data/own/{'ab'[number % 2]}/{number}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def shipped(**settings) -> Run:
    return run_of(load_run(CONFIG, {"datasets": ["own"], "archive": {"methods": ["s5vh", "itq_mean"]}} | settings))


def names(run: Run) -> list[str]:
    return [exhibit.name for kind in ("table", "figure") for exhibit in exhibits(kind, run)]


def test_own_videos_alone_are_an_archive():
    run = shipped()
    assert run.datasets == ["own"] and run.archives == ("own",) and run.is_archive
    grid = [(method, bits) for method in ("s5vh", "itq_mean") for bits in (16, 32, 64)]
    assert [(cell.method, cell.bits) for cell in cells(run.config, run.datasets)] == grid
    assert {cell.method for cell in planned(run)} == {"s5vh", "itq_mean"}
    assert names(run) == [HEADLINE, "significance", "codes", "pr_curves", "code_statistics", "examples"]
    assert paper_sections(run) == []
    assert Run.from_json(run.to_json()).to_json() == run.to_json()
    assert not any("efficiency" in str(file) or "solver" in str(file) for file in report_inputs(run))


def test_studies_are_made_by_name():
    run = shipped()
    assert not {"table2", "solvers", "protocol", "figure1b", "efficiency"} & set(names(run))
    ablated = {file.parts[2] for file in find("table", "table2").inputs(run)}
    assert {"s5vh", "s5vh_forward", "s5vh_lstm"} <= ablated
    assert layout.solver_study("admm", 20, 16, 7) in find("table", "solvers").inputs(run)
    assert find("table", "protocol").inputs(run) == [layout.protocol_study("own")]
    assert layout.efficiency("s5vh") in find("figure", "figure1a").inputs(run)
    assert layout.cell("own", "s5vh_no_alignment", 32, 1) / "evals.csv" in find("figure", "figure1b").inputs(run)


def test_beside_other_data_sets_it_has_its_page_only():
    run = shipped(datasets=["demo", "own"])
    assert run.datasets == ["demo"] and run.archives == ("own",) and not run.is_archive
    assert run.everything == ["demo", "own"] and "table2" in names(run)
    assert not any("own" in file.parts for file in report_inputs(run))
    of_demo, of_own = ([cell for cell in cells(run.config, [name])] for name in ("demo", "own"))
    assert {cell.method for cell in of_own} == {"s5vh", "itq_mean"} < {cell.method for cell in of_demo}
    targets = files_by_target(run)
    assert targets["own"] == [layout.cell(*cell) / "metrics.json" for cell in of_own]
    assert set(targets["own_16bit"]) < set(targets["16bit"])
    alone = run.of_archive("own")
    assert inputs.archive(alone, layout.RESULTS) == inputs.archive(shipped(), layout.RESULTS)


def test_the_page_needs_codes_pictures_and_scores():
    found = inputs.archive(shipped(), layout.RESULTS)
    assert found[0] == layout.cell("own", "s5vh", 64, 1) / "codes.npz"
    assert {layout.features("own", "train"), layout.features("own", "query"), layout.thumbnails("own")} <= set(found)
    assert layout.reference_rankings("own") in found and layout.cell("own", "itq_mean", 16, 1) / "metrics.json" in found
    parts = inputs.archive_features("own", layout.RESULTS)
    assert list(parts.items()) == [
        ("database", layout.features("own", "train")), ("query", layout.features("own", "query")),
    ]  # fmt: skip
    unlabelled = shipped()._replace(unlabelled=("own",))
    assert layout.reference_rankings("own") not in inputs.archive(unlabelled, layout.RESULTS)


def test_without_methods_it_is_a_data_set_like_any_other():
    run = shipped(archive={"methods": []})
    assert run.datasets == ["own"] and run.archives == () and not is_archive(run.config, "own")
    assert {"table2", "solvers", "efficiency"} <= set(names(run))
    assert (
        "cosine_frames" in run.config.reference_rankings and "cosine_frames" not in shipped().config.reference_rankings
    )


@pytest.mark.parametrize(
    ("without", "left"), [(["s5vh"], ["itq_mean"]), (["s5vh", "itq_mean"], ["autossvh"]), ([], ["s5vh", "itq_mean"])]
)
def test_methods_can_be_left_out(without, left):
    archive = {"methods": ["s5vh", "itq_mean"]}
    reduced = load_run(CONFIG, {"datasets": ["own"], "archive": archive, "without": without}).reduced()
    assert reduced.archive.methods == left and run_of(reduced).config.methods == left


def test_examples_are_of_a_code_that_there_is():
    run = shipped(bits=[8, 24], archive={"methods": ["itq_mean"]})
    assert run.config.example_grid == [("itq_mean", 24)] and inputs.archive_cell(run) == ("own", "itq_mean", 24, 1)
    assert shipped(examples={"method": "itq_mean", "bits": 16}).config.example_grid == [("itq_mean", 16)]


def test_too_few_videos_are_told_with_what_fits():
    few = {"datasets": ["own"], "bits": [16, 64], "archive": {"methods": ["s5vh", "itq_mean"]}}
    with pytest.raises(UserError) as error:
        resolve_run([CONFIG], load_run(CONFIG, few).model_dump())
    assert str(error.value) == (
        "own: itq_mean requires 65 training videos for 64 bits, but there are 24; add videos, or run less: "
        "--config 'bits=[16]'"
    )
    few["bits"] = [64]
    with pytest.raises(UserError, match=r"or run less: --config 'archive=\{methods: \[s5vh\]\}'$"):
        resolve_run([CONFIG], load_run(CONFIG, few).model_dump())
    few["bits"] = [16]
    run = resolve_run([CONFIG], load_run(CONFIG, few).model_dump())  # the study of the protocol, not made, needs more
    assert notices(run) == [
        "own: own videos, so codes by s5vh, itq_mean and a page about them, results/own/archive.html; for the papers' "
        "studies: --config 'archive={methods: []}'"
    ]
    with pytest.raises(
        UserError, match=r"^own: itq_flat requires 33 .* 'bits=\[16\]' 'protocol_study={bits: \[8, 16\]}'$"
    ):
        resolve_run([CONFIG], load_run(CONFIG, few).model_dump(), ["protocol"])


def test_unknown_methods_are_refused():
    config = load_run(CONFIG, {"datasets": ["demo"], "archive": {"methods": ["s5vv"]}}).model_dump()
    with pytest.raises(UserError, match=r"^archive.methods: unknown method 's5vv' \(did you mean 's5vh'\?\)$"):
        resolve_run([CONFIG], config)
