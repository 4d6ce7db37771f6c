"""The base class of all settings, and the conversion of validation errors to readable messages."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from s5vh.base.errors import UserError
from s5vh.config.words import LARGEST_SEED, LONGEST_CODE

Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
CodeLength = Annotated[int, Field(gt=0, le=LONGEST_CODE)]
Item = TypeVar("Item")


def each_once(listed: list[Item]) -> list[Item]:
    """The list as it is; `ValueError` if it has anything twice, which would be counted and drawn twice."""
    for item in listed:
        if listed.count(item) > 1:
            raise ValueError(f"{item} is listed twice; list each one once")
    return listed


Each = Annotated[list[Item], AfterValidator(each_once)]
_MOST_ERRORS = 3  # listed in one message; the rest are only counted


class Strict(BaseModel):
    """Immutable settings that reject unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def explain(error: ValidationError, where: str, model: type[BaseModel] | None = None) -> UserError:
    """Turn pydantic's errors into a one-line message that the user can act on.

    Args:
        error: raised by pydantic while validating a `Strict` model or a union of them.
        where: the file, or file and section, being validated.
        model: the validated class; by default looked up by the name in `error`, which must be unique.

    Returns:
        A `UserError` such as `config/datasets/ucf101.yaml: frames: must be an integer, got 'x'` or
        `config/datasets/ucf101.yaml: unknown key 'seeed' (did you mean 'seed'?)`.
    """
    names = re.findall(r"\w+", error.title)
    roots = [model] if model else [cls for cls in _subclasses(Strict) if cls.__name__ in names]
    messages: list[str] = []
    for item in error.errors(include_url=False):
        message = _message(item, roots)
        if message not in messages:
            messages.append(message)
    more = f" (and {len(messages) - _MOST_ERRORS} more)" if len(messages) > _MOST_ERRORS else ""
    return UserError(f"{where}: {'; '.join(messages[:_MOST_ERRORS])}{more}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)`, or the list of known names if none is similar."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f" (did you mean '{close[0]}'?)"
    return f" (known: {', '.join(known)})" if known else ""


def _message(item: Any, roots: list[type[BaseModel]]) -> str:
    kind, context, got = item["type"], item.get("ctx", {}), item.get("input")
    keys, models = _locate(item["loc"], roots, unknown_key=kind == "extra_forbidden")
    if kind == "extra_forbidden":
        *parents, key = keys
        return f"{_path(parents)}unknown key '{key}'{suggestion(str(key), _field_names(models))}"
    if kind == "union_tag_invalid":
        key = context["discriminator"].strip("'")
        return f"{_path([*keys, key])}must be one of {context['expected_tags']}, got {_quoted(context['tag'])}"
    if kind == "union_tag_not_found":
        return f"{_path(keys)}key {context['discriminator']} is missing"
    if kind == "missing":
        *parents, key = keys
        return f"{_path(parents)}key '{key}' is missing"
    if kind in ("value_error", "assertion_error"):
        return f"{_path(keys)}{context['error']}"
    # YAML reads no, off, 12:30 and 2026-01-01 as other things than text.
    hint = "; write it in quotes if it is text" if kind == "string_type" and not isinstance(got, _COLLECTIONS) else ""
    return f"{_path(keys)}{_expectation(kind, context, item['msg'])}, got {_quoted(got)}{hint}"


_COLLECTIONS = (dict, list, tuple, type(None))


_BOUNDS = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "literal_error": "must be {expected}",
}
_KINDS = {
    "int": "must be an integer",
    "float": "must be a number",
    "string": "must be a string",
    "bool": "must be true or false",
    "model": "must be a mapping of keys",
    "dict": "must be a mapping of keys",
    "list": "must be a list",
    "tuple": "must be a list",
    "none": "must be null",
}


def _expectation(kind: str, context: dict[str, Any], message: str) -> str:
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**context)
    stem, _, rest = kind.partition("_")
    if stem in _KINDS and rest in ("type", "parsing", "from_float", "required"):
        return _KINDS[stem]
    return message[0].lower() + message[1:]


def _quoted(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _path(keys: list[str | int]) -> str:
    """`parts.query.features[1]: `, or an empty string at the top level."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return f"{text}: " if text else ""


def _locate(
    location: tuple[str | int, ...], roots: list[type[BaseModel]], *, unknown_key: bool
) -> tuple[list[str | int], list[type[BaseModel]]]:
    """Remove the tags that pydantic inserts for union members, and find the models that own the last key."""
    keys: list[str | int] = []
    annotations: list[Any] = list(roots)
    models: list[type[BaseModel]] = []
    for number, step in enumerate(location):
        members = [member for annotation in annotations for member in _members(annotation)]
        models = [member for member in members if isinstance(member, type) and issubclass(member, BaseModel)]
        containers = [member for member in members if get_origin(member) in (dict, list, tuple)]
        if owners := [model for model in models if step in model.model_fields]:
            annotations = [model.model_fields[str(step)].annotation for model in owners]
        elif containers:
            annotations = [argument for member in containers for argument in get_args(member)]
        elif len(members) > 1 and not (unknown_key and number == len(location) - 1):
            continue  # a union member's tag; the member follows from the keys after it
        keys.append(step)
    return keys, models


def _members(annotation: Any) -> Iterator[Any]:
    """The types a value may have, with unions, optionals and annotated types unpacked."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            if member is not type(None):
                yield from _members(member)
    else:
        yield annotation


def _field_names(models: list[type[BaseModel]]) -> set[str]:
    return {name for model in models for name in model.model_fields}


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _subclasses(child)
