"""Draw the graph of the rules: docs/pictures/rulegraph.png, and Mermaid text on standard output.

`make dag` runs it. The edges are Snakemake's own (`snakemake all --rulegraph`), for a run that uses every rule; they
are drawn here because Graphviz is not among the dependencies.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Curve

ROOT = Path(__file__).resolve().parents[2]
COLORS = {
    "import_features": "#cfe3f5",
    "make_demo": "#cfe3f5",
    "extract_features": "#cfe3f5",
    "cluster_videos": "#d9ead3",
    "find_neighbours": "#d9ead3",
    "solve_centers": "#d9ead3",
    "train": "#fde2c8",
    "fit": "#fde2c8",
    "measure_efficiency": "#eadcf4",
    "fit_efficiency": "#eadcf4",
    "evaluate": "#fbf0c4",
    "evaluate_transfer": "#fbf0c4",
}
OTHER = "#e6e6e6"
WIDTH, HEIGHT, GAP_X, GAP_Y = 1.8, 0.45, 0.3, 0.5  # inches
PASS, PASS_WIDTH = "|", 0.1  # marks and is as wide as the place where an edge crosses a layer
Edge = tuple[str, str]


def rule_edges() -> list[Edge]:
    """(rule, rule that reads its output), without edges that a longer path implies."""
    words = ["all", "--rulegraph", "mermaid-js", "--config", "datasets=[demo,ucf101,hmdb51,own]"]
    command = [Path(sys.executable).parent / "snakemake", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"S5VH_PLAN": "1"}, stdout=subprocess.PIPE, text=True, check=True
    )
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", done.stdout))
    edges = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", done.stdout)}
    return sorted(edge for edge in edges if not _reachable(edge, edges - {edge}))


def _reachable(edge: Edge, edges: set[Edge]) -> bool:
    start, goal = edge
    front, seen = [start], set()
    while front:
        node = front.pop()
        seen.add(node)
        front += [b for a, b in edges if a == node and b not in seen]
    return goal in seen


def layered(edges: list[Edge]) -> tuple[list[list[str]], list[list[str]]]:
    """Rules in layers, and each edge as the chain of places that it runs through.

    A rule's layer is the length of the longest path that leads to it. An edge across several layers gets a free place
    in each of them, so that it passes beside the boxes.
    """
    nodes = sorted({node for edge in edges for node in edge})
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for a, b in edges:
            depth[b] = max(depth[b], depth[a] + 1)
    for node in nodes:
        if all(b != node for _, b in edges):  # a source stands right above its first reader
            depth[node] = min(depth[b] for a, b in edges if a == node) - 1
    rows: list[list[str]] = [
        [node for node in nodes if depth[node] == level] for level in range(len(set(depth.values())))
    ]
    chains = []
    for a, b in edges:
        passed = [f"{PASS}{a}>{b}@{level}" for level in range(depth[a] + 1, depth[b])]
        for level, place in enumerate(passed, depth[a] + 1):
            rows[level].append(place)
        chains.append([a, *passed, b])
    return rows, chains


def positions(rows: list[list[str]], chains: list[list[str]]) -> dict[str, float]:
    """Horizontal middle of every place; rows are ordered so that neighbours in a chain are near each other."""
    links = [link for chain in chains for link in pairwise(chain)]
    near = {
        place: [a for a, b in links if b == place] + [b for a, b in links if a == place]
        for row in rows
        for place in row
    }
    x: dict[str, float] = {}
    for row in rows:
        _spread(row, x)
    for sweep in range(24):
        for row in rows if sweep % 2 else reversed(rows):
            wanted = {place: sum(x[other] for other in near[place]) / len(near[place]) for place in row}
            row.sort(key=lambda place, wanted=wanted: (wanted[place], place))
            _spread(row, x, sum(wanted.values()) / len(row))
    return x


def _spread(row: list[str], x: dict[str, float], middle: float = 0.0) -> None:
    widths = [WIDTH if not place.startswith(PASS) else PASS_WIDTH for place in row]
    left = middle - (sum(widths) + GAP_X * (len(row) - 1)) / 2
    for place, width in zip(row, widths, strict=True):
        x[place] = left + width / 2
        left += width + GAP_X


def draw(edges: list[Edge], file: Path) -> None:
    """Boxes in layers from top to bottom, with curves between them."""
    rows, chains = layered(edges)
    x = positions(rows, chains)
    y = {place: -level * (HEIGHT + GAP_Y) for level, row in enumerate(rows) for place in row}
    left, right = min(x.values()) - WIDTH / 2 - 0.1, max(x.values()) + WIDTH / 2 + 0.1
    bottom, top = min(y.values()) - HEIGHT / 2 - 0.1, HEIGHT / 2 + 0.1
    figure = plt.figure(figsize=(right - left, top - bottom))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.axis("off")
    for chain in chains:
        points, codes = [(x[chain[0]], y[chain[0]] - HEIGHT / 2)], [Curve.MOVETO]
        for a, b in pairwise(chain):
            start, end = y[a] - HEIGHT / 2, y[b] + HEIGHT / 2
            bend = (start + end) / 2
            points += [(x[a], bend), (x[b], bend), (x[b], end)]
            codes += [Curve.CURVE4] * 3
            if b.startswith(PASS):
                points.append((x[b], y[b] - HEIGHT / 2))
                codes.append(Curve.LINETO)
        path = Curve(points, codes)
        axes.add_patch(FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=10, color="#777777", linewidth=0.9))
    for place in (place for row in rows for place in row if not place.startswith(PASS)):
        axes.add_patch(
            FancyBboxPatch(
                (x[place] - WIDTH / 2, y[place] - HEIGHT / 2),
                WIDTH,
                HEIGHT,
                boxstyle="round,pad=0,rounding_size=0.08",
                facecolor=COLORS.get(place, OTHER),
                edgecolor="#555555",
                linewidth=0.9,
                zorder=3,
            )
        )
        axes.text(x[place], y[place], place.replace("_", " "), ha="center", va="center", fontsize=10, zorder=4)
    figure.savefig(file, dpi=130, metadata={"Software": None})
    plt.close(figure)


def mermaid(edges: list[Edge]) -> str:
    """The same graph for a Markdown page."""
    return "\n".join(["flowchart LR", *(f"    {a} --> {b}" for a, b in edges)])


def main() -> None:
    """Draw and print."""
    edges = rule_edges()
    draw(edges, ROOT / "docs/pictures/rulegraph.png")
    print(mermaid(edges))


if __name__ == "__main__":
    main()
