"""Building an index with a trained model, and adding videos to it."""

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
    """What became of the videos that were given.

    Attributes:
        added: they are in the index now.
        known: they were in it already, from the same file.
        elsewhere: left out because their ids belong to videos of other files.
        first_elsewhere: the first of them: id, its file, the other file.
        failed: video files that could not be read.
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
    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> Outcome:
    """Encode videos and put them into the index at `output`, which is made if it does not exist.

    Videos that are in it already are not read again, so that a run that was killed goes on where it was.

    Args:
        output: the index; its catalog is `output`.sqlite.
        sources: feature files, video files, folders of video files.
        model_file: the model; None takes the one that made the index, from where it was.
        dataset: data set whose `videos:` settings extract features from video files; None: the model's.
        prefix: put before the id of every video given.
        device, threads: where to encode.
        say: told what a person should know, a line at a time.

    Raises:
        UserError: a missing, broken or foreign file; another model than the index's; features that do not fit it; an id
            twice in one file; video files that could not be read, after all others have been added.
    """
    is_new = not output.exists()
    model, kept = _new_model(output, model_file) if is_new else _its_model(output, model_file)
    stored = read_model(model.path)
    extraction = Extraction(model, kept, dataset, device=device, threads=threads)
    outcome = Outcome()

    def told(error: UserError, is_lost: bool) -> None:
        outcome.failed += is_lost
        say(f"{error}; {'left out' if is_lost else 'taken nevertheless'}")

    opened = [open_source(path, extraction, told) for path in sources]
    for source in opened:
        source.check(model)
        frames = getattr(source, "shape", (0, model.frames))[1]
        if frames != model.frames:
            say(f"{source.path}: note: {frames} frames a video; the model was trained on {model.frames}")
    if is_new:
        record = provenance(settings={"prefix": prefix}, model=stored.provenance)
        create_index(output, model.bits, {"model": asdict(model), "extraction": None, "provenance": record})
    with IndexWriter(output) as index:
        # Somebody else may have made it in the meantime.
        ModelFile(**index.facts["model"]).check(Path(model.path), output)
        if extraction.used:
            index.remember("extraction", extraction.facts)
        _add(index, opened, stored, prefix, device, threads, outcome)
        _tell(output, len(index), model, outcome, say)
    if outcome.failed:
        videos = sum(map(len, opened))
        raise UserError(f"{output}: {outcome.failed} of the {videos} videos given could not be read and are not in it; "
                        "they are named above")  # fmt: skip
    return outcome


def _new_model(output: Path, model_file: Path | None) -> tuple[ModelFile, None]:
    """What a new index is to say of its model; no settings of extraction yet."""
    if model_file is None:
        raise UserError(f"{output}: no such index yet; name the model that is to make it with --model")
    stored = read_model(model_file)
    cell = stored.cell
    return ModelFile(
        os.path.abspath(model_file), origin(model_file)["sha256"], cell.dataset, cell.method, cell.bits, cell.seed,
        stored.frames, stored.feature_size,
    ), None  # fmt: skip


def _its_model(output: Path, model_file: Path | None) -> tuple[ModelFile, dict[str, Any] | None]:
    """The model of an index, with the path where it is now, and the index's settings of extraction."""
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
    """Places of the videos whose ids are new; the others are counted.

    Raises:
        UserError: an id occurs twice in one file.
    """
    positions = index.known([video.id for video in videos])
    known = index.videos(positions.values())
    fresh: dict[str, int] = {}
    for place, video in enumerate(videos):
        if video.id in fresh:
            raise _twice(source, video, videos[fresh[video.id]])
        if video.id not in positions:
            fresh[video.id] = place
            continue
        other = known[positions[video.id]]
        if other.source != video.source:
            outcome.elsewhere += 1
            outcome.first_elsewhere = outcome.first_elsewhere or (video.id, video.source, other.source)
        elif other.row != video.row and positions[video.id] >= before:
            raise _twice(source, video, other)
        else:
            outcome.known += 1
    return list(fresh.values())


def _twice(source: Source, video: Video, other: Video) -> UserError:
    return UserError(f"{source.path}: rows {other.row} and {video.row} have the same id, '{video.id}'; "
                     "give each video its own")  # fmt: skip


def _tell(output: Path, videos: int, model: ModelFile, outcome: Outcome, say: Callable[[str], None]) -> None:
    if outcome.known:
        say(f"{output}: {outcome.known} videos were in it already and stay as they are")
    if outcome.first_elsewhere:
        name, here, there = outcome.first_elsewhere
        say(f"{output}: {outcome.elsewhere} videos left out, because their ids are taken by videos of other files "
            f"(first: '{name}' of {here}, taken by {there}); if they are other videos, give them ids with "
            "--prefix")  # fmt: skip
    say(f"{output}: {outcome.added} videos added, {videos} in all ({model})")
