"""Which of the package's files a stage runs, read from its import statements; nothing is imported.

Rules digest these files, so an edit of the package re-runs the stages that use the edited file and no others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import s5vh
from s5vh.provenance import code_digest

_PACKAGE = Path(s5vh.__file__).parent
# Rooms whose code decides what is in an artifact. What configuration says reaches the rules as parameters, and the
# wording of an error or of a progress line is no reason to train again; neither is where missing files can be got.
_ROOMS = ("data", "nn", "semantics", "centers", "methods", "retrieval", "training", "studies", "reporting")
_NEUTRAL = ("training/progress.py", "data/availability.py", "data/records.py", "data/sources.py")


@cache
def stage_digest(*modules: str, implementation: str | None = None) -> str:
    """Digest of the code of a stage.

    Args:
        modules: those that carry the stage out, e.g. "training.stage".
        implementation: of the method that it runs, e.g. "itq"; the stages find it by name and not by an import.
    """
    return code_digest(*stage_files(*modules, implementation=implementation))


def reporting_digest() -> str:
    """Digest of everything that writes tables, figures and the report, page templates included."""
    templates = sorted(file.name for file in (_PACKAGE / "reporting").glob("*.j2"))
    return code_digest("reporting", *(f"reporting/{name}" for name in templates))


def stage_files(*modules: str, implementation: str | None = None) -> tuple[str, ...]:
    """Files under the package that a stage runs, e.g. "nn/scan.py"; see `stage_digest` for the arguments."""
    roots = [f"s5vh.{module}" for module in modules]
    if implementation is not None:
        from s5vh.methods.registry import FITTED, NETWORKS

        roots.append((NETWORKS | FITTED)[implementation].split(":")[0])
    found: dict[Path, None] = {}
    waiting = [file for root in roots for file in _files(root)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = None
            waiting += _imported(file)
    names = (file.relative_to(_PACKAGE).as_posix() for file in found)
    return tuple(sorted(name for name in names if name.startswith(_ROOMS) and name not in _NEUTRAL))


@cache
def _imported(file: Path) -> tuple[Path, ...]:
    """The package's files that `file` imports, at its top or inside a function."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return tuple(found for node in ast.walk(tree) for name in _names(node) for found in _files(name))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)  # an alias may be a module itself


def _files(module: str) -> list[Path]:
    """The file of a module of this package, or nothing."""
    if not module.startswith("s5vh."):
        return []
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    return [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()]
