"""Tables and figures of the MCMSH paper (ACM MM 2022)."""

from __future__ import annotations

from s5vh.reporting import inputs
from s5vh.reporting.exhibits.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "table",
        "mcmsh_table1",
        "Gates of MCMSH",
        "tables.ablations:build_mcmsh_table1",
        inputs.ablation("mcmsh_table1"),
        paper="MCMSH, Table 1",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "table",
        "mcmsh_table2",
        "Reduction ratio of MCMSH's gates",
        "tables.ablations:build_mcmsh_table2",
        inputs.ablation("mcmsh_table2"),
        paper="MCMSH, Table 2",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "table",
        "mcmsh_table3",
        "Losses of MCMSH",
        "tables.ablations:build_mcmsh_table3",
        inputs.ablation("mcmsh_table3"),
        paper="MCMSH, Table 3",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "table",
        "mcmsh_table4",
        "Transfer between data sets: mAP@N",
        "tables.transfer:build_mcmsh_table4",
        inputs.transfer("mcmsh_table4", trained_there=False),
        paper="MCMSH, Table 4",
    ),
    Exhibit(
        "table",
        "mcmsh_table5",
        "Cost of encoding a video",
        "tables.cost:build_mcmsh_table5",
        inputs.efficiency,
        paper="MCMSH, Table 5",
    ),
    Exhibit(
        "figure",
        "mcmsh_figure5",
        "Retrieval: mAP@N and precision-recall curves",
        "figures.curves:draw_mcmsh_figure5",
        inputs.compared_scores_and_curves,
        caption="captions:mcmsh_figure5",
        paper="MCMSH, Figure 5",
        needs_labels=True,
    ),
)
