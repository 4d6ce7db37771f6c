"""The report of `s5vh doctor`: this machine, the available data sets, and what `snakemake all` would do."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import s5vh
from s5vh.base.caches import is_writable, temporary_caches, user_caches
from s5vh.base.errors import UserError
from s5vh.base.files import is_file
from s5vh.base.installation import shipped_folder
from s5vh.base.provenance import hardware, library_versions
from s5vh.config import layout
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import is_archive
from s5vh.config.load import config_folders, load_dataset, load_run, names
from s5vh.data.download.availability import download_hint, file_states, missing_message
from s5vh.data.videos.listing import has_videos, listing_of
from s5vh.data.videos.passed_over import summaries
from s5vh.planning.datasets import resolve_datasets, run_of
from s5vh.planning.estimate import estimate, sentences

_GIBIBYTE = 2**30
_LISTED = 4  # maximum files per state listed by name
_STATES = ("broken", "partial", "missing", "complete")  # most urgent first
_PLAN_SECONDS = 120
_GPU_FILES = ("nvidia*", "nvhost*", "kfd", "dxg")  # in /dev: NVIDIA, its single-board computers, AMD, Windows' Linux
_JOB_COUNT = re.compile(r"^(\w+)\s+(\d+)$", re.MULTILINE)


def examine(folder: Path = Path(), *, plan: bool = True, configfiles: Sequence[Path] = ()) -> dict[str, Any]:
    """Collect the doctor's report as JSON-serializable data.

    Args:
        folder: working directory, with `data/` and `results/`.
        plan: include a dry run of `snakemake all`, which takes a few seconds, and how long the run would take.
        configfiles: configuration files of that run, as for Snakemake's `--configfile`.

    Raises:
        UserError: a configuration file is invalid.
    """
    if configfiles:
        load_run(*_configuration(), *configfiles)  # the dry run would tell mistakes in them less plainly
    if not plan:
        return _found(folder)
    # Snakemake needs seconds, so all else happens meanwhile.
    with ThreadPoolExecutor(1) as other:
        planned = other.submit(_plan, folder, configfiles)
        report, estimated = _found(folder), _estimate(configfiles)
        return report | {"plan": planned.result(), "estimate": estimated}


def _found(folder: Path) -> dict[str, Any]:
    """The report without the plan."""
    machine = _machine(folder)
    return {
        "s5vh": s5vh.__version__,
        "machine": machine,
        "scan": _scan_backends(gpu=bool(machine["gpus"]["usable"])),
        "libraries": library_versions(),
        "datasets": {name: _dataset(name, load_dataset(name)) for name in names("datasets")},
    }


def _machine(folder: Path) -> dict[str, Any]:
    path = folder.resolve()
    return hardware() | {
        "memory_free_gib": _free_memory(),
        "disk_free_gib": round(shutil.disk_usage(path).free / _GIBIBYTE, 1),
        "writable": os.access(path, os.W_OK),
        "gpus": _gpus(),
        "caches": _caches(),
        "snakefile": str(shipped_folder() / "Snakefile"),
    }


def _caches() -> str | None:
    """Where libraries keep their caches instead of the user's folder, and what to do; None if that can be written."""
    if is_writable(user_caches()):
        return None
    folder = temporary_caches()
    return (
        f"{user_caches()} cannot be written, so compiled code and fonts are cached in {folder}; "
        f"for Snakemake, run `export XDG_CACHE_HOME={shlex.quote(str(folder))}`"
    )


