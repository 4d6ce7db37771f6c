"""Method discovery by folder name. There is no central list, so adding a method does not affect the others."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import s5vh.methods
from s5vh.base.errors import UserError
from s5vh.base.files import is_file, visible_files
from s5vh.config.validation import suggestion
from s5vh.methods.settings import MethodSettings


def implementations() -> dict[str, Path]:
    """Folders of all methods by name; the package's own take precedence."""
    folders: dict[str, Path] = {}
    for root in s5vh.methods.__path__:
        for file in visible_files(root, "*/settings.py"):
            folders.setdefault(file.parent.name, file.parent)
    return folders


def settings_class(implementation: str, where: str = "implementation") -> type[MethodSettings]:
    """The `Settings` class of a method.

    Raises:
        UserError: there is no such method; `where` prefixes the message.
    """
    if not _exists(implementation):
        raise UserError(
            f"{where}: no method named '{implementation}'{suggestion(str(implementation), implementations())}"
        )
    return import_module(f"s5vh.methods.{implementation}.settings").Settings


def _exists(implementation: str) -> bool:
    """Whether `implementations` has it; planning a run asks hundreds of times, so the folders are not listed."""
    if not isinstance(implementation, str) or not implementation.isidentifier():
        return False
    return any(is_file(Path(root, implementation, "settings.py")) for root in s5vh.methods.__path__)


def implementation_of(settings: MethodSettings) -> Any:
    """The class that implements a method."""
    return resolve(settings.implemented_by)


def resolve(reference: str) -> Any:
    """Import the object referred to by "module:name"."""
    module, name = reference.split(":")
    return getattr(import_module(module), name)
