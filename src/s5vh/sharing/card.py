"""The model card: what a reader who has only the exported folder needs to know, in the style of Hugging Face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from s5vh.sharing.card_facts import data_facts, recipe_facts, run_facts, warnings
from s5vh.sharing.card_scores import model_index, score_table
from s5vh.sharing.contents import Contents
from s5vh.sharing.reading import check_tree

START, END = "<!-- scores: written by s5vh export, checked by s5vh verify-results -->", "<!-- end of scores -->"
_TAGS = ("video-retrieval", "video-hashing", "hashing", "self-supervised-learning", "s5vh")
_NO_LICENCE = "unknown"
_LARGEST_FRONT, _DEEPEST_FRONT = 2**22, 16  # characters, and levels of lists and mappings


def model_card(
    contents: Contents,
    metrics: Mapping[str, dict[str, Any]],
    settings: Mapping[str, dict[str, Any]],
    with_weights: bool,
) -> str:
    """The text of README.md.

    Args:
        contents: what is in the folder.
        metrics: `metrics.json` by folder of a cell.
        settings: `settings.json`, likewise.
        with_weights: whether the model files are in the folder.
    """
    front = {
        "license": contents.licence,
        "library_name": "s5vh",
        "tags": list(_TAGS),
        "metrics": ["mAP", "GmAP"],
        "model-index": model_index(contents, metrics),
    }
    cells = contents.cells
    paragraphs = [
        f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=120)}---",
        f"# {_title(contents)}",
        _summary(contents, with_weights),
        *(f"> {line}" for line in warnings(contents, metrics)),
        "## Scores",
        scores_block(contents, metrics),
        "## How to check them",
        _CHECK.format(further=_further(contents, with_weights)),
        "## Data",
        *(data_facts(name, record) for name, record in contents.data.items()),
        "## Recipe",
        *recipe_facts(cells, settings),
        "## Hardware and time",
        run_facts(cells, metrics),
        "## How to use the codes",
        _USE.format(folder=cells[0].folder, dataset=cells[0].dataset),
        "## Licence",
        _licence(contents),
    ]
    return "\n\n".join(paragraphs) + "\n"


def scores_block(contents: Contents, metrics: Mapping[str, dict[str, Any]]) -> str:
    """The table of scores between the lines that mark it."""
    return f"{START}\n\n{score_table(contents, metrics)}\n\n{END}"


def read_card(text: str) -> tuple[Any, str | None]:
    """What a card claims: the model index in its front matter, and its block of scores; None for what it lacks."""
    front = _front_matter(text)
    index = front.get("model-index") if isinstance(front, dict) else None
    start, end = text.find(START), text.find(END)
    return index, text[start : end + len(END)] if 0 <= start < end else None


def _front_matter(text: str) -> Any:
    """The YAML between the first two lines of dashes; None if it is none, or none that an export writes."""
    end = text.find("\n---\n", 3)
    if not text.startswith("---\n") or not 0 <= end <= _LARGEST_FRONT:
        return None
    try:
        if not _is_harmless(text[4 : end + 1]):
            return None
        front = yaml.safe_load(text[4 : end + 1])
        check_tree(front)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return front


def _is_harmless(text: str) -> bool:
    """Whether YAML is not nested deeply, which takes long to read, and has no references.

    With references, a few lines can describe more than fits in memory.
    """
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST_FRONT or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _title(contents: Contents) -> str:
    methods = dict.fromkeys(cell.method for cell in contents.cells)
    titles = [record["title"] for record in contents.data.values()]
    return f"{', '.join(methods)} on {', '.join(titles)}"


def _summary(contents: Contents, with_weights: bool) -> str:
    count = len(contents.cells)
    kept = {record["labels"] for record in contents.data.values()}
    beside = ["ids and labels of the videos" if "included" in kept else "ids of the videos", "settings", "provenance"]
    beside += ["weights"] if with_weights else []
    lines = [
        f"Binary codes of videos by {'one model' if count == 1 else f'{count} models'}, made with s5vh "
        f"{contents.version}, and what others need to check every score: {', '.join(beside)}."
    ]
    if "left out" in kept:
        lines.append("Labels were left out; `export.json` has a digest of ids and labels.")
    if "none" in kept:
        lines.append("Videos without labels are not scored.")
    return " ".join(lines)


def _further(contents: Contents, with_weights: bool) -> str:
    left_out = any(record["labels"] == "left out" for record in contents.data.values())
    return (_CHECK_LABELS if left_out else "") + (_CHECK_WEIGHTS if with_weights else "")


def _licence(contents: Contents) -> str:
    own = f"Files in this folder: `{contents.licence}`."
    if contents.licence == _NO_LICENCE:
        own = "Nobody has stated a licence for the files in this folder (`s5vh export --licence ID` states one)."
    return f"{own} The licence of the videos and of their features is that of their publishers, see [Data](#data)."


_CHECK = """\
With Python 3.11 or newer and the package `s5vh` installed, in this folder:

```bash
sha256sum -c SHA256SUMS      # the files are as they were exported
s5vh verify-results .        # every score follows from the codes
```

The second command computes every metric in `metrics.json`, every point in `pr.csv` and every score on this page again
from codes, ids and labels. That needs no training and no GPU. It does not show that the codes come from this model and
these videos.{further}"""
_CHECK_WEIGHTS = """

The model is in this folder. With the features of the data set, codes are made again and compared bit for bit:

```bash
s5vh verify-results . --features results/DATASET/features
```"""
_CHECK_LABELS = """

Labels are not in this folder, so the second command needs the features of the data set, which have them:
`s5vh verify-results . --features results/DATASET/features`."""
_USE = """\
```python
import numpy as np

# bits; database and query: uint8 [videos, ceil(bits / 8)], as of numpy.packbits
codes = np.load("{folder}/codes.npz")
nearest = np.bitwise_count(codes["database"] ^ codes["query"][0]).sum(axis=1).argsort(kind="stable")
```

Row i of the database is row i of `{dataset}/database.csv`. faiss reads the same arrays (`faiss.IndexBinaryFlat`)."""
