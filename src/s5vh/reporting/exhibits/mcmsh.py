"""Tables of the MCMSH paper (ACM Multimedia 2022)."""

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
    ),
    Exhibit(
        "table",
        "mcmsh_table2",
        "Reduction ratio of MCMSH's gates",
        "tables.ablations:build_mcmsh_table2",
        inputs.ablation("mcmsh_table2"),
        paper="MCMSH, Table 2",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "mcmsh_table3",
        "Losses of MCMSH",
        "tables.ablations:build_mcmsh_table3",
        inputs.ablation("mcmsh_table3"),
        paper="MCMSH, Table 3",
        needs_labels=True,
    ),
    Exhibit(
        "table",
        "mcmsh_table4",
        "Transfer between data sets: mAP@N",
        "tables.comparison:build_mcmsh_table4",
        inputs.transfer("mcmsh_table4"),
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
)
