"""Export of results and their verification, on cells of a few videos."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess

import numpy as np
import pytest
import yaml
from shared_results import BITS, CELL, TRANSFER, copied, disagreements, make_results, rewrite_json

from s5vh.base.errors import UserError
from s5vh.base.files import write_text
from s5vh.cli import main
from s5vh.methods.load import resolve_cell
from s5vh.retrieval.uncertainty import student_interval
from s5vh.sharing import folder as names
from s5vh.sharing.card_facts import recipe_facts
from s5vh.sharing.card_scores import markdown_table
from s5vh.sharing.contents import SharedCell
from s5vh.sharing.export import export
from s5vh.sharing.folder import files_in
from s5vh.sharing.verification import verify
from s5vh.sharing.videos import Part, Videos, read_videos


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("made") / "results")


@pytest.fixture(scope="module")
def shared(results, tmp_path_factory):
    """Both seeds with weights."""
    return export([results / "tiny"], tmp_path_factory.mktemp("shared") / "tiny", weights=True)[0]


def run(*words):
    return main([str(word) for word in words])


def bytes_of(folder):
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


def test_a_cell_goes_out_and_is_verified(results, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("export", results / CELL, "--licence", "CC-BY-4.0") == 0
    target = tmp_path / f"exports/tiny_lsh_mean_{BITS}bit_seed1"
    said = capsys.readouterr().out
    assert said.startswith(f"exports/{target.name}: 1 cell, 0.0 MiB, written\n") and "licence" not in said
    assert files_in(target) == sorted([
        "README.md", "SHA256SUMS", "export.json", "tiny/database.csv", "tiny/query.csv",
        *(f"{CELL}/{name}" for name in ("codes.npz", "metrics.json", "pr.csv", "settings.json")),
    ])  # fmt: skip
    assert run("verify-results", target) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("agrees: all ") and not any("DISAGREE" in line for line in lines)
    claimed = json.loads((results / CELL / "metrics.json").read_text())["protocols"]["published"]["GmAP"]
    (line, _) = [line.split() for line in lines if line.split()[:1] == ["GmAP"]]
    assert line[1:] == [f"{claimed:.9f}"] * 2
    assert "not checked, because codes say nothing about it: encoding, training, provenance (" in "\n".join(lines)
    assert (target / "tiny/query.csv").read_text().splitlines()[:4] == [
        "id,labels,database_row", "query0,0,", "query1,1,", "query2,2,7",
    ]  # fmt: skip


def test_checksums_are_those_of_sha256sum(shared):
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=shared, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count(": OK\n") == len(files_in(shared)) - 1


def test_the_same_bytes_again(results, shared, tmp_path):
    again, _, changed = export([results / "tiny/lsh_mean"], tmp_path / "again", weights=True)
    assert changed and bytes_of(again) == bytes_of(shared)
    assert export([results / "tiny"], again, weights=True)[2] is False
    # An unchanged export makes way for another one.
    assert export([results / CELL], again)[2] is True and f"{CELL}/model.safetensors" not in files_in(again)


@pytest.mark.parametrize("change", ["added", "edited", "edited with its checksum", "removed", "other", "file", "link"])
def test_nothing_else_is_overwritten(results, shared, tmp_path, change):
    target = copied(shared, tmp_path / "target")
    if change == "added":
        (target / "notes.txt").write_text("mine")
    elif change.startswith("edited"):
        (target / "README.md").write_text("mine")
        if "checksum" in change:
            names.write_sums(target)
    elif change == "removed":
        (target / CELL / "pr.csv").unlink()
    else:
        target.rename(tmp_path / "elsewhere")
        if change == "other":
            (target / "thesis").mkdir(parents=True)
        elif change == "file":
            target.write_text("mine")
        else:
            target.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="target: is there already, and is not an unchanged export; choose another"):
        export([results / CELL], target)
    assert sorted(path.name for path in tmp_path.iterdir()) in (["target"], ["elsewhere", "target"])


def test_the_working_folder_stays(results, tmp_path, monkeypatch):
    export([results / CELL], tmp_path / "target")
    for place in ("target", "target/tiny"):
        monkeypatch.chdir(tmp_path / place)
        with pytest.raises(UserError, match="target: is the folder in which this command runs"):
            export([results / CELL], tmp_path / "target")


def test_an_empty_folder_is_filled_and_failures_leave_nothing(results, tmp_path, monkeypatch):
    (tmp_path / "target").mkdir()
    assert export([results / CELL], tmp_path / "target")[2]
    with monkeypatch.context() as patch, pytest.raises(UserError, match="disk is full"):
        patch.setattr(names, "write_sums", lambda folder: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        export([results / CELL], tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_what_a_killed_export_left_goes(results, tmp_path):
    others = [".other.1.part", f".target.{os.getppid()}.part", ".target.x.part"]
    for name in (".target.99999999.part", ".target.99999999.old", *others):
        (tmp_path / name / "inside").mkdir(parents=True)
    export([results / CELL], tmp_path / "target")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "target"])


def test_codes_are_made_again_with_weights_and_features(results, shared):
    found = verify(shared, [results / "tiny/features"])
    shares = [check for check in found.checks[CELL] if check.group[0] == "codes made again"]
    assert [check.found for check in shares if check.path[-1] == "share of bits that differ"] == [0.0, 0.0]
    assert not found.disagreeing and not found.notes
    with pytest.raises(UserError, match="has other ids, labels or self-matches"):
        verify(shared, [results / "tiny/features", results / "same/features"])
    others = verify(shared, [results / "same/features"])
    assert {check.group[1] for _, check in others.disagreeing} == {"ids, labels and self-matches of the features"}
    assert "its codes were not made again" in others.notes[0]


def test_labels_stay_at_home_if_asked_to(results, tmp_path, capsys):
    target, features = tmp_path / "target", results / "tiny/features"
    assert run("export", results / CELL, "--without-labels", "--output", target) == 0
    assert "without labels; to check scores, others need --features" in capsys.readouterr().out
    assert (target / "tiny/database.csv").read_text().startswith("id\nvideo0\n")
    assert run("verify-results", target) == 2
    assert "the labels of 'tiny' were left out; give the data set's feature files" in capsys.readouterr().err
    assert run("verify-results", target, "--features", features) == 0
    said = capsys.readouterr().out
    assert "GmAP" in said and "the weights were not exported" in said
    rewrite_json(target / "export.json", lambda told: told["data"]["tiny"].update(digest="0" * 64))
    names.write_sums(target)
    assert run("verify-results", target, "--features", features) == 1


def test_videos_without_labels_have_codes_and_no_scores(results, tmp_path, capsys):
    assert run("export", results / "bare", "--output", tmp_path / "target") == 0
    assert "bare: has no labels, so there are codes and ids, and no scores to check" in capsys.readouterr().out
    assert "No scores: the videos have no labels." in (tmp_path / "target/README.md").read_text()
    assert run("verify-results", tmp_path / "target") == 0
    assert "statistics of the database" in capsys.readouterr().out


def test_queries_that_are_the_database_are_listed_once(results, tmp_path):
    target, contents, _ = export([results / "same"], tmp_path / "target", weights=True)
    assert contents.data["same"]["queries_are_database"] and "same/query.csv" not in files_in(target)
    assert not verify(target, [results / "same/features"]).disagreeing


def test_the_card_names_data_recipe_hardware_and_scores(results, shared):
    text = (shared / "README.md").read_text()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["license"] == "unknown" and "video-hashing" in front["tags"]
    (model,) = front["model-index"]
    told = [json.loads((results / f"tiny/lsh_mean/{BITS}bit/seed{seed}/metrics.json").read_text()) for seed in (1, 2)]
    values = [one["protocols"]["strict"]["GmAP"] for one in told]
    (entry,) = [one for one in model["results"][0]["metrics"] if one["name"] == "GmAP (12 bits, protocol strict)"]
    assert entry["value"] == pytest.approx(np.mean(values)) and model["name"] == "lsh_mean"
    mean, low, high = student_interval(values)
    assert f"{mean:.3f} ({low:.3f} to {high:.3f}) | over 2 seeds |" in text
    assert "- recipe: `lsh_mean`; departures from it that have a name: none" in text
    assert "- searched: 30 videos, 9 queries, 3 classes" in text and "1 of 9 queries are also in the database" in text
    assert told[0]["provenance"]["hardware"]["cpu"] in text
    digest = hashlib.sha256(b"".join((shared / f"tiny/{name}.csv").read_bytes() for name in ("database", "query")))
    assert f"`{digest.hexdigest()}`" in text


def test_bars_do_not_end_a_cell_of_a_table():
    assert markdown_table(["a", "b"], [["cats | dogs", "1"]]) == "| a | b |\n|---|---|\n| cats \\| dogs | 1 |"


def test_one_seed_has_intervals_over_queries(results, tmp_path):
    text = (export([results / CELL], tmp_path / "target")[0] / "README.md").read_text()
    interval = json.loads((results / CELL / "metrics.json").read_text())["protocols"]["published"]["interval"]["GmAP"]
    assert f"({interval[0]:.3f} to {interval[1]:.3f}) | over queries, one seed |" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cell: (cell / "pr.csv").unlink(), "seed1/pr.csv: no such file, so the cell is not finished"),
        (lambda cell: (cell / "metrics.json").unlink(), "no finished cell in it"),
        (lambda cell: (cell / "metrics.json").write_text('{"a": NaN}'), "results/.*/metrics.json: not valid JSON"),
        (lambda cell: (cell / "pr.csv").write_text(""), f"^{CELL}/pr.csv: must have .*; run the workflow for it again"),
        (lambda cell: shutil.rmtree(cell.parents[2] / "features"), "no feature files"),
        (lambda cell: shutil.move(cell, cell.with_name("seed3")), r"no such folder; give that of a cell"),
        (
            lambda cell: rewrite_json(cell / "metrics.json", lambda m: m["protocols"]["strict"].update(GmAP=0.5)),
            r"protocols.strict.GmAP is 0.5, found 0\.\d+.*\); evaluate these cells again",
        ),
        (
            lambda cell: rewrite_json(
                cell / "metrics.json", lambda m: m["protocols"]["strict"]["settings"].update(ties="stable")
            ),
            r"protocols\.strict\.settings\.ties is stable, but by that name of a protocol others understand expected",
        ),
        (
            lambda cell: rewrite_json(cell / "metrics.json", lambda m: m["provenance"]["model"].update(created="then")),
            "seed1: was evaluated with another model than .*/model.safetensors; run the workflow for it again",
        ),
        (
            lambda cell: shutil.copy(cell.parents[2] / "features/train.h5", cell.parents[2] / "features/query.h5"),
            "its codes were not made from the videos in",
        ),
    ],
)  # fmt: skip
def test_unfinished_and_wrong_cells_are_refused(results, tmp_path, change, message):
    copied(results, tmp_path / "results")
    change(tmp_path / "results" / CELL)
    with pytest.raises(UserError, match=message):
        export([tmp_path / "results" / CELL], tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_cells_of_other_places_are_refused(results, tmp_path):
    renamed = copied(results / CELL, tmp_path / "tiny" / "other" / f"{BITS}bit" / "seed1")
    with pytest.raises(UserError, match=f"its model is that of {CELL}"):
        export([renamed], tmp_path / "target")
    transfer = copied(results / CELL, tmp_path / "transfer/a_to_b" / "lsh_mean" / f"{BITS}bit" / "seed1")
    with pytest.raises(UserError, match=r"model\.safetensors: no such file, so the cell is not finished"):
        export([transfer], tmp_path / "target")
    with pytest.raises(UserError, match="of several data sets; name the folder to write with --output"):
        export([results / "tiny", results / "same"])
    other = copied(results, tmp_path / "again")
    with pytest.raises(UserError, match="again: export cells of one results folder at a time"):
        export([results / CELL, other / CELL], tmp_path / "target")


def test_a_model_of_another_data_set(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    target, contents, _ = export([results / "transfer"], weights=True)
    (cell,) = contents.cells
    assert (cell.dataset, cell.trained_on, cell.folder) == ("same", "tiny", TRANSFER)
    assert target.name == f"transfer_tiny_to_same_lsh_mean_{BITS}bit_seed1"
    text = (target / "README.md").read_text()
    assert "| same | `lsh_mean`, trained on tiny | 12 | `strict` |" in text and "trained on `tiny`" in text
    assert not verify(target, [results / "same/features"]).disagreeing
    rewrite_json(target / TRANSFER / "metrics.json", lambda told: told.update(dataset="same"))
    assert disagreements(target) == {"metrics.json.dataset"}


def test_cells_of_several_data_sets_in_one_folder(results, tmp_path):
    target, contents, _ = export([results], tmp_path / "target")
    assert [cell.folder for cell in contents.cells] == sorted(cell.folder for cell in contents.cells)
    assert list(contents.data) == ["bare", "same", "tiny"] and not verify(target).disagreeing
    given = [results / name / "features" for name in ("same", "bare", "tiny")]
    assert not verify(target, given).disagreeing


IDS = ["plain", "with, comma", 'with "quotes"', "two\nlines", "cr\r", " spaces ", "é 視訊", "=1+1", "0"]


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("same", [True, False])
def test_ids_and_labels_come_back(tmp_path, labelled, same):
    labels = np.random.default_rng(0).integers(2, size=(len(IDS), 5)).astype(np.uint8)
    labels[0], labels[1] = 0, 1  # no class, and all of them
    database = Part(IDS, labels if labelled else None)
    query = database if same else Part(IDS[::-1], labels[::-1] if labelled else None)
    own = np.arange(len(IDS)) if same else np.array([-1, 8, -1, 0, 1, 2, 3, 4, 5])
    videos = Videos(database, query, own, 5 if labelled else 0)
    for name, text in videos.tables().items():
        write_text(tmp_path / name, text)
    record = json.loads(json.dumps(videos.record()))
    back = read_videos(tmp_path, record, tmp_path / "export.json", labelled)
    assert back.same == same and back.is_labelled == labelled and back.self_index.tolist() == own.tolist()
    for mine, read in ((database, back.database), (query, back.query)):
        assert read.ids == mine.ids and (not labelled or np.array_equal(read.labels, mine.labels))
    assert back.digest() == videos.digest() == record["digest"]
    assert not labelled or back.without_labels().digest() != back.digest()


def test_departures_that_have_a_name_are_told_by_it():
    cell = resolve_cell("demo", "s5vh+xavier", 16, 1)
    shared = SharedCell("demo", "demo", "s5vh+xavier", 16, 1, {}, "")
    (text,) = recipe_facts([shared], {shared.folder: json.loads(cell.to_json())})
    assert "- recipe: `s5vh`; departures from it that have a name: 2\n" in text
    assert "  - `xavier`: Xavier-uniform with zero bias everywhere" in text and "`no_early_stopping`" in text
    assert "`model.width`: 64 (recipe: 256)" in text and "`model.initialisation`" not in text
    settings = json.loads(cell.to_json())
    settings["settings"]["implementation"] = "gone"
    (text,) = recipe_facts([shared], {shared.folder: settings})
    assert text.endswith("- its recipe is not installed here, so departures from it are not listed")
