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
    ),
)
