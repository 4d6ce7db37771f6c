"""The precision in which networks encode: what indexes remember, what searches use, what `metrics.json` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from reporting_results import make_run
from search_files import Corpus, error, fails
from search_files import run as command
from tiny_cells import SHAPE, features, network, tiny_cell

from s5vh.config.grid import cells
from s5vh.data.features import write_features
from s5vh.methods.contract import arithmetic, available
from s5vh.methods.model_file import StoredModel, read_model, save_model
from s5vh.methods.s5vh.network import S5VH
from s5vh.reporting.caveats import warnings
from s5vh.reporting.facts import CellFacts
from s5vh.retrieval.codes import pack
from s5vh.search.build import build_index
from s5vh.search.index import Index
from s5vh.search.precision import precision_of
from s5vh.search.query import Search
from s5vh.studies.evaluation import evaluate_model
from s5vh.training.encoding import open_encoder

CPU = torch.device("cpu")


@pytest.fixture(scope="module", autouse=True)
def processor() -> Iterator[pytest.MonkeyPatch]:
    """Has bfloat16."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("s5vh.methods.contract.has_bfloat16_products", lambda: True)
        yield patch


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network, 14 videos, and an index of them in each precision."""
    folder = tmp_path_factory.mktemp("precision")
    cell = tiny_cell("s5vh_no_alignment")
    arrays = {name: value.numpy() for name, value in network(cell, {}).state_dict().items()}
    provenance = {"settings": cell.model_dump(mode="json")}
    stored = StoredModel(arrays, cell, SHAPE.frames, SHAPE.feature_size, {}, provenance)
    save_model(folder / "model.safetensors", stored)
    feats, labels = features(), np.eye(3, dtype=np.uint8)[np.arange(14) % 3]
    write_features(
        folder / "videos.h5", [feats], shape=feats.shape, labels=labels, ids=[f"v{n}" for n in range(14)], provenance={}
    )
    for precision in ("float32", "bfloat16"):
        build(folder, f"{precision}.index", precision)
    return folder


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each batch that a network encodes is in mixed precision."""
    encode, found = S5VH.encode, []
    monkeypatch.setattr(S5VH, "encode", lambda *of: found.append(torch.is_autocast_enabled("cpu")) or encode(*of))
    return found


def build(folder: Path, name: str, precision: str | None = None) -> None:
    files = {"model_file": folder / "model.safetensors", "precision": precision, "device": "cpu"}
    build_index(folder / name, [folder / "videos.h5"], report=lambda text: None, **files)


def test_only_bfloat16_is_mixed_precision() -> None:
    for precision in ("float32", "tf32", "bfloat16"):
        with arithmetic(CPU, precision):
            assert torch.is_autocast_enabled("cpu") == (precision == "bfloat16")


