"""A Slurm cluster of two nodes on this machine, with daemons, keys and logs of its own in one folder.

The nodes claim more cores than there are, so that requests of the profile fit; nothing holds a job to its request.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import util
from pathlib import Path

DAEMONS = ("munged", "slurmctld", "slurmd")
COMMANDS = ("sbatch", "srun", "squeue", "scontrol", "sinfo", "scancel")
PLUGIN = "snakemake_executor_plugin_slurm"
NODES = ("node1", "node2")
SYSTEM_PATH = "/usr/sbin:/sbin"  # where the daemons are, which is not on everybody's path

# Short waits: a node counts as dead after SlurmdTimeout, and its jobs start again once their credentials have expired.
SLURM = """\
ClusterName=s5vh
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=15
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdSpoolDir={folder}/%n
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,bf_interval=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
SlurmdTimeout=5
KillWait=2
{gres_types}{nodes}
PartitionName=cpu Nodes={names} Default=YES MaxTime=INFINITE State=UP
{gpu_partition}"""


def missing_tools(which: Callable[[str], str | None] = shutil.which) -> str:
    """What is not installed and how to install it, in one line; "" if everything is there."""
    path = os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_PATH])
    found = {name: which(name, path=path) for name in (*DAEMONS, *COMMANDS)}
    present = {
        "Slurm (on Debian and Ubuntu: apt install slurm-wlm)": all(found[name] for name in found if name != "munged"),
        "MUNGE (apt install munge)": found["munged"],
        "Snakemake's plugin (.venv/bin/pip install 'snakemake-executor-plugin-slurm>=2.8,<3')": util.find_spec(PLUGIN),
    }
    return "; ".join(name for name, is_there in present.items() if not is_there)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def configuration(folder: Path, ports: list[int], gpus: bool) -> dict[str, str]:
    """Text of slurm.conf and gres.conf. The GPU of a node is /dev/null, which Slurm counts like any other device."""
    controller_port, *node_ports = ports
    nodes = [
        f"NodeName={name} NodeHostname={socket.gethostname()} NodeAddr=127.0.0.1 Port={port} CPUs=8 RealMemory=64000"
        f"{' Gres=gpu:1' if gpus else ''} State=UNKNOWN"
        for name, port in zip(NODES, node_ports, strict=True)
    ]
    names = ",".join(NODES)
    text = SLURM.format(
        host=socket.gethostname(),
        user=pwd.getpwuid(os.getuid()).pw_name,
        folder=folder,
        controller_port=controller_port,
        nodes="\n".join(nodes),
        names=names,
        gres_types="GresTypes=gpu\n" if gpus else "",
        gpu_partition=f"PartitionName=gpu Nodes={names} MaxTime=INFINITE State=UP\n" if gpus else "",
    )
    devices = "".join(f"NodeName={name} Name=gpu File=/dev/null\n" for name in NODES) if gpus else ""
    return {"slurm.conf": text, "gres.conf": devices, "cgroup.conf": "CgroupAutomount=no\n"}


class Cluster:
    """Starts its daemons when entered and ends them, with all that runs on the nodes, when left."""

    def __init__(self, folder: Path, gpus: bool = True) -> None:
        self.folder = folder
        self.gpus = gpus
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which Slurm's commands talk to this cluster."""
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"], SYSTEM_PATH])
        return os.environ | {"SLURM_CONF": str(self.folder / "slurm.conf"), "PATH": path}

    def __enter__(self) -> Cluster:
        self.folder.mkdir(mode=0o755)  # munged refuses folders that others may write to
        (self.folder / "state").mkdir()
        for name, text in configuration(self.folder, free_ports(1 + len(NODES)), self.gpus).items():
            (self.folder / name).write_text(text)
        # Snakemake's plugin removes SLURM_CONF from the environment of srun in a job.
        (self.folder / "bin").mkdir()
        srun = self.folder / "bin/srun"
        srun.write_text(f'#!/bin/sh\nSLURM_CONF={self.folder}/slurm.conf exec {shutil.which("srun")} "$@"\n')
        srun.chmod(0o755)
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
        files = {"socket": "munge.socket", "key-file": key.name, "log-file": "munge.log"}
        files |= {"pid-file": "munge.pid", "seed-file": "munge.seed"}
        try:
            self._start("munged", "--foreground", "--force", *(f"--{k}={self.folder / v}" for k, v in files.items()))
            self.wait_for("munged", lambda: (self.folder / "munge.socket").exists())
            self._start("slurmctld", "-D")
            for node in NODES:
                self.start_node(node)
            self.wait_for("all nodes", lambda: self.states() == {node: "IDLE" for node in NODES})
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self._daemons)):
            self._end(name, signal.SIGTERM)
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start_node(self, node: str) -> None:
        """Start the daemon of a node."""
        (self.folder / node).mkdir(exist_ok=True)
        # Job steps inherit the variable, by which `processes` finds them.
        self._start("slurmd", "-D", "-N", node, key=node, SLURMD_NODENAME=node)

    def crash_node(self, node: str) -> None:
        """End a node as a power cut does: its daemon and every process of its jobs, at once."""
        self._end(node, signal.SIGKILL)
        for process in self.processes(node):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def states(self) -> dict[str, str]:
        """State of each node in Slurm's words."""
        done = self.command("sinfo", "--noheader", "--Node", "--partition=cpu", "--format=%N=%T")
        return {name: state.rstrip("*").upper() for name, _, state in (x.partition("=") for x in done.split())}

    def command(self, *words: str) -> str:
        """Output of one of Slurm's commands, "" if it fails."""
        done = subprocess.run(words, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return done.stdout if done.returncode == 0 else ""

    def processes(self, node: str = "") -> list[int]:
        """Processes that the nodes' daemons have started, or those of one node."""
        marks = {f"SLURM_CONF={self.folder}/slurm.conf".encode()}
        marks |= {f"SLURMD_NODENAME={node}".encode()} if node else set()
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):  # has ended meanwhile, or is somebody else's
                if entry.name.isdecimal() and marks <= set((entry / "environ").read_bytes().split(b"\0")):
                    found.append(int(entry.name))
        return [process for process in found if process != os.getpid()]

    def wait_for(self, what: str, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until the condition holds; a `TimeoutError` says what did not happen, and names the logs."""
        ends = time.monotonic() + seconds
        while not condition():
            for name, daemon in self._daemons.items():
                if daemon.poll() is not None:
                    raise TimeoutError(f"the daemon {name} has ended; see its log in {self.folder}")
            if time.monotonic() > ends:
                raise TimeoutError(f"waited {seconds:g} seconds for {what}; see the logs in {self.folder}")
            time.sleep(0.2)

    def _start(self, *words: str, key: str = "", **variables: str) -> None:
        with open(self.folder / f"{key or words[0]}.out", "ab") as output:
            self._daemons[key or words[0]] = subprocess.Popen(
                words,
                env=self.environment | variables,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the script alone, which then ends them in order
            )

    def _end(self, name: str, number: int) -> None:
        daemon = self._daemons.pop(name)
        if daemon.poll() is None:
            daemon.send_signal(number)
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
