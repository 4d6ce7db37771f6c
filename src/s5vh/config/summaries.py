"""Names and sizes of temporal summaries, one vector for a video of any length; without further imports.

`s5vh.data.summaries` computes them.
"""

from __future__ import annotations

from typing import Literal, get_args

Summary = Literal["mean", "mean_std", "dct5", "flat"]
SUMMARIES: tuple[Summary, ...] = get_args(Summary)
COEFFICIENTS = 5  # of `dct5`, the mean included
IN_WORDS = (
    "`mean`: features averaged over time; `mean_std`: their mean and standard deviation over time; `dct5`: the first "
    "five coefficients of a cosine transform over time, of which the first is the mean"
)
FLAT_IN_WORDS = "`flat`: all frames concatenated into one vector, for videos of one length"


def summary_size(kind: Summary, frames: int, width: int) -> int:
    """Values of the summary of a video of T frames of D values: S D, where S is 1, 2, 5 or, for `flat`, T."""
    vectors = {"mean": 1, "mean_std": 2, "dct5": COEFFICIENTS, "flat": frames}
    return vectors[kind] * width
