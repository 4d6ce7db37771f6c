"""SSVH: against a second implementation, slow and obvious, and facts about its network."""

import copy
import math

import numpy as np
import pytest
import torch
from plain_ssvh import PlainSSVH
from scipy.sparse import csr_array

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.load import load_method
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.methods.ssvh.memory import CodeMemory
from s5vh.methods.ssvh.network import SSVH
from s5vh.methods.ssvh.recurrence import Statistics, recur
from s5vh.semantics.neighbours import find_neighbours, read_neighbours, write_neighbours
from s5vh.training.optimizers import learning_rate, make_optimizer

N, SHAPE = 12, Shape(frames=7, feature_size=5, bits=4)
CLOSE = {"rtol": 1e-9, "atol": 1e-10}
CPU = torch.device("cpu")


class Videos:
    device = CPU

    def __len__(self):
        return N


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """A neighbour file in which some videos of a batch are neighbours of each other."""
    path = tmp_path_factory.mktemp("ssvh") / "k3_e2.h5"
    write_neighbours(path, find_neighbours(np.random.default_rng(0).normal(size=(N, 3, 4)), 3, 2), {})
    return path


@pytest.fixture(scope="module")
def feats():
    return torch.randn(N, *SHAPE[:2], generator=torch.Generator().manual_seed(1)).double()


def network(recipe, graph, **training):
    """A network in float64 with no value at its start, and a memory of codes in the midst of a training."""
    torch.manual_seed(0)
    settings = load_method(recipe, overrides={recipe: {"training": {"batch_size": 6} | training}})
    net = SSVH(settings, SHAPE, {"neighbours": graph}).double()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter += 0.3 * torch.randn_like(parameter)
    net.begin_training(Videos(), torch.arange(N))
    net.memory.codes = torch.randn(N, SHAPE.bits).double()
    return net


def batch_of(feats, rows):
    return Batch(feats[rows][None], torch.tensor(rows)[None], 0, torch.Generator())


def plain_losses(net, feats, rows, similar):
    """The same by the slow implementation, on a copy of the network, which is returned too."""
    slow = copy.deepcopy(net)
    videos = feats[rows]
    if net.padded_to:
        videos = torch.cat([videos, torch.zeros(net.padded_to - len(rows), *SHAPE[:2]).double()])
    plain = PlainSSVH(slow)
    terms, memory = plain.losses(videos, rows, slow.memory.codes, similar, crossed=net.crossed_decoders)
    return slow, plain, terms, memory


@pytest.mark.parametrize("recipe", ["ssvh", "ssvh-released"])
@pytest.mark.parametrize("rows", [[3, 0, 9, 7, 4, 1], [5, 6, 2, 11]])  # a full batch, and one that may be padded
def test_losses_gradients_and_memory_are_those_of_the_slow_implementation(recipe, rows, graph, feats):
    net = network(recipe, graph)
    similar = torch.from_numpy(read_neighbours(graph).toarray())
    slow, plain, expected, memory = plain_losses(net, feats, rows, similar)
    before = {name: value.clone() for name, value in net.named_buffers()}
    terms = net.losses(batch_of(feats, rows))
    torch.testing.assert_close(terms, expected, **CLOSE)
    torch.testing.assert_close(net.memory.codes, memory, **CLOSE)
    terms["total"].backward()
    expected["total"].backward()
    for name, parameter in slow.named_parameters():
        torch.testing.assert_close(net.get_parameter(name).grad, parameter.grad, **CLOSE, msg=lambda m, n=name: n + m)
    for name, lstm in plain.lstms.items():
        means, deviations = (torch.stack(values) for values in zip(*lstm.statistics, strict=True))
        for statistic, found in (("running_mean", means), ("running_deviation", deviations)):
            expected_now = 0.99 * before[f"{name}.{statistic}"] + 0.01 * found
            torch.testing.assert_close(net.get_buffer(f"{name}.{statistic}"), expected_now, **CLOSE)


