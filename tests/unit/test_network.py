"""Mamba block, bidirectional layers, hash layer, masks, positions."""

import math
from pathlib import Path
from types import SimpleNamespace

import h5py
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s5vh.nn import positions as positions_module
from s5vh.nn.bidirectional import BidirectionalLayer, BidirectionalStack, DropPath, TemporalMixer
from s5vh.nn.hash_layer import HashLayer, sign_straight_through, video_code
from s5vh.nn.mamba import Mamba
from s5vh.nn.masks import embed_visible, frames_at, two_views, visible_count
from s5vh.nn.positions import positions_for, sinusoidal_positions

GOLDEN = Path(__file__).parents[1] / "golden"

# Names and shapes of mamba-ssm's `Mamba` at width 256, so that its weights load here.
PUBLIC_PARAMETERS = {
    "A_log": (512, 16),
    "D": (512,),
    "in_proj.weight": (1024, 256),
    "conv1d.weight": (512, 1, 4),
    "conv1d.bias": (512,),
    "x_proj.weight": (48, 512),
    "dt_proj.weight": (512, 16),
    "dt_proj.bias": (512,),
    "out_proj.weight": (256, 512),
}


def test_parameters_are_those_of_mamba_ssm():
    block = Mamba(256, norms="none")
    assert {name: tuple(value.shape) for name, value in block.named_parameters()} == PUBLIC_PARAMETERS
    assert sum(value.numel() for value in block.parameters()) == 437_760
    extra = set(dict(Mamba(256).named_parameters())) - set(PUBLIC_PARAMETERS)
    assert extra == {"norm.weight", "norm.bias", "scan_norm.weight", "scan_norm.bias"}


@pytest.mark.parametrize("backend", ["reference", "numba"])
@pytest.mark.parametrize("reverse", [False, True])
def test_standard_block_reproduces_golden_mamba(reverse, backend):
    with h5py.File(GOLDEN / "mamba.h5") as file:
        group = file["mamba"]
        weights = {name: torch.from_numpy(value[()]).double() for name, value in group["weights"].items()}
        x = torch.from_numpy(group["inputs/x"][()]).requires_grad_()
        w = torch.from_numpy(group["inputs/w"][()])
        expected = torch.from_numpy(group["outputs/y_reversed_direction" if reverse else "outputs/y"][()])
        gradients = {name: torch.from_numpy(value[()]) for name, value in group["gradients"].items()}
    block = Mamba(32, norms="none", reverse=reverse, scan_backend=backend).double()
    block.load_state_dict(weights)
    y = block(x)
    torch.testing.assert_close(y, expected, rtol=1e-10, atol=1e-10)
    if not reverse:
        (y * w).sum().backward()
        found = {name: value.grad for name, value in block.named_parameters()} | {"x": x.grad}
        for name, gradient in gradients.items():  # stored in float32, except that of x
            torch.testing.assert_close(found[name], gradient.double(), rtol=1e-5, atol=1e-5, msg=name)


@pytest.mark.parametrize("backend", ["reference", "numba"])
def test_paper_block_gates_with_the_raw_input_and_normalises_the_scan(backend):
    torch.manual_seed(0)
    block = Mamba(16, d_state=4, expand=1, scan_backend=backend).double()
    torch.nn.init.eye_(block.out_proj.weight)  # the output is then the normalised scan times the gate
    x = torch.randn(2, 6, 16, dtype=torch.float64)
    gate = torch.nn.functional.silu(x @ block.in_proj.weight[block.inner :].T)
    scan = block(x) / gate
    torch.testing.assert_close(scan.mean(-1), torch.zeros(2, 6, dtype=torch.float64), atol=1e-9, rtol=0)
    torch.testing.assert_close(scan.var(-1, correction=0), torch.ones(2, 6, dtype=torch.float64), atol=1e-2, rtol=0)
    # The main branch is normalised: scaling the input changes the result only through the gate.
    gate_of_double = torch.nn.functional.silu(2 * x @ block.in_proj.weight[block.inner :].T)
    torch.testing.assert_close(block(2 * x), scan * gate_of_double, rtol=1e-5, atol=1e-6)


def test_step_sizes_start_between_a_thousandth_and_a_tenth():
    step = torch.nn.functional.softplus(Mamba(64).dt_proj.bias)
    assert step.min() >= 9.9e-4 and step.max() <= 0.101


