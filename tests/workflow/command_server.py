"""Runs `snakemake` and `s5vh` in copies of one process that has imported them, since a real run of the workflow starts
dozens of commands and each would spend most of its time on imports.

A copy has the working directory, the environment and the standard streams of whoever asks, so a command sees what it
would see as a program of its own. Tests of what programs do when they start or are killed start real ones.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

import s5vh.methods

# What to import for a program before it is copied, beside its main module.
PROGRAMS = {
    "snakemake": (
        *("snakemake.cli", "s5vh.planning.run", "s5vh.planning.code_digests", "s5vh.planning.jobs"),
        *("s5vh.planning.run_lock", "s5vh.reporting.catalog"),
        *(
            "snakemake.assets",
            "snakemake.profiles",
            "snakemake.report.html_reporter",
            "snakemake.storage",
            "smart_open",
        ),
    ),
    "s5vh": (
        *("s5vh.cli.main", "torch._dynamo", "sklearn.cluster", "matplotlib.pyplot", "s5vh.methods.s5vh.network"),
        *("s5vh.training.stage", "s5vh.studies.evaluation", "s5vh.studies.efficiency", "s5vh.reporting.report"),
    ),
}
# What jobs of the workflow find as `s5vh` on their path; without `site`, because it only passes on its words.
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
text = json.dumps(["s5vh", sys.argv[1:], os.getcwd(), dict(os.environ)]).encode("utf-8", "surrogateescape")
socket.send_fds(server, [len(text).to_bytes(8, "big")], [0, 1, 2])
server.sendall(text)
sys.exit(int(server.recv(8) or b"1"))
"""


class Server:
    """A process to copy; it ends with the one that started it."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="s5vh-")  # names of sockets must be short
        self.address = f"{self.folder.name}/socket"
        self.commands = f"{self.folder.name}/bin"
        client = Path(self.commands, "s5vh")
        client.parent.mkdir()
        client.write_text(CLIENT.format(python=sys.executable, address=self.address))
        client.chmod(0o755)
        words = [sys.executable, __file__, self.address]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()  # written once it listens

    def close(self) -> None:
        self.process.communicate()
        self.folder.cleanup()

    def run(self, program: str, words: Sequence, folder: Path, environment: dict) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; standard output and error come back as one text, as of `subprocess.run`."""
        request = json.dumps([program, [str(word) for word in words], str(folder), environment]).encode()
        with tempfile.TemporaryFile() as output, socket.socket(socket.AF_UNIX) as server, open(os.devnull) as nothing:
            server.connect(self.address)
            streams = [nothing.fileno(), output.fileno(), output.fileno()]
            socket.send_fds(server, [len(request).to_bytes(8, "big")], streams)
            server.sendall(request)
            status = int(server.recv(8) or b"1")
            output.seek(0)
            return subprocess.CompletedProcess([program, *words], status, output.read().decode())


def serve(address: str) -> None:
    """Answer requests until standard input is closed, by whoever started this process or because that ended."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    os.chdir(Path(address).parent)  # a folder without settings of anybody
    print("listening", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        start, streams, _, _ = socket.recv_fds(connection, 8, 3)
        text, left = b"", int.from_bytes(start, "big")
        while part := connection.recv(min(left, 2**20)):
            text, left = text + part, left - len(part)
        if left:  # whoever asked has ended
            continue
        program, words, folder, environment = json.loads(text.decode("utf-8", "surrogateescape"))
        _prepare(program)
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            process = os.fork()
            if process == 0:
                connection.close()
                _become(program, words, folder, environment, streams)
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            connection.sendall(str(status if status >= 0 else 128 - status).encode())
            os._exit(0)
        for one in (connection.detach(), *streams):
            os.close(one)


@cache
def _prepare(program: str) -> None:
    """Load what this program needs, and what libraries load with the first figure and the first compiled kernel."""
    for module in PROGRAMS[program]:
        importlib.import_module(module)
    if program == "snakemake":  # what every plan reads of the shipped files, none of which changes during the tests
        from s5vh.config.load import names
        from s5vh.methods.load import load_method
        from s5vh.methods.settings import is_trained
        from s5vh.planning.code_digests import stage_files

        for name in names("methods"):
            settings = load_method(name)
            stage = "training.stage" if is_trained(settings) else "training.fitting"
            stage_files(stage, "studies.evaluation", "studies.efficiency", implementation=settings.implementation)
    if program == "s5vh":
        from matplotlib.figure import Figure
        from numba.core.registry import cpu_target
        from PIL import Image

        Image.init()
        figure = Figure()
        figure.add_subplot().set_title("a")
        for kind in ("pdf", "png"):
            figure.savefig(io.BytesIO(), format=kind)
        cpu_target.typing_context.refresh()
        cpu_target.target_context.refresh()


def _become(program: str, words: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> NoReturn:
    """Go on as this program, in this process."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # The objects that there are believe that they write to what the first process writes to.
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False, buffering=1, errors="backslashreplace")
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [program, *words]
    # Decided when they are imported, by the place of the program and the working directory.
    sys.path[0] = str(Path(sys.executable).parent)
    s5vh.methods.__path__[-1] = str(Path("methods").resolve())
    status: object = 1
    try:
        status = sys.modules[PROGRAMS[program][0]].main(words)
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    serve(sys.argv[1])
