"""Where the files of a data set can be got: the part of `config/datasets/NAME.yaml` that stands under `source`.

Which files there are follows from the data set's `parts`; a share says which of them it has, so nobody writes a file
name twice. Addresses are made here, nothing is opened.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, PositiveInt, model_validator

from s5vh.config.validation import Strict

ShareKind = Literal["https", "file", "zenodo", "s3", "seafile", "manual"]
# The keys a kind cannot do without, and those it may have beside the ones that all kinds share.
_NEEDED: dict[str, tuple[str, ...]] = {
    "https": ("url",),
    "file": ("folder",),
    "zenodo": ("record",),
    "s3": ("bucket",),
    "seafile": ("url",),
    "manual": ("host", "url", "content"),
}
_ALLOWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("https", "file", "zenodo", "s3", "seafile"), ("path", "archive")),
    "manual": ("code", "folder"),
}
_OWN_KEYS = ("url", "code", "folder", "record", "bucket", "path", "archive")
ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")


class Share(Strict):
    """One place where files of the data set are published."""

    kind: ShareKind = Field(
        "manual",
        description="`https`: a web folder; `file`: a folder of this machine; `zenodo`: a record; `s3`: a public "
        "bucket; `seafile`: a public share of a Seafile server; `manual`: a host that only a person can download "
        "from, e.g. Baidu Netdisk, which wants an account",
    )
    host: str | None = Field(None, description="name of the host, e.g. Baidu Netdisk")
    url: str | None = Field(None, description="address of the folder or share")
    code: str | None = Field(None, description="extraction code that the host asks for, for kind `manual`")
    folder: str | None = Field(None, description="folder that holds the files, for kinds `file` and `manual`")
    record: PositiveInt | None = Field(None, description="number of the record, for kind `zenodo`")
    bucket: str | None = Field(None, description="name of the bucket, for kind `s3`")
    content: str | None = Field(None, description="what is there")
    files: list[str] | None = Field(None, description="which of the data set's files are there; null: all of them")
    path: str | None = Field(
        None,
        description="where a file is in that place, or in its `archive`; {file} is its name, which is also the "
        'default. "" when the address is the file itself',
    )
    archive: str | None = Field(
        None, description="zip, tar or tar.gz in that place that holds the files; null: they lie there one by one"
    )

    @model_validator(mode="after")
    def _fits_kind(self) -> Share:
        needed, allowed = _NEEDED[self.kind], _ALLOWED[self.kind]
        for key in needed:
            if getattr(self, key) is None:
                raise ValueError(f"kind '{self.kind}' needs key '{key}'")
        for key in _OWN_KEYS:
            if getattr(self, key) is not None and key not in (*needed, *allowed):
                kinds = [kind for kind in _NEEDED if key in (*_NEEDED[kind], *_ALLOWED[kind])]
                raise ValueError(f"key '{key}' does not belong to kind '{self.kind}' but to {', '.join(kinds)}")
        self._check_address()
        if self.archive is not None and not self.archive.lower().endswith(ARCHIVE_SUFFIXES):
            raise ValueError(f"archive '{self.archive}' must end in one of {', '.join(ARCHIVE_SUFFIXES)}")
        return self

    def _check_address(self) -> None:
        if self.url is not None and self.kind != "manual":
            parts = urlsplit(self.url)
            if parts.scheme != "https" or not parts.hostname:
                raise ValueError(f"url '{self.url}' must begin with https://")
            if self.kind == "seafile" and not re.fullmatch(r"/d/[0-9a-f]+/?", parts.path):
                raise ValueError(f"url '{self.url}' is no share of Seafile, which is like https://HOST/d/0123456789/")
        # A dot in the name would make the address one that Amazon's certificate does not cover.
        if self.bucket is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", self.bucket):
            raise ValueError(f"bucket '{self.bucket}' must have 3 to 63 small letters, digits and hyphens")

    @property
    def automatic(self) -> bool:
        """Whether a program can get files from here."""
        return self.kind != "manual"

    def has(self, file: str) -> bool:
        """Whether `file` is said to be here."""
        return self.files is None or file in self.files

    def member(self, file: str) -> str | None:
        """Path of `file` in the archive that holds it; None without an archive."""
        return None if self.archive is None else self._path(file)

    def address(self, file: str) -> str | Path:
        """What to open for `file`, or for the archive that holds it: a web address, or for kind `file` a path."""
        there = self.archive or self._path(file)
        if self.kind == "file":
            return Path(self.folder).expanduser() / there
        name = quote(there)
        if self.kind == "zenodo":
            return f"https://zenodo.org/records/{self.record}/files/{name}?download=1"
        if self.kind == "s3":
            return f"https://{self.bucket}.s3.amazonaws.com/{name}"
        base = self.url.rstrip("/")
        if self.kind == "seafile":
            return f"{base}/files/?p=/{name}&dl=1"
        return f"{base}/{name}" if name else self.url

    @property
    def page(self) -> str:
        """The address to show to a person."""
        if self.kind == "zenodo":
            return f"https://zenodo.org/records/{self.record}"
        if self.kind == "s3":
            return f"https://{self.bucket}.s3.amazonaws.com"
        return self.url or str(self.folder)

    def _path(self, file: str) -> str:
        return (self.path if self.path is not None else "{file}").replace("{file}", file)


class FileFacts(Strict):
    """What is known of a published file before it is here."""

    bytes: PositiveInt | None = Field(None, description="its size; null when it is not known")
    sha256: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="its SHA-256, hexadecimal in small letters; null when it is not known",
    )
