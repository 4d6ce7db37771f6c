"""What `make test-slurm` writes, says and compares; the test itself needs Slurm and is not part of this suite."""

from __future__ import annotations

import json
import os
from importlib import util
from pathlib import Path

import numpy as np
import pytest
import try_slurm
import yaml
from cluster import configuration, missing_tools
from same_files import differences
from snakemake.profiles import ProfileConfigFileParser

NOTHING_INSTALLED = (
    "Slurm (on Debian and Ubuntu: apt install slurm-wlm); MUNGE (apt install munge); "
    "Snakemake's plugin (.venv/bin/pip install 'snakemake-executor-plugin-slurm>=2.8,<3')"
)


def rules_asking_for(resource: str, profile: str, folder: Path) -> set[str]:
    """Rules for which a profile sets a resource to something else than 0, as Snakemake reads it."""
    file = folder / "profile.yaml"
    file.write_text(profile)
    with open(file) as opened:
        read = ProfileConfigFileParser().parse(opened)["set-resources"]
    return {line.split(":")[0] for line in read if line.split(":")[1].startswith(f"{resource}=") and line[-2:] != "=0"}


def test_profile_for_clusters_with_and_without_gpus(tmp_path: Path) -> None:
    text = try_slurm.PROFILE.read_text()
    on_gpus = {"train", "extract_features", "extract_three_parts", "measure_efficiency"}
    assert [rules_asking_for(name, text, tmp_path) for name in ("gpu", "slurm_partition")] == [on_gpus, on_gpus]
    without = try_slurm.profile_without_gpus(text)
    assert [rules_asking_for(name, without, tmp_path) for name in ("gpu", "slurm_partition")] == [set(), set()]
    assert f"`train: {try_slurm.WITHOUT_GPUS}`" in text, "the comment says what to write"
    with pytest.raises(try_slurm.Failed, match="does not have exactly one"):
        try_slurm.profile_without_gpus(without)


def test_configuration_of_the_cluster(tmp_path: Path) -> None:
    files = configuration(tmp_path, [7001, 7002, 7003], gpus=True)
    lines = files["slurm.conf"].splitlines()
    settings = dict(line.split("=", 1) for line in lines if not line.startswith(("NodeName", "PartitionName")))
    assert settings["SlurmctldPort"] == "7001"
    assert settings["AuthInfo"].startswith(f"socket={tmp_path}/munge.socket,")
    inside = ("StateSaveLocation", "SlurmctldPidFile", "SlurmctldLogFile", "SlurmdSpoolDir", "SlurmdPidFile")
    assert all(settings[key].startswith(f"{tmp_path}/") for key in inside)
    nodes = [dict(word.split("=", 1) for word in line.split()) for line in lines if line.startswith("NodeName")]
    assert [(node["NodeName"], node["Port"], node["Gres"]) for node in nodes] == [
        ("node1", "7002", "gpu:1"),
        ("node2", "7003", "gpu:1"),
    ]
    assert files["gres.conf"].count("Name=gpu File=/dev/null") == 2
    assert sum(line.startswith("PartitionName=gpu Nodes=node1,node2 ") for line in lines) == 1
    without = configuration(tmp_path, [7001, 7002, 7003], gpus=False)
    assert without["gres.conf"] == "" and "gpu" not in without["slurm.conf"].replace(str(tmp_path), "").lower()


def test_what_is_missing_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("cluster.SYSTEM_PATH", "")
    assert try_slurm.main([]) == 2
    assert capsys.readouterr().err == f"test-slurm: not installed: {NOTHING_INSTALLED}\n"
    monkeypatch.setattr(util, "find_spec", lambda name: object())
    assert missing_tools(lambda name, path: name) == ""
    assert missing_tools(lambda name, path: name if name != "slurmd" else None) == NOTHING_INSTALLED.split("; ")[0]
    assert missing_tools(lambda name, path: name if name != "munged" else None) == NOTHING_INSTALLED.split("; ")[1]


def test_a_folder_in_use_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(try_slurm, "missing_tools", lambda: "")
    file = tmp_path / "file"
    file.touch()
    for taken in (tmp_path, file):
        assert try_slurm.main(["--folder", str(taken)]) == 2
        assert capsys.readouterr().err == f"test-slurm: {taken}: is no empty folder; choose a new one\n"
    assert os.listdir(tmp_path) == ["file"]


def test_files_are_the_same_but_for_times(tmp_path: Path) -> None:
    for name, seconds in (("one", 1.5), ("other", 2.5)):
        folder = tmp_path / name
        folder.mkdir()
        record = {"created": f"at {seconds}", "seed": 1, "training": {"seconds": seconds, "epoch": 3}}
        (folder / "metrics.json").write_text(json.dumps(record))
        (folder / "table.csv").write_text(f"epoch,seconds\n1,{seconds}\n")
        np.savez(folder / "codes.npz", codes=np.arange(4), provenance=np.array(json.dumps(record)))
    one, other = tmp_path / "one", tmp_path / "other"
    assert differences(one, other) == (3, [])
    np.savez(other / "codes.npz", codes=np.arange(4) + 1, provenance=np.array("{}"))
    (other / "table.csv").write_text("epoch,seconds\n2,1.5\n")
    (other / "metrics.json").write_text(json.dumps({"seed": 2}))
    (one / "alone.txt").touch()
    assert differences(one, other) == (4, ["alone.txt", "codes.npz", "metrics.json", "table.csv"])


def test_the_demo_trains_the_cell_that_is_broken() -> None:
    demo = yaml.safe_load(try_slurm.DEMO.read_text())
    dataset, method, bits, _ = try_slurm.CELL.parts[1:]
    assert dataset in demo["datasets"] and method in demo["methods"] and bits == f"{demo['bits'][0]}bit"
