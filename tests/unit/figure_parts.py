"""What the tests of figures read from them."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

from s5vh.reporting.style import styled


def drawn(draw, run, root):
    with styled():
        return draw(run, root)


def xy(line):
    return np.column_stack(line.get_data()).tolist()


def lines_of(axes, colour):
    return [line for line in axes.lines if to_hex(line.get_color()) == colour.lower()]
