"""Command-line parser and dispatch."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys

import s5vh
from s5vh.base.caches import prepare_caches
from s5vh.base.cores import available_cores
from s5vh.base.errors import UserError
from s5vh.base.parent import end_with_parent
from s5vh.base.threads import set_kernel_threads
from s5vh.base.usage import record_usage
from s5vh.cli import authors, download, prepare, publish, rehearse, run, search, share, videos
from s5vh.cli.options import Parser

EXIT_USER_ERROR = 2
# System errors that are nobody's mistake in the code, even where nothing says which file they concern.
_OF_THE_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def parser() -> argparse.ArgumentParser:
    """Build the parser with all subcommands."""
    top = Parser(prog="s5vh", description=s5vh.__doc__)
    top.add_argument("--version", action="version", version=f"s5vh {s5vh.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (download, prepare, videos, run, search, share, authors, rehearse, publish):
        module.add_commands(commands)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 2 after a one-line error message, or what the command returns.

    What the user or the system did wrong is one line; a mistake in the code is a traceback.
    """
    _print_any_text()
    arguments = parser().parse_args(argv)
    end_with_parent()
    try:
        _check_text(arguments)
        _bound_threads(arguments)
        _limit_threads(getattr(arguments, "threads", None))
        prepare_caches()
        code = arguments.action(arguments) or 0
        record_usage(sys.argv[1:] if argv is None else argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("s5vh: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # stdout was closed early, as in `s5vh settings ... | head`
        _discard_output()
        return 141
    except Exception as error:
        message = str(error) if isinstance(error, UserError) else _explained(error)
        if message is None:
            raise
        print(f"s5vh: error: {message}", file=sys.stderr)
        return EXIT_USER_ERROR
    return code


def _explained(error: Exception) -> str | None:
    """One line for an error that the system caused; None for a mistake in the code."""
    text = " ".join(str(error).split())
    allocation = isinstance(error, RuntimeError) and ("allocate memory" in text or "out of memory" in text)  # torch's
    if isinstance(error, MemoryError) or allocation:
        return f"not enough memory{f' ({text})' if text else ''}; use a machine with more, or smaller settings or files"
    if isinstance(error, OSError) and error.errno is not None:
        reason = os.strerror(error.errno).lower()
        if error.filename is not None:
            name = " ".join(os.fsdecode(error.filename).split())
            return f"{name}: {reason}"
        if error.errno in _OF_THE_SYSTEM:
            _discard_output()  # if that is what could not be written, closing it would fail again
            return f"{reason}; nothing says which file or device this concerns"
    if isinstance(error, UnicodeEncodeError) and error.encoding == sys.getfilesystemencoding() != "utf-8":
        name = error.object.encode("ascii", "backslashreplace").decode()
        return f"{name}: the locale's encoding ({error.encoding}) has no such file names; set LC_ALL=C.UTF-8"
    return None


def _print_any_text() -> None:
    """Never fail on a character that the terminal's encoding does not have; it is escaped instead."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # closed, or replaced by another kind of object
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_text(arguments: argparse.Namespace) -> None:
    """Names and ids end up in files, which are UTF-8; only paths may have other bytes."""
    for value in vars(arguments).values():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                shown = os.fsencode(text).decode(errors="backslashreplace")
                raise UserError(f"{shown}: not valid UTF-8; if this is a file or folder, rename it")


def _bound_threads(arguments: argparse.Namespace) -> None:
    """More threads than cores would wait for each other at every step."""
    wanted, cores = getattr(arguments, "threads", None), available_cores()
    if wanted is not None and wanted > cores:
        print(f"s5vh: note: --threads {wanted}, but {cores} can be used; using {cores}", file=sys.stderr)
        arguments.threads = cores


def _limit_threads(threads: int | None) -> None:
    if threads is None:
        return
    set_kernel_threads(threads)
    # BLAS and OpenMP read these once, when their thread pools are created.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
