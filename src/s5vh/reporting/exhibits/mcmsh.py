"""Tables and figures of the MCMSH paper (ACM MM 2022)."""

from __future__ import annotations

from s5vh.reporting import inputs
from s5vh.reporting.exhibits.exhibit import Exhibit

EXHIBITS = (
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
