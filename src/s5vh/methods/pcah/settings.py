"""Settings of PCAH."""

from __future__ import annotations

from typing import ClassVar, Literal

from s5vh.methods.shared_settings import LinearHashModel, LinearHashSettings


class Settings(LinearHashSettings):
    """PCAH: signs of principal components, ITQ without its rotation (Wang, Kumar and Chang, CVPR 2010)."""

    implemented_by: ClassVar[str] = "s5vh.methods.pcah.hashing:PCAH"

    implementation: Literal["pcah"]
    model: LinearHashModel = LinearHashModel()

    def minimum_videos(self, bits: int) -> int:
        """One more than `bits`, so that there are enough principal directions."""
        return bits + 1
