"""Rooms of the package: each may import those below it, never those above, and no two modules import each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import s5vh
from s5vh.planning.code_digests import imported_modules

PACKAGE = Path(s5vh.__file__).parent
# From the top to the bottom; docs/architecture.md says what each room is for.
ROOMS = (
    *("cli", "planning", "reporting", "sharing", "studies", "search", "training", "methods", "retrieval", "semantics"),
    *("centers", "nn", "data", "config", "base"),
)


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def imports(name: str) -> set[str]:
    """Modules of the package that a module imports, also inside functions and for type checkers only."""
    found = {target for target in imported_modules(MODULES[name]) if target in MODULES and target != name}
    # `from s5vh.room import module` names the package on the way, which every import of the module runs anyway.
    return {target for target in found if not any(other.startswith(f"{target}.") for other in found)}


def room(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else None


def test_every_module_has_a_room() -> None:
    loose = [name for name in MODULES if len(name.split(".")) == 2 and MODULES[name].name != "__init__.py"]
    assert loose == ["s5vh.__main__"]
    assert {room(name) for name in MODULES} - {None, "__main__"} == set(ROOMS)


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_itself_and_rooms_below(name: str) -> None:
    allowed = {None, *ROOMS[ROOMS.index(name) :]}
    upward = {
        f"{module} imports {target}"
        for module in MODULES
        if room(module) == name
        for target in imports(module)
        if room(target) not in allowed
    }
    assert upward == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: imports(name) for name in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"circle: {' -> '.join([*path[path.index(name) :], name])}"
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert done == set(MODULES)


@pytest.mark.parametrize(
    "text",
    [
        "def late():\n    from s5vh.base import (  # both (of them)\n        cores,\n        files,  # twice\n    )\n",
        "from s5vh.base \\\n    import cores, files\n",
        "if True: from s5vh.base import cores, files\n",
        '"""From here on,\nfrom s5vh and others, import nothing.\n"""\nx = 1; from s5vh.base import cores, files\n',
        "from os import path\nimport json, s5vh.base, s5vh.base.cores as a, s5vh.base.files\n",
    ],
)
def test_imports_are_seen_however_they_are_written(tmp_path: Path, text: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(text)
    assert set(imported_modules(file)) == {"s5vh.base", "s5vh.base.cores", "s5vh.base.files"}


def test_an_upward_import_inside_a_function_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "low.py"
    file.write_text("def late():\n    from s5vh.cli import main\n    import s5vh.planning.run\n")
    assert imported_modules(file) == ["s5vh.cli", "s5vh.cli.main", "s5vh.planning.run"]


def test_shared_code_names_no_method() -> None:
    """The engine, the rules and everything shared know methods by their settings, not by their names."""
    names = {folder.name for folder in (PACKAGE / "methods").iterdir() if (folder / "settings.py").is_file()}
    assert {"s5vh", "conmh", "itq", "lsh"} <= names
    shared = [file for name, file in MODULES.items() if room(name) in ("training", "studies", "search", "retrieval")]
    shared += [
        PACKAGE / "methods" / name for name in ("contract.py", "settings.py", "cell.py", "load.py", "model_file.py")
    ]
    shared += [PACKAGE / "config" / "grid.py", *sorted((PACKAGE / "reporting").rglob("*.py"))]
    for file in shared:
        text = file.read_text()
        for name in names:
            assert f"s5vh.methods.{name}." not in text, f"{file} imports the method {name}"
