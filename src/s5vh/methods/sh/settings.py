"""Settings of SH."""

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
    """SH: spectral hashing (Weiss, Torralba and Fergus, NIPS 2008)."""

    implemented_by: ClassVar[str] = "s5vh.methods.sh.hashing:SH"

    implementation: Literal["sh"]
    model: Model = Model()

    def minimum_videos(self, bits: int) -> int:
        """Two, so that there is a principal direction; it can have several bits."""
        return 2
