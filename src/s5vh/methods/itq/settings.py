"""Settings of ITQ."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from s5vh.config.validation import Strict
from s5vh.methods.settings import FittedSettings


class Model(Strict):
    """What is hashed, and for how long the rotation is learned."""

    features: Literal["mean", "flat"] = Field(
        "mean", description="`mean`: features averaged over time; `flat`: all frames in one vector"
    )
    iterations: PositiveInt = Field(50, description="alternations between codes and rotation")


class Settings(FittedSettings):
    """ITQ: iterative quantization (Gong and Lazebnik, CVPR 2011)."""

    implemented_by: ClassVar[str] = "s5vh.methods.itq.hashing:ITQ"

    implementation: Literal["itq"]
    model: Model = Model()

    def fewest_videos(self, bits: int) -> int:
        """One more than bits: as many principal directions as bits must exist."""
        return bits + 1
