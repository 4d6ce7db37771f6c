"""How long a run will take and how much disk, from measured training steps and the sizes of data sets and networks.

Imports stay light: the Snakefile asks at parse time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.dataset import PARTS, DatasetConfig
from s5vh.config.grid import GridCell, Run, cells, protocol_study_cells
from s5vh.config.load import load_dataset
from s5vh.config.semantics import ClusteringConfig, NeighboursConfig
from s5vh.config.summaries import summary_size
from s5vh.methods.load import load_method
from s5vh.methods.settings import MethodSettings, TrainedSettings, is_imported, is_trained
from s5vh.planning.basis import Steps, Value, counted_parameters, logged_seconds, measured_steps, nearest
from s5vh.reporting.transfer_pairs import transfer_cells

_FLOAT = 4  # bytes
_LOG_ROW = 100  # bytes that a training step takes in train.csv
_HOUR = 3600
_SCORES = "codes, scores and logs"


@dataclass
class Hours:
    """Duration of some trainings, one after the other.

    Attributes:
        trainings: their number.
        hours: their duration.
        origins: where and when steps were measured, without duplicates, in order.
    """

    trainings: int = 0
    hours: float = 0.0
    origins: dict[str, None] = field(default_factory=dict)

    def add(self, hours: float, origin: str) -> None:
        self.trainings += 1
        self.hours += hours
        self.origins[origin] = None


@dataclass
class Estimate:
    """Work and disk of a run.

    Attributes:
        cells, trainings: number of cells, and of networks to train, without those whose model is there.
        cpu, gpu: duration of those of these trainings whose method was measured on such a device.
        authors: duration of those that the S5VH authors logged, on their server.
        left_out: number of trainings without an estimate, by reason.
        disk: bytes by kind of file, with what is there already.
    """

    cells: int = 0
    trainings: int = 0
    cpu: Hours = field(default_factory=Hours)
    gpu: Hours = field(default_factory=Hours)
    authors: Hours = field(default_factory=Hours)
    left_out: Counter[str] = field(default_factory=Counter)
    disk: Counter[str] = field(default_factory=Counter)


def planned(run: Run) -> dict[GridCell, MethodSettings]:
    """Cells of everything that belongs to `all` and of the models that these are trained with, with their settings."""
    known: dict[tuple[str, str], MethodSettings] = {}
    queue = [*cells(run.config, run.everything), *(cell for _, cell in transfer_cells(run))]
    studied = [] if run.is_archive else run.scored.datasets
    queue += [cell for name in studied for cell in protocol_study_cells(run.config, name)]
    found: dict[GridCell, MethodSettings] = {}
    while queue:
        cell = queue.pop()
        if cell in found:
            continue
        key = cell.dataset, cell.method
        if key not in known:
            known[key] = load_method(cell.method, cell.dataset, run.config.overrides)
        found[cell] = known[key]
        queue += [other for path in known[key].requires(cell).values() if (other := _cell_of_model(path))]
    return found


def estimate(run: Run) -> Estimate:
    """Work and disk of `all`.

    Raises:
        UserError: a broken table in config/measured or config/published.
    """
    found = planned(run)
    result = Estimate(cells=len(found))
    try:
        clocks = {"cpu": measured_steps("cpu"), "gpu": measured_steps("gpu")}
        logged, parameters = logged_seconds(), counted_parameters()
    except (KeyError, ValueError, TypeError, ZeroDivisionError) as error:
        raise UserError(f"config/measured or config/published/wall_clock.csv: not such a table ({error})") from None
    implementations = {cell.method: settings.implementation for cell, settings in found.items()}
    steps = {device: _by_method(known, implementations) for device, known in clocks.items()}
    for cell, settings in found.items():
        if is_trained(settings) and not is_imported(settings) and not layout.model(*cell).exists():
            result.trainings += 1
            _add_time(result, cell, settings, steps, logged)
    sizes = _by_method(parameters, implementations)
    for name in run.everything:
        own = {cell: settings for cell, settings in found.items() if cell.dataset == name}
        result.disk += _disk(load_dataset(name), own, sizes, run)
    return result


def _by_method(known: Mapping[str, Value], implementations: Mapping[str, str]) -> dict[str, Value | None]:
    """What is known of each of these methods, given their implementations; None for nothing."""
    return {method: nearest(method, implementation, known) for method, implementation in implementations.items()}


def _add_time(
    result: Estimate,
    cell: GridCell,
    settings: TrainedSettings,
    steps: Mapping[str, Mapping[str, Steps | None]],
    logged: Mapping[tuple[str, str, str, int], float],
) -> None:
    dataset, training = load_dataset(cell.dataset), settings.training
    videos = _videos(dataset, "train")
    if videos is None:
        result.left_out[f"on {dataset.title}"] += 1
        return
    trained_on = math.ceil(videos * (1 - training.held_out))
    training = training.for_videos(trained_on)
    batches = math.ceil(trained_on / training.batch_size)
    frames = training.epochs * batches * training.batch_size * dataset.frames
    measured = [(hours, steps[device][cell.method]) for device, hours in (("cpu", result.cpu), ("gpu", result.gpu))]
    for hours, step in measured:
        if step is not None:
            hours.add(frames * step.seconds_per_frame / _HOUR, step.origin)
    if not any(step for _, step in measured):
        result.left_out[f"of {settings.title}"] += 1
    if settings.published and dataset.published_name:
        key = (settings.published.method, settings.published.variant, dataset.published_name, cell.bits)
        if key in logged:
            result.authors.add(logged[key] * training.epochs / _HOUR, "their server")


def _disk(
    dataset: DatasetConfig, found: Mapping[GridCell, MethodSettings], sizes: Mapping[str, int | None], run: Run
) -> Counter[str]:
    """Bytes by kind of file; empty for a data set whose number of videos is not known."""
    counts = {part: _videos(dataset, part) for part in PARTS}
    disk: Counter[str] = Counter()
    if None in counts.values():
        return disk
    stored = {dataset.source_part(part): count for part, count in counts.items()}
    values = sum(stored.values()) * dataset.frames * dataset.feature_size
    disk["features"] = values * _FLOAT
    if not dataset.link:
        disk["features"] += values * (2 if dataset.dtype == "float16" else _FLOAT)
    scores = sum(len(protocol.cutoffs) for protocol in run.config.protocols.values()) * _FLOAT
    prepared: dict[Path, None] = {}
    for cell, settings in found.items():
        disk["models"] += (sizes[cell.method] or 0) * _FLOAT
        disk[_SCORES] += (counts["database"] + counts["query"]) * cell.bits // 8 + counts["query"] * scores
        if is_trained(settings) and not is_imported(settings):
            training = settings.training.for_videos(counts["train"])
            disk[_SCORES] += training.epochs * math.ceil(counts["train"] / training.batch_size) * _LOG_ROW
        prepared |= dict.fromkeys(settings.requires(cell).values())
    disk["clusters and neighbours"] = sum(_prepared_size(path, counts["train"], dataset) for path in prepared)
    return disk


def _prepared_size(path: Path, videos: int, dataset: DatasetConfig) -> int:
    """Bytes of what grows with the number of videos: their projections, or their neighbours."""
    if path.parent.name == "semantics":
        found = ClusteringConfig.from_label(path.stem)
        return videos * (found.pca or summary_size(found.features, dataset.frames, dataset.feature_size)) * _FLOAT
    if path.parent.name == "neighbours":
        graph = NeighboursConfig.from_label(path.stem)
        return videos * graph.neighbours * graph.expansions * _FLOAT
    return 0


def _videos(dataset: DatasetConfig, part: str) -> int | None:
    """Number of videos of a part in the papers' layout; None for other data sets, or if it is not configured."""
    return dataset.files(part).count if dataset.kind == "papers" else None


