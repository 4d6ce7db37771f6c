"""Declarations of all tables and figures: the files each one reads and the function that builds it.

The workflow uses these declarations as rule inputs, so this module imports nothing heavy; builders are given by name
and imported only when needed. Names of another paper's tables start with the paper, e.g. `mcmsh_table1`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.reporting import inputs

if TYPE_CHECKING:
    from s5vh.reporting.table import Table

Reader = Callable[[Run, Path], list[Path]]


@dataclass(frozen=True)
class Exhibit:
    """A table or a figure.

    Attributes:
        kind, name: "table" or "figure", and the name of the target and of the files in results/tables or
            results/figures.
        title: a short title.
        builder: "module:function" under s5vh.reporting, called with (run, results). A table builder returns a `Table`,
            a figure builder the matplotlib figure and a data frame with the plotted numbers.
        reads: function of (run, results) that returns the input files.
        caption: "module:function" that returns a figure's caption in the report, given a run; tables have their own.
        paper: the table or figure of a paper that it reproduces, e.g. "S5VH, Table 2"; "" if there is none.
        needs_labels: whether data sets without labels are left out.
        on_request: whether it is built only when requested by name, not as part of `all`.
    """

    kind: Literal["table", "figure"]
    name: str
    title: str
    builder: str
    reads: Reader
    caption: str = ""
    paper: str = ""
    needs_labels: bool = False
    on_request: bool = False

    @property
    def heading(self) -> str:
        """The title, with the paper's table or figure number."""
        return f"{self.title} ({self.paper})" if self.paper else self.title

    def restricted(self, run: Run) -> Run:
        """The run without the data sets that this exhibit leaves out."""
        return run.scored if self.needs_labels else run

    def inputs(self, run: Run, results: Path = layout.RESULTS) -> list[Path]:
        """Input files, without duplicates, in a stable order."""
        return list(dict.fromkeys(self.reads(self.restricted(run), Path(results))))

    def outputs(self, results: Path = layout.RESULTS) -> list[Path]:
        """Output files."""
        return (layout.table if self.kind == "table" else layout.figure)(self.name, Path(results))

    def build(self, run: Run, results: Path = layout.RESULTS) -> Any:
        """The result of the builder.

        Raises:
            UserError: a missing or broken file.
        """
        return _loaded(self.builder)(self.restricted(run), Path(results))

    def caption_of(self, run: Run) -> str:
        """The caption of a figure."""
        return _loaded(self.caption)(run)


def _loaded(place: str) -> Callable[..., Any]:
    module, function = place.split(":")
    return getattr(import_module(f"s5vh.reporting.{module}"), function)


