"""Commands that write output for readers: tables, figures, the report, the settings reference, the doctor's report."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from s5vh.cli.options import add_machine, command, file_path


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    for name, action, text in (
        ("table", _table, "write a table as csv, md and tex"),
        ("figure", _figure, "plot a figure as pdf and png, with its data as csv"),
        ("report", _report, "write the report"),
    ):
        parser = command(commands, name, action, text)
        if name != "report":
            parser.add_argument("name", help=f"name of the {name}")
        parser.add_argument("--run", required=True, help="configuration and data sets of the run, as JSON")
        parser.add_argument("--results", type=file_path, default=Path("results"), help="results folder")

    parser = command(commands, "archive", _archive, "write the page about the videos of a data set")
    parser.add_argument("dataset", help="data set of kind `videos`")
    parser.add_argument("--run", required=True, help="configuration and data sets of the run, as JSON")
    parser.add_argument("--results", type=file_path, default=Path("results"), help="results folder")
    add_machine(parser)

    parser = command(commands, "schema", _schema, "write the JSON schemas and reference pages")
    parser.add_argument("--check", action="store_true", help="only check whether they are up to date")

    parser = command(
        commands, "doctor", _doctor, "report on this machine, the available data and the jobs that would run"
    )
    parser.add_argument("--json", action="store_true", help="print the full report as JSON")
    parser.add_argument("--no-plan", action="store_true", help="skip Snakemake's dry run and the estimate of its time")
    parser.add_argument(
        "--configfile",
        type=file_path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="configuration of the run to plan, e.g. config/paper.yaml (default: config/config.yaml alone)",
    )


def _table(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.catalog import write_table

    write_table(arguments.name, Run.from_json(arguments.run), arguments.results)


def _figure(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.catalog import write_figure

    write_figure(arguments.name, Run.from_json(arguments.run), arguments.results)


def _report(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.report import write_report

    write_report(Run.from_json(arguments.run), arguments.results)


def _archive(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.archive.page import write_archive

    write_archive(Run.from_json(arguments.run), arguments.dataset, arguments.results, threads=arguments.threads)


def _schema(arguments: argparse.Namespace) -> None:
    from s5vh.planning import reference

    reference.check() if arguments.check else reference.write()


def _doctor(arguments: argparse.Namespace) -> None:
    from s5vh.planning.doctor import examine, screen

    report = examine(plan=not arguments.no_plan, configfiles=arguments.configfile)
    width = max(80, shutil.get_terminal_size((120, 0)).columns)
    print(json.dumps(report, indent=2) if arguments.json else screen(report, width))
