"""What the processor is good at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DESCRIPTION = Path("/proc/cpuinfo")


@cache
def bfloat16_products_pay() -> bool:
    """Whether matrix products in bfloat16 are faster than in float32 on this CPU; False where the system does not say.

    They are with AMX. With AVX512_BF16 alone, they are on AMD's processors, while Intel's begin fewer of these
    instructions per cycle; there, benchmarks/products.py found them slower.
    """
    try:
        lines = _DESCRIPTION.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    fields = [line.partition(":") for line in lines]
    of = {name.strip(): value.split() for name, _, value in fields}
    flags = of.get("flags", [])
    return "amx_bf16" in flags or ("avx512_bf16" in flags and of.get("vendor_id") == ["AuthenticAMD"])