_EXHIBITS = (
    Exhibit(
        "table",
        "gmap",
        "GmAP of every method",
        "tables.retrieval:build_gmap",
        inputs.compared_scores,
        needs_labels=True,
    ),
    Exhibit("table", "map", "mAP@N of every cell", "tables.retrieval:build_map", inputs.all_scores, needs_labels=True),
    Exhibit(
        "table",
        "aspects",
        "Scores by aspect of the classes",
        "tables.aspects:build_aspects",
        inputs.aspect_scores,
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "table1",
        "Transfer between data sets",
        "tables.paper:build_table1",
        inputs.transfer_metrics,
        paper="S5VH, Table 1",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "table2",
        "Ablations",
        "tables.paper:build_table2",
        inputs.ablation_metrics,
        paper="S5VH, Table 2",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "published",
        "Published numbers and ours",
        "tables.published:build_published",
        inputs.published_inputs,
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "significance",
        "Paired comparisons of methods",
        "tables.significance:build_significance",
        inputs.query_scores,
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "convergence",
        "How much sooner the final score is reached",
        "tables.convergence:build_convergence",
        inputs.convergence_scores,
        paper="S5VH, Figure 1b",
        needs_labels=True,
    ),
    Exhibit("table", "selection", "Checkpoint selection", "tables.selection:build_selection", inputs.evaluations),
    Exhibit("table", "centers", "Hash-center solvers", "tables.solver_study:build_centers", inputs.centers),
    Exhibit(
        "table",
        "solvers",
        "Hash-center solvers: terms, separation and time",
        "tables.solver_study:build_solvers",
        inputs.solvers,
    ),
    Exhibit("table", "codes", "Statistics of the codes", "tables.studies:build_codes", inputs.codes),
    Exhibit(
        "table", "efficiency", "Scaling with the number of frames", "tables.studies:build_efficiency", inputs.efficiency
    ),
    Exhibit(
        "table",
        "protocol",
        "Effect of the evaluation protocol",
        "tables.protocol_study:build_protocol",
        inputs.protocol,
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "departures",
        "Departures of the released code",
        "tables.departures:build_departures",
        inputs.departures,
        needs_labels=True,
        on_request=True,
    ),
    Exhibit(
        "figure",
        "figure3",
        "Retrieval: mAP@N",
        "figures.curves:draw_figure3",
        inputs.compared_scores,
        caption="captions:figure3",
        paper="S5VH, Figure 3",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "pr_curves",
        "Precision-recall curves",
        "figures.curves:draw_pr_curves",
        inputs.curves,
        caption="captions:pr_curves",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "figure1b",
        "Convergence with and without alignment",
        "figures.convergence:draw_figure1b",
        inputs.convergence,
        caption="captions:figure1b",
        paper="S5VH, Figure 1b",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "figure1a",
        "Scaling with the number of frames",
        "figures.scaling:draw_figure1a",
        inputs.efficiency,
        caption="captions:figure1a",
        paper="S5VH, Figure 1a",
    ),
    Exhibit(
        "figure",
        "centers",
        "Hash centers by solver",
        "figures.centers:draw_centers",
        inputs.centers,
        caption="captions:centers",
    ),
    Exhibit(
        "figure",
        "solvers",
        "Hash-center solvers: time, quality, separation",
        "figures.solver_study:draw_solvers",
        inputs.solvers,
        caption="captions:solvers",
    ),
    Exhibit(
        "figure",
        "code_statistics",
        "Bit balance, bit correlation and collisions",
        "figures.codes:draw_code_statistics",
        inputs.codes,
        caption="captions:code_statistics",
    ),
    Exhibit(
        "figure",
        "examples",
        "Example queries",
        "figures.examples:draw_examples",
        inputs.examples,
        caption="captions:examples",
    ),
    Exhibit(
        "figure",
        "protocol",
        "Effect of the evaluation protocol: ties and self-matches",
        "figures.protocol_study:draw_protocol",
        inputs.protocol,
        caption="captions:protocol",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "departures",
        "Effect of each departure of the released code",
        "figures.departures:draw_departures",
        inputs.departures,
        needs_labels=True,
        on_request=True,
    ),
)

CATALOG = {(exhibit.kind, exhibit.name): exhibit for exhibit in _EXHIBITS}
TABLES = tuple(exhibit.name for exhibit in _EXHIBITS if exhibit.kind == "table" and not exhibit.on_request)
FIGURES = tuple(exhibit.name for exhibit in _EXHIBITS if exhibit.kind == "figure" and not exhibit.on_request)
ON_REQUEST = tuple(dict.fromkeys(exhibit.name for exhibit in _EXHIBITS if exhibit.on_request))


def find(kind: str, name: str) -> Exhibit:
    """The table or figure with this name; the `UserError` for an unknown name lists the known ones."""
    if (kind, name) not in CATALOG:
        names = [exhibit.name for exhibit in _EXHIBITS if exhibit.kind == kind]
        raise UserError(f"unknown {kind} '{name}'; choose from {', '.join(names)}")
    return CATALOG[kind, name]


def exhibits(kind: str, names: Iterable[str]) -> list[Exhibit]:
    """The tables or figures with these names."""
    return [find(kind, name) for name in names]


def report_inputs(run: Run, results: Path = layout.RESULTS) -> list[Path]:
    """Input files of the report: the metrics of all cells, the inputs of all tables, and all figures as png."""
    tables = [path for exhibit in exhibits("table", TABLES) for path in exhibit.inputs(run, results)]
    pictures = [p for exhibit in exhibits("figure", FIGURES) for p in exhibit.outputs(results) if p.suffix == ".png"]
    return list(dict.fromkeys([*inputs.all_metrics(run, Path(results)), *tables, *pictures]))


def build_table(name: str, run: Run, results: Path = layout.RESULTS) -> Table:
    """Compute a table; raises the errors of `find` and `Exhibit.build`."""
    return find("table", name).build(run, results)


def write_table(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/tables/NAME.csv, .md and .tex; raises the errors of `build_table`."""
    from s5vh.reporting.table import write

    exhibit = find("table", name)
    write(exhibit.build(run, results), exhibit.name, exhibit.heading, exhibit.outputs(results))


def write_figure(name: str, run: Run, results: Path = layout.RESULTS) -> None:
    """Write results/figures/NAME.pdf, .png and .csv; raises the errors of `find` and `Exhibit.build`."""
    from s5vh.reporting.style import save, styled

    exhibit = find("figure", name)
    with styled():
        figure, data = exhibit.build(run, results)
        save(figure, data, exhibit.outputs(results))
