"""What the processor is good at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DESCRIPTION = Path("/proc/cpuinfo")


@cache
def has_bfloat16_products() -> bool:
    """Whether this CPU has instructions for matrix products in bfloat16; False where the system does not say.

    Without them, torch's products in bfloat16 are much slower than in float32 (benchmarks/products.py).
    """
    described = _description()
    flags = {*described.get("flags", []), *described.get("Features", [])}  # x86 and Arm
    return not flags.isdisjoint({"amx_bf16", "avx512_bf16", "bf16"})


@cache
def bfloat16_products_pay() -> bool:
    """Whether matrix products in bfloat16 are faster than in float32 on this CPU; False where the system does not say.

    They are with AMX. With AVX512_BF16 alone, they are on AMD's processors, while Intel's begin fewer of these
    instructions per cycle; there, benchmarks/products.py found them slower.
    """
    described = _description()
    flags = described.get("flags", [])
    return "amx_bf16" in flags or ("avx512_bf16" in flags and described.get("vendor_id") == ["AuthenticAMD"])


def _description() -> Mapping[str, list[str]]:
    """Words by field, of the last processor that the system describes; empty where it describes none."""
    try:
        lines = _DESCRIPTION.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    fields = [line.partition(":") for line in lines]
    return {name.strip(): value.split() for name, _, value in fields}
