"""Commands that write what people read: tables, figures, the report, the reference of all settings."""

from __future__ import annotations

import argparse
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

    added = command(commands, "schema", _schema, "write the configuration's JSON schema and reference")
    added.add_argument("--check", action="store_true", help="only check that both are up to date")


def _table(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.tables import write_table

    write_table(arguments.name, Run.from_json(arguments.run), arguments.results)


def _figure(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.figures import write_figure

    write_figure(arguments.name, Run.from_json(arguments.run), arguments.results)


def _report(arguments: argparse.Namespace) -> None:
    from s5vh.config.grid import Run
    from s5vh.reporting.report import write_report

    write_report(Run.from_json(arguments.run), arguments.results)


def _schema(arguments: argparse.Namespace) -> None:
    from s5vh.config import schema

    schema.check() if arguments.check else schema.write()
