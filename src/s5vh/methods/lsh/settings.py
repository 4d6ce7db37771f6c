"""Settings of LSH."""

from __future__ import annotations

from typing import ClassVar, Literal

from s5vh.methods.shared_settings import LinearHashModel, LinearHashSettings


class Settings(LinearHashSettings):
    """LSH: random hyperplanes (Charikar, STOC 2002)."""

    implemented_by: ClassVar[str] = "s5vh.methods.lsh.hashing:LSH"

    implementation: Literal["lsh"]
    model: LinearHashModel = LinearHashModel()