def _free_memory() -> float | None:
    """Available memory in GiB, or None if the system does not report it."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    match = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    return round(int(match[1]) / 2**20, 1) if match else None


def _gpus() -> dict[str, Any]:
    """GPUs that torch can use, or why it cannot use any."""
    if not any(file for pattern in _GPU_FILES for file in Path("/dev").glob(pattern)):
        return {"usable": [], "reason": "no NVIDIA GPU"}
    import torch  # here, because it takes longer to load than all else takes together

    if torch.cuda.is_available():
        return {"usable": [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]}
    if not any(Path("/dev").glob("nvidia[0-9]*")):
        return {"usable": [], "reason": "no NVIDIA GPU"}
    build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "a CPU build"
    return {"usable": [], "reason": f"NVIDIA GPU present, but PyTorch cannot use it: {torch.__version__} is {build}"}


def _scan_backends(*, gpu: bool) -> dict[str, Any]:
    """The scan backend chosen for each type of device, and the installed backends."""
    from s5vh.nn.backends import choose_backend, mamba_ssm_available, triton_available

    installed = {
        "reference": True,
        "numba": importlib.util.find_spec("numba") is not None,
        "triton": triton_available(),
        "mamba_ssm": mamba_ssm_available(),
    }
    types = ["cpu", "cuda"] if gpu else ["cpu"]
    return {"chosen": {device: choose_backend(device) for device in types}, "installed": installed}


def _dataset(name: str, config: DatasetConfig) -> dict[str, Any]:
    """State of a data set and of its files, and how to get missing ones."""
    facts: dict[str, Any] = {"title": config.title, "kind": config.kind, "folder": str(config.folder(name))}
    try:
        return facts | _state(name, config)
    except UserError as error:  # an unreadable folder or list of videos; the other data sets are still of interest
        return facts | {"state": "broken", "how": str(error)}


def _state(name: str, config: DatasetConfig) -> dict[str, Any]:
    if config.kind == "demo":
        return {"state": "complete", "note": "generated on demand"}
    if config.videos is not None:
        if not has_videos(name, config):
            return {"state": "missing", "how": missing_message({name: config}).removeprefix(f"{name}: ")}
        listing = listing_of(name, config)
        parts = {part: len(listing.part(part)) for part in PARTS if listing.part(part)}
        videos = {
            "videos": parts,
            "classes": len(listing.class_names),
            "passed_over": summaries(listing.passed_over),
            "features": config.videos.choice,
        }
        return {"state": "complete"} | videos
    states = file_states(name, config)
    missing = [state.path for state in states if state.state == "missing"]
    files = [state._asdict() | {"path": str(state.path)} for state in states]
    how = download_hint(name, config, missing) if missing else ""
    return {"state": _overall_state([state.state for state in states]), "files": files, "how": how}


def _overall_state(states: list[str]) -> str:
    """Overall state of a data set, given the states of its files: mixed states are `partial`."""
    if "broken" in states:
        return "broken"
    return states[0] if len(set(states)) == 1 else "partial"


def _estimate(configfiles: Iterable[Path]) -> list[str]:
    """Time and disk of the run in words; empty if they are not known, or if nothing is left to train."""
    try:
        found = estimate(run_of(load_run(*_configuration(), *configfiles).reduced()))
    except UserError:  # the plan says why
        return []
    return sentences(found) if found.trainings else []


def _configuration() -> list[Path]:
    """The shipped configuration and the user's own."""
    return [file for parent in reversed(config_folders()) if is_file(file := parent / "config.yaml")]


def _plan(folder: Path, configfiles: Sequence[Path]) -> dict[str, Any]:
    """Data sets that `snakemake all` would run and its job counts by rule, or why planning failed."""
    program = Path(sys.executable).with_name("snakemake")
    if not program.is_file():
        return {"error": f"Snakemake is not installed next to {sys.executable}; run `make setup`"}
    own = any((folder / name).is_file() for name in ("Snakefile", "workflow/Snakefile"))
    snakefile = [] if own else ["--snakefile", shipped_folder() / "Snakefile"]
    options = ["--configfile", *configfiles] if configfiles else []
    caches = {} if is_writable(user_caches() / "snakemake") else {"XDG_CACHE_HOME": str(temporary_caches())}
    try:
        done = subprocess.run(
            [program, *snakefile, *options, "--dry-run", "--nolock", "--cores", "1", "all"],
            cwd=folder,
            env=os.environ | caches,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=_PLAN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"`snakemake -n all` did not finish within {_PLAN_SECONDS} seconds; run it to see why"}
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "error" in line.lower()]
        return {
            "error": errors[0].removeprefix("s5vh: error: ")
            if errors
            else "`snakemake -n all` failed; run it to see why"
        }
    run = load_run(*_configuration(), *configfiles).reduced()
    datasets = resolve_datasets(run)[0]
    archives = {name: str(layout.archive(name)) for name in datasets if is_archive(run, name)}
    plan = {"datasets": datasets, "archives": archives, "jobs": parse_job_counts(done.stdout)}
    command = shlex.join(["snakemake", *map(str, snakefile), "all", *map(str, options)])
    return plan if own else plan | {"command": command}


