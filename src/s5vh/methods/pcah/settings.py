"""Settings of PCAH."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from s5vh.config.validation import Strict
from s5vh.methods.shared_settings import LinearHashSettings


class Model(Strict):
    """Input of the hash function."""

    features: Literal["mean", "flat"] = Field(
        "mean", description="`mean`: features averaged over time; `flat`: all frames concatenated into one vector"
    )


class Settings(LinearHashSettings):
    """PCAH: signs of principal components, ITQ without its rotation (Wang, Kumar and Chang, CVPR 2010)."""

    implemented_by: ClassVar[str] = "s5vh.methods.pcah.hashing:PCAH"

    implementation: Literal["pcah"]
    model: Model = Model()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits`, so that there are enough principal directions."""
        return bits + 1
