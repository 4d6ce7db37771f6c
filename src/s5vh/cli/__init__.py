"""The command `s5vh`: one sub-command a stage. Argument parsing and calls, nothing else."""

from s5vh.cli.main import main

__all__ = ["main"]
