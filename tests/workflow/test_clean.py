"""`make clean` leaves nothing of what it says is gone, wherever the folders are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from workflow_help import ROOT

GONE = ("logs", "site", ".snakemake", ".hypothesis")


@pytest.mark.parametrize("links", [(), ("results",), ("results", *GONE)])
def test_make_clean(tmp_path: Path, links: tuple[str, ...]) -> None:
    for name in ("results", "data", *GONE):
        place = tmp_path / "other_disk" / name if name in links else tmp_path / name
        (place / "deep/er").mkdir(parents=True)
        (place / "deep/er/file.h5").write_text("content")
        (place / "deep/README.md").write_text("of a run")
        if name in links:
            (tmp_path / name).symlink_to(place)
    (tmp_path / "results/README.md").write_text("stays")
    (tmp_path / "results/outside").symlink_to(tmp_path / "data")
    shutil.copy(ROOT / "Makefile", tmp_path)
    for _ in range(2):
        done = subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert [path.name for path in (tmp_path / "results").iterdir()] == ["README.md"]
        for name in GONE:
            assert not list((tmp_path / "other_disk" / name).glob("*")), name
            assert (tmp_path / name).is_symlink() == (name in links) and (tmp_path / name).exists() == (name in links)
        assert (tmp_path / "data/deep/er/file.h5").read_text() == "content"


def test_make_clean_where_nothing_has_run(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
