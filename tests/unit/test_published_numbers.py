"""Printed numbers: which one stands beside which of ours, and which never does."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from reporting_results import make_results, make_run

from s5vh.base.files import read_json
from s5vh.config import layout
from s5vh.config.load import load_dataset, names
from s5vh.config.run import ProtocolConfig
from s5vh.methods.load import load_method
from s5vh.methods.settings import PublishedAs
from s5vh.reporting import published_numbers as published
from s5vh.reporting.catalog import build_table, write_figure
from s5vh.reporting.table import markdown
from s5vh.reporting.tables.published import ONE_SEED, OTHER_AGGREGATE

pytest_plugins = ("reporting_fixtures",)

S5VH = PublishedAs(method="S5VH")
SQUARES = "root of summed squares"  # AutoSSVH's aggregate


def test_known_numbers(here):
    assert published.published_map(S5VH, "UCF101", 16, 5) == published.Published(0.471, "S5VH README")
    assert published.published_map(S5VH, "UCF101", 16, 60).source == "S5VH repo map.txt"
    assert published.published_gmap(S5VH, "UCF101", "UCF101", 64, "Table 2").value == 0.440
    forward = PublishedAs(method="S5VH", variant="(1) forward scan only")
    assert published.published_gmap(forward, "UCF101", "UCF101", 64, "Table 2").value == 0.424
    moved = published.published_gmap(S5VH, "UCF101", "HMDB51", 16, "Table 1")
    assert moved == published.Published(0.0378, "S5VH paper, Table 1")
    conmh = PublishedAs(method="ConMH")
    assert published.published_map(conmh, "FCVID", 64, 5).source == "ConMH README"


def test_every_recipe_that_names_printed_numbers_finds_some(here):
    rows = published.table_of("scores")
    there = set(zip(rows.method, rows.variant, strict=True))
    named = {name: found for name in names("methods") if (found := load_method(name).published)}
    assert {(found.method, found.variant) for found in named.values()} <= there
    for name in ("s5vh", "conmh"):
        recipes = {(named[one].method, named[one].variant) for one in (name, f"{name}-released", f"{name}-authors")}
        assert recipes == {({"s5vh": "S5VH", "conmh": "ConMH"}[name], "full")}
    ablations = ("forward", "backward", "reconstruction", "no_alignment", "no_contrast")
    variants = [named[f"s5vh_{name}"].variant[:3] for name in ablations]
    assert variants == ["(1)", "(2)", "(3)", "(4)", "(5)"]


def test_nothing_for_data_without_a_published_name_and_for_a_method_that_nobody_printed(here):
    assert published.published_map(S5VH, None, 16, 5) is None
    assert published.published_gmap(S5VH, None, None, 16, "Table 2") is None
    assert published.published_gmap(S5VH, "UCF101", None, 16, "Table 1") is None
    assert published.published_map(None, "UCF101", 16, 5) is None
    assert published.published_gmap(None, "UCF101", "UCF101", 16, "Table 2") is None
    assert published.published_summary(None, load_dataset("ucf101"), 16) is None


def test_gmap_without_a_printed_one_is_the_geometric_mean_of_map_txt(here):
    found = published.published_summary(S5VH, SimpleNamespace(published_name="ActivityNet"), 16)
    assert found.source == "geometric mean of S5VH repo map.txt"
    assert found.value == pytest.approx(0.05910, abs=5e-6)
    theirs = published.published_summary(PublishedAs(method="ConMH"), SimpleNamespace(published_name="FCVID"), 64)
    assert theirs.source == "geometric mean of ConMH README"


def test_not_beside_another_protocol(here):
    assert published.comparable(ProtocolConfig())
    assert not published.comparable(ProtocolConfig(denominator="relevant"))
    assert not published.comparable(ProtocolConfig(exclude_self=True))


def test_every_number_has_one_of_the_known_aggregates(here):
    cells = published.published_cells()
    assert set(cells["aggregate"]) == {published.MAP_AT_N, published.GEOMETRIC_MEAN, SQUARES}
    assert (cells.N.isna() == (cells["aggregate"] != published.MAP_AT_N)).all()
    assert set(cells.metric) == {*(f"mAP@{n}" for n in cells.N.dropna().unique()), "GmAP", SQUARES}
    places = ["paper", "table", "source", "method", "variant", "train_dataset", "test_dataset", "bits", "metric"]
    assert not cells.duplicated(places).any()


class TestBesideOurs:
    def test_only_published_data(self, several):
        run, root = several
        data = build_table("map", run, root).data
        assert set(data.loc[data.published.notna(), "dataset"]) == {"ucf101", "hmdb51"}
        assert set(data.loc[data.published.notna(), "protocol"]) == {"published"}
        assert set(data.loc[data.metric.ne("GmAP") & data.published.notna(), "method"]) == {"s5vh"}
        row = data[(data.dataset == "ucf101") & (data.method == "s5vh") & (data.metric == "mAP@5")].iloc[0]
        assert row.difference == pytest.approx(row.value - 0.471)

    def test_never_the_demo(self, demo):
        run, root = demo
        for name in ("map", "gmap", "table2"):
            table = build_table(name, run, root)
            assert table.data.published.isna().all()
            assert "printed" not in markdown(table, name).lower()
        write_figure("figure3", run, root)
        assert set(pd.read_csv(layout.figure("figure3", root)[2]).source) == {
            "this run", "this run, no codes",
        }  # fmt: skip


RECIPES = ["s5vh", "s5vh-released"]


def lean_run(methods):
    """A run of these methods on one published data set, with no studies beside."""
    return make_run(
        ["ucf101"], methods=methods, bits=[16], examples={"bits": 16}, ablations={}, convergence={}, transfer=[],
        centers={"solvers": []}, solver_study={"solvers": []}, efficiency={"methods": []}, protocol_study={"bits": []},
    )  # fmt: skip


@pytest.fixture
def two_recipes(here):
    """A run of two recipes of S5VH, both beside S5VH's printed numbers; and its results."""
    run = lean_run([*RECIPES, "itq_mean"])
    make_results(run, here / "results", np.random.default_rng(5))
    return run, here / "results"


