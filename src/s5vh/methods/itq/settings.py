"""Settings of ITQ."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, PositiveInt

from s5vh.methods.shared_settings import LinearHashModel, LinearHashSettings


class Model(LinearHashModel):
    """Input of the hash function, and iterations of the rotation."""

    iterations: PositiveInt = Field(50, description="alternating updates of codes and rotation")


class Settings(LinearHashSettings):
    """ITQ: iterative quantization (Gong and Lazebnik, CVPR 2011)."""

    implemented_by: ClassVar[str] = "s5vh.methods.itq.hashing:ITQ"

    implementation: Literal["itq"]
    model: Model = Model()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits`, so that there are enough principal directions."""
        return bits + 1
