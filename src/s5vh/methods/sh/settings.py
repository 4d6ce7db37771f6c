"""Settings of SH."""

from __future__ import annotations

from typing import ClassVar, Literal

from s5vh.methods.shared_settings import LinearHashModel, LinearHashSettings


class Settings(LinearHashSettings):
    """SH: spectral hashing (Weiss, Torralba and Fergus, NIPS 2008)."""

    implemented_by: ClassVar[str] = "s5vh.methods.sh.hashing:SH"

    implementation: Literal["sh"]
    model: LinearHashModel = LinearHashModel()

    def minimum_videos(self, bits: int) -> int:
        """Two, so that there is a principal direction; it can have several bits."""
        return 2
