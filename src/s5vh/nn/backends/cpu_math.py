"""Elementary functions for the numba kernels: float32 versions vectorise, float64 is exact to rounding.

Numba has no vector math library without a system package, so the float32 versions use range reduction and a polynomial
(relative errors of a few ulp, tested over the whole range).

Numba caches kernels that use these functions by the modification time of their own files: after a change here, touch
those files as well.
"""

from __future__ import annotations

import math

import numpy as np
from numba.extending import overload

LOG2_E = 1.4426950408889634
_INLINE = {"inline": "always", "jit_options": {"fastmath": {"reassoc", "contract", "nsz", "arcp"}}}


def exp2(x):  # the interpreter's version; compiled code uses the overload below
    return np.exp2(x)


@overload(exp2, **_INLINE)
def _exp2_compiled(x):
    """2^x. In float32, x is clamped to [-126, 127], so that the result is a normal number."""
    if str(x) == "float32":

        def float32_exp2(x):
            # 2^x = 2^k 2^r with k the nearest integer; the coefficients minimise the maximum relative error for
            # |r| <= 1/2 (1.9e-9 before rounding).
            x = min(max(x, np.float32(-126.0)), np.float32(127.0))
            k = np.rint(x)
            r = x - k
            p = np.float32(1.5345810970757157e-4)
            p = p * r + np.float32(1.3399930903688073e-3)
            p = p * r + np.float32(9.618489071726799e-3)
            p = p * r + np.float32(5.550328642129898e-2)
            p = p * r + np.float32(2.4022646248340607e-1)
            p = p * r + np.float32(6.931471824645996e-1)
            p = p * r + np.float32(1.0)
            # p is in [0.7, 1.5], and at least 1 for k = -126: adding k to its exponent gives a normal number.
            return np.int32(np.float32(p).view(np.int32) + (np.int32(k) << np.int32(23))).view(np.float32)

        return float32_exp2

    def float64_exp2(x):
        return 2.0**x

    return float64_exp2


def softplus(x):
    return np.logaddexp(x, 0)


@overload(softplus, **_INLINE)
def _softplus_compiled(x):
    """log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
    if str(x) == "float32":

        def float32_softplus(x):
            # log1p(z) = 2 atanh(s), s = z / (2 + z) <= 1/3; polynomial in s^2, relative error 4e-9 before rounding.
            z = exp2(-abs(x) * np.float32(LOG2_E))
            s = z / (np.float32(2.0) + z)
            q = s * s
            p = np.float32(0.1408916711807251)
            p = p * q + np.float32(0.13980300724506378)
            p = p * q + np.float32(0.20012454688549042)
            p = p * q + np.float32(0.3333315849304199)
            p = p * q + np.float32(1.0)
            return max(x, np.float32(0.0)) + np.float32(2.0) * s * p

        return float32_softplus

    def float64_softplus(x):
        return max(x, 0.0) + math.log1p(math.exp(-abs(x)))

    return float64_softplus


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@overload(sigmoid, **_INLINE)
def _sigmoid_compiled(x):
    """1 / (1 + e^-x), the derivative of softplus; x sigmoid(x) is SiLU."""
    if str(x) == "float32":

        def float32_sigmoid(x):
            return np.float32(1.0) / (np.float32(1.0) + exp2(-x * np.float32(LOG2_E)))

        return float32_sigmoid

    def float64_sigmoid(x):
        return 1.0 / (1.0 + math.exp(-x))

    return float64_sigmoid
