"""The command that rehearses a run on random features."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from s5vh.cli.options import add_path, command, file_path


def add_commands(commands: Any) -> None:
    """Add this file's command."""
    parser = command(
        commands,
        "rehearse",
        _rehearse,
        "run the papers' grid on random features of their exact shapes, and estimate the real run",
    )
    add_path(parser, "--output-dir", "folder for the features, the results and the report; new, or of this rehearsal")
    parser.add_argument(
        "--fraction", type=_fraction, default=0.003, help="share of the videos, at most 1 (default: 0.003)"
    )
    parser.add_argument(
        "--configfile", type=file_path, help="configuration of the run (default: the shipped config/paper.yaml)"
    )
    parser.add_argument("--datasets", nargs="*", default=[], metavar="NAME", help="data sets (default: all papers')")
    parser.add_argument(
        "--config",
        nargs="*",
        type=_setting,
        default=[],
        metavar="KEY=VALUE",
        help="settings, as for Snakemake",
    )
    parser.add_argument(
        "--full-grid", action="store_true", help="all code lengths, seeds and studies, not one code length and seed"
    )
    parser.add_argument(
        "--untrained", action="store_true", help="networks keep their initial weights instead of training two epochs"
    )
    parser.add_argument("--profile", type=file_path, help="folder of a Snakemake profile, e.g. profiles/slurm")
    parser.add_argument(
        "--dtype", choices=("float16", "float32"), default="float32", help="type of the features (default: float32)"
    )


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and at most 1")
    return value


def _setting(text: str) -> str:
    """Check that this is `KEY=VALUE` with a value in YAML."""
    import yaml

    key, equals, value = text.partition("=")
    try:
        if key and equals:
            yaml.safe_load(value)
            return text
    except yaml.YAMLError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE, such as bits=[32]")


def _rehearse(arguments: argparse.Namespace) -> None:
    from s5vh.base.errors import UserError
    from s5vh.base.installation import shipped_folder
    from s5vh.planning.rehearsal.report import write_report
    from s5vh.planning.rehearsal.run import Options, rehearse

    given: Path | None = arguments.configfile
    found = rehearse(
        Options(
            folder=arguments.output_dir,
            fraction=arguments.fraction,
            configfile=given or shipped_folder() / "config" / "paper.yaml",
            datasets=tuple(arguments.datasets),
            settings=tuple(arguments.config),
            full_grid=arguments.full_grid,
            untrained=arguments.untrained,
            profile=arguments.profile,
            dtype=arguments.dtype,
        )
    )
    print(write_report(found))
    if failed := [job for job, measured in found.jobs.items() if measured is None]:
        raise UserError(
            f"rehearsal: {len(failed)} of {len(found.jobs)} jobs did not end well, the first of them "
            f"{failed[0].rule}; see {arguments.output_dir / failed[0].log}"
        )
