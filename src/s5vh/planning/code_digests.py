"""Which of the package's files a stage runs, read from its import statements; nothing is imported.

Rules put a digest of these files into their parameters, so an edit of the package re-runs the stages that use the
edited file and no others: Snakemake by itself notices no edit of an imported module.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import s5vh
import s5vh.methods
from s5vh.methods.discovery import settings_class

_PACKAGE = Path(s5vh.__file__).parent
# Rooms whose code decides what is in an artifact. What configuration and settings say reaches the rules as parameters,
# and the wording of an error or of a progress line is no reason to train again; neither is where files can be got.
_ROOMS = ("data", "nn", "semantics", "centers", "methods", "retrieval", "training", "search", "studies", "reporting")
_NEUTRAL = (
    *("training/progress.py", "data/download/availability.py", "data/download/records.py", "data/download/sources.py"),
    *("methods/settings.py", "methods/cell.py", "methods/load.py", "methods/discovery.py"),
)


@cache
def stage_digest(*modules: str, implementation: str | None = None) -> str:
    """Digest of the code of a stage.

    Args:
        modules: those that carry the stage out, e.g. "training.stage".
        implementation: of the method that it runs, e.g. "itq"; the stages find it by name and not by an import.
    """
    return _digest_of(stage_files(*modules, implementation=implementation))


def reporting_digest() -> str:
    """Digest of everything that writes tables, figures and the report, page templates included."""
    files = sorted([*(_PACKAGE / "reporting").rglob("*.py"), *(_PACKAGE / "reporting").glob("*.j2")])
    return _digest_of({file.relative_to(_PACKAGE).as_posix(): file for file in files})


def stage_files(*modules: str, implementation: str | None = None) -> dict[str, Path]:
    """Files that a stage runs by their names under the package, e.g. "nn/scan.py"; arguments as of `stage_digest`."""
    roots = [f"s5vh.{module}" for module in modules]
    if implementation is not None:
        roots.append(settings_class(implementation).implemented_by.split(":")[0])
    found: dict[str, Path] = {}
    waiting = [item for root in roots for item in _files(root)]
    while waiting:
        name, file = waiting.pop()
        if name not in found:
            found[name] = file
            waiting += _imported(file)
    return {name: found[name] for name in sorted(found) if name.startswith(_ROOMS) and not _is_neutral(name)}


def imported_modules(file: Path) -> list[str]:
    """Modules of this package that `file` imports, at its top or inside a function, each with what it takes of them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [name for node in ast.walk(tree) for name in _names(node) if name.split(".")[0] == "s5vh"]


def _is_neutral(name: str) -> bool:
    return name in _NEUTRAL or (name.startswith("methods/") and name.endswith("/settings.py"))


def _digest_of(files: dict[str, Path]) -> str:
    sha = hashlib.sha256()
    for name, file in files.items():
        sha.update(name.encode())
        sha.update(file.read_bytes())
    return sha.hexdigest()[:16]


@cache
def _imported(file: Path) -> tuple[tuple[str, Path], ...]:
    """The package's files that `file` imports."""
    return tuple(found for name in imported_modules(file) for found in _files(name))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)  # an alias may be a module itself


def _files(module: str) -> list[tuple[str, Path]]:
    """Name under the package and place of a module's file, or nothing; methods may stand in a folder of the user's."""
    if not module.startswith("s5vh."):
        return []
    parts = module.split(".")[1:]
    places = [_PACKAGE] if parts[0] != "methods" else [Path(place).parent for place in s5vh.methods.__path__]
    for place in places:
        path = place.joinpath(*parts)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return [(file.relative_to(place).as_posix(), file)]
    return []