def _cell_of_model(path: Path) -> GridCell | None:
    """The cell whose model this is; None for any other file."""
    if path.name != "model.safetensors":
        return None
    dataset, method, bits, seed = path.parts[-5:-1]
    return GridCell(dataset, method, int(bits.removesuffix("bit")), int(seed.removeprefix("seed")))


def sentences(found: Estimate) -> list[str]:
    """The estimate in words, one line per subject, with what it is based on; empty if no time can be estimated."""
    if not found.cpu.trainings and not found.gpu.trainings:
        return []
    lines = [f"`all` has {_count(found.cells, 'cell')}, {_count(found.trainings, 'network')} to train"]
    if found.cpu.trainings:
        lines.append(
            f"time on a CPU: {_hours(found.cpu, found)}, one after the other; from training steps at FCVID's size "
            f"({'; '.join(found.cpu.origins)}), scaled by videos, frames and epochs, without evaluation or early "
            "stopping"
        )
    if found.gpu.trainings:
        lines.append(f"time on a GPU: {_hours(found.gpu, found)}, likewise ({'; '.join(found.gpu.origins)})")
    else:
        lines.append("time on a GPU: not measured yet")
    if found.authors.trainings:
        lines.append(
            f"time on the S5VH authors' server: {_hours(found.authors, found)}; from the epochs in their logs, which "
            "include evaluation and overlap with other runs"
        )
    if found.left_out:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in found.left_out.items())
        lines.append(f"time not estimated: {reasons}, as nothing of this kind and size was measured")
    if total := found.disk.total():
        parts = ", ".join(f"{kind} {_bytes(size)}" for kind, size in found.disk.most_common() if size)
        lines.append(f"disk: about {_bytes(total)}, from the sizes of data sets and networks ({parts})")
    return lines


def _hours(part: Hours, whole: Estimate) -> str:
    which = "all" if part.trainings == whole.trainings else f"{part.trainings:,}"
    return f"about {_rounded(part.hours)} hours for {which} of them"


def _rounded(number: float) -> str:
    """Two significant digits, which is more than an estimate can promise."""
    digits = 1 - math.floor(math.log10(number)) if number > 0 else 0
    return f"{round(number, digits):,.{max(digits, 0)}f}"


def _bytes(size: float) -> str:
    steps = min(4, int(math.log10(max(size, 1)) // 3))
    return f"{_rounded(size / 1000**steps)} {('B', 'kB', 'MB', 'GB', 'TB')[steps]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
