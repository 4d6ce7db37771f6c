"""Ending together with the process that started this one.

A process that is killed cannot stop its jobs: a training would go on for hours without it, and once more beside itself
when the run is repeated. So the workflow's main process writes its identity into the environment of its jobs, and they
watch it. Works on Linux; elsewhere jobs are not watched.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import threading
import time
from pathlib import Path

PARENT = "S5VH_PARENT"
_SECONDS_TO_CLEAN_UP = 5.0
_SIGNAL_AT_END_OF_PARENT = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>


def announce_as_parent() -> None:
    """Make the `s5vh` commands that this process starts, directly or through a shell, end with it."""
    if identity := _identity(os.getpid()):
        os.environ[PARENT] = identity


def end_with_parent() -> None:
    """End this process as soon as the one that announced itself does, or now if it has ended already.

    First as if interrupted from the keyboard, so that temporary files are removed; by SIGKILL if that takes long, or if
    interrupts are ignored, as in the background of a shell script.
    """
    identity = os.environ.get(PARENT, "")
    pid = identity.split(":")[0]
    if pid == identity and pid == str(os.getppid()):  # a plain number, as the Makefile gives it
        identity = _identity(int(pid))
    # Process numbers of another machine or container mean nothing here.
    if not pid.isdecimal() or not hasattr(os, "pidfd_open") or identity.split(":")[-1] != _namespace():
        return
    try:
        process = os.pidfd_open(int(pid))
    except OSError:
        process = None
    if _identity(int(pid)) != identity:  # ended, and perhaps another process has its number now
        os.kill(os.getpid(), signal.SIGTERM)
    elif process is not None:
        threading.Thread(target=_wait_for_end, args=(process,), name="end with parent", daemon=True).start()


def end_at_once_with(parent: int) -> None:
    """End this process without cleaning up as soon as its parent ends, or now if that is not process `parent` any more.

    It takes no thread, so the process can still be copied. Works on Linux; elsewhere there is no effect.
    """
    try:
        prctl = ctypes.CDLL(None).prctl
    except (AttributeError, OSError):
        return
    prctl(_SIGNAL_AT_END_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _wait_for_end(process: int) -> None:
    waiting = select.poll()
    waiting.register(process, select.POLLIN)
    waiting.poll()
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        time.sleep(_SECONDS_TO_CLEAN_UP)
    os.kill(os.getpid(), signal.SIGKILL)


def _identity(pid: int) -> str:
    """`PID:START TIME:NAMESPACE`, which no other process of this machine ever has; "" if there is no such process."""
    try:
        # The second field is the program's name in parentheses and may contain anything.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    state, start = fields[0], fields[19]
    return "" if state in "ZX" else f"{pid}:{start}:{_namespace()}"


def _namespace() -> str:
    """Identifies the boot and the process-number namespace of this machine."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""
