"""Settings of ITQ."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from s5vh.config.validation import Strict
from s5vh.methods.shared_settings import LinearHashSettings


class Model(Strict):
    """Input of the hash function, and iterations of the rotation."""

    features: Literal["mean", "flat"] = Field(
        "mean", description="`mean`: features averaged over time; `flat`: all frames concatenated into one vector"
    )
    iterations: PositiveInt = Field(50, description="alternating updates of codes and rotation")


class Settings(LinearHashSettings):
    """ITQ: iterative quantization (Gong and Lazebnik, CVPR 2011)."""

    implemented_by: ClassVar[str] = "s5vh.methods.itq.hashing:ITQ"

    implementation: Literal["itq"]
    model: Model = Model()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits`, so that there are enough principal directions."""
        return bits + 1
