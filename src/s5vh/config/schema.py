"""The configuration's JSON schemas and its reference page, made from the typed settings, so that neither can drift."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from s5vh.config.dataset import DatasetConfig
from s5vh.config.method import METHOD_ADAPTER, Departure, MethodConfig
from s5vh.config.run import RunConfig
from s5vh.errors import UserError
from s5vh.files import write_text

_ROOT = Path(__file__).resolve().parents[3]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCHEMAS = Path("workflow/schemas")
_REFERENCE = Path("config/README.md")
_EXTENDS = {
    "type": "string",
    "description": "name of the method whose file this one is laid over; this file then holds the differences only",
}

_INTRODUCTION = """\
# Configuration

Made by `s5vh schema` from the typed settings in `src/s5vh/config/`; change those and run it again.

| file | says | schema |
|---|---|---|
| `config/config.yaml` | what `snakemake all` rebuilds | `workflow/schemas/config.schema.yaml` |
| `config/paper.yaml` | the paper's whole grid, with `--configfile config/paper.yaml` | the same |
| `config/center_solvers.yaml` | what the hash centers do to retrieval, likewise | the same |
| `config/datasets/NAME.yaml` | a data set | `workflow/schemas/dataset.schema.yaml` |
| `config/methods/NAME.yaml` | a method, or an ablation of one | `workflow/schemas/method.schema.yaml` |
| `config/departures/NAME.yaml` | where released code leaves a paper | `workflow/schemas/departures.schema.yaml` |
| `config/published/*.csv` | numbers that papers print | its own README |

**Run settings** are laid over each other: the shipped `config/config.yaml`, then `config/config.yaml` of the working
directory if that is another one, then files given with `--configfile`, then keys given with `--config`. Mappings are
merged key by key, lists are replaced. Data sets and methods are looked for in `config/` of the working directory first,
so an analysis can live in a folder of its own: `snakemake all --directory my_analysis`.

**A cell's settings** are laid over each other as well, from weak to strong: the defaults below, the method's file, what
the data set says about that method (`methods:`), what `overrides:` says about it. A method with `extends: OTHER` first
takes all of that from OTHER. `s5vh settings --dataset NAME --method NAME --bits K` prints the outcome.

**Files of a data set** are looked for in its `root`. Missing ones are downloaded by `s5vh download NAME`, or by the
workflow if the data set is named and a program can get all that is missing: from the environment variable `S5VH_MIRROR`
(a folder or web address with `NAME/FILE` or `FILE`), then from the shares, in order, that are not `manual`. Downloads
are kept in `S5VH_CACHE` (default: `~/.cache/s5vh` if it is on the data's file system, where hard links cost no space;
`none`: nowhere), so that checkouts share them. One address is fetched once: empty the cache to fetch a replaced file.

