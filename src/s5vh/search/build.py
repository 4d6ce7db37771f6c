"""Build an index with a trained model, and bring it up to date with its files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from s5vh.base.errors import UserError
from s5vh.base.provenance import provenance
from s5vh.config.precision import EncodingPrecision
from s5vh.methods.model_file import StoredModel, read_model
from s5vh.retrieval.codes import as_packed
from s5vh.search.absent import absent, absent_rows, check_missing, remove_absent, remove_named, runs_from
from s5vh.search.approximate import FACT, build_ivf, import_faiss, is_current
from s5vh.search.blocks import Block
from s5vh.search.catalog import Record, Video, catalog_path
from s5vh.search.code_runs import size_of
from s5vh.search.comparison import Comparison, Options
from s5vh.search.extraction import Extraction
from s5vh.search.freshness import exists
from s5vh.search.index import Index, create_index
from s5vh.search.index_file import ivf_path
from s5vh.search.index_writer import IndexWriter
from s5vh.search.jobs import Job, check, given, recorded
from s5vh.search.model_record import ModelFile, load_model
from s5vh.search.outcome import Outcome, problem, tell
from s5vh.search.precision import check_precision, precision_of
from s5vh.search.taking_codes import check_names, code_jobs, take_up
from s5vh.training.encoding import open_encoder, precision_asked


def build_index(
    output: Path,
    sources: Sequence[Path],
    *,
    model_file: Path | None = None,
    dataset: str | None = None,
    prefix: str = "",
    update: bool = False,
    remove: bool = False,
    remove_ids: Sequence[str] = (),
    approximate: bool = False,
    device: str = "auto",
    threads: int | None = None,
    precision: EncodingPrecision | None = None,
    report: Callable[[str], None] = lambda text: print(text, file=sys.stderr),
) -> Outcome:
    """Bring the index at `output` up to date with `sources`; it is created if it does not exist.

    New videos are added, and those whose files have changed are encoded again. Other videos are not read again, so an
    interrupted run resumes where it stopped.

    Args:
        output: the index; its catalog is `output`.sqlite.
        sources: feature files, video files, folders of video files, code files.
        model_file: the model; by default the one that built the index, at its recorded path.
        dataset: data set whose `videos:` settings are used for extraction from video files; by default the model's.
        prefix: prepended to the id of every input video.
        update: encode videos again of whose files the index has no record; without sources, compare all videos of the
            index with their files.
        remove: remove videos that no longer exist: of the sources, which need not exist either, or without sources and
            `update` of the whole index.
        remove_ids: ids of videos to remove.
        approximate: build the inverted file for approximate search, or bring it up to date.
        device, threads: where to encode.
        precision: arithmetic of a network while it encodes; by default that of the index, or float32 for a new one.
        report: called with each message for the user.

    Raises:
        UserError: a missing, broken or unrelated file; a model or precision other than the index's; features that do
            not fit the model; duplicate ids in a file. After all other videos have been added: unreadable video files;
            videos whose ids belong to others.
    """
    if not sources and not (update or remove or remove_ids or approximate):
        raise UserError(f"{output}: nothing to do; name feature files, video files or folders of them, or use "
                        "--update, --remove or --remove-id")  # fmt: skip
    if approximate:
        import_faiss()  # if it is missing, before long work
    is_new = not exists(output)
    if is_new and not sources:
        raise UserError(f"{output}: no such index; build it with `s5vh index`")
    model, kept = (_new_model(output, model_file), None) if is_new else _its_model(output, precision)
    extraction = Extraction(model, kept, dataset, device=device, threads=threads)
    outcome = Outcome()

    def on_problem(error: UserError, is_lost: bool) -> None:
        outcome.failed += is_lost
        report(f"{error}; {'skipped' if is_lost else 'used anyway'}")

    jobs, missing = given(sources, prefix, remove and not is_new, extraction, on_problem)
    if update and not sources:
        jobs = recorded(output, remove, extraction, on_problem)
    stored = None
    if jobs:
        if is_new or len(code_jobs(jobs)) < len(jobs):  # codes can be added where the model is not
            model = model if is_new else _found_model(output, model, model_file)
            stored = read_model(model.path)
        check(jobs, model, report)
    if is_new:
        record = provenance(settings={"prefix": prefix}, model=stored.provenance)
        facts = {"model": asdict(model), "extraction": None, "provenance": record}
        create_index(output, model.bits, facts | {"precision": precision_asked(stored, precision or "float32")})
    with _first_build(output) if is_new else nullcontext():
        with IndexWriter(output) as index:
            check_missing(index, missing)
            outcome.removed += remove_named(index, remove_ids)
            if jobs:
                if stored:  # another process may have created it in the meantime
                    ModelFile(**index.facts["model"]).check(Path(model.path), output)
                check_precision(output, index.facts, precision)
                if extraction.used:
                    index.remember("extraction", extraction.facts)
                options = Options(update, tuple(os.path.abspath(path) for path in sources) if remove else ())
                check_names(index, code_jobs(jobs), model.bits)
                with tqdm(total=sum(len(job.source) for job in jobs), desc=output.name, unit="video",
                          disable=None) as bar:  # fmt: skip
                    _encode(index, jobs, stored, (device, threads), options, outcome, bar.update)
                    for job in code_jobs(jobs):
                        take_up(index, job, model.bits, outcome, bar.update)
            if remove:
                outcome.removed += remove_absent(index, sources or None)
            else:
                _count_gone(index, [job.where for job in jobs if job.where], outcome)
            if outcome.removed or outcome.replaced or outcome.moved:
                index.forget_unused()
            tell(output, len(index), model, outcome, report)
            if approximate:
                build_ivf(index, threads, report)
            elif FACT in index.facts and not is_current(index):
                report(f"{ivf_path(output)}: out of date; add --approximate to build it anew")
        if error := problem(output, sum(len(job.source) for job in jobs), outcome):
            raise error
    return outcome


@contextmanager
def _first_build(output: Path) -> Iterator[None]:
    """Remove an index that has just been created if an error left it empty; it would only tie the name to the model."""
    try:
        yield
    except BaseException:
        with suppress(UserError):
            with Index(output) as index:
                is_empty = not len(index)
            if is_empty:
                output.unlink(missing_ok=True)
                catalog_path(output).unlink(missing_ok=True)
        raise


def _new_model(output: Path, model_file: Path | None) -> ModelFile:
    """The model of a new index."""
    if model_file is None:
        raise UserError(f"{output}: the index does not exist yet; use --model to give the model to build it with")
    return load_model(model_file)[1]


def _its_model(output: Path, precision: EncodingPrecision | None) -> tuple[ModelFile, dict[str, Any] | None]:
    """The model of an existing index and its extraction settings; a precision, if given, must be that of its codes."""
    with Index(output) as index:
        check_precision(output, index.facts, precision)
        return index.model, index.facts["extraction"]


def _found_model(output: Path, model: ModelFile, model_file: Path | None) -> ModelFile:
    """The model of an index under the path where it is now."""
    path = model_file or Path(model.path)
    model.check(path, output)
    return replace(model, path=os.path.abspath(path))


def _encode(
    index: IndexWriter,
    jobs: Sequence[Job],
    stored: StoredModel,
    machine: tuple[str, int | None],
    options: Options,
    outcome: Outcome,
    progress: Callable[[int], object],
) -> None:
    """Go through the jobs that need encoding; what is encoded is in the index after each block."""
    jobs = [job for job in jobs if job not in code_jobs(jobs)]
    if not jobs:
        return
    with open_encoder(stored, *machine, precision_of(index.path, index.facts) or "float32") as (encode, _):
        for job in jobs:
            comparison = Comparison(index, job.source, job.prefix, job.adds, options, outcome)
            for block in job.source.blocks():
                _take_up(index, comparison, block, lambda feats: as_packed(encode(feats), stored.cell.bits))
                progress(len(block.videos))


def _count_gone(index: IndexWriter, places: Sequence[str], outcome: Outcome) -> None:
    """Count the videos of these places that the index has, but the run has not seen and that no longer exist."""
    entries = (entry for where in places for entry in index.listed(where) if entry.position not in outcome.seen)
    positions = {entry.position for entry in absent(entries)}
    runs = dict.fromkeys(run for where in places for run in runs_from(index, Path(where)))
    rows = absent_rows(runs)
    outcome.gone = len(positions) + size_of(rows)
    if outcome.gone:
        first = min([*positions, *(start for start, _ in rows)])
        outcome.first_gone = index.videos([first])[first]


def _take_up(
    index: IndexWriter, comparison: Comparison, block: Block, encode: Callable[[np.ndarray], np.ndarray]
) -> None:
    """Encode what is new or has changed in a block; `encode` makes packed codes of features."""
    videos, plan = comparison.plan(block)
    kept = list(plan.kept)
    digests = [plan.digests[place] for place in kept]
    index.refresh([plan.kept[place] for place in kept], [videos[place] for place in kept],
                  comparison.records(block, kept, digests))  # fmt: skip
    if not plan.fresh and not plan.changed:
        return
    feats, places = block.read(sorted([*plan.fresh, *plan.changed]))
    if not places:
        return
    codes, records = encode(feats), comparison.records(block, places, block.digests(places, feats))
    again = [number for number, place in enumerate(places) if place in plan.changed]
    fresh = [number for number, place in enumerate(places) if place not in plan.changed]
    index.replace([plan.changed[places[number]] for number in again], *_only(again, codes, videos, places, records))
    comparison.added(len(index), [videos[places[number]] for number in fresh])
    index.add(*_only(fresh, codes, videos, places, records))
    comparison.outcome.replaced += len(again)
    comparison.outcome.added += len(fresh)


def _only(
    numbers: list[int], codes: np.ndarray, videos: list[Video], places: list[int], records: list[Record]
) -> tuple[np.ndarray, list[Video], list[Record]]:
    return codes[numbers], [videos[places[number]] for number in numbers], [records[number] for number in numbers]
