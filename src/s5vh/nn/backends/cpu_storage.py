"""Elements of arrays that numba kernels read and write, in the arrays' dtype or in bfloat16.

Numba does not know bfloat16, the upper half of a float32. Such arrays are passed as uint16 and computed in float32. The
conversions are shifts and additions that vectorise, so they cost no pass over memory.

As in `cpu_math`: after a change here, touch the files of the kernels.
"""

from __future__ import annotations

import numpy as np
from numba.extending import overload

_INLINE = {"inline": "always", "jit_options": {"fastmath": {"reassoc", "contract", "nsz", "arcp"}}}


def loaded(element):
    raise NotImplementedError("for compiled code only")


@overload(loaded, **_INLINE)
def _loaded_compiled(element):
    """The number that an element of an array stands for."""
    if str(element) == "uint16":
        return lambda element: np.int32(np.int32(element) << np.int32(16)).view(np.float32)
    return lambda element: element


def stored(value, dtype):
    raise NotImplementedError("for compiled code only")


@overload(stored, **_INLINE)
def _stored_compiled(value, dtype):
    """The element for a number in an array of this dtype: for uint16, the nearest bfloat16, ties to even."""
    if str(dtype.dtype) == "uint16":

        def rounded(value, dtype):
            bits = np.float32(value).view(np.int32)
            return np.uint16((bits + np.int32(0x7FFF) + ((bits >> np.int32(16)) & np.int32(1))) >> np.int32(16))

        return rounded
    return lambda value, dtype: value
