"""From a mirror to features: what is missing and asked for by name is downloaded, and nobody's file is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_help import jobs, snakemake

FEATURES = ("results/toy/features/train.h5", "results/toy/features/query.h5")
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def served(empty: Path) -> tuple[Path, dict[str, str]]:
    """A working directory whose toy has one file, put there by hand; and the environment with a mirror of all files."""
    (empty / "data").rename(empty / "mirror")
    (empty / "data/toy").mkdir(parents=True)
    (empty / "data/toy/query.h5").write_bytes((empty / "mirror/toy/query.h5").read_bytes())
    return empty, {"S5VH_MIRROR": str(empty / "mirror"), "S5VH_CACHE": "none"}


def identity(file: Path) -> tuple[bytes, int, int]:
    status = file.stat()
    return file.read_bytes(), status.st_mtime_ns, status.st_ino


def test_from_download_to_features(served) -> None:
    folder, environment = served
    by_hand = folder / "data/toy/query.h5"
    before = identity(by_hand)
    done = snakemake(folder, *FEATURES, **environment)
    assert done.returncode == 0, done.stdout
    assert "Downloading the train files of toy" in done.stdout
    assert all((folder / file).is_file() for file in FEATURES)
    assert sorted(file.name for file in (folder / "data/toy").glob("[!.]*")) == [
        "query.h5", "query_labels.h5", "train.h5", "train_labels.h5",
    ]  # fmt: skip
    assert identity(by_hand) == before
    # Neither the receipts nor the way the files came are a reason to do anything again.
    assert jobs(snakemake(folder, "-n", *FEATURES)) == set()
    # Features may be links to files that are gone, so these are told and not quietly replaced.
    (folder / "data/toy/train.h5").unlink()
    lost = snakemake(folder, "-n", "toy_16bit", **environment)
    assert lost.returncode == 2
    assert lost.stdout.splitlines()[-1] == (
        "s5vh: error: toy: 1 file is missing in data/toy (train.h5); try `s5vh download toy`"
    )
    # Without the features they are simply missing again, and the old receipt does not interfere.
    for file in FEATURES:
        (folder / file).unlink()
    assert jobs(snakemake(folder, "-n", *FEATURES, **environment)) == {
        "Downloading the train files of toy",
        "Importing the train features of toy",
        "Importing the query features of toy",
    }


def test_a_failed_download_removes_nothing(served) -> None:
    folder, environment = served
    (folder / "mirror/toy/train_labels.h5").write_text("<html>Please log in</html>")
    before = identity(folder / "data/toy/query.h5")
    done = snakemake(folder, *FEATURES, **environment)
    assert done.returncode == 1
    fault = "train_labels.h5 from {} has the wrong content: is a web page, not a label file"
    assert fault.format(folder / "mirror/toy") in done.stdout
    assert identity(folder / "data/toy/query.h5") == before
    assert (folder / "data/toy/train.h5").is_file()
    assert not (folder / "data/toy/train_labels.h5").exists()
    assert not (folder / FEATURES[0]).exists() and not list(folder.glob("results/toy/downloads/train*"))
    assert (folder / FEATURES[1]).exists()  # the other part goes its way


def test_only_what_is_named_is_downloaded(empty: Path) -> None:
    done = snakemake(empty, "-n", "models", "--config", "datasets=auto", S5VH_MIRROR=NOWHERE)
    assert not any("Downloading" in job for job in jobs(done))
    assert "s5vh: skipped: hmdb51: 4 files are missing in data/hmdb" in done.stdout
    assert "; try `s5vh download hmdb51`\n" in done.stdout
    assert "s5vh: no paper data set is available; running the built-in demo instead" in done.stdout
    named = jobs(snakemake(empty, "-n", "hmdb51_16bit", S5VH_MIRROR=NOWHERE))
    assert {job for job in named if "Downloading" in job} == {
        f"Downloading the {part} files of hmdb51" for part in ("train", "query")
    }
