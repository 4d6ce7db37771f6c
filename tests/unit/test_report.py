"""The report: what it must say, warn of and refuse."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from reporting_results import make_run

from s5vh.base.errors import UserError
from s5vh.base.files import read_json, write_json
from s5vh.config import layout
from s5vh.config.load import load_run
from s5vh.reporting import report, words
from s5vh.reporting.catalog import exhibits, find
from s5vh.reporting.caveats import near_duplicate_warnings, warnings
from s5vh.reporting.collect import read_metrics
from s5vh.reporting.facts import all_cells, cell_block, data_block, departures
from s5vh.reporting.protocol_study import NearDuplicates, read_near_duplicates
from s5vh.reporting.report import write_report

pytest_plugins = ("reporting_fixtures",)


def _report_page(run, root):
    """The report with figures of a few pixels."""
    for exhibit in exhibits("figure", run):
        path = exhibit.outputs(root)[1]
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (180, 90)).save(path, dpi=(180, 180))
    write_report(run, root)
    return layout.report(root).read_text()


class TestReport:
    def test_self_contained_and_honest(self, demo):
        run, root = demo
        page = _report_page(run, root)
        figures = len(exhibits("figure", run))
        assert page.count("data:image/png;base64,") == figures > 8
        assert not re.findall(r'(?:src|srcset)="(?!data:)', page)
        assert "<link" not in page and "<script" not in page and "@import" not in page and "url(" not in page
        assert page.count(words.DEMO) > figures
        assert "FCVID" in page and "https://pan.baidu.com" in page  # what is absent and where it comes from
        assert 'id="table-selection"' in page and "none held out" in page
        assert page.count('width="96" height="48" loading="lazy" decoding="async"') == page.count("<img") == figures
        assert "training.epochs" in page and "config/datasets/toy.yaml" in page  # a setting that differs
        gmap = read_json(layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json")["protocols"]["strict"]["GmAP"]
        assert f"{gmap:.3f}" in page and f"{gmap:.4f}" in page

    def test_everything_can_be_linked_to_and_links_to_its_files(self, demo):
        run, root = demo
        page = _report_page(run, root)
        shown = [exhibit for kind in ("table", "figure") for exhibit in exhibits(kind, run)]
        anchors = re.findall(r' id="([^"]+)"', page)
        assert len(anchors) == len(set(anchors)) > len(shown)
        assert {f"{one.kind}-{one.name}" for one in shown} <= set(anchors)
        links = re.findall(r' href="([^"]+)"', page)
        assert {link[1:] for link in links if link.startswith("#")} <= set(anchors)
        assert {str(path.relative_to(root)) for one in shown for path in one.outputs(root)} == {
            link for link in links if not link.startswith(("#", "https://"))
        }

    def test_papers_come_first_and_in_their_order(self, demo):
        page = _report_page(*demo)
        order = ("result", "paper-s5vh", "table-table1", "table-table2", "figure-figure1a", "figure-figure1b")
        order += ("table-convergence", "figure-figure3", "studies", "figure-protocol", "table-protocol", "cells")
        places = [page.index(f' id="{anchor}"') for anchor in order]
        assert places == sorted(places)

    def test_what_was_not_run_is_a_sentence_and_not_a_table(self, demo):
        run, root = demo
        moved = load_run({"methods": run.config.methods, "transfer": [{"train": "mine", "test": "toy"}]}).transfer
        page = _report_page(run._replace(config=run.config.model_copy(update={"transfer": moved})), root)
        start = page.index(' id="table-table1"')
        transfer = page[start : page.index("<h3", start)]
        assert "is not part of this run" in transfer and "<table" not in transfer

    def test_long_tables_and_conditions_are_folded(self, demo, monkeypatch):
        run, root = demo
        page = _report_page(run, root)
        assert "<summary>All 6 rows</summary>" not in page
        what, how = words.parts_of_caption(find("table", "map").build(run, root).caption)
        assert how.startswith("Data sets: Toy corpus") and "Data sets" not in what
        start = page.index(' id="table-map"')
        fold, unfold = page.index("<details", start), page.index("</details>", start)
        assert fold < page.index("Data sets: Toy corpus", start) < unfold
        monkeypatch.setattr(report, "_UNFOLDED", {True: 0, False: 0})
        write_report(run, root)
        rows = sum(len(block.rows) for block in find("table", "map").build(run, root).blocks)
        assert f"<summary>All {rows} rows</summary>" in layout.report(root).read_text()

    def test_a_long_result_shows_its_first_data_set(self, several, monkeypatch):
        run, root = several
        monkeypatch.setattr(report, "_UNFOLDED", {True: 0, False: 0})
        page = _report_page(run, root)
        result = page[page.index(' id="table-gmap"') : page.index(' id="warnings"')]
        first, *others = [block.heading for block in find("table", "gmap").build(run, root).blocks]
        assert f"<h4>{first}</h4>" in result and f"<summary>{first}" not in result and others
        assert all(f"<summary>{other}</summary>" in result and f"<h4>{other}" not in result for other in others)

    def test_many_caveats_are_folded(self, demo, monkeypatch):
        run, root = demo
        monkeypatch.setattr(report.caveats, "warnings", lambda run, found: [f"Number {n}." for n in range(30)])
        page = _report_page(run, root)
        hidden = len(re.findall(r"Number \d+\.", page[page.index("<summary>2") : page.index(' id="paper-s5vh"')]))
        assert f"<summary>{hidden} more</summary>" in page and "Number 29." in page and hidden >= 22

    def test_warns(self, several):
        run, root = several
        said = warnings(run, all_cells(run, root))
        assert (
            "Mine: 2 of 11 queries are also in the database, bit for bit, e.g. query-3 as train-7. "
            "Protocol `published` keeps them in the ranking." in said
        )
        assert any("smaller than N = 60, 80, 100" in sentence for sentence in said)

    def test_queries_that_are_in_the_database_are_on_the_page(self, several):
        run, root = several
        page = _report_page(run, root)
        assert "Mine: 2 of 11 queries are also in the database, bit for bit, e.g. query-3 as train-7." in page
        what_ran = page[page.index('id="ran"') : page.index("methods and their recipes")]
        column = re.findall(r"<th scope=\"col\">(.*?)</th>", what_ran).index("queries in the database")
        cells = [
            re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)
            for row in re.findall(r"<tr><th scope=\"row\".*?</tr>", what_ran)
        ]
        assert {row[0]: row[column] for row in cells} == {"UCF101": "none", "HMDB51": "none", "Mine": "2"}

    def test_bounds_of_the_ties_are_on_the_page(self, demo):
        run, root = demo
        page = _report_page(run, root)
        metrics = read_json(layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json")
        low, high = metrics["protocols"]["published"]["tie_bounds"]["GmAP"]
        assert low < high and f"<td>{low:.4f} to {high:.4f}</td>" in page

    def test_warns_of_centers_that_are_numbered_apart(self, demo):
        run, root = demo
        path = layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json"
        metrics = read_json(path)
        metrics["training"]["agreeing_videos"] = 0.031
        write_json(path, metrics)
        assert (
            "Toy corpus: S5VH aligns only 3% of the training videos with the hash center of their own cluster, "
            "because its pseudo-labels and centers come from separate clusterings with unrelated indices, as in the "
            "released code."
        ) in warnings(run, all_cells(run, root))

    def test_needs_the_figures(self, demo):
        run, root = demo
        with pytest.raises(UserError, match=r"\w+\.png: no such file; draw the figure before the report"):
            write_report(run, root)

    def test_departures_name_their_source(self, here):
        run = make_run(["toy"], overrides={"s5vh": {"training": {"batch_size": 7}}})
        rows = {row[0].text: [entry.text for entry in row[1:]] for row in departures("toy", "s5vh_forward", run).rows}
        assert rows == {
            "model.directions": ["forward", "both", "config/methods/s5vh_forward.yaml, or what it extends"],
            "training.epochs": ["4", "350", "config/datasets/toy.yaml"],
            "training.selection": ["last", "published", "config/datasets/toy.yaml"],
            "training.batch_size": ["7", "128", "overrides of this run"],
            "semantics.clusters": ["6", "100", "config/datasets/toy.yaml"],
            "semantics.pca": ["none", "512", "config/datasets/toy.yaml"],
        }

    def test_departures_name_the_part_of_a_method_s_file_that_is_about_the_data_set(self, here):
        text = "extends: s5vh\ntitle: Child\ndatasets: {mine: {loss: {alpha: 3}}}\n"
        (here / "config/methods").mkdir()
        (here / "config/methods/child.yaml").write_text(text)
        rows = {row[0].text: row[3].text for row in departures("mine", "child", make_run(["mine"])).rows}
        assert rows["loss.alpha"] == "config/methods/child.yaml"
        assert not {"title", "published.method", "published.variant", "checked_against"} & set(rows)


def test_report_names_each_state_of_the_code_once(monkeypatch):
    from types import SimpleNamespace

    from s5vh.reporting import caveats

    monkeypatch.setattr(caveats, "_cell_warnings", lambda cell, run: [])
    run = SimpleNamespace(config=SimpleNamespace(seeds=[1, 2]))
    a, b = "a" * 40, "b" * 40
    cells = [SimpleNamespace(provenance={"commit": commit}) for commit in (a, f"{a}-dirty", b)]
    assert caveats.warnings(run, cells) == [
        f"The cells were created with 2 versions of the code: {a[:12]}, {b[:12]}.",
        "Some cells were created with uncommitted code changes.",
    ]
    assert caveats.warnings(run, cells[:1]) == []


def test_precision_within_the_radius_is_shown_in_both_readings(demo):
    run, root = demo
    path = layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json"
    metrics = read_json(path)
    within = {"precision": 0.123456, "precision_retrieving": 0.654321, "queries_without_retrieved": 1234}
    metrics["protocols"]["published"]["hamming_radius"] |= within
    write_json(path, metrics)
    block = cell_block("toy", run, all_cells(run, root))
    start = block.columns.index("precision within radius 2, empty as 0")
    assert block.columns[start + 1 : start + 3] == ["without empty queries", "empty queries"]
    assert [entry.text for entry in block.rows[0][start : start + 3]] == ["0.1235", "0.6543", "1,234"]
    unlabelled = cell_block("toy", run._replace(unlabelled=("toy",)), all_cells(run, root))
    assert {len(row) for row in block.rows + unlabelled.rows} == {len(block.columns)}
    assert {entry.text for entry in unlabelled.rows[0][3 : start + 3]} == {""}


def test_scores_without_what_is_shown_are_refused(demo):
    _, root = demo
    path = layout.cell("toy", "s5vh", 16, 1, root) / "metrics.json"
    for name in ("mAP", "GmAP", "tie_bounds", "interval", "hamming_radius"):
        metrics = read_json(path)
        del metrics["protocols"]["strict"][name]
        write_json(path.with_name("broken.json"), metrics)
        with pytest.raises(UserError, match=f"protocol 'strict' lacks {name}; delete it and run the workflow again"):
            read_metrics(path.with_name("broken.json"), ["published", "strict"])


class TestNearDuplicates:
    def test_counted_and_named(self, demo):
        run, root = demo
        found = read_near_duplicates(run, root)
        assert list(found) == ["toy"] and found["toy"].of == 11 and found["toy"].queries == 0
        assert found["toy"].level == run.config.protocol_study.near_duplicates == 0.99
        assert list(near_duplicate_warnings(found)) == []
        path = layout.protocol_study("toy", root)
        study = read_json(path)
        pairs = [[f"q{n}", f"v{n}", 0.9996 - n / 1000] for n in range(11)]
        write_json(path, study | {"near_duplicates": {"level": 0.95, "queries": 11, "pairs": pairs}})
        found = read_near_duplicates(run, root)
        assert found["toy"] == NearDuplicates(path, 0.95, 11, 11, [tuple(pair) for pair in pairs])
        named = ", ".join(f"q{n} as v{n} ({0.9996 - n / 1000:.3f})" for n in range(10))
        assert list(near_duplicate_warnings(found)) == [
            "Toy corpus: 11 of 11 queries have a near-duplicate in the database besides themselves, with a cosine of "
            f"the time-averaged features of at least 0.95: {named}, and 1 more in {path}. No protocol leaves them out."
        ]
        column = data_block(run, [], {}).columns.index("queries with near-duplicates")
        shown = [data_block(run, all_cells(run, root), near).rows[0] for near in ({}, found)]
        assert [row[column].text for row in shown] == ["", "11"]
        assert [row[column - 1].text for row in shown] == ["none", "none"]

    def test_all_pairs_fit(self):
        found = {"demo": NearDuplicates(layout.RESULTS, 1.0, 5, 2, [("a", "b", 1.0), ("c", "d", 1.0)])}
        (said,) = near_duplicate_warnings(found)
        assert "of at least 1: a as b (1.000), c as d (1.000). No" in said

    def test_without_a_study_nothing_is_said(self, demo):
        run, root = demo
        assert read_near_duplicates(make_run(["toy"], protocol_study={"bits": []}), root) == {}
        assert read_near_duplicates(run._replace(unlabelled=("toy",)), root) == {}

    @pytest.mark.parametrize("broken", [{}, {"level": 1}, {"level": 1, "queries": 1, "pairs": [["a", "b"]]}, 3])
    def test_broken_studies(self, demo, broken):
        run, root = demo
        path = layout.protocol_study("toy", root)
        write_json(path, read_json(path) | {"near_duplicates": broken})
        with pytest.raises(UserError, match=r"not a protocol study \(near-duplicates: .*delete it and run"):
            read_near_duplicates(run, root)
