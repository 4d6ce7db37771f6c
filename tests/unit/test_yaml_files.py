"""Settings files: what stands in them counts once, what is not one of them is passed over, errors name the line."""

from __future__ import annotations

import pytest
import yaml
from broken_files import told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.base.files import visible_files
from s5vh.config.load import find, load_dataset, load_run, names
from s5vh.config.yaml_file import read_yaml
from s5vh.methods.discovery import implementations
from s5vh.methods.load import load_method, resolve_cell
from s5vh.planning.jobs import published_files


@pytest.fixture
def file(tmp_path):
    return tmp_path / "a.yaml"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working directory with settings files of its own, among what editors and file managers leave."""
    monkeypatch.chdir(tmp_path)
    for kind, text in (("datasets", "not: {a: data set}"), ("methods", "not: a method"), ("published", "none")):
        folder = tmp_path / "config" / kind
        folder.mkdir(parents=True)
        (folder / ".#mine.yaml").symlink_to("user@host.1234")
        for stray in (
            "._mine.yaml",
            "mine.yaml~",
            "#mine.yaml#",
            ".DS_Store",
            ".mine.yaml.swp",
            "~$mine.yaml",
            "x.yml",
        ):
            (folder / stray).write_text(text)
        (folder / "folder.yaml").mkdir()
        (folder / ".hidden").mkdir()
        (folder / ".hidden" / "deep.yaml").write_text(text)
    (tmp_path / "config/methods/mine.yaml").write_text("extends: s5vh\ntitle: Mine\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "key 'a' is there twice, in lines 1 and 3; keep one"),
        ("{a: 1, a: 2}", "key 'a' is there twice, in line 1; keep one"),
        ("x:\n  - {b: 1}\n  - c: 1\n    d: {e: 1}\n    c: 2\n", "key 'c' is there twice, in lines 3 and 5; keep one"),
        ("a: 1\n'a': 2\n", "key 'a' is there twice, in lines 1 and 2; keep one"),
        ("no: 1\n", "line 1: YAML reads the key no as bool; quote it: 'no'"),
        ("x: {on: 1}\n", "line 1: YAML reads the key on as bool; quote it: 'on'"),
        ("a:\n  101: 1\n", "line 2: YAML reads the key 101 as int; quote it: '101'"),
        ("~: 1\n", "line 1: YAML reads the key ~ as null; quote it: '~'"),
        ("2026-01-01: 1\n", "line 1: YAML reads the key 2026-01-01 as timestamp; quote it: '2026-01-01'"),
        ("? [a, b]\n: 1\n", "line 1: a key must be text, not a list or a mapping"),
        ("a:\n\tb: 1\n", "not valid YAML at line 2: it has a tab; indent with spaces"),
        ("a: [1\nb: 2\n", "not valid YAML at line 2 (did not find expected ',' or ']')"),
        ("- a\n- b\n", "must be a mapping of keys, got list"),
        ("just text", "must be a mapping of keys, got str"),
        ("3", "must be a mapping of keys, got int"),
        ("a: 1\n---\nb: 2\n", "not valid YAML at line 2 (but found another document)"),
        ("a: !!python/object/apply:os.system [ls]\n",
         "not valid YAML at line 1 (could not determine a constructor for the tag "
         "'tag:yaml.org,2002:python/object/apply:os.system')"),
        ("a: 2026-13-45\n", "not valid YAML (month must be in 1..12)"),
        ("a: !!int x\n", "not valid YAML (invalid literal for int() with base 10: 'x')"),
        ("a: !!bool maybe\n", "not valid YAML ('maybe')"),
        ("a: &a [*a]\n", "line 1: an alias is part of the value it stands for"),
        ("a: " + "[" * 300 + "]" * 300, "more than 100 levels of nesting at line 1"),
        ("a:\n  " + "- " * 10**5, "more than 100 levels of nesting at line 2"),
        ("\n".join("  " * n + f"k{n}:" for n in range(300)), "more than 100 levels of nesting at line 101"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_line(file, text, said):
    file.write_text(text)
    assert told(read_yaml, file) == f"{file}: {said}"


def test_aliases_that_explode(file):
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    file.write_text("\n".join(lines))
    assert told(read_yaml, file) == f"{file}: aliases expand to more than 1,000,000 values"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n"])
def test_an_empty_file_is_an_empty_mapping(file, text):
    file.write_text(text)
    assert read_yaml(file) == {}


def test_anchors_and_merge_keys_are_fine(file):
    file.write_text("base: &base {a: 1, b: 2}\nnext: &next\n  <<: *base\n  b: 3\nlast:\n  <<: [*next]\n  a: 4\n")
    assert read_yaml(file) == {"base": {"a": 1, "b": 2}, "next": {"a": 1, "b": 3}, "last": {"a": 4, "b": 3}}


def test_encodings(file):
    file.write_bytes("\ufefftitle: é\n".encode())
    assert read_yaml(file) == {"title": "é"}
    file.write_bytes("title: é\n".encode("utf-16"))
    assert told(read_yaml, file) == f"{file}: is text in UTF-16; save it as UTF-8"
    file.write_bytes(b"a: 1\ntitle: \xe9\n")
    assert told(read_yaml, file) == f"{file}: is not text in UTF-8 (byte 0xe9 in line 2)"
    file.write_bytes(b"title: \x00\n")
    assert told(read_yaml, file) == f"{file}: not valid YAML (control characters are not allowed)"


_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_TEXTS, _VALUES, max_size=4))
def test_what_is_written_is_read(file, value):
    file.write_text(yaml.safe_dump(value), encoding="utf-8")
    assert read_yaml(file) == value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text("ab:-?[]{}&*!|>'\"%@`#,\n\t <=~019.", max_size=60).map(str.encode))
def test_any_content_is_read_or_refused_in_one_line(file, content):
    file.write_bytes(content)
    try:
        assert isinstance(read_yaml(file), dict)
    except UserError as error:
        assert str(error).startswith(f"{file}: ")


def test_numbers_as_yaml_reads_them(project):
    (project / "config/methods/mine.yaml").write_text(
        "extends: s5vh\ntitle: Mine\ntraining: {learning_rate: 1e-3, epochs: '7'}\n"
    )
    training = load_method("mine").training
    assert training.learning_rate == 0.001 and training.epochs == 7
    overrides = {"mine": {"training": {"weight_decay": "5e-2"}}}
    assert resolve_cell("demo", "mine", 8, 1, overrides).settings.training.weight_decay == 0.05


def test_words_that_yaml_does_not_read_as_text(project):
    (project / "config/methods/mine.yaml").write_text("extends: s5vh\ntitle: no\n")
    assert told(load_method, "mine") == (
        "config/methods/mine.yaml: title: must be a string, got false; write it in quotes if it is text"
    )
    (project / "config/methods/mine.yaml").write_text("extends: [s5vh]\ntitle: Mine\n")
    assert told(load_method, "mine") == (
        "config/methods/mine.yaml: extends: must be the name of a method, got ['s5vh']"
    )
    (project / "config/methods/mine.yaml").write_text("implementation: {a: 1}\ntitle: Mine\n")
    assert told(load_method, "mine") == (
        "config/methods/mine.yaml: implementation: must be the name of a method, got {'a': 1}"
    )


def test_stray_files_are_passed_over(project):
    shipped = {"ucf101", "demo", "own"}
    assert shipped < set(names("datasets")) and "mine" not in names("datasets")
    assert {"s5vh", "mine"} < set(names("methods"))
    assert not {name for kind in ("datasets", "methods") for name in names(kind)} & {"folder", "x", ".#mine", "._mine"}
    assert load_dataset("demo").kind == "demo" and load_method("mine").title == "Mine"
    assert all("config/published" not in str(file) or not file.name.startswith(".") for file in published_files())
    assert [file.name for file in visible_files("config/methods", "*.yaml")] == ["mine.yaml"]
    assert visible_files("config/none", "*.yaml") == []
    assert "itq" in implementations()


def test_names_that_are_none(project):
    for name in ("../methods/mine", "", ".#mine", "/etc/passwd", "a\0b", "a/b"):
        assert told(find, "datasets", name) == (
            f"dataset {name!r}: not a name; it is the name of a file in config/datasets without '.yaml'"
        )
    assert told(find, "datasets", "n" * 300).startswith(f"dataset '{'n' * 300}': no file ")
    assert told(find, "methods", "x") == "config/methods/x.yml: the name must end in .yaml; rename the file"
    assert "no file folder.yaml in " in told(find, "methods", "folder")


def test_duplicates_in_any_settings_file(project):
    twice = "is there twice, in lines 1 and 2; keep one"
    (project / "config/methods/mine.yaml").write_text("title: A\ntitle: B\nextends: s5vh\n")
    assert told(load_method, "mine") == f"config/methods/mine.yaml: key 'title' {twice}"
    (project / "config/datasets/mine.yaml").write_text("title: A\ntitle: B\n")
    assert told(load_dataset, "mine") == f"config/datasets/mine.yaml: key 'title' {twice}"
    (project / "run.yaml").write_text("bits: [16]\nbits: [32]\n")
    assert told(load_run, project / "run.yaml") == f"{project / 'run.yaml'}: key 'bits' {twice}"


@pytest.mark.parametrize("seed", [-1, 2**32, 2**64, 10**30])
def test_seeds_out_of_range(seed):
    assert told(resolve_cell, "demo", "s5vh", 8, seed).startswith("s5vh on demo: seed: must be at ")


def test_a_code_length_out_of_range():
    assert told(resolve_cell, "demo", "s5vh", 10**9, 1) == ("s5vh on demo: bits: must be at most 65536, got 1000000000")
