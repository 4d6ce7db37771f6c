"""Archives from elsewhere: what is wanted comes out whole, and an evil one writes nothing."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import stat
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from download_help import contents, toy
from download_server import Served
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.config.shares import Share
from s5vh.data.download.archives import ArchiveError, Limits, unpack
from s5vh.data.download.download import download

pytest_plugins = ("download_fixtures",)

CONTENT = np.random.default_rng(0).bytes(300_000)


def make_zip(path: Path, members: dict[str, bytes], **modes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items()):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = modes.get(f"mode{number}", stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)
    return path


def make_tar(path: Path, members: dict[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> Path:
    with tarfile.open(path, "w:gz" if path.suffix in (".gz", ".tgz") else "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(content))
    return path


MAKERS = {"a.zip": make_zip, "a.tar": make_tar, "a.tar.gz": make_tar, "a.tgz": make_tar}
every_kind = pytest.mark.parametrize("name", MAKERS)


def refused(archive: Path, message: str):
    return pytest.raises(ArchiveError, match=f"^{re.escape(f'{archive}: {message}')}$")


def nothing_but(folder: Path, *names: str) -> bool:
    return {path.name for path in folder.rglob("*")} == set(names)


@every_kind
def test_wanted_members_come_out_whole(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, {"feats/a.h5": CONTENT, "feats/b.h5": b"b", "readme.txt": b"c"})
    unpack(archive, {"feats/a.h5": tmp_path / "out/a.h5"})
    assert (tmp_path / "out/a.h5").read_bytes() == CONTENT
    assert nothing_but(tmp_path, name, "out", "a.h5")


@every_kind
@pytest.mark.parametrize("evil", ["../a.h5", "/etc/a.h5", "feats/../../a.h5", "feats\\a.h5", "C:/a.h5"])
def test_names_that_lead_out_of_the_folder(tmp_path, name, evil):
    archive = MAKERS[name](tmp_path / name, {"good.h5": b"a", evil: b"b"})
    with refused(archive, f"member '{evil}' has a path that escapes the folder; archive rejected"):
        unpack(archive, {"good.h5": tmp_path / "out/good.h5"})
    assert nothing_but(tmp_path, name)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_tar(tmp_path, kind):
    archive = make_tar(tmp_path / "a.tar", {"a.h5": b""}, kind=kind, link="/etc/passwd")
    with refused(archive, "member 'a.h5' is a link or a device; archive rejected"):
        unpack(archive, {"a.h5": tmp_path / "out/a.h5"})
    assert nothing_but(tmp_path, "a.tar")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_zip(tmp_path, mode):
    archive = make_zip(tmp_path / "a.zip", {"b.h5": b"b", "a.h5": b"/etc/passwd"}, mode1=mode | 0o777)
    with refused(archive, "member 'a.h5' is a link or a device; archive rejected"):
        unpack(archive, {"b.h5": tmp_path / "out/b.h5"})
    assert nothing_but(tmp_path, "a.zip")


def test_an_encrypted_zip(tmp_path):
    archive = make_zip(tmp_path / "a.zip", {"a.h5": b"a"})
    content = bytearray(archive.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(content)
    with refused(archive, "member 'a.h5' is encrypted; archive rejected"):
        unpack(archive, {"a.h5": tmp_path / "out/a.h5"})


@pytest.mark.filterwarnings("ignore:Duplicate name")
@every_kind
def test_two_members_of_one_name(tmp_path, name):
    archive = tmp_path / name
    if name == "a.zip":
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("a.h5", b"one")
            file.writestr("a.h5", b"two")
    else:
        make_tar(archive, {"a.h5": b"one"})
        with tarfile.open(tmp_path / "two.tar", "w:gz" if name != "a.tar" else "w") as file:
            for content in (b"one", b"two"):
                info = tarfile.TarInfo("a.h5")
                info.size = 3
                file.addfile(info, io.BytesIO(content))
        (tmp_path / "two.tar").replace(archive)
    with refused(archive, "two members are named 'a.h5'; archive rejected"):
        unpack(archive, {"a.h5": tmp_path / "out/a.h5"})


@every_kind
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(members=2), "more than 2 members; rejected"),
        (Limits(bytes=300_001), "unpacks to more than 300.0 kB; rejected"),
        (Limits(ratio=0.5), "unpacks to more than 0.5 times its size; rejected"),
    ],
)
def test_limits(tmp_path, name, limits, message):
    archive = MAKERS[name](tmp_path / name, {"a.h5": CONTENT, "b.h5": b"b", "c.h5": b"c"})
    with refused(archive, message):
        unpack(archive, {"b.h5": tmp_path / "out/b.h5"}, limits)
    assert nothing_but(tmp_path, name)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, {"a.h5": bytes(20_000_000)})
    with refused(archive, "unpacks to more than 200 times its size; rejected"):
        unpack(archive, {"a.h5": tmp_path / "out/a.h5"})
    assert nothing_but(tmp_path, name)


def test_a_tar_file_that_goes_on_after_its_end(tmp_path):
    make_tar(tmp_path / "a.tar", {"a.h5": b"a"})
    with gzip.open(tmp_path / "a.tgz", "wb") as file:
        file.write((tmp_path / "a.tar").read_bytes() + bytes(17_000_000))
    with refused(tmp_path / "a.tgz", "damaged archive (trailing data after its end); download it again"):
        unpack(tmp_path / "a.tgz", {"a.h5": tmp_path / "out/a.h5"})


@every_kind
def test_a_member_that_is_not_there(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, {"feats/a.h5": b"a"})
    with refused(archive, "has no file 'b.h5'"):
        unpack(archive, {"b.h5": tmp_path / "b.h5"})
    with refused(archive, "has no file 'a.h5'; it has feats/a.h5, so fix 'path' of the share"):
        unpack(archive, {"a.h5": tmp_path / "a.h5"})


def test_what_is_no_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"rubbish")
    with refused(tmp_path / "a.zip", "not a zip or tar archive, or truncated; download it again"):
        unpack(tmp_path / "a.zip", {})


def test_a_full_disk_is_told_before(tmp_path, monkeypatch):
    archive = make_zip(tmp_path / "a.zip", {"a.h5": CONTENT})
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(UserError, match=r"a\.h5 needs 300\.0 kB more, but only 1\.0 kB are free"):
        unpack(archive, {"a.h5": tmp_path / "out/a.h5"})


@every_kind
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_gives_a_wrong_file(tmp_path, name, data):
    """Whatever is cut off or changed: one line, or the right bytes. A plain tar file has no checksum of contents."""
    archive = MAKERS[name](tmp_path / name, {"a.h5": CONTENT[:5000], "b.h5": CONTENT[:100]})
    content = bytearray(archive.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    elif name != "a.tar":
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    archive.write_bytes(content)
    target = tmp_path / "a.h5"
    target.unlink(missing_ok=True)
    try:
        unpack(archive, {"a.h5": target})
    except UserError as error:
        assert "\n" not in str(error) and not target.exists()
    else:
        assert target.read_bytes() == CONTENT[:5000]


# Downloads


def zipped(published: dict[str, bytes], path: Path, prefix: str = "") -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in published.items():
            archive.writestr(prefix + name, content)
    return path.read_bytes()


@pytest.mark.parametrize("cache", ["cache", "none"])
def test_files_of_an_archive_come_in_one_download(folder, server, published, monkeypatch, tmp_path, cache):
    monkeypatch.setenv("S5VH_CACHE", cache)
    content = zipped(published, tmp_path / "toy.zip", "features/")
    server.files["/there/toy.zip"] = Served(content)
    monkeypatch.setattr(Share, "_check_address", lambda _: None)
    config = toy(
        shares=[{"kind": "https", "url": f"{server.url}/there/", "archive": "toy.zip", "path": "features/{file}"}],
        files={"toy.zip": {"sha256": hashlib.sha256(content).hexdigest()}},
    )
    assert download("toy", config, ["train.h5"]) == ["train.h5"]
    assert download("toy", config) == ["query.h5", "query_labels.h5"]
    assert contents(folder / "data/toy") == published
    assert server.sent["/there/toy.zip"] == len(content)
    assert not list((folder / "data/toy").rglob("*toy.zip"))


def test_an_archive_on_this_machine(folder, published, tmp_path):
    zipped(published, tmp_path / "toy.zip")
    config = toy(shares=[{"kind": "file", "folder": str(tmp_path), "archive": "toy.zip"}])
    download("toy", config)
    assert contents(folder / "data/toy") == published
    wrong = toy(shares=[{"kind": "file", "folder": str(tmp_path), "archive": "toy.zip", "path": "in/{file}"}])
    (folder / "data/toy/train.h5").unlink()
    with pytest.raises(UserError, match=r"toy\.zip from .*: has no file 'in/train\.h5'; it has train\.h5, so fix"):
        download("toy", wrong)
    assert (tmp_path / "toy.zip").exists()
