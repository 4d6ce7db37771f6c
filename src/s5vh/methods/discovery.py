"""Methods by the name of their folder. There is no list of them, so adding one changes nothing for the others."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import s5vh.methods
from s5vh.base.errors import UserError
from s5vh.config.validation import suggestion
from s5vh.methods.settings import MethodSettings


def implementations() -> dict[str, Path]:
    """Folders of all methods by name, the package's own first."""
    found: dict[str, Path] = {}
    for place in s5vh.methods.__path__:
        for file in sorted(Path(place).glob("*/settings.py")):
            found.setdefault(file.parent.name, file.parent)
    return found


def settings_class(implementation: str, where: str = "implementation") -> type[MethodSettings]:
    """The class `Settings` of a method's folder.

    Raises:
        UserError: there is no such folder; `where` opens the message.
    """
    known = implementations()
    if implementation not in known:
        raise UserError(f"{where}: no method is called '{implementation}'{suggestion(str(implementation), known)}")
    return import_module(f"s5vh.methods.{implementation}.settings").Settings


def implementation_of(settings: MethodSettings) -> Any:
    """The class that is trained or fitted."""
    return resolve(settings.implemented_by)


def resolve(place: str) -> Any:
    """What stands at "module:name"."""
    module, name = place.split(":")
    return getattr(import_module(module), name)
