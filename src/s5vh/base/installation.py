"""Where the shipped workflow and its configuration are: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

import s5vh
from s5vh.base.errors import UserError

_PACKAGE = Path(s5vh.__file__).resolve().parent
_MARK = Path("config/config.yaml")


def checkout_folder() -> Path | None:
    """Top folder of the checkout that the package is run from; None if it is installed without one."""
    folder = _PACKAGE.parents[1]
    return folder if _PACKAGE.parent.name == "src" and (folder / _MARK).is_file() else None


def shipped_folder() -> Path:
    """Folder with the shipped `Snakefile`, `rules/`, `config/`, `profiles/`, `workflow/` and `envs/`.

    Raises:
        UserError: the installation is incomplete.
    """
    for folder in (checkout_folder(), _PACKAGE / "shipped"):
        if folder is not None and (folder / _MARK).is_file():
            return folder
    raise UserError(f"{_PACKAGE / 'shipped'}: the shipped configuration is missing; install s5vh again")


def needs_checkout(what: str) -> Path:
    """The checkout's folder; raises `UserError` saying that `what` needs one."""
    folder = checkout_folder()
    if folder is None:
        raise UserError(f"{what} needs a checkout of the repository, but s5vh is installed in {_PACKAGE} without one")
    return folder
