"""The `s5vh` command: one subcommand per stage. Only argument parsing and dispatch."""

from s5vh.cli.main import main

__all__ = ["main"]
