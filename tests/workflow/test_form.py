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

from s5vh.base.errors import UserError
from s5vh.planning import reference
from s5vh.planning.targets import RESERVED_DATASETS
from s5vh.reporting.catalog import FIGURES, TABLES

SNAKEFILES = [ROOT / "Snakefile", *sorted((ROOT / "rules").glob("*.smk"))]
RULE = re.compile(
    r"^(?:(?:rule|checkpoint) (\w+)|use rule (\w+) as (\w+) with):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL
)
SECTION = re.compile(r"^(?=    \w+:)", re.MULTILINE)


def written() -> list[tuple[str, str, str]]:
    """Name, name of the rule that it is made from or "", and text of each rule with a name."""
    found = [match for file in SNAKEFILES for match in RULE.findall(file.read_text())]
    return [(plain or derived, base, text) for plain, base, derived, text in found]


def sections(text: str) -> dict[str, str]:
    """Parts of a rule: "output:" and so on; what stands before them is ""."""
    start, *parts = SECTION.split(text)
    return {"": start} | {part.split(":", 1)[0].strip(): part for part in parts}


def rules() -> dict[str, str]:
    """Text of each rule with a shell command, by name; one made from another has the parts that it takes over."""
    found = {name: sections(text) for name, base, text in written() if not base}
    for name, base, text in written():
        if base:
            found[name] = found[base] | {key: part for key, part in sections(text).items() if key}
    return {name: "".join(parts.values()) for name, parts in found.items() if "shell" in parts}


def test_every_rule_is_looked_at() -> None:
    keywords = re.compile(r"^(?:use )?(?:rule|checkpoint) +(?!\*)", re.MULTILINE)
    assert len(written()) == sum(len(keywords.findall(file.read_text())) for file in SNAKEFILES)
    assert {"download", "find_neighbours", "evaluate_transfer", "extract_three_parts", "train"} <= set(rules())
    derived = {name: set(sections(text)) for name, base, text in written() if base}
    assert all("output" in parts for parts in derived.values()), "it would be another rule for the same files"


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
    named = {
        "BEFORE_TRAINING": {
            *("download", "import_features", "make_demo", "extract_features", "extract_three_parts"),
            *("cluster_videos", "find_neighbours", "solve_centers"),
        },
        "SCORING": {"fit", "import_checkpoint", "evaluate", "evaluate_transfer"},
        "TRAINING": {"train"},
    }
    for priority, prioritised in named.items():
        assert {name for name, text in rules().items() if f"    priority: {priority}\n" in text} == prioritised
    others = set(rules()) - set().union(*named.values())
    assert [name for name in others if "priority:" in rules()[name]] == []
    assert f"\n{', '.join(named)} = 3, 2, 1\n" in (ROOT / "rules/common.smk").read_text()


def test_names_of_rules_cannot_be_names_of_data_sets() -> None:
    named = [name for name, _, _ in written()]
    assert {*named, *TABLES, *FIGURES} - set(RESERVED_DATASETS) == set()


def test_generated_files_are_up_to_date() -> None:
    reference.check()


def test_drift_is_told_with_its_repair(tmp_path: Path) -> None:
    reference.write(tmp_path)
    reference.check(tmp_path)
    (tmp_path / "config/README.md").write_text("something else")
    (tmp_path / "workflow/schemas/method.schema.yaml").unlink()
    with pytest.raises(UserError) as error:
        reference.check(tmp_path)
    assert str(error.value) == (
        "workflow/schemas/method.schema.yaml, config/README.md: out of date with the typed settings; "
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
    of_plugin = {key for key in profile if key.startswith(f"{profile.get('executor')}-")}  # which may not be installed
    assert set(profile) - of_plugin <= options
    for key in ("set-threads", "set-resources", "groups"):
        assert set(profile.get(key, {})) <= set(rules())


def test_citation_has_the_version_of_the_package() -> None:
    import s5vh

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == s5vh.__version__


def test_make_lists_its_targets() -> None:
    done = subprocess.run(["make", "-C", ROOT], stdout=subprocess.PIPE, text=True, check=True)
    assert re.findall(r"^  make ([\w-]+)", done.stdout, re.MULTILINE) == [
        "help", "setup", "demo", "rehearsal", "test", "test-slurm", "lint", "format", "docs", "dag", "gallery", "lock",
        "clean",
    ]  # fmt: skip
