"""One thread per test process: pytest-xdist starts one process per core, and threads that share a core spin
while they wait for each other."""

import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read once, when the libraries are loaded


def pytest_configure() -> None:
    import numba

    numba.set_num_threads(1)  # the pool stays as large as the machine, for tests that ask for more threads
