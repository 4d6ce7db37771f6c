"""What `s5vh doctor` tells: this machine, which data sets are here, and what `snakemake all` would do now."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import s5vh
from s5vh.base.provenance import hardware, library_versions
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.load import config_folders, load_dataset, load_run, names
from s5vh.data.download.availability import file_states, how_to_get, missing_message
from s5vh.data.videos.listing import has_videos, listing_of
from s5vh.planning.datasets import resolve_datasets

_GIBIBYTE = 2**30
_LISTED = 4  # files of one state that are told by name
_STATES = ("broken", "partial", "missing", "complete")  # what has to be looked at comes first
_PLAN_SECONDS = 120
_JOB_COUNT = re.compile(r"^(\w+)\s+(\d+)$", re.MULTILINE)


def examine(folder: Path = Path(), *, plan: bool = True) -> dict[str, Any]:
    """Everything that the screen shows, as JSON-able values.

    Args:
        folder: the working directory, where `data/` and `results/` are.
        plan: ask Snakemake what `snakemake all` would do, which takes a few seconds.

    Raises:
        UserError: a file of the configuration is wrong.
    """
    found = {
        "s5vh": s5vh.__version__,
        "machine": _machine(folder),
        "scan": _scan_backends(),
        "libraries": library_versions(),
        "datasets": {name: _dataset(name, load_dataset(name)) for name in names("datasets")},
    }
    return found | ({"plan": _plan(folder)} if plan else {})


def _machine(folder: Path) -> dict[str, Any]:
    place = folder.resolve()
    return hardware() | {
        "memory_free_gib": _free_memory(),
        "disk_free_gib": round(shutil.disk_usage(place).free / _GIBIBYTE, 1),
        "writable": os.access(place, os.W_OK),
        "gpus": _gpus(),
    }


def _free_memory() -> float | None:
    """Memory in GiB that can be had without swapping, where the system tells."""
    try:
        text = Path("/proc/meminfo").read_text()
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    return round(int(found[1]) / 2**20, 1) if found else None


def _gpus() -> dict[str, Any]:
    """GPUs that torch can use, and why it cannot use those that are there."""
    import torch

    if torch.cuda.is_available():
        return {"usable": [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]}
    if not any(Path("/dev").glob("nvidia[0-9]*")):
        return {"usable": [], "reason": "no NVIDIA GPU"}
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "a CPU build"
    return {"usable": [], "reason": f"an NVIDIA GPU that PyTorch cannot use: {torch.__version__} is {build}"}


def _scan_backends() -> dict[str, Any]:
    """The scan that each device would take, and which others are installed."""
    import torch

    from s5vh.nn.backends import choose_backend, mamba_ssm_available, triton_available

    installed = {
        "reference": True,
        "numba": importlib.util.find_spec("numba") is not None,
        "triton": triton_available(),
        "mamba_ssm": mamba_ssm_available(),
    }
    chosen = {"cpu": choose_backend(torch.device("cpu"))}
    if torch.cuda.is_available():
        chosen["cuda"] = choose_backend(torch.device("cuda"))
    return {"chosen": chosen, "installed": installed}


def _dataset(name: str, config: DatasetConfig) -> dict[str, Any]:
    """State of a data set, of each of its files, and what to do about those that are not here."""
    facts: dict[str, Any] = {"title": config.title, "kind": config.kind, "folder": str(config.folder(name))}
    if config.kind == "demo":
        return facts | {"state": "complete", "note": "made when it runs"}
    if config.videos is not None:
        if not has_videos(name, config):
            return facts | {"state": "missing", "how": missing_message({name: config}).removeprefix(f"{name}: ")}
        listing = listing_of(name, config)
        parts = {part: len(listing.part(part)) for part in PARTS if listing.part(part)}
        return facts | {"state": "complete", "videos": parts, "classes": len(listing.class_names)}
    states = file_states(name, config)
    missing = [state.path for state in states if state.state == "missing"]
    files = [state._asdict() | {"path": str(state.path)} for state in states]
    how = how_to_get(name, config, missing) if missing else ""
    return facts | {"state": _together([state.state for state in states]), "files": files, "how": how}


def _together(states: list[str]) -> str:
    """State of a data set whose files are in these states; one of which some files are missing is `partial`."""
    if "broken" in states:
        return "broken"
    return states[0] if len(set(states)) == 1 else "partial"


def _plan(folder: Path) -> dict[str, Any]:
    """Data sets that `snakemake all` would take now and its numbers of jobs by rule, or why that cannot be told."""
    program = Path(sys.executable).with_name("snakemake")
    if not program.is_file():
        return {"error": f"Snakemake is not installed beside {sys.executable}; run `make setup`"}
    if not any((folder / place).is_file() for place in ("Snakefile", "workflow/Snakefile")):
        return {"error": "there is no Snakefile in this folder; run `s5vh doctor` where the workflow is"}
    try:
        done = subprocess.run(
            [program, "--dry-run", "--nolock", "--cores", "1", "all"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PLAN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"`snakemake -n all` did not end within {_PLAN_SECONDS} seconds; run it to see why"}
    if done.returncode:
        told = [line for line in done.stdout.splitlines() if "error" in line.lower()]
        return {
            "error": told[0].removeprefix("s5vh: error: ") if told else "`snakemake -n all` failed; run it to see why"
        }
    files = [file for place in reversed(config_folders()) if (file := place / "config.yaml").is_file()]
    return {"datasets": resolve_datasets(load_run(*files))[0], "jobs": jobs_of(done.stdout)}


def jobs_of(text: str) -> dict[str, int]:
    """Numbers of jobs by rule in what a dry run of Snakemake prints; empty when nothing is to be done."""
    _, found, table = text.partition("Job stats:\n")
    if not found:
        return {}
    counts = {rule: int(count) for rule, count in _JOB_COUNT.findall(table.split("\n\n")[0])}
    return {rule: count for rule, count in counts.items() if rule not in ("total", "all")}


def screen(found: Mapping[str, Any], width: int = 120) -> str:
    """What `examine` found, as a page of text with lines of at most `width` characters, web addresses apart."""
    blocks = [
        f"s5vh {found['s5vh']}",
        _block("Machine", _machine_lines(found)),
        _block("Data sets", [line for name, facts in found["datasets"].items() for line in _data_lines(name, facts)]),
    ]
    if "plan" in found:
        blocks.append(_block("snakemake all", _plan_lines(found["plan"])))
    return "\n\n".join(_wrapped(block, width) for block in blocks)


def _wrapped(block: str, width: int) -> str:
    lines = []
    for line in block.splitlines():
        indent = re.match(rf"  \w+ +(?:(?:{'|'.join(_STATES)}) +)?(?=\S)|\s*", line).end()
        lines += textwrap.wrap(
            line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines)


def _block(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _machine_lines(found: Mapping[str, Any]) -> list[str]:
    machine, scan, libraries = found["machine"], found["scan"], dict(found["libraries"])
    free = machine["memory_free_gib"]
    memory = f"{machine['memory_gib']} GiB memory" + (f" ({free} free)" if free is not None else "")
    gpus = machine["gpus"]
    chosen = ", ".join(f"{backend} on {device}" for device, backend in scan["chosen"].items())
    others = [name for name, there in scan["installed"].items() if there and name not in scan["chosen"].values()]
    absent = [name for name, there in scan["installed"].items() if not there]
    more = (f"; also here: {', '.join(others)}" if others else "") + (
        f"; not installed: {', '.join(absent)}" if absent else ""
    )
    writable = "" if machine["writable"] else ", but this folder cannot be written to"
    return [
        f"processor  {machine['cpu']}, {_count(machine['cores'], 'core')}, {memory}",
        f"GPU        {', '.join(gpus['usable']) or gpus['reason']}",
        f"scan       {chosen}{more}",
        f"disk       {machine['disk_free_gib']} GiB free here{writable}",
        f"software   Python {libraries.pop('python')}, " + ", ".join(f"{name} {v}" for name, v in libraries.items()),
    ]


def _data_lines(name: str, facts: Mapping[str, Any]) -> list[str]:
    files = facts.get("files", [])
    counts = {state: sum(file["state"] == state for file in files) for state in _STATES}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    if "videos" in facts:
        parts = ", ".join(f"{count} {part}" for part, count in facts["videos"].items())
        told = f"{parts} videos, {_count(facts['classes'], 'class', 'classes') if facts['classes'] else 'no labels'}"
    told = facts.get("note") or facts["folder"] + (f" ({told})" if told else "")
    lines = [f"{name:<12} {facts['state']:<9} {told}"]
    for state in ("broken", "partial"):
        for (reason, how), group in _grouped(file for file in files if file["state"] == state).items():
            lines.append(f"{_names(group)}: {reason}; {how}")
    if missing := [file for file in files if file["state"] == "missing"]:
        lines.append(f"missing: {_names(missing)}")
    if facts.get("how"):
        lines.append(facts["how"])
    return [lines[0], *(f"{'':<12} {line}" for line in lines[1:])]


def _names(files: list[Mapping[str, Any]]) -> str:
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    return ", ".join(Path(file["path"]).name for file in files[:_LISTED]) + more


def _grouped(files: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Files with one fault and one cure together."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for file in files:
        groups.setdefault((file["reason"], file["how"]), []).append(file)
    return groups


def _plan_lines(plan: Mapping[str, Any]) -> list[str]:
    if "error" in plan:
        return [f"cannot be planned: {plan['error']}"]
    taken = f"takes {', '.join(plan['datasets'])}; "
    if not plan["jobs"]:
        return [f"{taken}everything is made: open results/report.html"]
    jobs = sorted(plan["jobs"].items(), key=lambda pair: -pair[1])
    told = ", ".join(f"{count} {rule}" for rule, count in jobs)
    return [f"{taken}would run {_count(sum(plan['jobs'].values()), 'job')}: {told}"]


def _count(number: int, word: str, several: str = "") -> str:
    return f"{number} {word if number == 1 else several or word + 's'}"