def test_codes_of_whole_videos_use_the_running_statistics(graph, feats):
    net = network("ssvh", graph)
    for _ in range(3):
        net.losses(batch_of(feats, [3, 0, 9, 7, 4, 1]))
    net.eval()
    h, *_ = PlainSSVH(net, training=False).encode(feats)
    torch.testing.assert_close(net.encoded(feats)[0], torch.stack(h), **CLOSE)
    codes = net.encode(feats)
    assert torch.equal(codes, torch.stack(h).sign()) and len(codes.unique(dim=0)) > 2
    changed = feats.clone()
    changed[:, 6] += 9  # the seventh frame has no partner
    assert torch.equal(net.encode(changed), codes)
    for frame in range(6):  # the odd ones reach the code through the recurrence
        changed = feats.clone()
        changed[:, frame] += 1
        assert not torch.equal(net.encoded(changed)[0], net.encoded(feats)[0])


def test_training_steps_are_those_of_a_clipped_velocity(graph, feats):
    net = network("ssvh", graph, learning_rate=1e-3, largest_update=2e-3)
    config = load_method("ssvh").training.model_copy(update={"learning_rate": 1e-3, "largest_update": 2e-3})
    similar = torch.from_numpy(read_neighbours(graph).toarray())
    optimizer, velocity, clipped = make_optimizer(net.parameters(), config), {}, 0
    for rows in ([3, 0, 9, 7, 4, 1], [5, 6, 2, 11, 0, 3]):
        slow, _, terms, _ = plain_losses(net, feats, rows, similar)
        terms["total"].backward()
        net.step(batch_of(feats, rows), [optimizer])
        for name, parameter in slow.named_parameters():
            unclipped = 0.9 * velocity.get(name, 0) - 1e-3 * parameter.grad
            velocity[name] = unclipped.clamp(-2e-3, 2e-3)
            clipped += int((velocity[name] != unclipped).sum())
            torch.testing.assert_close(net.get_parameter(name).data, parameter.data + velocity[name], **CLOSE)
    assert clipped > 5


def test_held_out_batches_are_not_padded_and_a_single_video_is_no_batch(graph, feats):
    net = network("ssvh-released", graph).eval()
    terms = net.losses(batch_of(feats, [3, 0, 9]))
    net.padded_to = 0
    assert terms == net.losses(batch_of(feats, [3, 0, 9]))
    assert (net.minimum_batch_size, network("ssvh", graph).minimum_batch_size) == (1, 2)


def test_the_memory_is_in_a_checkpoint(graph):
    net, again = network("ssvh", graph), network("ssvh", graph)
    again.memory.codes.zero_()
    again.load_training_state(net.training_state())
    assert torch.equal(again.memory.codes, net.memory.codes) and net.memory.codes.any()


def memory_of(path, graph, rows=range(N)):
    write_neighbours(path, csr_array(graph), {})
    memory = CodeMemory(path)
    memory.begin(N, torch.tensor(list(rows)), SHAPE.bits, CPU)
    memory.codes = torch.randn(N, SHAPE.bits, generator=torch.Generator().manual_seed(2)).double()
    return memory


def test_pair_loss_is_the_double_sum_over_batch_and_training_videos(tmp_path):
    rng = np.random.default_rng(1)
    similar = rng.random((N, N)) < 0.3
    similar |= similar.T | np.eye(N, dtype=bool)
    memory, index = memory_of(tmp_path / "graph.h5", similar), torch.tensor([4, 1, 7])
    held = memory.codes.clone()

    def brute_force(codes):
        H = held.clone().index_put((index,), codes[:3])
        targets = torch.cat([torch.from_numpy(similar)[index], torch.zeros(2, N)])
        return ((codes @ H.t() / SHAPE.bits - targets) ** 2).sum()

    codes = torch.randn(5, SHAPE.bits).double().requires_grad_()  # two of padding
    ours, expected = memory.pair_loss(codes, index), brute_force(codes)
    torch.testing.assert_close(ours, expected, **CLOSE)
    torch.testing.assert_close(*(torch.autograd.grad(loss, codes)[0] for loss in (ours, expected)), **CLOSE)
    assert torch.equal(memory.codes[index], codes[:3].detach())
    others = [row for row in range(N) if row not in index.tolist()]
    assert torch.equal(memory.codes[others], held[others])
    memory.eval()  # a held-out video is compared with the memory as it is
    at_rest = memory.codes.clone()
    targets = torch.from_numpy(similar)[index].double()
    expected = ((codes[:3] @ at_rest.t() / SHAPE.bits - targets) ** 2).sum()
    torch.testing.assert_close(memory.pair_loss(codes[:3], index), expected, **CLOSE)
    assert torch.equal(memory.codes, at_rest)


