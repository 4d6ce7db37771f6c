"""Digests of the source files a stage uses, found by parsing import statements without importing anything.

Rules include such a digest in their parameters, so editing the package reruns exactly the stages that use the edited
file; Snakemake itself does not track imported modules.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import s5vh
import s5vh.methods
from s5vh.base.files import visible_files
from s5vh.methods.discovery import settings_class

_PACKAGE = Path(s5vh.__file__).parent
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t][^\n(]*(?:\([^)]*\))?[^\n]*", re.MULTILINE)
_MENTION = re.compile(r"^(?=.*\bimport\b).*\bs5vh\b.*", re.MULTILINE)
# Subpackages whose code affects artifacts. Configuration and settings reach the rules as parameters instead, and the
# wording of errors or progress lines, or where to download files, is no reason to rerun.
_ROOMS = ("data", "nn", "semantics", "centers", "methods", "retrieval", "training", "search", "studies", "reporting")
_NEUTRAL = (
    *("training/progress.py", "data/download/availability.py", "data/download/records.py", "data/download/sources.py"),
    *("methods/settings.py", "methods/shared_settings.py", "methods/cell.py", "methods/load.py"),
    "methods/discovery.py",
)


@cache
def stage_digest(*modules: str, implementation: str | None = None) -> str:
    """Digest of the code of a stage.

    Args:
        modules: modules that implement the stage, e.g. "training.stage".
        implementation: method implementation it runs, e.g. "itq"; stages look it up by name instead of importing it.
    """
    return _digest_of(stage_files(*modules, implementation=implementation))


def reporting_digest() -> str:
    """Digest of the code that writes tables, figures and the report, including page templates."""
    folder = _PACKAGE / "reporting"
    return _digest_of(_by_name([*visible_files(folder, "**/*.py"), *visible_files(folder, "*.j2")]))


def archive_digest() -> str:
    """Digest of the code that writes the page of an archive, including page templates."""
    templates = [file for room in ("reporting/archive", "search") for file in visible_files(_PACKAGE / room, "*.j2")]
    return _digest_of(stage_files("reporting.archive.page") | _by_name(templates))


def _by_name(files: list[Path]) -> dict[str, Path]:
    return {file.relative_to(_PACKAGE).as_posix(): file for file in sorted(files)}


def stage_files(*modules: str, implementation: str | None = None) -> dict[str, Path]:
    """Source files that a stage uses, by path in the package, e.g. "nn/scan.py"; arguments as for `stage_digest`."""
    roots = [f"s5vh.{module}" for module in modules]
    if implementation is not None:
        settings = settings_class(implementation)
        roots.append(settings.implemented_by.split(":")[0])
        reader = getattr(settings, "checkpoint_reader", None)  # found by name too, and only by the import
        if reader and "methods.import_checkpoint" in modules:
            roots.append(reader.split(":")[0])
    files: dict[str, Path] = {}
    pending = [item for root in roots for item in _files(root)]
    while pending:
        name, file = pending.pop()
        if name not in files:
            files[name] = file
            pending += _imported(file)
    return {name: files[name] for name in sorted(files) if name.startswith(_ROOMS) and not _is_neutral(name)}


def imported_modules(file: Path) -> list[str]:
    """Modules of this package that `file` imports anywhere, and the names it imports from them."""
    text = file.read_text(encoding="utf-8")
    return [name for node in _import_statements(text) for name in _names(node) if name.split(".")[0] == "s5vh"]


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
    """Source files of the package that `file` imports."""
    return tuple(found for name in imported_modules(file) for found in _files(name))


def _import_statements(text: str) -> list[ast.AST]:
    """Statements of a module, among them all that import from this package.

    Where each of these starts a line of its own, only they are parsed, which takes a fraction of the time.
    """
    found = [match[0].strip() for match in _IMPORT.finditer(text)]
    known = all(line.lstrip().startswith(("from ", "import ")) for line in _MENTION.findall(text))
    if known and not any(statement.endswith("\\") for statement in found):
        with contextlib.suppress(SyntaxError):  # prose that starts like a statement, or a comment with a parenthesis
            return ast.parse("\n".join(statement for statement in found if "s5vh" in statement)).body
    return list(_statements(ast.parse(text)))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below `node`; expressions, of which there are many more, cannot import."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, field, ()):
            yield child
            yield from _statements(child)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)  # an imported name may itself be a module


def _files(module: str) -> list[tuple[str, Path]]:
    """Path in the package and location of a module's file, or an empty list; methods may be in a user folder."""
    if not module.startswith("s5vh."):
        return []
    parts = module.split(".")[1:]
    roots = [_PACKAGE] if parts[0] != "methods" else [Path(root).parent for root in s5vh.methods.__path__]
    for root in roots:
        path = root.joinpath(*parts)
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.is_file():
                return [(file.relative_to(root).as_posix(), file)]
    return []
