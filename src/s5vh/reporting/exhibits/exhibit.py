"""What a table or a figure declares of itself. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.reporting.inputs import Reader


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
        topic: the heading that it stands under in the report, if it is of no paper.
        needs_labels: whether data sets without labels are left out.
        on_request: whether it is always built only when requested by name, not as part of `all`.
        compares_ablations: whether its rows are those of the run key `ablations` under its name.
        of_archives: whether it is part of `all` also if all data sets are archives.
    """

    kind: Literal["table", "figure"]
    name: str
    title: str
    builder: str
    reads: Reader
    caption: str = ""
    paper: str = ""
    topic: str = ""
    needs_labels: bool = False
    on_request: bool = False
    compares_ablations: bool = False
    of_archives: bool = False

    def in_all(self, run: Run) -> bool:
        """Whether it is part of `all`: not one on request, nor one of a paper that the run does not rebuild."""
        if run.is_archive and not self.of_archives:
            return False
        return not self.on_request and (not self.paper or self.paper_name in run.config.papers)

    @property
    def paper_name(self) -> str:
        """The paper, e.g. "S5VH"; "" if it is of none."""
        return self.paper.partition(", ")[0]

    @property
    def item(self) -> str:
        """The paper's table or figure, e.g. "Table 2"; "" if it is of no paper."""
        return self.paper.partition(", ")[2]

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
        return _loaded(self.caption)(self.restricted(run))


def _loaded(place: str) -> Callable[..., Any]:
    module, function = place.split(":")
    return getattr(import_module(f"s5vh.reporting.{module}"), function)