def test_held_out_videos_are_nobody_s_neighbours(tmp_path):
    memory = memory_of(tmp_path / "graph.h5", np.ones((N, N), bool), rows=range(N - 3))
    assert memory.graph.toarray().sum(axis=1).tolist() == [N - 3] * N
    memory.begin(N, torch.arange(N - 3), SHAPE.bits, CPU)
    codes = torch.ones(2, SHAPE.bits)
    expected = 2 * (N - 3 - 2)  # codes agree with each other, and not yet with the zeros of the other videos
    assert memory.pair_loss(codes, torch.tensor([0, 1])).item() == pytest.approx(expected)


def test_orthogonal_codes_without_neighbours_have_no_pair_loss(tmp_path):
    memory = memory_of(tmp_path / "graph.h5", np.eye(N, dtype=bool))
    memory.codes = torch.zeros_like(memory.codes)
    hadamard = torch.tensor([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]).double()
    assert memory.pair_loss(hadamard, torch.arange(4)).item() == 0


@pytest.mark.parametrize(
    ("bits", "registered", "used", "encoder"),
    [
        (16, 627_824, 487_744, 266_592),
        (32, 1_261_280, 987_776, 539_328),
        (64, 2_606_528, 2_061_568, 1_103_232),
        (256, 12_871_424, 10_568_704, 5_002_752),
    ],
)
def test_parameter_counts_are_those_of_the_released_network(bits, registered, used, encoder):
    def count(*modules):
        return sum(parameter.numel() for module in modules for parameter in module.parameters())

    with torch.device("meta"):
        net, released = (SSVH(load_method(r), Shape(25, 4096, bits), {}) for r in ("ssvh", "ssvh-released"))
    assert (count(released), count(net)) == (registered, used)
    assert count(net.frame_lstm, net.pair_lstm) == encoder
    assert count(net.frame_lstm) == 4 * 4096 * bits + 4 * bits**2 + 7 * bits + 24 * 2 * bits
    assert count(net.decoders["mean"].upper) == 4 * bits**2 + 7 * bits + 2 * bits


def test_training_starts_as_the_authors_do():
    net = SSVH(load_method("ssvh"), Shape(25, 4096, 32), {})
    lstm = net.frame_lstm
    for gate in lstm.input_weight.split(32):
        bound = math.sqrt(6 / (4096 + 32))
        assert 0.99 * bound < gate.abs().max() <= bound
    for gate in lstm.recurrent_weight.split(32):
        torch.testing.assert_close(gate @ gate.t(), 1.21 * torch.eye(32), rtol=0, atol=1e-5)
    assert [gate.unique().tolist() for gate in lstm.bias.split(32)] == [[0], [1], [0], [0]]
    assert 0.08 < lstm.peepholes.abs().max() <= 0.1
    assert lstm.gain.unique().tolist() == [1] and lstm.shift.unique().tolist() == [0]
    for decoder in net.decoders.values():
        assert 0.99 * math.sqrt(6 / 4128) < decoder.output.weight.abs().max() <= math.sqrt(6 / 4128)
        assert not decoder.output.bias.any()


