"""Starting the server whose copies run the commands of a run, see `s5vh.base.copies`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from s5vh.base.copies import can_be_asked, can_serve, make_client, new_address, start_server
from s5vh.planning.jobs import gpus_per_job

_LEAST_JOBS = 10  # by default; below, loading libraries that no job may need would cost more than it saves
_CLIENTS = "S5VH_CLIENTS"  # the folder on the path in which jobs find the client
_started: list[subprocess.Popen] = []  # servers end when this process forgets them


def share_imports(jobs: int) -> None:
    """Make the jobs of this run find a client of a new server as `s5vh`; called before the first of so many jobs.

    The environment variable `S5VH_COPIES` is the least number of jobs for which there is a server, 0 for never. There
    is none on a machine with GPUs, whose libraries are better loaded by the process that uses them.
    """
    least = os.environ.get("S5VH_COPIES", "")
    least = int(least) if least.isdecimal() else _LEAST_JOBS
    program = shutil.which("s5vh")
    if program is None or not 0 < least <= jobs or gpus_per_job() or not can_serve():
        return
    address = new_address()
    client = make_client("s5vh", Path(program), address, any_threads=["efficiency"])
    if not can_be_asked(client, address):
        shutil.rmtree(address.parent)
        return
    _started.append(start_server([sys.executable, "-m", "s5vh.cli.serve"], address))
    os.environ[_CLIENTS] = str(client.parent)
    os.environ["PATH"] = os.pathsep.join([str(client.parent), os.environ["PATH"]])


def leave_server() -> None:
    """Make jobs find the command itself; for a Snakemake that another one has started, perhaps in an allocation."""
    clients = os.environ.pop(_CLIENTS, None)
    folders = os.environ.get("PATH", "").split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(folder for folder in folders if folder != clients)