def test_directions_have_their_own_parameters():
    layer = BidirectionalLayer(16, Mamba, d_state=2)
    assert not {id(p) for p in layer.forward_mixer.parameters()} & {id(p) for p in layer.backward_mixer.parameters()}
    x = torch.randn(1, 7, 16)
    torch.testing.assert_close(layer(x), x + layer.forward_mixer(x) + layer.backward_mixer(x))


@pytest.mark.parametrize("directions, sees_past, sees_future", [("forward", 1, 0), ("backward", 0, 1), ("both", 1, 1)])
def test_directions_decide_what_a_frame_sees(directions, sees_past, sees_future):
    torch.manual_seed(0)
    layer = BidirectionalLayer(16, Mamba, directions=directions, d_state=2).double()
    x = torch.randn(1, 9, 16, dtype=torch.float64, requires_grad=True)
    gradient = torch.autograd.grad(layer(x)[0, 4].square().sum(), x)[0][0].abs().sum(-1)
    assert bool(gradient[:4].sum() > 0) == bool(sees_past)
    assert bool(gradient[5:].sum() > 0) == bool(sees_future)


def test_stack_raises_stochastic_depth_linearly():
    stack = BidirectionalStack(8, 6, Mamba, drop_path=0.5, d_state=2)
    assert [layer.drop_path.rate for layer in stack.layers] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])


def test_drop_path_keeps_the_mean_and_drops_whole_videos():
    torch.manual_seed(0)
    layer = DropPath(0.25)
    y = layer(torch.zeros(20_000, 2, 3), torch.ones_like)
    assert sorted(y.unique().tolist()) == pytest.approx([0, 4 / 3])
    assert (y == y[:, :1, :1]).all()
    assert y.mean().item() == pytest.approx(1, abs=0.02)
    layer.eval()
    assert torch.equal(layer(y, torch.ones_like), y + 1)


@pytest.mark.parametrize("rate", [0.4, 0.999])  # at 0.999 no video is kept, and the gradients are zero, not missing
def test_drop_path_computes_only_kept_videos_and_gives_the_masked_result(rate):
    layer, branch = DropPath(rate), torch.nn.Linear(3, 3).double()
    x = torch.randn(50, 2, 3, dtype=torch.float64, requires_grad=True)
    seen = []
    torch.manual_seed(1)
    y = layer(x, lambda part: seen.append(len(part)) or branch(part))
    torch.manual_seed(1)
    kept = torch.rand(50, dtype=torch.float64) < 1 - rate
    masked = x + branch(x) * kept[:, None, None] / (1 - rate)
    assert seen == [kept.sum()] and (rate < 0.9) == bool(kept.any())
    torch.testing.assert_close(y, masked)
    inputs = (x, branch.weight, branch.bias)
    ours, theirs = (torch.autograd.grad(z.square().sum(), inputs) for z in (y, masked))
    torch.testing.assert_close(ours, theirs)


