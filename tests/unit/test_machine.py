"""What the machine gives and takes: cores, folders for caches, terminals, memory, files of certificates."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from broken_files import told

import s5vh
from s5vh.base import caches, cores
from s5vh.base.caches import is_writable, prepare_caches, temporary_caches
from s5vh.base.cores import available_cores
from s5vh.base.files import disk_error
from s5vh.base.installation import checkout_folder, needs_checkout, shipped_folder
from s5vh.base.provenance import provenance
from s5vh.cli import main
from s5vh.data.download.fetch import check_certificates

MAIN = sys.modules["s5vh.cli.main"]


def program(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "s5vh", *words], capture_output=True, env=os.environ | environment)


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """Control groups of our own making, on 16 cores."""
    monkeypatch.setattr(cores, "_CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(cores, "_OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)))
    return tmp_path


@pytest.mark.parametrize(
    ("own", "files", "found"),
    [
        ("", {}, 16),
        ("0::/\n", {"cpu.max": "max 100000\n"}, 16),
        ("0::/\n", {"cpu.max": "250000 100000\n"}, 3),
        ("0::/\n", {"cpu.max": "5000 100000\n"}, 1),
        ("0::/a/b\n", {"a/cpu.max": "400000 100000\n", "a/b/cpu.max": "max 100000\n"}, 4),
        ("0::/a/b\n", {"a/cpu.max": "400000 100000\n", "a/b/cpu.max": "200000 100000\n"}, 2),
        ("0::/a\n", {"cpu.max": "3200000 100000\n"}, 16),
        ("0::/../gone\n", {"cpu.max": "garbage\n"}, 16),
        ("4:cpu,cpuacct:/x\n", {"cpu/x/cpu.cfs_quota_us": "200000\n", "cpu/x/cpu.cfs_period_us": "100000\n"}, 2),
        ("4:cpu:/x\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 16),
        ("4:memory:/x\n", {"cpu/x/cpu.cfs_quota_us": "200000\n", "cpu/x/cpu.cfs_period_us": "100000\n"}, 16),
    ],
)
def test_cores_within_the_quota_of_a_container(groups, own, files, found):
    (groups / "own").write_text(own)
    for name, text in files.items():
        (groups / name).parent.mkdir(parents=True, exist_ok=True)
        (groups / name).write_text(text)
    assert available_cores() == found


def test_more_threads_than_cores_are_bounded_and_told(monkeypatch, capsys):
    given = []
    monkeypatch.setattr(MAIN, "_limit_threads", given.append)
    monkeypatch.setattr(MAIN, "available_cores", lambda: 2)
    words = ["neighbours", "--features=none.h5", "--output=x.h5"]
    for threads, lines in ((1000, 2), (3, 2), (2, 1), (1, 1)):
        assert main([*words, f"--threads={threads}"]) == 2
        said = capsys.readouterr().err.splitlines()
        assert said[-1] == "s5vh: error: none.h5: no such file" and len(said) == lines
        if lines == 2:
            assert said[0] == f"s5vh: note: --threads {threads}, but 2 can be used; using 2"
    assert given == [2, 2, 2, 1]


@pytest.mark.parametrize("threads", ["0", "-1", "1.5", "", "many", "9" * 5000, "²"])
def test_numbers_of_threads_that_are_none(capsys, threads):
    with pytest.raises(SystemExit) as stopped:
        main(["neighbours", "--features=x", "--output=x.h5", f"--threads={threads}"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("s5vh: error: argument --threads: ") and said.count("\n") == 1
    assert "is not a positive integer; see `s5vh neighbours --help`" in said


def test_caches_move_only_if_they_must(tmp_path, monkeypatch):
    places = [f"{variable}={tmp_path / variable}" for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")]
    for place in places:
        monkeypatch.setenv(*place.split("=", 1))
    for variable in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(variable, raising=False)
    prepare_caches()
    assert not {"NUMBA_CACHE_DIR", "MPLCONFIGDIR"} & set(os.environ)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "file" / "below"))
    monkeypatch.setattr(caches, "_PACKAGE", tmp_path / "file")
    monkeypatch.setattr(caches.Path, "rglob", lambda *_: iter([tmp_path / "file/a.py"]))
    monkeypatch.setattr(caches.tempfile, "gettempdir", lambda: str(tmp_path))
    prepare_caches()
    folder = tmp_path / f"s5vh-caches-{os.getuid()}"
    assert os.environ["NUMBA_CACHE_DIR"] == str(folder / "numba")
    assert os.environ["MPLCONFIGDIR"] == str(folder / "matplotlib")
    assert folder.stat().st_mode & 0o777 == 0o700
    for variable in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(variable)


def test_a_folder_for_caches_that_others_can_write_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(caches.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(caches.tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / f"s5vh-caches-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    fresh = temporary_caches()
    assert fresh != planted and fresh.parent == tmp_path and fresh.stat().st_mode & 0o077 == 0
    planted.rmdir()
    planted.symlink_to(fresh)
    assert temporary_caches() not in (planted, fresh)


def test_writable_folders(tmp_path):
    assert is_writable(tmp_path) and is_writable(tmp_path / "a/b/c")
    (tmp_path / "file").touch()
    assert not is_writable(tmp_path / "file") and not is_writable(tmp_path / "file/below")
    assert not is_writable(Path("/proc/none"))
    assert sorted(tmp_path.iterdir()) == [tmp_path / "file"]


def test_an_installation_and_a_home_that_cannot_be_written(tmp_path):
    package = tmp_path / "site/s5vh"
    shutil.copytree(Path(s5vh.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped_folder() / "config", package / "shipped/config")
    for folder in {file.parent for file in package.rglob("*.py")}:
        (folder / "__pycache__").touch()  # in the place of the folder, so that not even root can write to it
    code = (
        "import sys; from s5vh.cli import main; main(['check', 'none.h5']); "
        "import s5vh.retrieval.ties, s5vh.centers.polish; import os; print(os.environ['NUMBA_CACHE_DIR'])"
    )
    variables = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR")}
    variables |= {"PYTHONPATH": str(tmp_path / "site"), "HOME": "/proc/none", "TMPDIR": str(tmp_path)}
    variables = {key: value for key, value in variables.items() if not key.startswith("XDG_")}
    done = subprocess.run([sys.executable, "-c", code], env=variables, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path}/s5vh-caches-{os.getuid()}/numba\n"


ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_a_terminal_without_our_characters(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = program("check", "vidéo.h5", **ASCII)
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"s5vh: error: vid\\") and done.stderr.endswith(b".h5: no such file\n")
    (tmp_path / "config/methods").mkdir(parents=True)
    (tmp_path / "config/methods/mine.yaml").write_text("extends: s5vh\ntitle: Métode ✓\nwrong: ü\n", encoding="utf-8")
    done = program("settings", "--dataset=demo", "--method=mine", "--bits=8", **ASCII)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1
    assert b"config/methods/mine.yaml: unknown key 'wrong'" in done.stderr


def test_a_file_name_that_the_locale_cannot_express(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config/datasets").mkdir(parents=True)
    text = (shipped_folder() / "config/datasets/hmdb51.yaml").read_text(encoding="utf-8")
    text = text.replace("root: data/hmdb", "root: data/vidéos")
    (tmp_path / "config/datasets/mine.yaml").write_text(text, encoding="utf-8")
    done = program("download", "mine", **ASCII)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_output_that_cannot_be_written():
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "s5vh", "settings", "--dataset=demo", "--method=s5vh", "--bits=8"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "s5vh: error: no space left on device; nothing says which file or device this concerns\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError("Unable to allocate 7 TiB"), "not enough memory (Unable to allocate 7 TiB); use a machine with "
         "more, or smaller settings or files"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
         "not enough memory (DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.); "
         "use a machine with more, or smaller settings or files"),
        (PermissionError(errno.EACCES, "Permission denied", "a/b.csv"), "a/b.csv: permission denied"),
        (OSError(errno.EIO, "Input/output error"), "input/output error; nothing says which file or device this "
         "concerns"),
    ],
)  # fmt: skip
def test_what_the_system_does_wrong_is_one_line(monkeypatch, capsys, error, said):
    def failing(_):
        raise error

    monkeypatch.setattr("s5vh.cli.download._dataset", failing)
    assert main(["download", "x"]) == 2
    assert capsys.readouterr().err == f"s5vh: error: {said}\n"


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("x"), OSError("x"), TypeError("x")])
def test_a_mistake_in_the_code_is_not_hidden(monkeypatch, error):
    def failing(_):
        raise error

    monkeypatch.setattr("s5vh.cli.download._dataset", failing)
    with pytest.raises(type(error)):
        main(["download", "x"])


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_none(tmp_path, monkeypatch, variable):
    import certifi

    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    check_certificates()
    for good in (certifi.where(), str(tmp_path)):
        monkeypatch.setenv(variable, good)
        check_certificates()
    monkeypatch.setenv(variable, str(tmp_path / "none.pem"))
    assert told(check_certificates) == f"{variable}: {tmp_path / 'none.pem'}: no such file; fix or unset {variable}"
    begin, end = (b"-----%s CERTIFICATE-----" % word for word in (b"BEGIN", b"END"))
    for content in (b"", b"no certificate", b"\xff" * 99, begin + b"\nAAAA\n" + end):
        (tmp_path / "bad.pem").write_bytes(content)
        monkeypatch.setenv(variable, str(tmp_path / "bad.pem"))
        assert told(check_certificates) == (
            f"{variable}: {tmp_path / 'bad.pem'} has no certificates in PEM format; fix or unset {variable}"
        )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full; free some space and run the same command again"),
        (errno.EDQUOT, "the disk quota is used up; free some space and run the same command again"),
        (errno.EROFS, "cannot be written (Read-only file system); check the folder's permissions"),
        (errno.EISDIR, "is a folder; choose another name for the file to write"),
        (errno.ENOTDIR, "cannot be written, because a part of its path is a file, not a folder"),
        (errno.ENAMETOOLONG, "the file name is too long"),
    ],
)
def test_what_cannot_be_written(number, said):
    error = disk_error(OSError(number, os.strerror(number)), Path("a.csv"))
    assert str(error) == f"a.csv: {said}"


def test_the_checkout_is_found():
    folder = checkout_folder()
    assert folder is not None and shipped_folder() == folder == needs_checkout("x")
    assert (folder / "Snakefile").is_file() and provenance()["commit"] != ""
