"""The whole way of own videos by the commands: clips, features, codes, index, search page, near-duplicates.

On clips made here, through a network with random weights, and on real clips where they are, through the real one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from search_files import error, read_page, run
from video_files import write_digits

from s5vh.config.dataset import DatasetConfig
from s5vh.config.videos import LITE, LITE_MODULE
from s5vh.data.videos.extract import open_extractor

REAL = Path(os.environ.get("S5VH_REAL_DATA", Path(__file__).parents[3] / "shared/data")) / "drone_ir_visible"
needs_real = pytest.mark.skipif(
    not (REAL / "clips").is_dir() or importlib.util.find_spec(LITE_MODULE) is None,
    reason="the real clips or the weights of the network are not here",
)
BITS = 6
DATASET = """\
title: Mine
kind: videos
frames: 4
videos: {{network: efficientnet_lite0, crop: {crop}, weights: {weights}}}
"""


def made(folder: Path) -> None:
    write_digits(folder, 12)


def real(folder: Path) -> None:
    for label in ("IR_BIRD", "IR_HELICOPTER", "V_AIRPLANE", "V_BIRD"):
        (folder / label).mkdir(parents=True)
        for clip in sorted((REAL / "clips" / label).iterdir())[:3]:
            shutil.copy(clip, folder / label)


@pytest.fixture(params=[made, pytest.param(real, marks=needs_real)])
def archive(request, tmp_path, monkeypatch) -> str:
    """A working directory with `data/own`, its features and a model; the name of a training video."""
    monkeypatch.chdir(tmp_path)
    request.param(tmp_path / "data/own")
    Path("config/datasets").mkdir(parents=True)
    crop, weights = (64, "random") if request.param is made else (224, "null")
    Path("config/datasets/own.yaml").write_text(DATASET.format(crop=crop, weights=weights))
    assert run("extract", "--dataset=own", "--output-dir=features", "--threads=2", "--device=cpu") == 0
    cell = ("--dataset=own", "--method=itq_mean", f"--bits={BITS}", "--seed=1")
    assert run("fit", *cell, "--train=features/train.h5", "--output=model.safetensors") == 0
    with h5py.File("features/train.h5") as file:
        assert file["feats"].shape[1:] == (4, 1280) and np.isfinite(file["feats"][()]).all()
        return file["ids"].asstr()[0]


def test_from_clips_to_pages(archive, capsys):
    assert run("index", "--model=model.safetensors", "--output=own.index",
               "features/train.h5", "features/query.h5") == 0  # fmt: skip
    Path("new").mkdir()
    copy = f"copy{Path(archive).suffix}"
    shutil.copy(Path("data/own", archive), Path("new", copy))
    assert run("index", "--output=own.index", "new") == 0
    capsys.readouterr()

    assert run("search", "own.index", f"new/{copy}", "--radius=0", "--json", "--html=hits.html", "--device=cpu") == 0
    found = json.loads(capsys.readouterr().out)
    hits = {hit["id"]: hit["distance"] for hit in found["hits"]}
    assert hits[archive] == hits[copy] == 0  # the same code from the feature file and from the file
    page = read_page(Path("hits.html"))
    assert {archive, copy} <= set(page.texts)
    assert page.tags.count("img") == 1 + len(hits)
    assert all(address.startswith("data:image/") for address in page.addresses)

    assert run("duplicates", "own.index", "--radius=0", "--json", "--html=duplicates.html") == 0
    groups = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (group,) = [one for one in groups if copy in [video["id"] for video in one["videos"]]]
    assert archive in [video["id"] for video in group["videos"]]
    page = read_page(Path("duplicates.html"))
    assert {archive, copy} <= set(page.texts) and page.tags.count("img") == sum(len(one["videos"]) for one in groups)

    text = Path("config/datasets/own.yaml").read_text().replace("crop: ", "crop: 1")
    Path("config/datasets/own.yaml").write_text(text)  # the dimension of the features stays
    said = error(capsys, "index", "--model=model.safetensors", "--output=other.index", "new")
    assert said.startswith("data set 'own': frame features would come from EfficientNet-Lite0, ")
    assert said.endswith(
        " with 'videos' settings that differ from those of the model's training videos (itq_mean on own, 6 bits, seed "
        "1), so codes would not be comparable; restore the settings, or train again"
    )
    assert run("search", "own.index", f"new/{copy}", "--device=cpu") == 0  # the index keeps its own
    assert not Path("other.index").exists()


@needs_real
def test_real_clips_have_the_features_that_others_extracted():
    """Stored are the same frames and network in float16, rounded to few bits of mantissa."""
    imagenet = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
    config = DatasetConfig(title="A", kind="videos", frames=25, videos={"network": LITE, **imagenet})
    extractor = open_extractor(config, device="cpu")
    ids = json.loads((REAL / "ids.json").read_text())
    for name in ("IR_BIRD_008.mp4", "V_DRONE_103.mp4"):
        part = next(part for part in ids if name in ids[part])
        with h5py.File(REAL / f"{part}_feats.h5") as file:
            stored = file["feats"][ids[part].index(name)].astype(np.float32)
        feats = extractor.video(REAL / "clips" / name.rpartition("_")[0] / name)
        np.testing.assert_allclose(feats, stored, rtol=2**-8, atol=2**-9)
