"""Build an index with a trained model, and add videos to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from s5vh.base.errors import UserError
from s5vh.base.provenance import origin, provenance
from s5vh.methods.model_file import StoredModel, read_model
from s5vh.retrieval.codes import as_packed
from s5vh.search.catalog import Video
from s5vh.search.extraction import Extraction
from s5vh.search.index import Index, IndexWriter, ModelFile, create_index
from s5vh.search.sources import Source, open_source
from s5vh.training.encoding import open_encoder


@dataclass
class Outcome:
    """Number of input videos by outcome.

    Attributes:
        added: added to the index.
        known: already in the index, from the same file.
        elsewhere: skipped, because their ids belong to videos from other files.
        first_elsewhere: the first of these: id, its file, the other file.
        failed: unreadable video files.
    """

    added: int = 0
    known: int = 0
    elsewhere: int = 0
    first_elsewhere: tuple[str, str, str] | None = None
    failed: int = 0


def build_index(
    output: Path,
    sources: Sequence[Path],
    *,
    model_file: Path | None = None,
    dataset: str | None = None,
    prefix: str = "",
    device: str = "auto",
    threads: int | None = None,
    report: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> Outcome:
    """Encode videos and add them to the index at `output`, which is created if it does not exist.

    Videos that are already in the index are not read again, so an interrupted run resumes where it stopped.

    Args:
        output: the index; its catalog is `output`.sqlite.
        sources: feature files, video files, folders of video files.
        model_file: the model; by default the one that built the index, at its recorded path.
        dataset: data set whose `videos:` settings are used for extraction from video files; by default the model's.
        prefix: prepended to the id of every input video.
        device, threads: where to encode.
        report: called with each message for the user.

    Raises:
        UserError: a missing, broken or unrelated file; a model other than the index's; features that do not fit the
            model; duplicate ids in a file; unreadable video files, after all others have been added.
    """
    is_new = not output.exists()
    model, kept = _new_model(output, model_file) if is_new else _its_model(output, model_file)
    stored = read_model(model.path)
    extraction = Extraction(model, kept, dataset, device=device, threads=threads)
    outcome = Outcome()

    def on_problem(error: UserError, is_lost: bool) -> None:
        outcome.failed += is_lost
        report(f"{error}; {'skipped' if is_lost else 'used anyway'}")

    opened = [open_source(path, extraction, on_problem) for path in sources]
    for source in opened:
        source.check(model)
        for text in source.passed_over:
            report(f"{source.path}: {text}")
        frames = getattr(source, "shape", (0, model.frames))[1]
        if frames != model.frames:
            report(f"{source.path}: note: {frames} frames per video; the model was trained with {model.frames}")
    if is_new:
        record = provenance(settings={"prefix": prefix}, model=stored.provenance)
        create_index(output, model.bits, {"model": asdict(model), "extraction": None, "provenance": record})
    with IndexWriter(output) as index:
        # Another process may have created it in the meantime.
        ModelFile(**index.facts["model"]).check(Path(model.path), output)
        if extraction.used:
            index.remember("extraction", extraction.facts)
        _add(index, opened, stored, prefix, device, threads, outcome)
        _summarise(output, len(index), model, outcome, report)
    if outcome.failed:
        videos = sum(map(len, opened))
        raise UserError(f"{output}: {outcome.failed} of {videos} input videos could not be read and were not added; "
                        "see above")  # fmt: skip
    return outcome


def _new_model(output: Path, model_file: Path | None) -> tuple[ModelFile, None]:
    """The model of a new index, which has no extraction settings yet."""
    if model_file is None:
        raise UserError(f"{output}: the index does not exist yet; use --model to give the model to build it with")
    stored = read_model(model_file)
    cell = stored.cell
    return ModelFile(
        os.path.abspath(model_file), origin(model_file)["sha256"], cell.dataset, cell.method, cell.bits, cell.seed,
        stored.frames, stored.feature_size,
    ), None  # fmt: skip


def _its_model(output: Path, model_file: Path | None) -> tuple[ModelFile, dict[str, Any] | None]:
    """The model of an existing index, with its current path, and the index's extraction settings."""
    with Index(output) as index:
        path = model_file or Path(index.model.path)
        index.model.check(path, output)
        return replace(index.model, path=os.path.abspath(path)), index.facts["extraction"]


def _add(
    index: IndexWriter,
    sources: Sequence[Source],
    stored: StoredModel,
    prefix: str,
    device: str,
    threads: int | None,
    outcome: Outcome,
) -> None:
    bits, before = stored.cell.bits, len(index)
    with (
        open_encoder(stored, device, threads) as (encode, _),
        tqdm(total=sum(map(len, sources)), desc=index.path.name, unit="video", disable=None) as bar,
    ):
        for source in sources:
            for block in source.blocks():
                videos = [replace(video, id=prefix + video.id) for video in block.videos]
                fresh = _fresh(index, source, videos, before, outcome)
                if fresh:
                    feats, places = block.read(fresh)
                    if places:
                        index.add(as_packed(encode(feats), bits), [videos[place] for place in places])
                        outcome.added += len(places)
                bar.update(len(videos))


def _fresh(index: IndexWriter, source: Source, videos: list[Video], before: int, outcome: Outcome) -> list[int]:
    """Indices of the videos whose ids are new; the others are counted in `outcome`.

    Raises:
        UserError: duplicate ids in a file.
    """
    positions = index.known([video.id for video in videos])
    known = index.videos(positions.values())
    fresh: dict[str, int] = {}
    for place, video in enumerate(videos):
        if video.id in fresh:
            raise _duplicate(source, video, videos[fresh[video.id]])
        if video.id not in positions:
            fresh[video.id] = place
            continue
        other = known[positions[video.id]]
        if other.source != video.source:
            outcome.elsewhere += 1
            outcome.first_elsewhere = outcome.first_elsewhere or (video.id, video.source, other.source)
        elif other.row != video.row and positions[video.id] >= before:
            raise _duplicate(source, video, other)
        else:
            outcome.known += 1
    return list(fresh.values())


def _duplicate(source: Source, video: Video, other: Video) -> UserError:
    return UserError(f"{source.path}: rows {other.row} and {video.row} have the same id, '{video.id}'; "
                     "make ids unique")  # fmt: skip


def _summarise(output: Path, videos: int, model: ModelFile, outcome: Outcome, report: Callable[[str], None]) -> None:
    if outcome.known:
        report(f"{output}: {outcome.known} videos were already indexed and remain unchanged")
    if outcome.first_elsewhere:
        name, here, there = outcome.first_elsewhere
        report(f"{output}: {outcome.elsewhere} videos skipped, because their ids are used by videos from other files "
               f"(first: '{name}' in {here}, used by {there}); if they are different videos, use --prefix to make "
               "their ids unique")  # fmt: skip
    report(f"{output}: {outcome.added} videos added, {videos} in total ({model})")
