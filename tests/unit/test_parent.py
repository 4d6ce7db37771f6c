"""Processes end with the one that started them, however that one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from s5vh.base.parent import PARENT, _identity

CHILD = """
import signal, sys, time
if "ignore" not in sys.argv:  # as it may be inherited, for example under nohup
    signal.signal(signal.SIGINT, signal.default_int_handler)
from s5vh.base.parent import end_with_parent
try:
    end_with_parent()
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("cleaned up", flush=True)
"""


def start(program: str, *words: str, **variables: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != PARENT} | variables
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("through_shell", [False, True])
def test_a_child_cleans_up_and_ends_when_its_parent_is_killed(through_shell):
    command = "[sys.executable, '-c', sys.argv[1]]"
    if through_shell:  # as Snakemake does: the shell outlives its parent
        command = "['bash', '-c', '\"$0\" -c \"$1\"; true', sys.executable, sys.argv[1]]"
    program = (
        "import subprocess, sys, time; from s5vh.base.parent import announce_as_parent; announce_as_parent()\n"
        f"subprocess.Popen({command}); time.sleep(60)"
    )
    parent = start(program, CHILD)
    assert parent.stdout.readline() == "ready\n"
    started = time.monotonic()
    parent.kill()
    parent.wait()
    assert parent.stdout.read() == "cleaned up\n"  # reaches the end of the pipe only when the child has ended
    assert time.monotonic() - started < 30


def test_a_child_that_ignores_interrupts_ends_at_once():
    """As those in the background of a shell script do."""
    program = (
        "import signal, subprocess, sys, time; from s5vh.base.parent import announce_as_parent; announce_as_parent()\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "subprocess.Popen([sys.executable, '-c', sys.argv[1], 'ignore']); time.sleep(60)"
    )
    parent = start(program, CHILD)
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    parent.wait()
    assert parent.stdout.read() == ""


def test_it_starts_nothing_after_its_parent_has_ended():
    ended = subprocess.Popen(["sleep", "60"])
    identity = _identity(ended.pid)
    ended.kill()
    ended.wait()
    child = start(CHILD, **{PARENT: identity})
    assert child.wait(30) == -signal.SIGTERM
    assert child.stdout.read() == ""


@pytest.mark.parametrize("identity", ["", "1", "x", "4194303:17:another-machine/4026531836", "-3:1:", "99999999"])
def test_a_process_of_elsewhere_is_not_watched(identity):
    child = start(CHILD.replace("time.sleep(60)", "pass"), **{PARENT: identity})
    assert child.wait(30) == 0 and child.stdout.read() == "ready\n"


def test_a_plain_number_names_the_direct_parent():
    """As the Makefile gives it."""
    program = (
        "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', sys.argv[1]],"
        f" env=__import__('os').environ | {{'{PARENT}': str(__import__('os').getpid())}}); time.sleep(60)"
    )
    parent = start(program, CHILD)
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    parent.wait()
    assert parent.stdout.read() == "cleaned up\n"


COPY = """
import os, time
from s5vh.base.parent import end_at_once_with
parent = os.getpid()
if os.fork() == 0:
    end_at_once_with(parent {how})
    print("alive", flush=True)
time.sleep(60)
"""


def test_a_copy_of_a_process_ends_at_once_with_it():
    with subprocess.Popen([sys.executable, "-c", COPY.format(how="")], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "alive\n"
        started = time.monotonic()
        parent.kill()
        assert parent.stdout.read() == "" and time.monotonic() - started < 30  # the copy held the pipe open


def test_a_copy_that_has_lost_its_process_does_not_go_on():
    with subprocess.Popen([sys.executable, "-c", COPY.format(how="+ 1")], stdout=subprocess.PIPE, text=True) as parent:
        time.sleep(0.2)
        parent.kill()
        assert parent.stdout.read() == ""
