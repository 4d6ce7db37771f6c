"""Numba's `njit` with the widest vectors of the processor.

All compiled kernels take it from here, because numba chooses its instructions once per process, when the first function
is decorated.
"""

from __future__ import annotations

from numba import njit
from numba.core import config
from numba.core.codegen import get_host_cpu_features

__all__ = ["njit"]


def widest_vectors(features: str) -> str:
    """LLVM's features of a processor, such that it does not restrict itself to half of 512-bit vectors.

    LLVM does so by default, because the first processors with AVX-512 lower their frequency too much for these to pay.
    Those with AVX512_VBMI2 (Intel since Ice Lake, AMD since Zen 4) do not.
    """
    return f"{features},-prefer-256-bit" if "+avx512vbmi2" in features.split(",") else features


if config.CPU_FEATURES is None:  # not set by the user's NUMBA_CPU_FEATURES
    config.CPU_FEATURES = widest_vectors(get_host_cpu_features())