def test_sign_of_zero_is_plus_one_and_its_gradient_passes_through():
    x = torch.tensor([-2.0, -0.0, 0.0, 3.0], requires_grad=True)
    y = sign_straight_through(x)
    assert y.tolist() == [-1, 1, 1, 1]
    y.backward(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert x.grad.tolist() == [1, 2, 3, 4]


def test_video_code_is_the_sign_of_the_mean_of_tanh():
    hashes = HashLayer(8, 5)(torch.randn(4, 30, 8))
    assert hashes.abs().max() < 1
    assert torch.equal(video_code(hashes), torch.where(hashes.mean(1) >= 0, 1.0, -1.0))


@given(st.integers(2, 40), st.floats(0, 0.95), st.integers(1, 6), st.integers(0, 100))
def test_two_views_cover_head_and_tail_of_one_permutation(frames, ratio, batch, seed):
    views, hidden = two_views(batch, frames, ratio, torch.Generator().manual_seed(seed))
    visible = frames - math.floor(ratio * frames)
    assert views.shape == (2, batch, visible) and visible == visible_count(frames, ratio)
    assert (views.diff(dim=-1) > 0).all()  # in temporal order, no frame twice
    assert views.min() >= 0 and views.max() < frames
    for first, second in zip(*views.tolist(), strict=True):
        assert len(set(first) & set(second)) == max(0, 2 * visible - frames)
    assert torch.equal(
        torch.cat([views, hidden], dim=-1).sort(dim=-1).values, torch.arange(frames).expand(2, batch, -1)
    )
    assert (hidden.diff(dim=-1) > 0).all()


def test_paper_ratio_gives_13_of_25_frames():
    assert visible_count(25, 0.5) == 13 and visible_count(25, 0.75) == 7 and visible_count(30, 0.5) == 15


class Leaky(TemporalMixer):
    """A mixer that has nothing but a forward pass: a moving sum of the projected frames."""

    def __init__(self, width, *, reverse=False):
        super().__init__(reverse)
        self.norm, self.linear = torch.nn.LayerNorm(width), torch.nn.Linear(width, width)
        self.decay = torch.nn.Parameter(torch.tensor(0.5))

    def forward(self, x):
        frames = self.linear(self.norm(x)).unbind(1)
        state, outputs = 0, {}
        for t in reversed(range(len(frames))) if self.reverse else range(len(frames)):
            outputs[t] = state = self.decay * state + frames[t]
        return torch.stack([outputs[t] for t in range(len(frames))], 1)


@pytest.mark.parametrize("mixer", [Mamba, Leaky])
def test_tied_directions_share_everything_but_layer_norms(mixer):
    tied, both = (BidirectionalLayer(16, mixer, directions=directions) for directions in ("tied", "both"))
    forward, backward = (dict(one.named_parameters()) for one in (tied.forward_mixer, tied.backward_mixer))
    assert forward.keys() == backward.keys() and not tied.forward_mixer.reverse and tied.backward_mixer.reverse
    assert {name for name in forward if forward[name] is not backward[name]} == {n for n in forward if "norm" in n}
    assert tied.state_dict().keys() == both.state_dict().keys()
    x = torch.randn(2, 5, 16)
    expected = x + tied.forward_mixer(x) + tied.backward_mixer(x)
    torch.testing.assert_close(tied(x), expected)
    with torch.no_grad():
        tied.backward_mixer.load_state_dict(tied.forward_mixer.state_dict())
    torch.testing.assert_close(tied.forward_mixer(x), tied.backward_mixer(x.flip(1)).flip(1))


@pytest.mark.parametrize(
    ("mixer", "options"),
    [*((Mamba, {"norms": norms, "d_state": 3}) for norms in ("paper", "block", "none")), (Leaky, {})],
    ids=["paper", "block", "none", "another mixer"],
)
@pytest.mark.parametrize("directions", ["both", "tied", "backward"])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("frame_order", ["temporal", "visible_first"])
def test_hidden_frames_alone_equal_those_of_the_whole_masked_sequence(mixer, options, directions, depth, frame_order):
    torch.manual_seed(0)
    stack = BidirectionalStack(8, depth, mixer, directions=directions, **options).double()
    seen, blank = torch.randn(4, 3, 8, dtype=torch.float64), torch.randn(5, 8, dtype=torch.float64)
    order = torch.stack([torch.randperm(5) for _ in range(4)])
    visible, hidden = order[:, :3].sort().values, order[:, 3:].sort().values
    place = [0, 1, 2, 3, 4]  # of the visible frames and then the hidden ones
    expected = []
    for video in range(4):
        if frame_order == "temporal":
            place = [*visible[video].tolist(), *hidden[video].tolist()]
        whole = torch.empty(5, 8, dtype=torch.float64)
        whole[place] = torch.cat([seen[video], blank[hidden[video]]])
        expected.append(stack(whole[None])[0, place[3:]])
    result = stack.at_hidden(seen, blank, visible, hidden, frame_order)
    torch.testing.assert_close(result, torch.stack(expected), rtol=1e-10, atol=1e-12)


def test_frames_of_two_views_come_from_the_same_videos():
    x = torch.arange(2 * 3).view(2, 3, 1)
    views = torch.tensor([[0, 2], [1, 2], [1, 1], [0, 0]])  # two views of two videos
    assert frames_at(x, views)[..., 0].tolist() == [[0, 2], [4, 5], [1, 1], [3, 3]]


@pytest.mark.parametrize(("seen", "embedded"), [(2, 8), (3, 10)])  # frames per view; the second time the views overlap
def test_no_frame_is_embedded_twice(seen, embedded):
    feats, positions = torch.randn(2, 5, 3), torch.randn(5, 3)
    visible = torch.tensor([[0, 2, 4], [1, 2, 3], [2, 3, 4], [0, 1, 4]])[:, :seen]  # two views of two videos
    rows = []

    def embed(x):
        rows.append(x[..., 0].numel())
        return 2 * x

    found = embed_visible(embed, positions, feats, visible)
    assert rows == [embedded]
    for view, (video, frames) in enumerate(zip([0, 1, 0, 1], visible, strict=True)):
        torch.testing.assert_close(found[view], 2 * feats[video, frames] + positions[frames])


def test_positions_are_sines_and_cosines():
    table = sinusoidal_positions(5, 6)
    for position in range(5):
        for column in range(6):
            angle = position / 10000 ** (2 * (column // 2) / 6)
            expected = math.sin(angle) if column % 2 == 0 else math.cos(angle)
            assert table[position, column].item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("length", [1, 4, 5, 6, 8, 9, 40])
def test_positions_of_any_length_are_the_first_rows_of_one_table(length):
    table = sinusoidal_positions(5, 6)
    found = positions_for(length, table)
    torch.testing.assert_close(found, sinusoidal_positions(length, 6), rtol=0, atol=1e-7)
    assert torch.equal(found[:5], table[:length]) and found.shape == (length, 6)
    assert (found.data_ptr() == table.data_ptr()) == (length <= 5)  # shorter ones are parts of the table
    double = positions_for(length, table.double())
    assert double.dtype == torch.float64 and double.device == table.device and torch.equal(double, found.double())


def test_a_longer_table_is_made_once_and_serves_autograd_after_inference(monkeypatch):
    made = []

    def counted(length, width):
        made.append((length, width))
        return sinusoidal_positions(length, width)

    monkeypatch.setattr(positions_module, "sinusoidal_positions", counted)
    positions_module._long_table.cache_clear()
    table, narrow = sinusoidal_positions(5, 6), sinusoidal_positions(5, 4)
    with torch.inference_mode():
        for length in (9, 16, 10):
            positions_for(length, table)
    assert made == [(16, 6)]
    weight = torch.ones(6, requires_grad=True)
    (positions_for(12, table) * weight).sum().backward()  # saves the table for its gradient
    torch.testing.assert_close(weight.grad, sinusoidal_positions(12, 6).sum(0))
    positions_for(17, table), positions_for(9, narrow), positions_for(17, table)
    assert made == [(16, 6), (32, 6), (16, 4)]


def test_a_block_starts_with_mamba_s_state_matrix_and_skip():
    block = Mamba(32, d_state=5, expand=1)
    torch.testing.assert_close(block.A_log.exp(), torch.arange(1.0, 6).expand(32, 5))
    assert block.D.tolist() == [1] * 32 and block.rank == 2 and Mamba(33).rank == 3


def test_step_sizes_are_drawn_log_uniformly_and_stored_as_the_inverse_of_softplus():
    torch.manual_seed(0)
    block = Mamba(64, expand=16)
    step = torch.nn.functional.softplus(block.dt_proj.bias)
    shares = [(step < limit).float().mean().item() for limit in (10**-2.5, 1e-2, 10**-1.5)]
    assert shares == pytest.approx([0.25, 0.5, 0.75], abs=0.05)
    assert 0.95 * 4**-0.5 < block.dt_proj.weight.abs().max() <= 4**-0.5 and block.dt_proj.weight.min() < -0.47
    for longest, expected in ((0.7, 0.7), (1e-6, 1e-4)):  # no step below the floor
        block.reset_step_sizes(shortest=longest, longest=longest)
        step = torch.nn.functional.softplus(block.dt_proj.bias)
        torch.testing.assert_close(step, torch.full_like(step, expected), rtol=1e-4, atol=0)


class Elsewhere(torch.Tensor):
    """A tensor that says it is on a GPU."""

    device = property(lambda self: SimpleNamespace(type="cuda"))


@pytest.mark.parametrize("rate", [0.25, 0.6])
def test_drop_path_on_a_gpu_gives_the_same_without_synchronisation(rate, monkeypatch):
    rand, branch = torch.rand, torch.nn.Linear(3, 3).double()
    monkeypatch.setattr(torch, "rand", lambda *shape, device, dtype: rand(*shape, dtype=dtype))
    x = torch.randn(40, 2, 3, dtype=torch.float64)
    results, seen = [], []
    for kind in (torch.Tensor, Elsewhere):
        torch.manual_seed(3)
        part = x.as_subclass(kind)
        results.append(
            DropPath(rate)(part, lambda rows: seen.append(len(rows)) or branch(rows)).as_subclass(torch.Tensor)
        )
    assert seen[0] < seen[1] == 40
    torch.testing.assert_close(results[0], results[1])
