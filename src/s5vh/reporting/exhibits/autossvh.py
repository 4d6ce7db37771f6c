"""Tables and figures of the AutoSSVH paper (CVPR 2025)."""

from __future__ import annotations

from s5vh.reporting import inputs
from s5vh.reporting.exhibits.exhibit import Exhibit

EXHIBITS = (
    Exhibit(
        "table",
        "autossvh_table2",
        "Transfer between data sets",
        "tables.transfer:build_autossvh_table2",
        inputs.transfer("autossvh_table2"),
        paper="AutoSSVH, Table 2",
    ),
)
