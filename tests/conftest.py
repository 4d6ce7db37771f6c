"""One thread per test process: pytest-xdist starts one process per core, and threads that share a core wait
for each other."""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read once, when the libraries are loaded


def pytest_configure() -> None:
    from s5vh.base.threads import set_kernel_threads

    set_kernel_threads(1)  # tests that need more say so
