"""An installation without a checkout: the wheel has the configuration and the workflow, and both are found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from workflow_help import COMMANDS, ROOT, make_workspace

SOURCES = ("src", "config", "envs", "profiles", "rules", "workflow")
FILES = ("Snakefile", "setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contents of the wheel that `pip install .` makes."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        strange = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, folder / "checkout" / name, ignore=strange)
    for name in FILES:
        shutil.copy(ROOT / name, folder / "checkout")
    (folder / "checkout/config/methods/.#mine.yaml").symlink_to("user@host")
    (folder / "checkout/config/methods/mine.yaml~").touch()
    words = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, "."]
    done = subprocess.run([sys.executable, *words], cwd=folder / "checkout", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    shutil.rmtree(folder / "checkout")
    return folder / "site"


def run(site: Path, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("S5VH_", "SNAKEMAKE_"))}
    return subprocess.run(
        words, cwd=folder, env=variables | {"PYTHONPATH": str(site)}, capture_output=True, encoding="utf-8"
    )


def s5vh(site: Path, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run(site, folder, sys.executable, "-m", "s5vh", *words)


def test_everything_shipped_is_in_the_wheel(site: Path) -> None:
    shipped = site / "s5vh/shipped"
    for name in ("config", "envs", "profiles", "rules", "workflow"):
        tracked = {path.relative_to(ROOT) for path in (ROOT / name).rglob("*") if path.is_file()}
        tracked = {path for path in tracked if "__pycache__" not in path.parts}
        assert {path.relative_to(shipped) for path in (shipped / name).rglob("*") if path.is_file()} == tracked
    assert (shipped / "Snakefile").read_text() == (ROOT / "Snakefile").read_text()
    assert (site / "s5vh/reporting/report.html.j2").is_file()


def test_commands_find_the_shipped_configuration(site: Path, tmp_path: Path) -> None:
    done = s5vh(site, tmp_path, "settings", "--dataset=demo", "--method=s5vh", "--bits=8")
    assert done.returncode == 0, done.stderr
    done = s5vh(site, tmp_path, "check", "none.h5")
    assert (done.returncode, done.stderr) == (2, "s5vh: error: none.h5: no such file\n")
    done = s5vh(site, tmp_path, "verify", "none")
    assert f"no file none.yaml in config/datasets, {site}/s5vh/shipped/config/datasets" in done.stderr


def test_what_needs_a_checkout_says_so(site: Path, tmp_path: Path) -> None:
    done = s5vh(site, tmp_path, "schema", "--check")
    assert (done.returncode, done.stderr) == (
        2,
        "s5vh: error: `s5vh schema` needs a checkout of the repository, but s5vh is installed in "
        f"{site}/s5vh without one\n",
    )


def test_the_repository_around_an_installation_is_not_its_own(site: Path) -> None:
    subprocess.run(["git", "init", "-q", site], check=True)
    code = "from s5vh.base.provenance import provenance; print(provenance()['commit'])"
    assert run(site, site, sys.executable, "-c", code).stdout == "unknown\n"


def test_the_shipped_workflow_runs(site: Path, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "analysis")
    snakefile = site / "s5vh/shipped/Snakefile"
    done = run(site, folder, COMMANDS / "snakemake", "--snakefile", snakefile, "--cores", "1", "-n", "toy_16bit")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "import_features" in done.stdout


def test_an_incomplete_installation_says_so(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / "s5vh", tmp_path / "s5vh", ignore=shutil.ignore_patterns("shipped"))
    done = s5vh(tmp_path, tmp_path, "settings", "--dataset=demo", "--method=s5vh", "--bits=8")
    assert (done.returncode, done.stderr) == (
        2,
        f"s5vh: error: {tmp_path}/s5vh/shipped: the shipped configuration is missing; install s5vh again\n",
    )
