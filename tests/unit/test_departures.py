"""Table and figure of the departures study, from scores that the test makes up."""

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_run, write_datasets
from scipy import stats

from s5vh.base.files import write_json
from s5vh.config import layout
from s5vh.config.grid import departure_cells, departure_methods
from s5vh.config.load import load_departures
from s5vh.methods.load import load_method
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.reporting.catalog import build_table, write_figure, write_table
from s5vh.reporting.figures.departures import draw_departures
from s5vh.reporting.style import styled
from s5vh.reporting.tables import departures
from s5vh.reporting.tables.departures import departure_rows
from s5vh.retrieval.uncertainty import student_interval

SCORES = {"s5vh": [0.30, 0.34], "s5vh+xavier": [0.25, 0.30], "s5vh+no_early_stopping": [0.30, 0.34]}
SECONDS = {"s5vh": 10.0, "s5vh+xavier": 15.0, "s5vh+no_early_stopping": 10.0}


def study(datasets=("toy",), **changes):
    switches = {"methods": ["s5vh"], "switches": ["xavier", "no_early_stopping"], "bits": [16], "seeds": [3, 4]}
    # Without a limit on patience in the paper's recipe, dropping it changes nothing.
    patient = {"s5vh": {"training": {"patience": None}}}
    return make_run(list(datasets), departures=switches | changes, overrides=patient)


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A results folder with the scores of the study."""
    write_datasets(tmp_path)
    monkeypatch.chdir(tmp_path)
    write_scores(study(), tmp_path / "results")
    return tmp_path / "results"


def write_scores(run, root):
    for cell in departure_cells(run.config, run.datasets):
        score = SCORES.get(cell.method, [0.40, 0.50])[cell.seed - 3]
        part = {"mAP": {}, "GmAP": score, "tie_bounds": {}, "interval": {}, "hamming_radius": {}}
        metrics = {
            "protocols": dict.fromkeys(run.config.protocols, part),
            "training": {"seconds": SECONDS.get(cell.method, 5.0)},
        }
        write_json(layout.cell(*cell, root) / "metrics.json", metrics)


def test_recipes_are_the_paper_s_each_switch_and_all():
    assert departure_methods(study().config, "s5vh") == [
        "s5vh", "s5vh+xavier", "s5vh+no_early_stopping", "s5vh-released",
    ]  # fmt: skip
    everything = departure_methods(study(switches=[]).config, "s5vh")
    assert len(everything) == 22 and everything[0] == "s5vh" and everything[-1] == "s5vh-released"


def test_differences_pair_the_seeds(results):
    data = departure_rows(study(), results).set_index("method")
    xavier = data.loc["s5vh+xavier"]
    assert xavier.GmAP == pytest.approx(0.275) and xavier.difference == pytest.approx(-0.045)
    assert (xavier.difference_low, xavier.difference_high) == pytest.approx(student_interval([-0.05, -0.04])[1:])
    assert xavier.time == pytest.approx(1.5) and xavier.equation == "-"
    assert data.loc["s5vh-released"].difference == pytest.approx(0.13)
    assert data.changes.tolist() == [False, True, False, True]


def test_two_methods_are_studied_apart(results):
    run = study(methods=["s5vh", "conmh"], switches=["xavier", "uneven_heads"])
    write_scores(run, results)
    table = build_table("departures", run, results)
    data = table.data
    assert {root: part.method.tolist() for root, part in data.groupby("root")} == {
        "s5vh": ["s5vh", "s5vh+xavier", "s5vh-released"],
        "conmh": ["conmh", "conmh+uneven_heads", "conmh-released"],
    }
    found = data.set_index("method")
    assert found.loc["s5vh+xavier"].difference == pytest.approx(-0.045)
    assert found.loc["conmh-released"].difference == 0 and found.loc["conmh"].GmAP == pytest.approx(0.45)
    assert not found.loc[["s5vh", "conmh"]].changes.any() and found.drop(["s5vh", "conmh"]).changes.all()
    place = "Toy corpus [DEMO - not a published data set], 16 bits"
    assert [block.heading for block in table.blocks] == [f"S5VH on {place}", f"ConMH on {place}"]
    assert [row[0].text for row in table.blocks[1].rows] == [
        "recipe `conmh`",
        "+ six heads that do not divide the width",
        "all departures (released code)",
    ]
    with styled():
        figure, _ = draw_departures(run, results)
    assert [axes.get_title(loc="left").splitlines()[1] for axes in figure.axes] == [
        "S5VH: GmAP 0.320 ± 0.254",
        "ConMH: GmAP 0.450 ± 0.635",
    ]


def test_a_switch_may_say_more_on_a_data_set(results):
    run = study(["toy", "demo"], switches=["soft_labels"])
    write_scores(run, results)
    changes = departure_rows(run, results).set_index(["dataset", "method"]).changes
    assert changes["demo", "s5vh+soft_labels"] and changes["toy", "s5vh+soft_labels"]
    assert load_departures("s5vh")["soft_labels"].datasets == {"demo": {"loss": {"refine_after": 8}}}
    refined = {name: load_method("s5vh+soft_labels", name).loss.refine_after for name in run.datasets}
    assert refined == {"toy": 50, "demo": 8}


def test_switches_name_the_recipe_one_after_the_other():
    assert load_method("s5vh+xavier+hash_norm").title == (
        "S5VH + Xavier initialisation of all linear layers + layer norm over the K values"
    )


def test_all_switches_together_are_the_released_recipe():
    for root, datasets in (("s5vh", ("ucf101", "hmdb51", "activitynet")), ("conmh", ("fcvid", "demo"))):
        together = "+".join([root, *load_departures(root)])
        for dataset in datasets:
            one, other = (load_method(name, dataset).model_dump() for name in (together, f"{root}-released"))
            assert {key for key in one if one[key] != other[key]} <= set(DESCRIPTIVE), (root, dataset)


def test_one_seed_has_no_intervals(results):
    run = study(seeds=[3])
    data = departure_rows(run, results)
    assert data.seeds.eq(1).all() and data.difference_low.isna().all()
    table = build_table("departures", run, results)
    assert "One seed (3), so neither intervals nor tests." in table.caption
    assert [row[3].text for row in table.blocks[0].rows] == ["", "−0.050", "", "+0.100"]


def test_table_says_where_a_switch_changes_nothing(results):
    table = build_table("departures", study(), results)
    rows = {row[0].text: [entry.text for entry in row[1:]] for row in table.blocks[0].rows}
    assert rows["+ no early stopping"] == ["-", "no effect on this data set", "", "", "", ""]
    assert rows["+ Xavier initialisation of all linear layers"][-1] == "1.50"
    assert "The demo only shows that the study works" in table.caption


def test_holm_corrects_for_every_difference_that_is_shown(results, monkeypatch):
    # Differences of -0.05 and -0.04, and of 0.1 and 0.16; the switch that changes nothing is no test.
    data = build_table("departures", study(), results).data.set_index("method")
    assert data.loc["s5vh+xavier"].p == pytest.approx(stats.ttest_1samp([-0.05, -0.04], 0).pvalue)
    assert data.loc["s5vh-released"].p == pytest.approx(stats.ttest_1samp([0.1, 0.16], 0).pvalue)
    assert data.loc[["s5vh", "s5vh+no_early_stopping"], ["p", "p_holm"]].isna().all(axis=None)
    assert data.loc["s5vh+xavier"].p_holm == pytest.approx(2 * data.loc["s5vh+xavier"].p)
    assert data.loc["s5vh-released"].p_holm == pytest.approx(max(data.p_holm["s5vh+xavier"], data.p["s5vh-released"]))

    def bold():
        table = build_table("departures", study(), results)
        assert "corrected for the 2 differences shown; bold below 0.05" in table.caption
        return [[entry.text for entry in row if entry.clear] for row in table.blocks[0].rows]

    assert bold() == [[], [], [], []]
    # Alone its p-value would be 0.03, so two tests leave nothing; with 0.02 it stands.
    for p, clear in ((0.03, []), (0.02, ["−0.045 ± 0.064", "0.0400"])):
        monkeypatch.setattr(departures, "student_test", lambda shift, p=p: p if shift.mean() < 0 else 0.7)
        assert bold() == [[], clear, [], []]


def test_files_hold_the_same_numbers(results):
    run = study()
    write_table("departures", run, results)
    write_figure("departures", run, results)
    table, figure = (pd.read_csv(results / folder / "departures.csv") for folder in ("tables", "figures"))
    pd.testing.assert_frame_equal(table, figure)
    assert np.isfinite(table.difference).all() and (results / "figures/departures.png").stat().st_size > 0
