"""Videos of a data set without a manifest: the folders that they are in tell their classes, and maybe their split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.config.videos import VideosConfig
from s5vh.data.videos.found import find_all, folders_above, frame_folders, is_below
from s5vh.data.videos.passed_over import PassedOver, printable
from s5vh.data.videos.split_folders import FolderLayout, folder_layout
from s5vh.data.videos.video import Video
from s5vh.data.videos.walk import SIDE_PICTURES, Frames


def from_folders(folder: Path, settings: VideosConfig) -> tuple[list[Video], list[PassedOver]]:
    """Videos below a folder, with their classes and, if there are folders of splits, their parts; and the rest.

    Raises:
        UserError: a folder cannot be read; folders mean different things; a file is in two classes or splits; pictures
            whose meaning is unclear; a name that is not UTF-8.
    """
    found = find_all(folder)
    paths = [*found.files, *(one.path for one in found.frames if one.path)]
    twice = list(_twice(found.again, paths))
    layout = folder_layout(folder, [*paths, *(path for path, _ in twice)], settings)
    deep = [one for one in found.frames if one.path.count("/") >= layout.class_depth]
    frames, side_pictures = frame_folders(deep, found.files, folder)
    videos = [layout.video(path) for path in [*found.files, *(one.path for one in frames)]]
    with_videos = {above for video in videos for above in folders_above(video.path)}
    shallow = [one for one in found.frames if one.path.count("/") < layout.class_depth]
    side_pictures += _beside_videos(shallow, with_videos, folder)
    _check_classes(folder, videos)
    listed = {video.path: video for video in videos}
    for path, first in twice:
        if first in listed:
            _check_same_place(folder, layout.video(path), listed[first])
    empty = _without_videos(found.entered, with_videos, layout)
    passed_over = [*found.passed_over, *side_pictures, *found.reached_again(), *empty]
    return videos, sorted(passed_over, key=lambda one: (one.path, one.reason))


def _twice(again: list[tuple[str, str]], paths: list[str]) -> Iterator[tuple[str, str]]:
    """Every video that was reached again: the path by which it was, and the path that it is listed by."""
    listed = set(paths)
    for path, first in again:
        if first in listed:
            yield path, first
        else:
            yield from ((path + one[len(first) :], one) for one in paths if is_below(one, first))


def _beside_videos(shallow: list[Frames], with_videos: set[str], folder: Path) -> Iterator[PassedOver]:
    """Numbered pictures above the folders of videos; where there are no videos below, it is unclear what they are."""
    for one in shallow:
        where = folder / one.path
        if one.path and one.path not in with_videos:
            raise UserError(
                f"{where}: has nothing but numbered pictures ({one.count}, such as {one.example}), so it is unclear "
                "whether it is a class or a video; the frames of a video belong into a folder below that of its class, "
                f"such as {where}/VIDEO/{one.example}; videos without classes can be listed in a manifest"
            )
        yield one.passed_over(SIDE_PICTURES)


def _check_classes(folder: Path, videos: list[Video]) -> None:
    loose = [video.path for video in videos if not video.labels]
    if loose and len(loose) < len(videos):
        raise UserError(
            f"{folder}: {len(loose)} videos are outside the class folders (such as {loose[0]}); place them in one, "
            "or use no class folders at all"
        )


def _check_same_place(folder: Path, video: Video, first: Video) -> None:
    for what, one, other in (
        ("splits", video.part, first.part),
        ("classes", ", ".join(video.labels), ", ".join(first.labels)),
    ):
        if one != other:
            raise UserError(
                f"{folder}: {printable(first.path)} and {printable(video.path)} are the same video, in two {what} "
                f"({other or 'none'} and {one or 'none'}); keep it in one"
                + (", or write a manifest with several labels per video" if what == "classes" else "")
            )


def _without_videos(entered: list[str], with_videos: set[str], layout: FolderLayout) -> Iterator[PassedOver]:
    """Folders where those of a class or split should be, but that have no videos; only the outermost ones."""
    for path in entered:
        above = folders_above(path)
        if (
            path not in with_videos
            and 0 < len(above) <= layout.class_depth
            and all(one in with_videos or not one for one in above)
        ):
            yield PassedOver(f"{printable(path)}/", "folders without videos")
