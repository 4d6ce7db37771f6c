"""Table and figure of the study of the protocol."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_run, make_runs

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.config import layout
from s5vh.reporting import style, words
from s5vh.reporting.catalog import build_table, write_figure
from s5vh.reporting.figures.protocol_study import draw_protocol


def studied_run():
    none = {"ablations": {}, "efficiency": {"methods": []}, "centers": {"solvers": []}}
    return make_run(["toy"], **none, solver_study={"solvers": []})


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """Results with a study of the protocol, made once."""
    return make_runs(tmp_path_factory.mktemp("studied"), results=studied_run)


@pytest.fixture
def made(studied, tmp_path, monkeypatch):
    """A run on a demo corpus and its results, for a test to change."""
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(style, "DPI", 40)
    return studied_run(), tmp_path / "results"


def test_protocol_equals_the_study(made):
    run, root = made
    wanted = {"method": "itq_mean", "bits": 8, "metric": "GmAP"}
    study = read_json(layout.protocol_study("toy", root))
    row = next(row for row in study["ties"] if wanted.items() <= row.items())
    table = build_table("protocol", run, root)
    data = table.data[(table.data[list(wanted)] == list(wanted.values())).all(axis=1)]
    ties = data[data.study == "ties"].groupby("quantity").value.apply(list)
    for name in ("expected", "lowest", "highest", "stored", "smallest", "largest", "deviation"):
        assert ties[name] == [row[name]]
    assert ties["random_order"] == row["random_orders"]
    blocks = [block.heading.split(": ", 1)[1] for block in table.blocks]
    assert blocks == ["GmAP by order of ties", "mAP@5 by order of ties", "self-retrieval"]
    assert all(len(line) == len(block.columns) for block in table.blocks for line in block.rows)
    shown = {(line[0].text, line[1].text): line for line in table.blocks[0].rows}
    first, second = (words.method_title(name) for name in ("s5vh", "itq_mean"))
    assert list(shown) == [(first, "16"), (second, "8"), (second, "16")]
    line = shown[second, "8"]
    assert [entry.text for entry in line[2:5]] == [f"{row[name]:.4f}" for name in ("expected", "lowest", "highest")]


def test_broken_study_of_the_protocol(made):
    run, root = made
    path = layout.protocol_study("toy", root)
    study = read_json(path)
    del study["ties"][1]["stored"]
    write_json(path, study)
    with pytest.raises(UserError) as error:
        build_table("protocol", run, root)
    assert str(error.value) == (
        f"{path}: not a protocol study (incomplete 'ties'); delete it and run the workflow again"
    )


def test_study_without_a_protocol_of_the_run(made):
    _, root = made
    run = make_run(["toy"], protocols={"published": {}, "other": {"denominator": "relevant"}})
    with pytest.raises(UserError) as error:
        write_figure("protocol", run, root)
    assert str(error.value) == "protocol study: no scores for protocol 'other'; run the workflow again"


def test_no_study_of_the_protocol(made):
    _, root = made
    run = make_run(["toy"], protocol_study={"bits": []})
    layout.protocol_study("toy", root).unlink()
    assert build_table("protocol", run, root).blocks == []
    write_figure("protocol", run, root)
    assert len(pd.read_csv(layout.figure("protocol", root)[2])) == 0


def test_figure_has_a_panel_for_every_protocol(made):
    run, root = made
    with style.styled():
        figure, data = draw_protocol(run, root)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    toy = "Toy corpus (demo)"
    assert titles == [
        *(f"{toy}: ties", "Database order: GmAP", "Database order: mAP@5"),
        *(f"{toy}: self-retrieval", f"{toy}: self-retrieval", "Share due to self-matches"),
    ]
    labels = [axes.get_ylabel() for axes in figure.axes]
    assert labels[3:5] == ["GmAP (published protocol)", "GmAP (strict protocol)"]
    assert all(axes.get_xlabel() == "bits" and axes.get_ylabel() for axes in figure.axes)
    assert words.DEMO in figure.legends[0].get_title().get_text()
    luck = figure.axes[1]
    dots = np.concatenate([points.get_offsets()[:, 1] for points in luck.collections])
    drawn = data[(data.metric == "GmAP") & (data.quantity == "random_order")]
    assert len(dots) == len(drawn) == 3 * run.config.protocol_study.orders
