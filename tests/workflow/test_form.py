"""Form of the rules, the profiles and the generated files."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from snakemake.cli import get_argument_parser
from workflow_help import COMMANDS, ROOT

from s5vh import planning
from s5vh.config import schema
from s5vh.errors import UserError

SNAKEFILES = [ROOT / "Snakefile", *sorted((ROOT / "rules").glob("*.smk"))]
RULE = re.compile(r"^(?:rule|checkpoint) (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def rules() -> dict[str, str]:
    """Text of each rule with a shell command, by name."""
    found = {name: text for file in SNAKEFILES for name, text in RULE.findall(file.read_text())}
    return {name: text for name, text in found.items() if "shell:" in text}


def test_lint_finds_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMANDS / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", tmp_path, "--lint"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "Congratulations" in done.stdout


def test_rules_are_formatted() -> None:
    done = subprocess.run(
        [COMMANDS / "snakefmt", "--check", "--line-length", "120", "Snakefile", "rules", "workflow/Snakefile"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(rules()))
def test_rule_has_all_its_parts(name: str) -> None:
    text = rules()[name]
    parts = ("output:", "log:", "benchmark:", "threads:", "resources:", "params:", "conda:", "message:", "shell:")
    assert [part for part in parts if f"    {part}" not in text] == []
    assert text.lstrip().startswith('"""')
    assert "code=" in text, "an edit of the package must run the rule again"
    assert "exec &> >(tee {log:q})" in text


def test_what_trainings_wait_for_comes_before_them() -> None:
    prepares = ("download", "import_features", "make_demo", "extract_features", "cluster_videos", "solve_centers")
    assert [name for name in prepares if "    priority: BEFORE_TRAINING\n" not in rules()[name]] == []
    assert [name for name in ("train", "fit", "measure_efficiency") if "priority:" in rules()[name]] == []


def test_names_of_rules_cannot_be_names_of_data_sets() -> None:
    named = re.findall(r"^(?:rule|checkpoint) (\w+):", "\n".join(file.read_text() for file in SNAKEFILES), re.MULTILINE)
    from s5vh.reporting.inputs import FIGURES, TABLES

    assert {*named, *TABLES, *FIGURES} <= set(planning.RESERVED_DATASETS)


def test_generated_files_are_up_to_date() -> None:
    schema.check()


def test_drift_is_told_with_its_repair(tmp_path: Path) -> None:
    schema.write(tmp_path)
    schema.check(tmp_path)
    (tmp_path / "config/README.md").write_text("something else")
    (tmp_path / "workflow/schemas/method.schema.yaml").unlink()
    with pytest.raises(UserError) as error:
        schema.check(tmp_path)
    assert str(error.value) == (
        "workflow/schemas/method.schema.yaml, config/README.md: not what src/s5vh/config says; "
        "run `s5vh schema` and commit"
    )


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("config", "config/*.yaml"),
        ("dataset", "config/datasets/*.yaml"),
        ("method", "config/methods/*.yaml"),
        ("departures", "config/departures/*.yaml"),
    ],
)
def test_shipped_configuration_fits_the_schema(name: str, files: str) -> None:
    text = (ROOT / f"workflow/schemas/{name}.schema.yaml").read_text()
    validator = Draft202012Validator(yaml.safe_load(text))
    validator.check_schema(validator.schema)
    found = sorted(ROOT.glob(files))
    assert found
    for file in found:
        validator.validate(yaml.safe_load(file.read_text()))
    assert not validator.is_valid({"no_such_key": 1})


@pytest.mark.parametrize("name", ["default", "gpu", "slurm"])
def test_profile_has_only_options_of_snakemake_and_rules_that_exist(name: str) -> None:
    profile = yaml.safe_load((ROOT / f"profiles/{name}/profile.yaml").read_text())
    options = {text.lstrip("-") for action in get_argument_parser()._actions for text in action.option_strings}
    assert set(profile) <= options
    for key in ("set-threads", "set-resources"):
        assert set(profile.get(key, {})) <= set(rules())


def test_citation_has_the_version_of_the_package() -> None:
    import s5vh

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == s5vh.__version__


def test_make_lists_its_targets() -> None:
    done = subprocess.run(["make", "-C", ROOT], stdout=subprocess.PIPE, text=True, check=True)
    assert re.findall(r"^  make (\w+)", done.stdout, re.MULTILINE) == [
        "help", "setup", "demo", "test", "lint", "format", "dag", "gallery", "lock", "clean",
    ]  # fmt: skip
