"""Runs `snakemake` and `s5vh` in copies of one process that has imported them, see `s5vh.base.copies`.

Tests run the workflow dozens of times, so Snakemake is copied as well. Tests of what programs do when they start or are
killed start real ones.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import s5vh.methods
from s5vh.base.copies import make_client, new_address, serve
from s5vh.cli.serve import load_libraries

COMMANDS = Path(sys.executable).parent
# What to import for Snakemake before it is copied, beside its main module.
IMPORTED = (
    *("snakemake.assets", "snakemake.profiles", "snakemake.report.html_reporter", "snakemake.storage", "smart_open"),
    *("s5vh.planning.run", "s5vh.planning.code_digests", "s5vh.planning.job_server", "s5vh.planning.run_lock"),
    "s5vh.reporting.catalog",
)


class Server:
    """A process to copy; it ends with the one that started it."""

    def __init__(self) -> None:
        address = new_address()
        for program in ("snakemake", "s5vh"):
            self.commands = make_client(program, COMMANDS / program, address, anywhere=True).parent
        words = [sys.executable, __file__, str(address)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()  # written once it listens

    def close(self) -> None:
        self.process.communicate()

    def run(self, program: str, words: Sequence, folder: Path, environment: dict) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; standard output and error come back as one text."""
        return subprocess.run(
            [self.commands / program, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip


@cache
def prepare(program: str) -> None:
    """Load what this program needs."""
    if program == "s5vh":
        load_libraries()
        return
    for module in ("snakemake.cli", *IMPORTED):
        importlib.import_module(module)
    # What every plan reads of the shipped files, none of which changes during the tests.
    from s5vh.config.load import names
    from s5vh.methods.load import load_method
    from s5vh.methods.settings import is_trained
    from s5vh.planning.code_digests import stage_files

    for name in names("methods"):
        settings = load_method(name)
        stage = "training.stage" if is_trained(settings) else "training.fitting"
        stage_files(stage, "studies.evaluation", "studies.efficiency", implementation=settings.implementation)


def run(module: str, words: list[str]) -> object:
    """Run a program whose modules have decided by the place of the program and the working directory, once more."""
    sys.path[0] = str(COMMANDS)
    s5vh.methods.__path__[-1] = str(Path("methods").resolve())
    return sys.modules[module].main(words)


def begin() -> None:
    os.chdir(Path(sys.argv[1]).parent)  # a folder without settings of anybody
    print("listening", flush=True)


if __name__ == "__main__":
    programs = {"snakemake": "snakemake.cli", "s5vh": "s5vh.cli.main"}
    serve(
        Path(sys.argv[1]),
        {name: lambda words, module=module: run(module, words) for name, module in programs.items()},
        prepare,
        begin,
    )
