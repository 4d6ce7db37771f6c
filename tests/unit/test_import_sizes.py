"""Import of checkpoints, function by function: shapes, values, and the cell that a network is imported for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import s5vh.methods
from s5vh.base.errors import UserError
from s5vh.methods.cell import Cell
from s5vh.methods.discovery import implementations
from s5vh.methods.import_checkpoint import Checkpoint, Shapes, _parameters, import_model
from s5vh.methods.load import load_method

PATH = Path("net.pth")
SIZES = {"width": 32, "depth": 1, "decoder_width": 24, "decoder_depth": 1, "mlp_ratio": 1}


def cell(bits: int = 6) -> Cell:
    settings = load_method("conmh-authors", overrides={"conmh-authors": {"model": SIZES}})
    return Cell(dataset="tiny", method="conmh-authors", bits=bits, seed=1, settings=settings)


def checkpoint(arrays: dict[str, np.ndarray] | None = None) -> Checkpoint:
    return Checkpoint(PATH, arrays or {}, {"embed.bias": "encoder.patch_embed.bias"}, SIZES, 10, 6)


def complete() -> dict[str, np.ndarray]:
    from s5vh.methods.conmh.network import ConMH
    from s5vh.methods.contract import Shape

    network = ConMH(cell().settings, Shape(5, 10, 6), {})
    return {name: value.numpy() for name, value in network.state_dict().items()}


def message(function, *arguments, **options) -> str:
    with pytest.raises(UserError) as error:
        function(*arguments, **options)
    return str(error.value)


def test_a_network_of_other_sizes_is_refused_whether_larger_or_smaller() -> None:
    for bits in (5, 7):
        said = message(import_model, checkpoint(), cell(bits), frames=5, feature_size=10)
        assert said == f"net.pth: network for 6 bits, expected {bits}; use the file for that code length"
    for size in (9, 11):
        said = message(import_model, checkpoint(), cell(), frames=5, feature_size=size)
        assert said.startswith(f"net.pth: network for 10-dimensional frame features, but those of 'tiny' have {size} ")


def test_shapes_must_be_equal_not_only_as_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    PATH.write_bytes(b"its size and digest are recorded")
    arrays = complete()
    model = import_model(checkpoint(arrays), cell(), frames=5, feature_size=10)
    assert model.training["parameters"] == sum(array.size for array in arrays.values())
    assert (model.frames, model.feature_size, model.cell.bits, model.arrays) == (5, 10, 6, arrays)
    wrong = checkpoint(arrays | {"embed.bias": arrays["embed.bias"][None]})
    assert message(import_model, wrong, cell(), frames=5, feature_size=10) == (
        "net.pth: parameter 'encoder.patch_embed.bias' has shape (1, 32), expected (32,); download it again"
    )
    del arrays["mask_token"]
    said = message(import_model, checkpoint(arrays), cell(), frames=5, feature_size=10)
    assert said.startswith("net.pth: no parameter for 'mask_token', so this is not a complete network of method")


def test_sizes_come_from_shapes_without_empty_axes() -> None:
    arrays = {f"stack.{i}.w": np.zeros((2, 3)) for i in (0, 7)} | {
        "empty": np.zeros((0, 3)),
        "stacked.1.w": np.zeros(1),
    }
    shapes = Shapes(PATH, "Toy", arrays, {"empty": "theirs"})
    assert shapes.of("stack.0.w", 2) == (2, 3) and shapes.layers("stack") == 2 and shapes.layers("none") == 1
    assert message(shapes.of, "empty", 2) == (
        "net.pth: parameter 'theirs' has shape (0, 3), expected 2 axes; download it again"
    )
    assert message(shapes.of, "stack.0.w", 1).startswith("net.pth: parameter 'stack.0.w' has shape (2, 3), expected 1")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_values_must_be_finite(value: float) -> None:
    said = message(_parameters, PATH, {"w": torch.tensor([1.0, value])})
    assert said == "net.pth: parameter 'w' has NaN or infinite values; download it again"


def test_a_prefix_is_dropped_where_all_parameters_have_it() -> None:
    both = {"module.w": torch.ones(2, dtype=torch.float16), "module.module.b": torch.zeros(1)}
    found = _parameters(PATH, {"state_dict": both})
    assert set(found) == {"w", "module.b"} and all(array.dtype == np.float32 for array in found.values())
    assert set(_parameters(PATH, both | {"b": torch.zeros(1)})) == {"module.w", "module.module.b", "b"}


def test_methods_of_the_package_come_before_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("itq", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "settings.py").touch()
    own, *_ = s5vh.methods.__path__
    monkeypatch.setattr(s5vh.methods, "__path__", [own, str(tmp_path)])
    found = implementations()
    assert found["itq"] == Path(own) / "itq" and found["mine"] == tmp_path / "mine"
