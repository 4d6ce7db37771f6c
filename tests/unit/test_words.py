"""Numbers, sentences and captions as they are printed."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from reporting_results import make_run

from s5vh.config.dataset import DatasetConfig
from s5vh.config.run import ProtocolConfig
from s5vh.reporting import captions, words
from s5vh.reporting.catalog import CATALOG
from s5vh.reporting.table import Block, Entry, Table, html_blocks, html_notes, latex, markdown

pytest_plugins = ("reporting_fixtures",)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (math.nan, ""),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (99.4, "99 s"),
        (100, "2 min"),
        (149, "2 min"),
        (151, "3 min"),
        (119 * 60, "119 min"),
        (120 * 60, "2 h 00 min"),
        (200 * 60, "3 h 20 min"),
        (27.1 * 3600, "27 h 06 min"),
    ],
)
def test_durations(seconds, said):
    assert words.duration(seconds) == said


def test_numbers():
    assert [words.number(value) for value in (0.12345, 1, None, math.nan, math.inf)] == ["0.123", "1.000", "", "", ""]
    assert words.number(0.12345, 1) == "0.1" and words.number(12.6, 0) == "13"
    said = [words.difference(value) for value in (0.0126, -0.5, 0.0, None, math.nan)]
    assert said == ["+0.013", "−0.500", "+0.000", "", ""]
    assert words.difference(-0.0004, 4) == "−0.0004"
    assert words.difference(0.5, 1) == "+0.5"
    assert [words.percent(value) for value in (0.427, -0.087, 1, -0.001)] == ["43%", "−9%", "100%", "0%"]
    assert words.with_interval(0.5, 0.4, 0.7) == "0.500 ± 0.150"
    assert words.with_interval(0.5, 0.4, 0.7, digits=2) == "0.50 ± 0.15"
    assert words.with_interval(0.5, math.nan, math.nan, digits=1) == "0.5"
    assert words.bracketed(0.97, -0.904, 1.036, digits=2) == "0.97 [−0.90, 1.04]"
    assert words.difference_interval(-0.2, -0.25, 0.05) == "−0.200 [−0.250, +0.050]"
    assert words.difference_interval(0.2, math.nan, math.nan, 1) == "+0.2"


def test_lists():
    assert [words.listed("ABC"[:count]) for count in range(4)] == ["", "A", "A and B", "A, B and C"]
    assert words.published_sentence(["A", "", "B", "A"]) == "Published numbers: A; B."
    assert words.published_sentence(["", ""]) == words.published_sentence([]) == ""


def test_protocols_in_words():
    assert words.describe(ProtocolConfig()) == (
        "AP@N is divided by N; ties stay in database order; the query itself is not excluded"
    )
    strict = ProtocolConfig(denominator="capped_relevant", ties="expected", exclude_self=True)
    assert words.describe(strict) == (
        "AP@N is divided by the smaller of N and the number of relevant videos; ties are averaged over all their "
        "orders; the query itself is excluded"
    )
    relevant = words.describe(ProtocolConfig(denominator="relevant"))
    assert relevant.startswith("AP@N is divided by the number of relevant videos; ")


def test_recipes_count_their_variants(here):
    assert words.recipes(["s5vh"]) == "`s5vh`"
    assert words.recipes(["s5vh_forward", "itq_mean", "itq_mean"]) == "`s5vh` (and 1 variant), `itq_mean`"
    assert words.recipes(["s5vh", "s5vh_forward", "s5vh_backward"]) == "`s5vh` (and 2 variants)"
    assert words.recipes([]) == ""


def test_data_sets_are_named_as_what_they_are(here):
    assert words.kinds(["toy", "ucf101", "mine"]) == [words.DEMO, "published data set", "own data"]
    assert words.dataset_title("toy") == f"Toy corpus [{words.DEMO}]" and words.dataset_title("mine") == "Mine"
    assert words.panel_title("toy") == "Toy corpus (demo)" and words.panel_title("ucf101") == "UCF101"
    assert words.panel_title("demo").lower().count("demo") == 1  # already in its title
    assert words.pair_title("ucf101", "toy") == f"UCF101 → Toy corpus [{words.DEMO}]"
    assert words.pair_title("demo", "toy") == f"Demo (moving digits) → Toy corpus [{words.DEMO}]"
    assert words.solver_title("admm") == "ADMM, refined" and words.solver_title("mine") == "mine"
    assert words.has_demo(make_run(["ucf101", "toy"])) and not words.has_demo(make_run(["ucf101"]))


def test_untrained_networks_are_named(here, monkeypatch):
    values = {"title": "Mine", "frames": 3, "feature_size": 8, "backbone": "b", "kind": "demo", "classes": 2}
    config = DatasetConfig(**values, demo={})
    videos = type("Videos", (), {"untrained": True})()
    monkeypatch.setattr(
        words.lookup, "dataset", lambda name: config.model_copy(update={"kind": "videos", "videos": videos})
    )
    assert words.dataset_title("mine") == "Mine [features from an untrained network]"
    assert words.panel_title("mine") == "Mine (untrained features)"


class TestCaptions:
    def test_order_of_sentences(self, here):
        run = make_run(["ucf101", "mine"], seeds=[4])
        said = words.caption("What.", run, ["itq_mean"], ["strict", "published"], "Seeds.")
        assert said == (
            f"What. Data sets: UCF101; Mine. Protocol `strict`: {words.describe(run.config.protocols['strict'])}. "
            f"Protocol `published`: {words.describe(run.config.protocols['published'])}. Recipes: `itq_mean`. Seeds."
        )
        assert words.caption("What.", make_run([]), seeds="") == "What. Data sets: none."
        assert words.caption("What.", run).endswith(words.scores_sentence(run))

    def test_one_seed_and_several(self, here):
        one, three = make_run(["mine"], seeds=[4]), make_run(["mine"], seeds=[4, 5, 7])
        assert words.seeds_sentence(one) == "One seed (4)."
        assert words.seeds_sentence(three).startswith("Mean over 3 seeds (4, 5, 7); ± is half of the 95% interval")
        assert words.scores_sentence(one) == (
            "One seed (4); ± is half of the 95% interval over queries (percentile bootstrap, 2,000 resamples), which "
            "does not include the variance between training runs."
        )
        for caption in (captions.pr_curves, captions.figure1b, captions.autossvh_figure4):
            assert caption(one).endswith("One seed (4), so there are no bands.")
        assert "One seed (4), so bands are 95% confidence intervals over queries" in captions.figure3(one)
        for caption in (captions.figure3, captions.pr_curves, captions.figure1b, captions.mcmsh_figure5):
            assert "means over 3 seeds (4, 5, 7), bands are 95% confidence intervals over seeds" in caption(three)
            assert words.chance(three) in caption(three) and words.chance(three) not in caption(one)

    @pytest.mark.parametrize("exhibit", [one for one in CATALOG.values() if one.caption],
                             ids=lambda one: one.name)  # fmt: skip
    def test_captions_of_figures_follow_the_seeds(self, here, exhibit):
        one, three = (exhibit.caption_of(make_run(["toy"], seeds=seeds)) for seeds in ([4], [4, 5, 9]))
        over_seeds = {"figure3", "pr_curves", "figure1b", "mcmsh_figure5", "autossvh_figure3", "autossvh_figure4",
                      "autossvh_figure5"}  # fmt: skip
        assert ("eans over 3 seeds" in three) == ("One seed" in one) == (exhibit.name in over_seeds)
        assert "eans over 3" not in one and "One seed" not in three
        if exhibit.name in over_seeds:
            parts = ["Data sets: Toy corpus", "Protocol `published`: ", "Every seed has its own training"]
            places = [three.index(part) for part in parts]
            assert places == sorted(places) and "interval" in three
            assert "Recipes: `s5vh`" in three or not make_run([]).config.ablation(exhibit.name).rows

    def test_hollow_markers_are_named_where_there_are_any(self, here):
        for caption in (captions.figure3, captions.autossvh_figure3, captions.mcmsh_figure5):
            assert "Hollow" in caption(make_run(["ucf101", "toy"])) and "Hollow" not in caption(make_run(["toy"]))

    def test_batches_are_those_of_the_run(self):
        sizes = [captions.figure1a(make_run([], efficiency={"batch_size": size})) for size in ("largest", 4)]
        assert "at the largest batch that fits. Upper row: encoding." in sizes[0] and ", 4 at a time. Upper" in sizes[1]
        assert "row" not in captions.figure1a(make_run([], efficiency={"training": False}))

    def test_numbers_are_those_of_the_run(self, here):
        run = make_run(
            ["mine"], seeds=[6], examples={"method": "itq_mean", "bits": 32, "queries": 7, "neighbours": 3},
            convergence={"methods": [], "bits": 64}, protocol_study={"orders": 11}, solver_study={"seconds": 17},
        )  # fmt: skip
        assert captions.examples(run).startswith("7 queries, evenly spaced in the query file rather than hand-picked")
        assert "their 3 nearest database videos, by ITQ (time-averaged) with 32 bits, seed 6." in captions.examples(run)
        assert "during training, 64 bits, by epoch" in captions.figure1b(run)
        assert "11 random database orders" in captions.protocol(run)
        assert "(17 s)" in captions.solvers(run)
        assert captions.code_statistics(run).endswith("Seed 6 only.")
        protocol = f"Protocol `published`: {words.describe(run.config.protocols['published'])}."
        assert protocol in captions.figure3(run) and protocol in captions.autossvh_figure5(run)


class TestForms:
    block = Block(
        "He_ad",
        ["M", "a*b"],
        [[Entry("x"), Entry("1", quoted=True)], [Entry("y", quoted=True), Entry("")]],
        "No `c`te.",
    )

    def table(self, *blocks):
        return Table("Cap `t`.", pd.DataFrame({"a": [1]}), list(blocks), ["[1] foot|note"])

    def test_markdown(self):
        assert markdown(self.table(self.block), "T").splitlines() == [
            *("**T.** Cap `t`.", "", "### He\\_ad", "", "| M | a\\*b |", "|:---|---:|", "| x | *1* |", "| *y* |  |"),
            *("", "No `c`te.", "", "[1] foot\\|note"),
        ]
        assert "###" not in markdown(self.table(Block("", ["M"], [])), "T")
        assert markdown(self.table(Block("", ["<b>"], [])), "T").splitlines()[2] == "| &lt;b> |"

    def test_latex(self):
        text = latex(self.table(self.block, self.block), "n", "T")
        assert text.splitlines() == [
            *("% T. Cap `t`.", r"% Needs \usepackage{booktabs}", r"\begin{table}", r"\centering"),
            *(r"\caption{T. Cap \texttt{t}.}", r"\label{tab:n}"),
            *(r"\textbf{He\_ad}\par\smallskip", r"\begin{tabular}{lr}", r"\toprule", r"M & a*b \\", r"\midrule"),
            *(r"x & \textit{1} \\", r"\textit{y} &  \\", r"\bottomrule", r"\end{tabular}"),
            *(r"\par\smallskip {\footnotesize No \texttt{c}te.}", r"\par\bigskip"),
            *(r"\textbf{He\_ad}\par\smallskip", r"\begin{tabular}{lr}", r"\toprule", r"M & a*b \\", r"\midrule"),
            *(r"x & \textit{1} \\", r"\textit{y} &  \\", r"\bottomrule", r"\end{tabular}"),
            *(r"\par\smallskip {\footnotesize No \texttt{c}te.}", r"\par\smallskip {\footnotesize [1] foot$|$note}"),
            r"\end{table}",
        ]

    def test_html(self):
        assert html_blocks([self.block]) == (
            '<h4>He_ad</h4>\n<div class="scroll"><table><thead><tr><th scope="col">M</th><th scope="col">a*b</th></tr>'
            '</thead><tbody><tr><th scope="row">x</th><td class="quoted">1</td></tr>'
            '<tr><th scope="row" class="quoted">y</th><td></td></tr></tbody></table></div>'
            '\n<p class="note">No <code>c</code>te.</p>'
        )
        assert html_notes(["a < `b`", "c"]) == '<p class="note">a &lt; <code>b</code></p>\n<p class="note">c</p>'
        assert "<h4>" not in html_blocks([Block("", ["M"], [])])
