"""An exported folder: its files, their checksums, and how it appears under its name.

README.md                               the model card
export.json                             data sets and cells
SHA256SUMS                              of all other files, for `sha256sum -c`
DATASET/database.csv, query.csv         see `s5vh.sharing.videos`
DATASET/METHOD/16bit/seed1/             codes.npz, metrics.json, pr.csv, settings.json, perhaps model.safetensors
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from s5vh.base.errors import UserError
from s5vh.base.files import disk_error, leftovers, report_read_errors
from s5vh.sharing.reading import read_object, read_small_text, regular_file, safe_path

SUMS, CARD, CONTENTS = "SHA256SUMS", "README.md", "export.json"
CODES, METRICS, CURVES, SETTINGS, MODEL = "codes.npz", "metrics.json", "pr.csv", "settings.json", "model.safetensors"
FORMAT = 1  # of export.json and everything it implies; a reader refuses any other
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with report_read_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(folder: Path) -> list[str]:
    """Relative paths of everything in the folder that is no folder, sorted; links are not followed."""
    with report_read_errors(folder):
        found = [
            Path(place, name).relative_to(folder).as_posix()
            for place, folders, files in os.walk(folder)
            for name in [*files, *(one for one in folders if os.path.islink(Path(place, one)))]
        ]
    return sorted(found)


def write_sums(folder: Path) -> None:
    """Write the checksums of all other files."""
    lines = [f"{sha256_of(folder / name)}  {name}\n" for name in files_in(folder) if name != SUMS]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def read_sums(folder: Path) -> dict[str, str]:
    """Checksums by relative path.

    Raises:
        UserError: no such folder or file, or a line that is none of `sha256sum`'s, or that leads out of the folder.
    """
    if not os.path.isdir(folder):
        raise UserError(f"{folder}: is no folder; give the one that `s5vh export` wrote")
    if not os.path.lexists(folder / SUMS):
        raise UserError(f"{folder}: has no {SUMS}, so it is not a folder that `s5vh export` wrote")
    path = regular_file(folder, SUMS)
    sums: dict[str, str] = {}
    for number, line in enumerate(read_small_text(path).splitlines(), 1):
        found = _LINE.fullmatch(line)
        name = found and safe_path(found[2])
        if not found or not name or name in sums or name == SUMS:
            raise UserError(f"{path}: line {number} is not the checksum of another file in this folder, once")
        sums[name] = found[1]
    return sums


def check_sums(folder: Path) -> list[str]:
    """Check all checksums; returns the files that have one.

    Raises:
        UserError: as `read_sums`; a file that is missing, a link, or not what its checksum says.
    """
    sums = read_sums(folder)
    for name, expected in sums.items():
        path = regular_file(folder, name)
        if sha256_of(path) != expected:
            raise UserError(
                f"{path}: its checksum is not the one in {SUMS}; the file was changed or damaged, get it again"
            )
    return list(sums)


def uncovered_files(folder: Path, listed: Iterable[str]) -> list[str]:
    """What has no checksum, sorted: files, and folders, ending in "/", in which no file has one."""
    places = {parent.as_posix() for name in listed for parent in Path(name).parents}
    found = set()
    for name in set(files_in(folder)) - {*listed, SUMS}:
        outer = [parent.as_posix() for parent in Path(name).parents if parent.as_posix() not in places]
        found.add(f"{outer[-1]}/" if outer else name)
    return sorted(found)


def _is_untouched(folder: Path) -> bool:
    """Whether the folder is an export in which nothing was added, changed or removed since, nor the card edited."""
    try:
        listed = check_sums(folder)
        card = read_object(regular_file(folder, CONTENTS)).get("card_sha256")
        return sorted([*listed, SUMS]) == files_in(folder) and sha256_of(folder / CARD) == card
    except UserError:
        return False


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target`, which gets its name at the end and is removed on error.

    What a killed process left under a temporary name is removed.

    Raises:
        UserError: `target` is there and is not an untouched export, or cannot be written.
    """
    target = Path(os.path.abspath(target))
    check_replaceable(target)
    temporary, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    try:
        temporary.mkdir(parents=True)
        for killed in leftovers(target.parent, rf"\.{re.escape(target.name)}\.([0-9]+)\.(?:part|old)"):
            shutil.rmtree(killed, ignore_errors=True)
        yield temporary
        if os.path.lexists(target):
            target.rename(old)
        try:
            temporary.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise disk_error(error, target) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def check_replaceable(target: Path) -> None:
    """Raise a `UserError` unless `target` does not exist, is empty, or is an export in which nothing was changed."""
    target = Path(os.path.abspath(target))
    if target in (here := Path(os.path.abspath("."))).parents or target == here:
        raise UserError(f"{target}: is the folder in which this command runs; choose another folder with --output")
    with report_read_errors(target):
        if not os.path.lexists(target):
            return
        if target.is_dir() and not target.is_symlink() and (not any(target.iterdir()) or _is_untouched(target)):
            return
    raise UserError(f"{target}: is there already, and is not an unchanged export; choose another folder with --output")
