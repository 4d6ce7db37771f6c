"""Tables and figures of the S5VH paper (AAAI 2025)."""

from __future__ import annotations

from s5vh.reporting import inputs
from s5vh.reporting.exhibits.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "table",
        "table1",
        "Transfer between data sets",
        "tables.transfer:build_table1",
        inputs.transfer("table1"),
        paper="S5VH, Table 1",
    ),
    Exhibit(
        "table",
        "table2",
        "Ablations",
        "tables.ablations:build_table2",
        inputs.ablation("table2"),
        paper="S5VH, Table 2",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "table",
        "convergence",
        "How much sooner the final score is reached",
        "tables.convergence:build_convergence",
        inputs.convergence_scores,
        paper="S5VH, Figure 1b",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "scaling_fits",
        "How time and memory grow with the number of frames",
        "tables.scaling:build_scaling_fits",
        inputs.efficiency,
        paper="S5VH, Figure 1a",
    ),
    Exhibit(
        "figure",
        "figure3",
        "Retrieval: mAP@N",
        "figures.curves:draw_figure3",
        inputs.compared_scores,
        caption="captions:figure3",
        paper="S5VH, Figure 3",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "figure1b",
        "Convergence with and without alignment",
        "figures.convergence:draw_figure1b",
        inputs.convergence,
        caption="captions:figure1b",
        paper="S5VH, Figure 1b",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "figure1a",
        "Scaling with the number of frames",
        "figures.scaling:draw_figure1a",
        inputs.efficiency,
        caption="captions:figure1a",
        paper="S5VH, Figure 1a",
    ),
)
