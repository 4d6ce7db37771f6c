"""Test processes: one thread each, and in which order tests run.

pytest-xdist starts one process per core, and threads that share a core wait for each other.
"""

import os
from pathlib import Path

import pytest

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read once, when the libraries are loaded


def pytest_configure() -> None:
    from s5vh.base.threads import set_kernel_threads

    set_kernel_threads(1)  # tests that need more say so


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with runs of the workflow: they take longest, and one process makes what others would wait for."""
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent / "workflow")


@pytest.fixture
def with_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Computations as on a CPU with bfloat16; others compute in float32 instead."""
    monkeypatch.setattr("s5vh.methods.contract.has_bfloat16_products", lambda: True)