def test_the_second_level_reads_binary_hidden_states(graph, feats, monkeypatch):
    read, baddbmm = [], torch.baddbmm

    def recorded(seen, hidden, weight, out):
        read.append(hidden)
        return baddbmm(seen, hidden, weight, out=out)

    monkeypatch.setattr(torch, "baddbmm", recorded)
    _, (hidden, cell) = network("ssvh", graph).encoded(feats)
    assert len(read) == 6 + 3
    start, *later = [*read[6:], hidden]  # of level 2
    assert not start.any()
    assert all(set(values.unique().tolist()) == {-1, 1} for values in later)
    assert len(cell.unique()) == cell.numel()  # the cell stays real


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("tanh", [True, False])
def test_gradients_of_the_recurrence_are_finite_differences(training, tanh):
    torch.manual_seed(1)
    steps, lstms, videos, width = 2, 2, 3, 2
    sizes = [(steps, lstms, videos, 4 * width), (lstms, 4 * width, width), (3, lstms, 1, width)]
    sizes += [(steps, lstms, 1, width)] * 2 + [(lstms, videos, width)] * 2
    values = [torch.randn(size).double().requires_grad_() for size in sizes]
    running = Statistics(torch.randn(sizes[3]).double(), torch.rand(sizes[3]).double() + 0.5)

    def run(*values):
        return recur(*values, statistics=None if training else running, binary=False, tanh=tanh)[:3]

    assert torch.autograd.gradcheck(run, values)


def test_half_precision_leaves_codes_and_their_losses_in_single(graph):
    torch.manual_seed(0)
    settings = load_method("ssvh", overrides={"ssvh": {"training": {"precision": "bfloat16"}}})
    net = SSVH(settings, SHAPE, {"neighbours": graph})
    net.begin_training(Videos(), torch.arange(N))
    feats = torch.randn(N, *SHAPE[:2])
    terms = net.step(batch_of(feats, list(range(6))), [make_optimizer(net.parameters(), settings.training)])
    assert all(term.dtype == torch.float32 and term.isfinite() for term in terms.values())
    assert net.memory.codes.dtype == torch.float32 and net.memory.codes[:6].any(dim=1).all()


def test_input_that_does_not_fit_is_refused(graph):
    net = SSVH(load_method("ssvh"), SHAPE, {"neighbours": graph})
    with pytest.raises(UserError, match=r"k3_e2.h5: neighbours of 12 videos, but there are 10 training videos; make"):
        net.memory.begin(10, torch.arange(10), 4, CPU)
    with pytest.raises(UserError, match="SSVH needs at least 2 frames per video, got 1; use other features"):
        SSVH(load_method("ssvh"), Shape(1, 5, 4), {})
    assert load_method("ssvh").minimum_videos(64) == 11


def test_data_sets_have_the_authors_settings():
    for recipe in ("ssvh", "ssvh-released"):
        settings = load_method(recipe, "fcvid")
        training, loss = settings.training, settings.loss
        assert (training.batch_size, training.epochs, training.optimizer, training.momentum) == (256, 100, "sgd", 0.9)
        assert (training.selection, training.weight_decay, training.largest_update) == ("last", 0, 1e-4)
        assert (loss.pairs, loss.quantization, loss.reconstruction) == (0.999, 0.2, 0.001)
        assert (settings.neighbours.neighbours, settings.neighbours.expansions) == (10, 5)
        for step in (0, 1, 10_000, 17_899):
            assert learning_rate(training, step // 179, step) == pytest.approx(1e-4 * 0.9 ** (step / 10_000))


def test_all_departures_together_are_the_released_recipe():
    together, released = load_method("+".join(["ssvh", *load_departures("ssvh")])), load_method("ssvh-released")
    assert together.model_dump(exclude=set(DESCRIPTIVE)) == released.model_dump(exclude=set(DESCRIPTIVE))


@pytest.mark.parametrize("switch", load_departures("ssvh"))
def test_a_departure_changes_what_it_names(switch):
    before, after = load_method("ssvh").model_dump(), load_method(f"ssvh+{switch}").model_dump()
    changed = {(part, key) for part in ("model", "loss", "training") for key in before[part]}
    changed = {(part, key) for part, key in changed if before[part][key] != after[part][key]}
    settings = load_departures("ssvh")[switch].settings
    assert changed == {(part, key) for part, keys in settings.items() for key in keys}
