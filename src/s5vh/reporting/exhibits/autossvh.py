"""Tables and figures of the AutoSSVH paper (CVPR 2025)."""

from __future__ import annotations

from s5vh.reporting import inputs
from s5vh.reporting.exhibits.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "table",
        "autossvh_table1",
        "mAP@N of the compared methods",
        "tables.comparison:build_autossvh_table1",
        inputs.main_metrics,
        paper="AutoSSVH, Table 1",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "autossvh_table2",
        "Transfer between data sets",
        "tables.transfer:build_autossvh_table2",
        inputs.transfer("autossvh_table2"),
        paper="AutoSSVH, Table 2",
    ),
    Exhibit(
        "table",
        "autossvh_table3",
        "Samplers and losses of AutoSSVH",
        "tables.ablations:build_autossvh_table3",
        inputs.ablation("autossvh_table3"),
        paper="AutoSSVH, Table 3",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "figure",
        "autossvh_figure3",
        "Retrieval: mAP@N",
        "figures.curves:draw_autossvh_figure3",
        inputs.compared_scores,
        caption="captions:autossvh_figure3",
        paper="AutoSSVH, Figure 3",
        needs_labels=True,
    ),
    Exhibit(
        "figure",
        "autossvh_figure4",
        "Convergence with and without adversarial sampling and P2Set",
        "figures.convergence:draw_autossvh_figure4",
        inputs.training_curves("autossvh_figure4"),
        caption="captions:autossvh_figure4",
        paper="AutoSSVH, Figure 4",
        needs_labels=True,
        compares_ablations=True,
    ),
    Exhibit(
        "figure",
        "autossvh_figure5",
        "Training time with and without adversarial sampling and P2Set",
        "figures.training_time:draw_autossvh_figure5",
        inputs.training_scores("autossvh_figure5"),
        caption="captions:autossvh_figure5",
        paper="AutoSSVH, Figure 5",
        needs_labels=True,
        compares_ablations=True,
    ),
)
