"""Commands that run in copies of one process, which has imported what they need.

A run of the workflow is dozens of commands, and most of them would take longer to load their libraries than to do their
work. So the main process of a run starts a server that loads the libraries once. For each command, the server makes a
copy of itself, with the environment and the standard streams of whoever asks, so that a command sees what it would see
as a program of its own. What the shell calls is a client, a script of a few lines that passes on its words and waits.
It runs the command itself where that is wanted: if it has more than one thread, is called from another folder, or if
the server is gone.

The libraries of a copy have been loaded as with `--threads 1`. A copy ends if its client does, and with the main
process, see `s5vh.base.parent`; the server ends with the main process. Works on Linux.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

Main = Callable[[list[str]], object]

_LONGEST_ADDRESS = 100  # bytes; what systems allow for the name of a socket
# Python runs without `site`, because the client only passes on its words. Its second line is a string for Python.
_CLIENT = """\
#!/bin/sh
"exec" "{python}" "-IS" "$0" "$@"
import json, os, signal, socket, sys
words = sys.argv[1:]
server = socket.socket(socket.AF_UNIX)
text = json.dumps([{name!r}, words, os.getcwd(), dict(os.environ)]).encode("utf-8", "surrogateescape")
try:
    threads = words[words.index("--threads") + 1] if "--threads" in words else "1"
    alone = threads != "1" and words[0] not in {any_threads!r}
    if not {anywhere} and (alone or os.getcwd() != {folder!r}):
        raise LookupError
    server.connect({address!r})
    socket.send_fds(server, [len(text).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(text)
    if not server.recv(1):  # sent by the copy's companion
        raise LookupError
except (OSError, LookupError):
    os.execv({program!r}, [{program!r}, *words])
signal.signal(signal.SIGINT, signal.SIG_IGN)  # the copy gets it too, and may still have to clean up
sys.exit(int(server.recv(8) or b"1"))
"""


def make_client(
    name: str, program: Path, address: Path, *, any_threads: Iterable[str] = (), anywhere: bool = False
) -> Path:
    """Write a client of the server at `address` and return its path, `bin/NAME` beside the address.

    Args:
        name: what the server knows the program as.
        program: what to run instead.
        any_threads: commands that can be copied with more than one thread, because they set the threads of all that
            they use when they run.
        anywhere: ask the server in all working directories, not only in the present one, and for all `--threads`.
    """
    client = address.parent / "bin" / name
    client.parent.mkdir(exist_ok=True)
    values = {"name": name, "program": str(program), "address": str(address), "folder": os.getcwd()}
    client.write_text(
        _CLIENT.format(python=sys.executable, any_threads=tuple(any_threads), anywhere=anywhere, **values)
    )
    client.chmod(0o755)
    return client


def new_address() -> Path:
    """Where a server can listen, in a new folder that nobody else can enter."""
    return Path(tempfile.mkdtemp(prefix="s5vh-")) / "socket"


def can_serve() -> bool:
    """Whether this system has what `serve` needs."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return hasattr(socket, "send_fds") and not set(sys.executable) & set('"$`\\')


def can_be_asked(client: Path, address: Path) -> bool:
    """Whether a server can listen there, and the system runs programs in that folder."""
    return len(os.fsencode(address)) <= _LONGEST_ADDRESS and os.access(client, os.X_OK)


def start_server(words: Sequence[str], address: Path) -> subprocess.Popen[bytes]:
    """Start a program that calls `serve`; it ends with this process, or when its standard input is closed."""
    limits = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    return subprocess.Popen([*words, str(address)], stdin=subprocess.PIPE, env=os.environ | limits)


def serve(address: Path, programs: dict[str, Main], prepare: Callable[[str], None], begin: Callable[[], None]) -> None:
    """Answer clients until standard input is closed, by whoever started this process or because that ended.

    Args:
        programs: main functions by the name that clients use.
        prepare: called with this name before each copy; must start no thread, because a copy would not have it.
        begin: called once clients can ask; they wait until it returns.
    """
    interrupts = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen(64)
    try:
        begin()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            streams: list[int] = []
            with connection, contextlib.suppress(OSError):  # if the client has ended, or no copy can be made
                streams, request = _read(connection)
                prepare(request[0])
                gc.freeze()  # collections in copies would touch, and so copy, all of its memory
                if os.fork() == 0:
                    try:
                        listener.close()
                        _accompany(connection, programs[request[0]], request, streams, interrupts)
                    finally:
                        os._exit(1)
            for stream in streams:
                os.close(stream)
    finally:
        shutil.rmtree(address.parent, ignore_errors=True)


def _read(connection: socket.socket) -> tuple[list[int], list]:
    """The standard streams of a client and its request: name, words, folder, environment."""
    start, streams, _, _ = socket.recv_fds(connection, 8, 3)
    text, left = bytearray(), int.from_bytes(start, "big")
    while left:
        part = connection.recv(min(left, 2**20))
        if not part:
            raise ConnectionError
        text += part
        left -= len(part)
    return streams, json.loads(text.decode("utf-8", "surrogateescape"))


def _accompany(
    connection: socket.socket, main: Main, request: list, streams: list[int], interrupts: object
) -> NoReturn:
    """Run the command in a process of its own, end it if the client ends, and tell the client its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    process = os.fork()
    if process == 0:
        connection.close()
        signal.signal(signal.SIGINT, interrupts)
        _become(main, *request, streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(b"+")
    ended = os.pidfd_open(process)
    if ended not in select.select([connection, ended], [], [])[0]:
        os.kill(process, signal.SIGTERM)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with contextlib.suppress(OSError):
        connection.sendall(str(status if status >= 0 else 128 - status).encode())
    os._exit(0)


def _become(
    main: Main, name: str, words: list[str], folder: str, environment: dict[str, str], streams: list[int]
) -> NoReturn:
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
    tempfile.tempdir = None  # as the environment says, not as it was
    sys.argv = [name, *words]
    status: object = 1
    try:
        status = main(words)
    except SystemExit as ended:
        status = ended.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))
