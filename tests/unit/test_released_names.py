"""Tables from released parameter names to ours."""

import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.methods.released_names import ReleasedNames, blocks

NAMES = ReleasedNames(
    "Toy",
    {
        "fc.extra.*": None,
        "fc.*": "head.*",
        **blocks("net.#.", "layers.#.", {"a.#.*": "b.#.*", "idle": None}),
        "token": "mask",
    },
    axes={"mask": 1},
)


@pytest.mark.parametrize(
    ("released", "ours"),
    [
        ("fc.weight", "head.weight"),
        ("fc.extra.weight", None),
        ("net.10.a.2.q.weight", "layers.10.b.2.q.weight"),
        ("net.1.idle", None),
        ("token", "mask"),
    ],
)
def test_names_keep_numbers_and_rests(released, ours):
    assert NAMES.ours(released) == ours


@pytest.mark.parametrize("released", ["fc.", "fcx.weight", "x.fc.weight", "net.x.a.1.w", "tokens", "net.1.a.2."])
def test_other_names_are_refused(released):
    with pytest.raises(UserError) as error:
        NAMES.ours(released)
    assert str(error.value) == f"parameter '{released}' does not belong to the released Toy network"


def test_arrays_lose_leading_axes_of_size_one_only():
    arrays = NAMES.arrays({"token": np.ones((1, 1, 3)), "fc.weight": np.ones((1, 2)), "fc.extra.w": np.ones(2)})
    assert {name: value.shape for name, value in arrays.items()} == {"mask": (3,), "head.weight": (1, 2)}
    assert NAMES.arrays({"token": np.ones((1, 2, 3))})["mask"].shape == (2, 3)  # refused later, with its name


def test_what_is_read_names_the_file_and_the_released_parameter(tmp_path):
    path = tmp_path / "toy.pth"
    with pytest.raises(UserError, match=rf"^{path}: parameter 'x' does not belong"):
        NAMES.read(path, {"x": np.ones(1)})
    shapes = NAMES.read(path, {"fc.weight": np.ones((4, 2)), "net.0.a.0.w": np.ones(1), "net.1.a.0.w": np.ones(1)})
    assert shapes.of("head.weight", 2) == (4, 2) and shapes.layers("layers") == 2
    assert "head.weight" in shapes and "mask" not in shapes
    with pytest.raises(UserError, match=rf"^{path}: parameter 'fc.weight' has shape \(4, 2\), expected 1 axes"):
        shapes.of("head.weight", 1)
    found = shapes.checkpoint({"width": 2}, 2, 4, 7)
    assert (found.path, found.sizes, found.feature_size, found.bits, found.clusters) == (path, {"width": 2}, 2, 4, 7)
    assert found.released["layers.1.b.0.w"] == "net.1.a.0.w"
    doubled = NAMES.read(path, {"fc.weight": np.ones((4, 2))}, lambda parameters: NAMES.arrays(parameters) | {"x": 2})
    assert "x" in doubled