def score(cell):
    return read_json(cell / "metrics.json")["protocols"]["published"]["GmAP"]


class TestTwoRecipes:
    """Several recipes of one method find the same printed row, each with its own number of ours."""

    def test_both_find_their_printed_rows(self, two_recipes):
        run, root = two_recipes
        table = build_table("published", run, root)
        compared = table.data[table.data.value.notna()]
        assert set(compared.method) == {"S5VH"} and set(compared.variant) == {"full"}
        assert set(compared.verdict) == {ONE_SEED}
        places = ["paper", "table", "source", "bits", "metric"]
        rows = {name: compared[compared.run_method == name].set_index(places) for name in RECIPES}
        # Both sources of mAP@N, and row "full" of Table 2.
        assert len(rows["s5vh"]) == 5 + 6 + 1
        pd.testing.assert_index_equal(rows["s5vh"].index, rows["s5vh-released"].index)
        pd.testing.assert_series_equal(rows["s5vh"].published, rows["s5vh-released"].published)
        assert (rows["s5vh"].value != rows["s5vh-released"].value).all()
        for name, found in rows.items():
            cell = layout.cell("ucf101", name, 16, 1, root)
            (gmap,) = found.xs("GmAP", level="metric").value
            assert gmap == score(cell)
        # Every printed number is there, once beside each recipe and once where there is none.
        number = [*places, "method", "variant", "train_dataset", "test_dataset"]
        assert not table.data.duplicated([*number, "run_method"]).any()
        assert len(table.data.drop_duplicates(number)) == len(published.table_of("scores"))

    def test_each_has_lines_of_its_own(self, two_recipes):
        run, root = two_recipes
        table = build_table("published", run, root)
        block = next(block for block in table.blocks if block.heading.startswith("UCF101: GmAP"))
        titles = [row[0].text for row in block.rows]
        printed = "S5VH full (S5VH paper, Table 2)"
        start = next(number for number, title in enumerate(titles) if title.startswith(printed))
        assert titles[start + 1 : start + 6] == [
            "ours: S5VH", "difference", "ours: S5VH, released code", "difference", titles[start + 5],
        ]  # fmt: skip
        assert titles[start + 5].startswith("S5VH (1) forward scan only (S5VH paper, Table 2)")
        for number, name in ((start + 1, "s5vh"), (start + 3, "s5vh-released")):
            assert block.rows[number][1].text.startswith(f"{score(layout.cell('ucf101', name, 16, 1, root)):.3f} ± ")
        counted = block.rows[start][-1].text
        assert sum(int(part.split()[0]) for part in counted.split(", ") if "not run" not in part) == 2

    def test_the_other_tables_quote_the_number_for_both(self, two_recipes):
        run, root = two_recipes
        for name in ("map", "gmap"):
            data = build_table(name, run, root).data
            found = data[data.published.notna() & (data.metric == "GmAP")].set_index("method").published
            assert found.to_dict() == dict.fromkeys(RECIPES, 0.357), name


class TestOtherAggregates:
    """AutoSSVH's root of summed squares has the name of GmAP there and is compared with nothing."""

    def test_it_is_no_gmap(self, here):
        rows = published.table_of("scores")
        other = rows[rows["aggregate"] == SQUARES]
        assert len(other) == 54 and set(other.paper) == {"AutoSSVH"} and set(other["table"]) == {"Table 3"}
        for row in other.itertuples():
            recipe = PublishedAs(method=row.method, variant=row.variant)
            for table in ("Table 1", "Table 2", "Table 3"):
                assert published.published_gmap(recipe, row.train_dataset, row.test_dataset, row.bits, table) is None
            found = published.published_summary(recipe, SimpleNamespace(published_name=row.test_dataset), row.bits)
            assert found is None or found.source.startswith("geometric mean of AutoSSVH README")

    def test_not_even_beside_a_method_that_claims_it(self, here):
        (here / "config/methods").mkdir()
        text = "extends: s5vh\ntitle: Claimant\npublished: {method: AutoSSVH, variant: full}\n"
        (here / "config/methods/claimant.yaml").write_text(text)
        run, root = lean_run(["claimant"]), here / "results"
        make_results(run, root, np.random.default_rng(6))
        data = build_table("published", run, root).data
        squares = data[data["aggregate"] == SQUARES]
        assert len(squares) == 54 and set(squares.verdict) == {OTHER_AGGREGATE}
        assert squares[["value", "difference", "low", "high"]].isna().all(axis=None)
        assert squares.run_method.isna().all()
        # The method is known all the same: its mAP@N stands beside the printed one.
        compared = data[data.value.notna()]
        assert set(compared.method) == {"AutoSSVH"} and set(compared["aggregate"]) == {published.MAP_AT_N}
        shown = build_table("gmap", run, root).data.set_index(["method", "protocol"]).published_source
        assert shown["claimant", "published"] in ("", "geometric mean of AutoSSVH README")
