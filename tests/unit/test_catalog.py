"""The catalog of tables and figures: what is declared is there, and what is read is enough."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from reporting_results import make_run

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import cells
from s5vh.config.run import paper_of
from s5vh.reporting import catalog, inputs, words
from s5vh.reporting.catalog import CATALOG, FIGURES, TABLES, find, report_inputs, write_figure, write_table

pytest_plugins = ("reporting_fixtures",)

WITHOUT_DATA = ("efficiency", "scaling_fits", "figure1a")  # no data set is part of them


def loaded(place: str):
    module, name = place.split(":")
    return getattr(import_module(f"s5vh.reporting.{module}"), name)


class TestDeclarations:
    def test_names_are_unique_per_kind(self):
        declared = catalog._EXHIBITS
        assert [key for key, count in Counter((one.kind, one.name) for one in declared).items() if count > 1] == []
        assert len(CATALOG) == len(declared) == len(TABLES) + len(FIGURES)

    @pytest.mark.parametrize("exhibit", [one for one in CATALOG.values() if one.paper], ids=lambda one: one.name)
    def test_a_name_tells_the_paper(self, exhibit):
        assert exhibit.paper.startswith(f"{paper_of(exhibit.name)}, ")

    def test_a_run_has_the_exhibits_of_its_papers(self):
        run = make_run([])
        assert all(one.in_all(run) != one.on_request for one in catalog.exhibits("table", run))
        assert "table2" in [one.name for one in catalog.exhibits("table", run)]
        without = make_run([], papers=[])
        assert {one.paper for kind in ("table", "figure") for one in catalog.exhibits(kind, without)} == {""}
        ablation = {(cell.method, cell.bits) for cell in cells(make_run([], convergence={}).config, ["a"])}
        left = {(cell.method, cell.bits) for cell in cells(make_run([], convergence={}, papers=[]).config, ["a"])}
        assert ablation - left == {("s5vh_no_alignment", 16)}

    @pytest.mark.parametrize("exhibit", CATALOG.values(), ids=lambda one: f"{one.kind}-{one.name}")
    def test_everything_it_names_can_be_called(self, exhibit, here):
        run = make_run(["toy"])
        builder = loaded(exhibit.builder)
        assert list(inspect.signature(builder).parameters) == ["run", "results"]
        assert builder.__doc__ and exhibit.title and not exhibit.title.endswith(".")
        assert builder.__name__.startswith({"table": "build_", "figure": "draw_"}[exhibit.kind])
        assert callable(exhibit.reads) and exhibit.reads.__module__ == inputs.__name__
        assert all(isinstance(path, Path) for path in exhibit.inputs(run))
        assert [path.stem for path in exhibit.outputs()] == [exhibit.name] * 3
        if exhibit.caption:
            assert exhibit.kind == "figure"
            assert re.fullmatch(r"[A-Z0-9].*\.", exhibit.caption_of(run))
        else:
            # A table brings its caption, and a figure on request is not in the report.
            assert exhibit.kind == "table" or exhibit.on_request

    def test_places_in_the_paper_are_told_with_the_title(self):
        assert find("table", "table2").heading == "Ablations (S5VH, Table 2)"
        assert find("figure", "figure1b").heading == "Convergence with and without alignment (S5VH, Figure 1b)"
        assert find("table", "gmap").heading == "GmAP of every method"
        named = {(one.kind, one.name): one.paper for one in CATALOG.values() if one.paper.startswith("S5VH")}
        assert named == {
            ("table", "table1"): "S5VH, Table 1",
            ("table", "table2"): "S5VH, Table 2",
            ("table", "convergence"): "S5VH, Figure 1b",
            ("table", "scaling_fits"): "S5VH, Figure 1a",
            ("figure", "figure3"): "S5VH, Figure 3",
            ("figure", "figure1b"): "S5VH, Figure 1b",
            ("figure", "figure1a"): "S5VH, Figure 1a",
        }

    def test_every_builder_and_reader_is_used(self):
        builders = {one.builder for one in CATALOG.values()}
        folder = Path(catalog.__file__).parent
        there = {
            f"{kind}.{file.stem}:{name}"
            for kind in ("tables", "figures")
            for file in (folder / kind).glob("*.py")
            for name in re.findall(r"^def ((?:build|draw)_\w+)\(run: Run, results: Path\)", file.read_text(), re.M)
        }
        assert there == builders


class TestInputs:
    @pytest.mark.parametrize(
        "exhibit",
        [
            *(one for kind in ("table", "figure") for one in catalog.exhibits(kind, make_run([]))),
            *(find("figure", name) for name in ("mcmsh_figure5", "autossvh_figure3")),
        ],
        ids=lambda one: f"{one.kind}-{one.name}",
    )
    def test_declared_inputs_exist_and_suffice(self, demo, exhibit):
        run, root = demo
        declared = {path.resolve() for path in exhibit.inputs(run, root)}
        assert all(path.is_file() for path in declared)
        for path in [path for path in root.rglob("*") if path.is_file()]:
            if path.resolve() not in declared:
                path.unlink()
        if exhibit.kind == "table":
            write_table(exhibit.name, run, root)
            data, *texts = layout.table(exhibit.name, root)
            assert data.stat().st_size and all(exhibit.title in path.read_text() for path in texts)
            return
        write_figure(exhibit.name, run, root)
        pdf, png, data = layout.figure(exhibit.name, root)
        assert pdf.read_bytes().startswith(b"%PDF") and png.read_bytes().startswith(b"\x89PNG")
        if exhibit.name not in WITHOUT_DATA:
            assert set(pd.read_csv(data).data) - {words.SYNTHETIC} == {words.DEMO}

    def test_unknown_names(self, demo):
        run, root = demo
        with pytest.raises(UserError) as error:
            write_table("tabel1", run, root)
        assert str(error.value) == (f"unknown table 'tabel1'; choose from {', '.join(TABLES)}")
        with pytest.raises(UserError) as error:
            write_figure("figure9", run, root)
        assert str(error.value) == (f"unknown figure 'figure9'; choose from {', '.join(FIGURES)}")
        with pytest.raises(UserError, match="unknown table 'figure3'; choose from gmap"):
            find("table", "figure3")

    def test_the_report_reads_what_its_tables_read_and_the_pictures(self, demo):
        run, root = demo
        read = report_inputs(run, root)
        assert len(read) == len(set(read))
        tables = {path for one in catalog.exhibits("table", run) for path in one.inputs(run, root)}
        pictures = {one.outputs(root)[1] for one in catalog.exhibits("figure", run)}
        assert set(read) == tables | pictures | set(inputs.all_metrics(run, root))

    def test_declarations_need_nothing_heavy(self):
        heavy = "('torch', 'pandas', 'matplotlib', 'scipy', 'sklearn')"
        code = f"import sys, s5vh.reporting.catalog; print([name for name in {heavy} if name in sys.modules])"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
