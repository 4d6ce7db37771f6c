"""Command-line parser and dispatch."""

from __future__ import annotations

import argparse
import os
import sys

import s5vh
from s5vh.base.errors import UserError
from s5vh.base.parent import end_with_parent
from s5vh.base.threads import set_kernel_threads
from s5vh.cli import authors, download, prepare, publish, run, search, videos

EXIT_USER_ERROR = 2


def parser() -> argparse.ArgumentParser:
    """Build the parser with all subcommands."""
    top = argparse.ArgumentParser(prog="s5vh", description=s5vh.__doc__)
    top.add_argument("--version", action="version", version=f"s5vh {s5vh.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (download, prepare, videos, run, search, authors, publish):
        module.add_commands(commands)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 2 after a one-line error message."""
    arguments = parser().parse_args(argv)
    end_with_parent()
    try:
        _limit_threads(getattr(arguments, "threads", None))
        arguments.action(arguments)
    except UserError as error:
        print(f"s5vh: error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print("s5vh: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # stdout was closed early, as in `s5vh settings ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0


def _limit_threads(threads: int | None) -> None:
    if threads is None:
        return
    set_kernel_threads(threads)
    # BLAS and OpenMP read these once, when their thread pools are created.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
