"""Settings of LSH."""

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
    """LSH: random hyperplanes (Charikar, STOC 2002)."""

    implemented_by: ClassVar[str] = "s5vh.methods.lsh.hashing:LSH"

    implementation: Literal["lsh"]
    model: Model = Model()
