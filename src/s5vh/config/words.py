"""Words and limits that the command line and the settings share, in a module that every command may load."""

from __future__ import annotations

from typing import Literal, get_args

PartName = Literal["train", "database", "query"]
PARTS: tuple[PartName, ...] = get_args(PartName)
RankingName = Literal["chance", "cosine_mean", "cosine_frames", "perfect"]
REFERENCE_RANKINGS: tuple[RankingName, ...] = get_args(RankingName)
LARGEST_SEED = 2**32 - 1  # the largest that numpy and scikit-learn accept
LONGEST_CODE = 2**16  # bits