def test_processors_without_bfloat16_compute_in_float32_and_say_so(folder, seen, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("s5vh.methods.contract.has_bfloat16_products", lambda: False)
    assert [available("bfloat16", device) for device in ("cpu", "cuda")] == ["float32", "bfloat16"]
    files = {"database_file": folder / "videos.h5", "query_file": folder / "videos.h5", "device": "cpu"}
    found = evaluate_model(folder / "model.safetensors", **files, protocols={}, output=tmp_path, precision="bfloat16")
    assert seen == [False] and found["encoding"] == {"precision": "float32"}


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_index_has_the_codes_of_its_precision_and_encodes_queries_likewise(folder, seen, precision, capsys) -> None:
    stored = read_model(folder / "model.safetensors")
    with open_encoder(stored, "cpu", precision=precision) as (encode, _):
        expected = pack(encode(features()))
    assert seen == [precision == "bfloat16"]
    with Index(folder / f"{precision}.index") as index:
        assert precision_of(index.path, index.facts) == precision
        np.testing.assert_array_equal(index.codes, expected)
        results = list(Search(index, [str(folder / "videos.h5")], device="cpu").results(top=1))
    assert seen == 2 * [precision == "bfloat16"] and [one.hits[0].distance for one in results] == 14 * [0]
    assert capsys.readouterr().err == ""


def test_another_precision_is_told_in_a_search_and_refused_in_an_index(folder, seen, capsys) -> None:
    file, index = folder / "videos.h5", folder / "bfloat16.index"
    assert command("search", index, file, "--row=0", "--device=cpu", "--precision=float32") == 0
    assert seen == [False] and capsys.readouterr().err == (
        f"{index}: note: codes were computed in bfloat16, queries are encoded in float32, so single bits can differ\n"
    )
    assert command("search", index, "v0", "--precision=float32") == 0
    assert seen == [False] and capsys.readouterr().err == ""  # nothing was encoded
    said = (
        f"{index}: its codes were computed in bfloat16, so --precision float32 would mix codes of two precisions; "
        "leave it out, or build a new index with another --output"
    )
    assert error(capsys, "index", file, "--output", index, "--precision=float32") == said
    with fails(said):
        build(folder, "bfloat16.index", "float32")
    build(folder, "bfloat16.index", "bfloat16")
    build(folder, "bfloat16.index")
    assert seen == [False]  # no video is new


def test_new_videos_are_encoded_in_the_precision_of_the_index(folder, seen, tmp_path) -> None:
    more = features(3, seed=9)
    write_features(tmp_path / "more.h5", [more], shape=more.shape, ids=list("abc"), provenance={})
    for name in ("codes.index", "codes.index.sqlite"):
        (tmp_path / name).write_bytes((folder / name.replace("codes", "bfloat16")).read_bytes())
    build_index(tmp_path / "codes.index", [tmp_path / "more.h5"], device="cpu", report=lambda text: None)
    assert seen == [True]


def test_indexes_of_earlier_versions_are_in_float32_and_a_wrong_record_is_damage(tmp_path) -> None:
    assert precision_of(tmp_path / "i", {}) == "float32"
    with fails(f"{tmp_path / 'i.sqlite'}: damaged (wrong precision); restore it from a copy, or build a new index with "
               "another --output"):  # fmt: skip
        precision_of(tmp_path / "i", {"precision": "float8"})


def test_methods_without_a_network_ignore_it(tmp_path, capsys) -> None:
    corpus = Corpus(tmp_path)
    corpus.build(precision="bfloat16")
    corpus.build(precision="float32")
    with Index(corpus.index) as index:
        assert precision_of(index.path, index.facts) is None
    assert command("search", corpus.index, corpus.query_file, "--precision=float32") == 0
    assert capsys.readouterr().err == ""


def test_codes_as_text_have_the_option(folder, seen, capsys) -> None:
    for precision in ("float32", "bfloat16"):
        words = ("hash", folder / "videos.h5", "--model", folder / "model.safetensors", "--device=cpu")
        assert command(*words, "--precision", precision) == 0
        with Index(folder / f"{precision}.index") as index:
            codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
            assert codes == [code.tobytes().hex() for code in np.asarray(index.codes)]
    assert seen == [False, True]


def test_metrics_name_the_precisions_of_encoding_and_training(folder, seen, tmp_path) -> None:
    files = {"database_file": folder / "videos.h5", "query_file": folder / "videos.h5", "device": "cpu"}
    found = evaluate_model(folder / "model.safetensors", **files, protocols={}, output=tmp_path, precision="bfloat16")
    assert seen == [True] and found["encoding"] == {"precision": "bfloat16"}
    assert found["provenance"]["model"]["settings"]["settings"]["training"]["precision"] == "float32"


def test_the_report_says_that_codes_are_in_bfloat16() -> None:
    run = make_run(["demo"])
    cell = cells(run.config, run.datasets)[0]
    for precision, told in (("float32", 0), ("bfloat16", 1), (None, 0)):
        metrics = {"protocols": {}, "encoding": {"precision": precision}}
        said = [text for text in warnings(run, [CellFacts(cell, metrics)]) if "bfloat16" in text]
        assert len(said) == told
