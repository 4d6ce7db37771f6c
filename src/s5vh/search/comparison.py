"""Which videos of a block are new to an index, and which have changed since they were encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from s5vh.base.errors import UserError
from s5vh.search.blocks import Block, Source
from s5vh.search.catalog import Record, Video
from s5vh.search.freshness import exists
from s5vh.search.index_writer import IndexWriter
from s5vh.search.outcome import Outcome, Positions


@dataclass(frozen=True)
class Options:
    """How to treat videos of an index that cannot be compared.

    Attributes:
        update: encode those again of whose files the index has no record.
        cleared: absolute paths of files and folders; videos that no longer exist there may be replaced by others of the
            same ids.
    """

    update: bool = False
    cleared: tuple[str, ...] = ()


@dataclass
class Plan:
    """What to do with the videos of a block, by their places in it.

    Attributes:
        fresh: to encode and add.
        changed: to encode again; positions in the index by place.
        kept: of other files or states of files with the same content, whose records to renew; positions by place.
        digests: those that are known already, by place.
    """

    fresh: list[int] = field(default_factory=list)
    changed: dict[int, int] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    digests: dict[int, bytes] = field(default_factory=dict)


class Comparison:
    """Compares a source with an index, block by block.

    Args:
        index: the index.
        source: the source.
        prefix: put before the names of its videos; None where an earlier version did not record it.
        adds: whether videos that the index does not have are to be added.
        options: how to treat videos that cannot be compared.
        outcome: where videos are counted that need no further work.
    """

    def __init__(
        self, index: IndexWriter, source: Source, prefix: str | None, adds: bool, options: Options, outcome: Outcome
    ):
        self._index, self._source, self._prefix = index, source, prefix
        self._adds, self._options, self.outcome = adds, options, outcome
        self._seen = Positions()  # of the videos of this source
        self._rows: dict[int, int | None] = {}  # by position, rows of those that the index has from elsewhere

    def plan(self, block: Block) -> tuple[list[Video], Plan]:
        """The videos of a block under their ids in the index, and what to do with them.

        Raises:
            UserError: duplicate ids in a file.
        """
        plan, index = Plan(), self._index
        videos = [replace(video, id=(self._prefix or "") + video.id) for video in block.videos]
        positions = index.known([video.id for video in videos])
        places = [(real, video.row) for real, video in zip(block.reals, videos, strict=True)]
        twins = index.of_files(places, self._prefix) if self._source.is_named_by_path else {}
        entries = index.videos([*positions.values(), *twins.values()])
        records = index.records(list(entries))
        ids: dict[str, int] = {}
        files: dict[tuple[str, int | None], str] = {}
        unsure: list[tuple[int, int]] = []
        for place, video in enumerate(videos):
            position = positions.get(video.id)
            if position is None or not self._is_same(video, block.reals[place], entries[position], records[position]):
                position = twins.get(places[place], position)
            if video.id in ids:
                raise self._duplicate(video, videos[ids[video.id]].row)
            ids[video.id] = place
            if position is None:
                if not self._adds:
                    continue
                if self._source.is_named_by_path and places[place] in files:
                    self.outcome.again.append((video.source, files[places[place]]))
                    continue
                files[places[place]] = video.id
                plan.fresh.append(place)
                continue
            entry, record = entries[position], records[position]
            if entry.id != video.id:
                self.outcome.again.append((video.source, entry.id))
                videos[place] = replace(video, id=entry.id)
                if position in self._seen:
                    continue
            elif position in self._seen:
                if self._source.is_named_by_path:
                    continue
                raise self._duplicate(video, self._rows.get(position, entry.row))
            self._note(position)
            if entry.row != video.row:
                self._rows[position] = video.row
            is_same = self._is_same(video, block.reals[place], entry, record)
            if is_same and record.stamp == block.stamps[place] != "" and entry.row == video.row:
                self.outcome.known += entry.id == video.id
            elif record.digest is not None:
                unsure.append((place, position))
            elif not is_same:
                self._differs(place, position, video, entry, plan)
            elif self._options.update:
                plan.changed[place] = position
            else:
                self.outcome.unrecorded += 1
        self._decide(block, videos, unsure, entries, records, plan)
        return videos, plan

    def added(self, first: int, videos: Sequence[Video]) -> None:
        """Note that these videos were added to the index from position `first` on."""
        for position in range(first, first + len(videos)):
            self._note(position)

    def _note(self, position: int) -> None:
        self._seen.add(position)
        self.outcome.seen.add(position)

    def records(self, block: Block, places: Sequence[int], digests: Sequence[bytes]) -> list[Record]:
        """What to remember of the files of these videos."""
        return [
            Record(block.reals[place], self._prefix, block.stamps[place], digest)
            for place, digest in zip(places, digests, strict=True)
        ]

    def _decide(
        self,
        block: Block,
        videos: list[Video],
        unsure: list[tuple[int, int]],
        entries: dict[int, Video],
        records: dict[int, Record],
        plan: Plan,
    ) -> None:
        """Compare contents where stamps differ."""
        digests = block.digests([place for place, _ in unsure], None) if unsure else []
        for (place, position), digest in zip(unsure, digests, strict=True):
            entry, record = entries[position], records[position]
            is_same = self._is_same(videos[place], block.reals[place], entry, record)
            if digest == record.digest:
                is_copy = not is_same and exists(entry.source)
                if not is_copy:
                    plan.kept[place], plan.digests[place] = position, digest
                if is_same or is_copy:
                    self.outcome.known += 1
                else:
                    self.outcome.moved.append((entry.id, videos[place].source, entry.source))
            elif is_same:
                plan.changed[place] = position
            else:
                self._differs(place, position, videos[place], entry, plan)

    def _differs(self, place: int, position: int, video: Video, entry: Video, plan: Plan) -> None:
        """A video whose id belongs to a video of another file, which is not known to have the same content."""
        is_cleared = any(f"{entry.source}/".startswith(f"{path}/") for path in self._options.cleared)
        if is_cleared and not exists(entry.source):
            plan.changed[place] = position
        else:
            self.outcome.conflicts.append((video, entry))

    @staticmethod
    def _is_same(video: Video, real: str, entry: Video, record: Record) -> bool:
        """Whether both are from the same file, whatever its content."""
        return video.source == entry.source or real == record.real

    def _duplicate(self, video: Video, row: int | None) -> UserError:
        return UserError(f"{self._source.path}: rows {row} and {video.row} have the same id, '{video.id}'; "
                         "make ids unique")  # fmt: skip
