"""Reading YAML files: plain data only, every key once, and readable errors."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from s5vh.base.errors import UserError
from s5vh.base.files import read_text

# The libyaml loader is many times faster where available; both loaders accept plain data only.
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEPTH = 100  # levels of nesting; much deeper ones exhaust the stack
_VALUES = 10**6  # after every alias is written out
_MERGE = "tag:yaml.org,2002:merge"
_TEXT = "tag:yaml.org,2002:str"


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping; an empty file is an empty mapping.

    Raises:
        UserError: the file cannot be read; invalid YAML; a key that occurs twice in a mapping, or is no text, as `no`
            and `off`, which YAML reads as false.
    """
    return deepcopy(_parsed(read_text(path), path))


@lru_cache(maxsize=1000)  # a plan asks for the same files again and again
def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        _check_depth(text, path)
        loader = _SAFE_LOADER(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                _check_aliases(node, path)
                _check_keys(node, path)
            value = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _invalid(error, text, path) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # What the constructors raise for values that do not fit their tag, such as the date 2026-13-01.
        raise UserError(f"{path}: not valid YAML ({error})") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UserError(f"{path}: must be a mapping of keys, got {type(value).__name__}")
    return value


def _invalid(error: yaml.YAMLError, text: str, path: Path) -> UserError:
    mark = getattr(error, "problem_mark", None)
    place = f" at line {mark.line + 1}" if mark else ""
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line].partition("#")[0]:
        return UserError(f"{path}: not valid YAML{place}: it has a tab; indent with spaces")
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return UserError(f"{path}: not valid YAML{place} ({problem})")


def _check_depth(text: str, path: Path) -> None:
    # Every level takes a character of a line, or a bracket. Most files are known to be shallow without parsing them.
    if max(map(len, text.splitlines()), default=0) <= 2 * _DEPTH and text.count("[") + text.count("{") <= _DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise _too_deep(path, event.start_mark)


def _too_deep(path: Path, mark: yaml.Mark) -> UserError:
    return UserError(f"{path}: more than {_DEPTH} levels of nesting at line {mark.line + 1}")


def _check_aliases(
    node: yaml.Node, path: Path, above: tuple[int, ...] = (), known: dict[int, int] | None = None
) -> int:
    """The number of values in a node with every alias written out; rejects aliases that never end or explode."""
    known = {} if known is None else known
    if id(node) in above:
        raise UserError(f"{path}: line {node.start_mark.line + 1}: an alias is part of the value it stands for")
    if len(above) > _DEPTH:
        raise _too_deep(path, node.start_mark)
    if id(node) not in known:
        children = [] if isinstance(node, yaml.ScalarNode) else node.value
        if isinstance(node, yaml.MappingNode):
            children = [child for pair in children for child in pair]
        known[id(node)] = 1 + sum(_check_aliases(child, path, (*above, id(node)), known) for child in children)
    if known[id(node)] > _VALUES:
        raise UserError(f"{path}: aliases expand to more than {_VALUES:,} values")
    return known[id(node)]


def _check_keys(root: yaml.Node, path: Path) -> None:
    for mapping in _mappings(root):
        first: dict[str, int] = {}
        for key, _ in mapping.value:
            line = key.start_mark.line + 1
            if key.tag == _MERGE:
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise UserError(f"{path}: line {line}: a key must be text, not a list or a mapping")
            if key.tag != _TEXT:
                kind = key.tag.rpartition(":")[2]
                raise UserError(
                    f"{path}: line {line}: YAML reads the key {key.value} as {kind}; quote it: '{key.value}'"
                )
            if key.value in first:
                lines = f"lines {first[key.value]} and {line}" if first[key.value] != line else f"line {line}"
                raise UserError(f"{path}: key '{key.value}' is there twice, in {lines}; keep one")
            first[key.value] = line


def _mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Every mapping below a node, once even if aliases repeat it."""
    pending, seen = [root], set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            pending += [child for pair in reversed(node.value) for child in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            pending += reversed(node.value)
