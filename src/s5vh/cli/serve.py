"""The server whose copies run the jobs of a workflow, see `s5vh.base.copies`: `python -m s5vh.cli.serve ADDRESS`."""

from __future__ import annotations

import importlib
import io
import sys
from functools import cache
from pathlib import Path

from s5vh.base.caches import prepare_caches
from s5vh.base.copies import serve
from s5vh.base.threads import set_kernel_threads
from s5vh.cli.main import main

# The stages of most jobs, and what they load when they need it.
_IMPORTED = (
    *("s5vh.training.stage", "s5vh.training.fitting", "s5vh.studies.evaluation", "s5vh.studies.reference_rankings"),
    *("s5vh.studies.solver_study", "s5vh.studies.efficiency", "s5vh.studies.scaling_fits", "s5vh.reporting.report"),
    *("scipy.stats", "sklearn.cluster", "torch._dynamo", "torch.utils.flop_counter", "matplotlib.backends.backend_agg"),
    "PIL.Image",
)


@cache
def load_libraries() -> None:
    """Load what jobs need, and what libraries load with the first compiled kernel and the first figure."""
    prepare_caches()
    for module in _IMPORTED:
        importlib.import_module(module)
    from matplotlib.figure import Figure
    from numba.core.registry import cpu_target
    from PIL import Image

    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    Image.init()
    figure = Figure()
    figure.add_subplot().set_title("a")
    for kind in ("pdf", "png"):
        figure.savefig(io.BytesIO(), format=kind)


if __name__ == "__main__":
    set_kernel_threads(1)
    serve(Path(sys.argv[1]), {"s5vh": main}, lambda name: None, begin=load_libraries)
