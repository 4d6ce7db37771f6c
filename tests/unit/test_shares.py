"""Where files can be got: what ships is complete and well formed, and mistakes are told."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from test_dataset_config import FOLDER, PAPERS, VALID, changed, load

from s5vh.config.dataset import DatasetConfig
from s5vh.config.shares import Share
from s5vh.config.validation import explain

SHARES = {
    "https": {"url": "https://a.example/feats/"},
    "file": {"folder": "/lab/feats"},
    "zenodo": {"record": 123},
    "s3": {"bucket": "my-feats"},
    "seafile": {"url": "https://a.example/d/0123456789abcdef/"},
    "manual": {"host": "Netdisk", "url": "https://a.example/s/1", "content": "all"},
}


@pytest.mark.parametrize("name", PAPERS)
class TestShipped:
    def test_every_file_has_a_place(self, name):
        config = load(name)
        files = config.file_names()
        assert files and len(files) == len(set(files))
        for file in files:
            assert any(share.has(file) for share in config.source.shares), file

    def test_every_file_of_a_part_is_listed_once(self, name):
        config = load(name)
        listed = [file for part in ("train", "database", "query") for file in config.files(part).features]
        listed += [f for part in ("database", "query") for f in config.files(part).labels.files]
        assert set(listed) == set(config.file_names())

    def test_addresses_are_https(self, name):
        source = load(name).source
        for share in (*source.shares, source.checkpoints):
            if share is not None:
                assert urlsplit(share.url).scheme == "https"
        for share in source.shares:
            if share.automatic:
                assert all(str(share.address(file)).startswith("https://") for file in load(name).file_names())

    def test_the_complete_set_comes_first_and_is_told_with_its_code(self, name):
        first = load(name).source.shares[0]
        assert (first.kind, first.files, first.code) == ("manual", None, "0000")

    def test_nothing_is_invented(self, name):
        """Nobody has published a size or checksum of these files."""
        assert load(name).source.files == {}
        assert load(name).source.citation and load(name).source.licence


def test_a_share_of_every_kind_loads():
    for kind, keys in SHARES.items():
        config = DatasetConfig.model_validate(changed(source={"shares": [{"kind": kind, **keys}]}))
        assert config.source.shares[0].automatic == (kind != "manual")
    assert set(SHARES) == set(Share.model_json_schema()["properties"]["kind"]["enum"])


@pytest.mark.parametrize(
    ("kind", "more", "address"),
    [
        ("https", {}, "https://a.example/feats/a%20b.h5"),
        ("https", {"path": "v1/{file}"}, "https://a.example/feats/v1/a%20b.h5"),
        ("https", {"path": "", "url": "https://a.example/get/7"}, "https://a.example/get/7"),
        ("https", {"archive": "all.zip", "path": "in/{file}"}, "https://a.example/feats/all.zip"),
        ("zenodo", {}, "https://zenodo.org/records/123/files/a%20b.h5?download=1"),
        ("s3", {"path": "dir/{file}"}, "https://my-feats.s3.amazonaws.com/dir/a%20b.h5"),
        ("seafile", {}, "https://a.example/d/0123456789abcdef/files/?p=/a%20b.h5&dl=1"),
        ("file", {}, Path("/lab/feats/a b.h5")),
        ("file", {"folder": "~/feats"}, Path.home() / "feats/a b.h5"),
    ],
)
def test_addresses(kind, more, address):
    assert Share(kind=kind, **(SHARES[kind] | more)).address("a b.h5") == address


def test_members_of_archives():
    share = Share(kind="zenodo", record=1, archive="all.tar.gz", path="in/{file}")
    assert share.member("a.h5") == "in/a.h5"
    assert Share(kind="zenodo", record=1, archive="all.zip").member("a.h5") == "a.h5"
    assert Share(kind="zenodo", record=1).member("a.h5") is None


def with_share(**keys) -> dict:
    return changed(source={"shares": [keys]})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        *[
            (with_share(kind=kind), f"source.shares[0]: kind '{kind}' needs key '{next(iter(keys))}'")
            for kind, keys in SHARES.items()
        ],
        (
            with_share(kind="zenodo", record=1, bucket="abc"),
            "source.shares[0]: key 'bucket' does not belong to kind 'zenodo' but to s3",
        ),
        (
            with_share(kind="https", url="https://a.example", code="1"),
            "source.shares[0]: key 'code' does not belong to kind 'https' but to manual",
        ),
        (
            with_share(kind="https", url="http://a.example"),
            "source.shares[0]: url 'http://a.example' must begin with https://",
        ),
        (
            with_share(kind="seafile", url="https://a.example/s/1"),
            "source.shares[0]: url 'https://a.example/s/1' is not a Seafile share; expected https://HOST/d/0123456789/",
        ),
        (
            with_share(kind="s3", bucket="my.feats"),
            "source.shares[0]: bucket 'my.feats' must consist of 3 to 63 lowercase letters, digits and hyphens",
        ),
        (
            with_share(kind="zenodo", record=1, archive="all.rar"),
            "source.shares[0]: archive 'all.rar' must end in one of .zip, .tar, .tar.gz, .tgz",
        ),
        (
            with_share(kind="ftp"),
            "source.shares[0].kind: must be 'https', 'file', 'zenodo', 's3', 'seafile' or 'manual', got 'ftp'",
        ),
        (
            with_share(kind="zenodo", record=1, files=["tain.h5"]),
            "source.shares[0].files: no part has a file 'tain.h5' (did you mean 'train.h5'?)",
        ),
        (
            changed(source={"files": {"trian.h5": {}}}),
            "source.files: no part has a file 'trian.h5' (did you mean 'train.h5'?)",
        ),
        (
            changed(source={"files": {"train.h5": {"bytes": 0}}}),
            "source.files.train.h5.bytes: must be greater than 0, got 0",
        ),
    ],
)
def test_mistakes_are_explained(settings, message):
    with pytest.raises(ValidationError) as caught:
        DatasetConfig.model_validate(settings)
    assert str(explain(caught.value, "a.yaml")) == f"a.yaml: {message}"


@pytest.mark.parametrize("digest", ["", "0" * 63, "A" * 64, "0" * 65])
def test_a_checksum_has_64_small_digits(digest):
    with pytest.raises(ValidationError):
        DatasetConfig.model_validate(changed(source={"files": {"train.h5": {"sha256": digest}}}))


def test_the_schema_knows_all_kinds_of_shares():
    schema = yaml.safe_load((FOLDER.parents[1] / "workflow/schemas/dataset.schema.yaml").read_text())
    validator = Draft202012Validator(schema)
    for kind, keys in SHARES.items():
        validator.validate(VALID | {"source": {"shares": [{"kind": kind, **keys}]}})
    assert not validator.is_valid(VALID | {"source": {"shares": [{"kind": "ftp"}]}})
    assert not validator.is_valid(VALID | {"source": {"files": {"train.h5": {"sha256": "x"}}}})
