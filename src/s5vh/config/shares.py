"""Where the files of a data set are published: the section `source` of `config/datasets/NAME.yaml`.

The list of files follows from the data set's `parts`; a share only lists which of them it has, so no file name is
written twice. This module builds addresses and opens nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, PositiveInt, model_validator

from s5vh.config.validation import Strict

ShareKind = Literal["https", "file", "zenodo", "s3", "seafile", "manual"]
# Required keys per kind, and the optional keys besides those that all kinds share.
_REQUIRED: dict[str, tuple[str, ...]] = {
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
    """One location where files of the data set are published."""

    kind: ShareKind = Field(
        "manual",
        description="`https`: a web folder; `file`: a local folder; `zenodo`: a record; `s3`: a public bucket; "
        "`seafile`: a public share on a Seafile server; `manual`: a host that requires manual download, e.g. Baidu "
        "Netdisk, which requires an account",
    )
    host: str | None = Field(None, description="name of the host, e.g. Baidu Netdisk")
    url: str | None = Field(None, description="URL of the folder or share")
    code: str | None = Field(None, description="extraction code that the host requires, for kind `manual`")
    folder: str | None = Field(None, description="folder that contains the files, for kinds `file` and `manual`")
    record: PositiveInt | None = Field(None, description="record number, for kind `zenodo`")
    bucket: str | None = Field(None, description="bucket name, for kind `s3`")
    content: str | None = Field(None, description="what the location contains")
    files: list[str] | None = Field(None, description="which of the data set's files it has; null: all")
    path: str | None = Field(
        None,
        description="path of a file at that location or in its `archive`; {file} stands for its name, which is also "
        'the default; "" if the URL is the file itself',
    )
    archive: str | None = Field(
        None, description="zip, tar or tar.gz at that location with the files in it; null: they are separate files"
    )

    @model_validator(mode="after")
    def _fits_kind(self) -> Share:
        required, allowed = _REQUIRED[self.kind], _ALLOWED[self.kind]
        for key in required:
            if getattr(self, key) is None:
                raise ValueError(f"kind '{self.kind}' needs key '{key}'")
        for key in _OWN_KEYS:
            if getattr(self, key) is not None and key not in (*required, *allowed):
                kinds = [kind for kind in _REQUIRED if key in (*_REQUIRED[kind], *_ALLOWED[kind])]
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
                raise ValueError(f"url '{self.url}' is not a Seafile share; expected https://HOST/d/0123456789/")
        # A dot in the name would make a host name that Amazon's certificate does not cover.
        if self.bucket is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", self.bucket):
            raise ValueError(f"bucket '{self.bucket}' must consist of 3 to 63 lowercase letters, digits and hyphens")

    @property
    def automatic(self) -> bool:
        """Whether files can be downloaded automatically."""
        return self.kind != "manual"

    def has(self, file: str) -> bool:
        """Whether the share is declared to have `file`."""
        return self.files is None or file in self.files

    def member(self, file: str) -> str | None:
        """Path of `file` inside the archive; None if there is no archive."""
        return None if self.archive is None else self._path(file)

    def address(self, file: str) -> str | Path:
        """URL of `file`, or of the archive that contains it; for kind `file`, its local path."""
        name = self.archive or self._path(file)
        if self.kind == "file":
            return Path(self.folder).expanduser() / name
        name = quote(name)
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
        """The address to show to the user."""
        if self.kind == "zenodo":
            return f"https://zenodo.org/records/{self.record}"
        if self.kind == "s3":
            return f"https://{self.bucket}.s3.amazonaws.com"
        return self.url or str(self.folder)

    def _path(self, file: str) -> str:
        return (self.path if self.path is not None else "{file}").replace("{file}", file)


class FileFacts(Strict):
    """What is known about a published file before it is downloaded."""

    bytes: PositiveInt | None = Field(None, description="size in bytes; null if unknown")
    sha256: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 in lowercase hexadecimal; null if unknown",
    )
