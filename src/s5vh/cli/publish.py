"""Commands that write what people read: tables, figures, the report, the reference of all settings, a check-up."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from s5vh.cli.options import command


def add_commands(commands: Any) -> None:
    """Add this file's commands."""
    for name, action, text in (
        ("table", _table, "write a table as csv, md and tex"),
        ("figure", _figure, "draw a figure as pdf and png, with its numbers as csv"),
        ("report", _report, "write the report"),
    ):
        added = command(commands, name, action, text)
        if name != "report":
            added.add_argument("name", help=f"name of the {name}")
        added.add_argument("--run", required=True, help="the run's configuration and data sets, as JSON")
        added.add_argument("--results", type=Path, default=Path("results"), help="folder of all results")

    added = command(commands, "schema", _schema, "write the JSON schemas and the reference pages")
    added.add_argument("--check", action="store_true", help="only check that they are up to date")

    added = command(commands, "doctor", _doctor, "say what this machine has, which data are here, what would run now")
    added.add_argument("--json", action="store_true", help="print everything found, as JSON")
    added.add_argument("--no-plan", action="store_true", help="do not ask Snakemake what would run")


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


def _schema(arguments: argparse.Namespace) -> None:
    from s5vh.planning import reference

    reference.check() if arguments.check else reference.write()


def _doctor(arguments: argparse.Namespace) -> None:
    from s5vh.planning.doctor import examine, screen

    found = examine(plan=not arguments.no_plan)
    width = max(80, shutil.get_terminal_size((120, 0)).columns)
    print(json.dumps(found, indent=2) if arguments.json else screen(found, width))
