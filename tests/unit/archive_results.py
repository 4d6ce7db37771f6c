"""Own videos with features, thumbnails, codes and scores, as the stages before the page about them leave them."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import yaml
from reporting_results import write_cell

from s5vh.base.files import write_csv
from s5vh.config import layout
from s5vh.config.grid import Run, cells
from s5vh.config.load import load_run
from s5vh.data.features import write_features
from s5vh.data.videos.stage import COLUMNS
from s5vh.planning.datasets import run_of
from s5vh.studies.reference_rankings import score_reference_rankings

CLASSES = ["climbing", "cooking", "<dancing> & 'more'"]
DATABASE, QUERIES = 40, 11  # as `write_cell` expects them


def write_archive_dataset(root: Path, name: str = "mine", *, labelled: bool = True) -> None:
    """Settings of a data set of videos, and files where its videos would be."""
    settings = {"title": f"My {name} videos", "kind": "videos", "frames": 3, "feature_size": 2048, "backbone": "R"}
    settings |= {"videos": {"network": "resnet50"}, "semantics": {"clusters": 3, "pca": None}}
    (root / "config/datasets").mkdir(parents=True, exist_ok=True)
    (root / f"config/datasets/{name}.yaml").write_text(yaml.safe_dump(settings))
    for place in video_names(labelled):
        path = root / "data" / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no video")


def video_names(labelled: bool = True) -> list[str]:
    """Paths of the videos in their folder, the database first."""
    names = [f"clip {number:02d}#.mp4" for number in range(DATABASE + QUERIES)]
    return [f"class{number % 3}/{name}" if labelled else name for number, name in enumerate(names)]


def archive_run(**settings) -> Run:
    """A run of `mine` with two methods that need no training."""
    base = {"datasets": ["mine"], "methods": ["lsh_mean"], "archive": {"methods": ["itq_mean", "lsh_mean"]}}
    return run_of(load_run(base | {"bits": [8, 16], "examples": {"bits": 16}} | settings))


def write_archive_results(run: Run, dataset: str, root: Path, *, labelled: bool = True) -> None:
    """What precedes the page: three kinds of videos, some of which are copies of each other."""
    rng = np.random.default_rng(7)
    names = video_names(labelled)
    parts = {"train": names[:DATABASE], "query": names[DATABASE:]}
    labels = {part: np.eye(3, dtype=np.uint8)[rng.integers(3, size=len(own))] for part, own in parts.items()}
    rows = []
    with h5py.File(_made(layout.thumbnails(dataset, root)), "w") as pictures:
        for part, own in parts.items():
            kinds = labels[part].argmax(axis=1)
            feats = (4 * kinds[:, None, None] + rng.standard_normal((len(own), 3, 2048))).astype(np.float32)
            write_features(
                layout.features(dataset, part, root), [feats], shape=feats.shape, ids=own, provenance={},
                labels=labels[part] if labelled else None, class_names=CLASSES if labelled else None,
            )  # fmt: skip
            pictures[part] = (60 * kinds[:, None, None, None, None] + rng.integers(80, size=(1, 5, 8, 8, 3))).astype(
                "u1"
            )
            rows += [{"path": name, "part": part, "status": "ok", "seconds": 90.0} for name in own]
    rows[0] |= {"status": "damaged", "reason": "the file ends after 3 of 9 frames", "seconds": None}
    rows += [{"path": f"bad{number}.mp4", "status": "failed", "reason": "no frame can be decoded"} for number in (1, 2)]
    rows.append({"path": "notes.txt", "status": "passed over", "reason": "text"})
    write_csv(layout.videos(dataset, root), rows, COLUMNS)
    run = run.of_archive(dataset)
    for cell in cells(run.config, [dataset]):
        write_cell(layout.cell(*cell, root), cell, dataset, labels, run, rng)
    if labelled:
        score_reference_rankings(
            *(layout.features(dataset, part, root) for part in ("train", "query")),
            protocols={name: protocol.model_dump() for name, protocol in run.config.protocols.items()},
            rankings=run.config.reference_rankings,
            output=layout.reference_rankings(dataset, root),
        )


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