**A new data set or method** is a new file here; no rule and no code changes. Unknown keys are errors.
Machine settings (cores, GPUs, clusters) are not here but in `profiles/`.
"""


def documents() -> dict[Path, str]:
    """Every generated file: its path under the checkout and its text."""
    return {
        _SCHEMAS / "config.schema.yaml": _as_yaml(_schema(RunConfig, "Run settings of the S5VH workflow")),
        _SCHEMAS / "dataset.schema.yaml": _as_yaml(_schema(DatasetConfig, "A data set of the S5VH workflow")),
        _SCHEMAS / "method.schema.yaml": _as_yaml(_method_schema()),
        _SCHEMAS / "departures.schema.yaml": _as_yaml(
            {"type": "object", "additionalProperties": _schema(Departure, "A departure from a paper's recipe")}
        ),
        _REFERENCE: _reference(),
    }


def write(root: Path = _ROOT) -> None:
    """Write all generated files into the checkout at `root`."""
    for path, text in documents().items():
        write_text(root / path, text)


def check(root: Path = _ROOT) -> None:
    """Raise a `UserError` that names the files which differ from the typed settings, and how to repair them."""
    stale = [
        str(path)
        for path, text in documents().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]
    if stale:
        raise UserError(f"{', '.join(stale)}: not what src/s5vh/config says; run `s5vh schema` and commit")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    # Files are laid over each other and over the defaults, so a run file may leave out any key.
    return {"$schema": _DIALECT} | model.model_json_schema() | {"title": title}


def _method_schema() -> dict[str, Any]:
    schema = METHOD_ADAPTER.json_schema()
    definitions = schema["$defs"]
    names = [option["$ref"].rsplit("/", 1)[1] for option in schema["oneOf"]]
    shared: dict[str, list[Any]] = {"extends": [_EXTENDS]}
    for name in names:
        for key, value in definitions[name]["properties"].items():
            options = shared.setdefault(key, [])
            if value not in options:
                options.append(value)
    variant = {
        "title": "Variant",
        "description": "A method that differs from another one in what it says.",
        "type": "object",
        "required": ["extends"],
        "additionalProperties": False,
        "properties": {key: options[0] if len(options) == 1 else {"anyOf": options} for key, options in shared.items()},
    }
    return {
        "$schema": _DIALECT,
        "title": "A method of the S5VH workflow",
        "type": "object",
        "anyOf": [*schema["oneOf"], {"$ref": "#/$defs/Variant"}],
        "$defs": definitions | {"Variant": variant},
    }


class _Plain(yaml.SafeDumper):
    """YAML without anchors: equal parts of a schema are written out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_yaml(schema: dict[str, Any]) -> str:
    text = yaml.dump(schema, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    return f"# Made by `s5vh schema` from src/s5vh/config; do not edit.\n{text}"


def _reference() -> str:
    sections = [
        _INTRODUCTION,
        *_tables("Run settings: `config/config.yaml`", RunConfig),
        *_tables("Data sets: `config/datasets/NAME.yaml`", DatasetConfig),
        "## Methods: `config/methods/NAME.yaml`\n\n"
        f"| key | default | meaning |\n|---|---|---|\n| `extends` | | {_EXTENDS['description']} |\n",
    ]
    for method in _models(MethodConfig):
        kind = get_args(method.model_fields["implementation"].annotation)[0]
        sections += _tables(f"`implementation: {kind}`", method, level=3)
    return "\n".join(sections)


def _tables(heading: str, model: type[BaseModel], level: int = 2) -> list[str]:
    """A table of the model's keys, its nested mappings in place, as `outer.inner`."""
    rows = [f"{'#' * level} {heading}", "", *_lines(model.__doc__), "", "| key | default | meaning |", "|---|---|---|"]
    return ["\n".join([*rows, *_rows(model, "", {})]) + "\n"]


def _rows(model: type[BaseModel], prefix: str, listed: dict[type[BaseModel], str]) -> Iterator[str]:
    """Rows of the model's keys and of the mappings inside it; `listed` remembers where a mapping was described."""
    for name, field in model.model_fields.items():
        if name == "implementation":
            continue
        key = f"{prefix}{name}"
        inner = list(dict.fromkeys(_models(field.annotation)))
        known = [listed[nested] for nested in inner if nested in listed]
        same = f"; keys as in `{known[0]}`" if known else ""
        yield f"| `{key}` | {_default(field)} | {_meaning(field)}{same} |"
        for nested in inner:
            if nested not in listed:
                listed[nested] = key
                yield from _rows(nested, f"{key}{_container(field.annotation)}.", listed)


def _container(annotation: Any) -> str:
    """`[]` for a list of mappings, `.NAME` for mappings by name."""
    origins = {get_origin(member) for member in _members(annotation)}
    return "[]" if list in origins else ".NAME" if dict in origins else ""


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The settings classes that a value may be made of, also inside lists and mappings."""
    found: list[type[BaseModel]] = []
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, BaseModel):
            found.append(member)
        elif get_origin(member) in (list, dict, tuple):
            found += [model for argument in get_args(member) for model in _models(argument)]
    return found


def _members(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _members(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or isinstance(value, BaseModel):
        return ""
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    text = yaml.safe_dump(plain, default_flow_style=True, width=10_000, sort_keys=False)
    text = text.strip().removesuffix("...").strip()  # YAML ends a lone scalar with three dots
    return f"`{text}`"


def _meaning(field: FieldInfo) -> str:
    text = field.description or ""
    if not text:
        # A mapping of settings; its class says what it is.
        text = " ".join(line for model in _models(field.annotation)[:1] for line in _lines(inspect.getdoc(model)))
        text = text.removesuffix(".")
    choices = [
        argument
        for member in _members(field.annotation)
        for literal in ([member] if get_origin(member) is Literal else map(_inner_literal, get_args(member)))
        if literal is not None
        for argument in get_args(literal)
    ]
    if any(f"`{choice}`" not in text for choice in choices):
        listed = ", ".join(f"`{choice}`" for choice in choices)
        text += f" (or one of {listed})" if _models(field.annotation) else f" (one of {listed})"
    return text.replace("|", "\\|")


def _inner_literal(annotation: Any) -> Any:
    return annotation if get_origin(annotation) is Literal else None


def _lines(doc: str | None) -> list[str]:
    return [line.strip() for line in (doc or "").split("\n\n")[0].strip().splitlines()]