def parse_job_counts(text: str) -> dict[str, int]:
    """Job counts by rule from the output of a Snakemake dry run; empty if there is nothing to do."""
    _, header, table = text.partition("Job stats:\n")
    if not header:
        return {}
    counts = {rule: int(count) for rule, count in _JOB_COUNT.findall(table.split("\n\n")[0])}
    return {rule: count for rule, count in counts.items() if rule not in ("total", "all")}


def screen(report: Mapping[str, Any], width: int = 120) -> str:
    """Format the report of `examine` as text, with lines of at most `width` characters except for URLs."""
    blocks = [
        f"s5vh {report['s5vh']}",
        _block("Machine", _machine_lines(report)),
        _block("Data sets", [line for name, facts in report["datasets"].items() for line in _data_lines(name, facts)]),
    ]
    if "plan" in report:
        blocks.append(_block("snakemake all", [*_plan_lines(report["plan"]), *report["estimate"]]))
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


def _machine_lines(report: Mapping[str, Any]) -> list[str]:
    machine, scan, libraries = report["machine"], report["scan"], dict(report["libraries"])
    free = machine["memory_free_gib"]
    memory = f"{machine['memory_gib']} GiB memory" + (f" ({free} free)" if free is not None else "")
    gpus = machine["gpus"]
    chosen = ", ".join(f"{backend} on {device}" for device, backend in scan["chosen"].items())
    others = [
        name for name, available in scan["installed"].items() if available and name not in scan["chosen"].values()
    ]
    missing = [name for name, available in scan["installed"].items() if not available]
    more = (f"; also available: {', '.join(others)}" if others else "") + (
        f"; not installed: {', '.join(missing)}" if missing else ""
    )
    writable = "" if machine["writable"] else ", but this folder is not writable"
    return [
        f"processor  {machine['cpu']}, {_count(machine['cores'], 'core')}, {memory}",
        f"GPU        {', '.join(gpus['usable']) or gpus['reason']}",
        f"scan       {chosen}{more}",
        f"disk       {machine['disk_free_gib']} GiB free here{writable}",
        *([f"caches     {machine['caches']}"] if machine.get("caches") else []),
        f"software   Python {libraries.pop('python')}, " + ", ".join(f"{name} {v}" for name, v in libraries.items()),
    ]


def _data_lines(name: str, facts: Mapping[str, Any]) -> list[str]:
    files = facts.get("files", [])
    counts = {state: sum(file["state"] == state for file in files) for state in _STATES}
    details = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    if "videos" in facts:
        parts = ", ".join(f"{count} {part}" for part, count in facts["videos"].items())
        details = f"{parts} videos, {_count(facts['classes'], 'class', 'classes') if facts['classes'] else 'no labels'}"
    details = facts.get("note") or facts["folder"] + (f" ({details})" if details else "")
    lines = [f"{name:<12} {facts['state']:<9} {details}"]
    for state in ("broken", "partial"):
        for (reason, how), group in _grouped(file for file in files if file["state"] == state).items():
            lines.append(f"{_names(group)}: {reason}; {how}")
    if missing := [file for file in files if file["state"] == "missing"]:
        lines.append(f"missing: {_names(missing)}")
    lines += facts.get("passed_over", [])
    lines += [facts["features"]] if "features" in facts else []
    if facts.get("how"):
        lines.append(facts["how"])
    return [lines[0], *(f"{'':<12} {line}" for line in lines[1:])]


def _names(files: list[Mapping[str, Any]]) -> str:
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    return ", ".join(Path(file["path"]).name for file in files[:_LISTED]) + more


def _grouped(files: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Group files by reason and remedy."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for file in files:
        groups.setdefault((file["reason"], file["how"]), []).append(file)
    return groups


def _plan_lines(plan: Mapping[str, Any]) -> list[str]:
    if "error" in plan:
        return [f"cannot be planned: {plan['error']}"]
    selected = f"selects {', '.join(plan['datasets'])}; "
    if not plan["jobs"]:
        pages = ["results/report.html", *plan["archives"].values()]
        return [f"{selected}everything is up to date: open {' and '.join(pages)}"]
    jobs = sorted(plan["jobs"].items(), key=lambda pair: -pair[1])
    counts = ", ".join(f"{count} {rule}" for rule, count in jobs)
    command = f" with `{plan['command']}`" if "command" in plan else ""
    about = [f"{name}: own videos, so codes and the page {page}" for name, page in plan["archives"].items()]
    return [f"{selected}would run {_count(sum(plan['jobs'].values()), 'job')}{command}: {counts}", *about]


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
