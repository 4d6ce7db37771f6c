"""Anchors, pairs and the two stages of BTH and DKPH."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_cells import SHAPE, VIDEOS, network, prepare, source, tiny_cell

from s5vh.base.errors import UserError
from s5vh.config.grid import GridCell
from s5vh.config.load import load_departures
from s5vh.methods.bth import pairs
from s5vh.methods.bth.pairs import AnchoredVideos, find_anchors
from s5vh.methods.bth.settings import Anchors
from s5vh.methods.contract import Batch
from s5vh.methods.load import load_method, resolve_cell
from s5vh.methods.model_file import StoredModel, read_model, restore_network, save_model
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.planning.run import resolve_run
from s5vh.semantics.anchor_graph import SIMILAR, AnchorGraph
from s5vh.training.optimizers import learning_rate

POINTS = torch.randn(60, 4, generator=torch.Generator().manual_seed(0))


def begun(method: str, root: Path, rows: torch.Tensor | None = None):
    """A network whose first epoch has begun."""
    cell = tiny_cell(method)
    net = network(cell, prepare(cell, root))
    videos = source()
    net.begin_training(videos, torch.arange(VIDEOS) if rows is None else rows)
    net.begin_epoch(0, videos)
    return net


@pytest.mark.parametrize("method", ["bth", "dkph", "bth-released", "dkph-released"])
def test_anchors_and_graph_come_from_the_latents_of_stage_1(method: str, tmp_path: Path) -> None:
    net = begun(method, tmp_path)
    [model] = tmp_path.rglob("model.safetensors")
    released = "-released" if "-released" in method else ""
    assert model.relative_to(tmp_path) == Path(f"tiny/bth_stage1{released}/64bit/seed1/model.safetensors")
    stage1 = restore_network(read_model(model))
    with torch.no_grad():
        latents = stage1.encoder(next(source().in_order(VIDEOS))).mean(dim=1)
    kept = len(net.anchored.anchors)
    assert 1 <= kept <= 3 == VIDEOS // 4 and net.facts() == {"anchors": kept}
    distances = torch.cdist(latents, net.anchored.anchors)
    assert torch.equal(net.anchored.nearest(torch.arange(VIDEOS)), net.anchored.anchors[distances.argmin(dim=1)])


def test_stage_1_has_neither_partners_nor_anchors(tmp_path: Path) -> None:
    net = begun("bth_stage1", tmp_path)
    index = torch.arange(6)
    assert torch.equal(net.partners(index, torch.Generator()), index[None]) and net.anchored is None
    [(_, feats)] = source().batches([index[None]])
    terms = net.losses(Batch(feats, index[None], 0, torch.Generator()))
    assert list(terms) == ["total", "reconstruction"] and terms["total"] == terms["reconstruction"]
    assert net.training_state() == {} == net.facts()


def test_half_of_the_partners_are_similar_and_the_signs_say_which() -> None:
    graph = AnchorGraph(POINTS, POINTS[:12])
    anchored = AnchoredVideos(POINTS[:12], graph)
    index = torch.arange(60).repeat(50)
    partners = anchored.partners(index, torch.Generator().manual_seed(0))
    signs = anchored.signs(torch.stack([index, partners]))
    codes = graph.code(index, partners)
    assert torch.equal(signs == 1, codes == SIMILAR) and set(signs.tolist()) == {-1, 1}
    assert abs((signs == 1).sum() - 1500) < 4 * 750**0.5
    all_codes = graph.code(torch.arange(60)[:, None], torch.arange(60)[None])
    has_dissimilar = (all_codes == 2).any(dim=1)[index]
    assert set(codes[(signs == -1) & has_dissimilar].tolist()) == {2}
    assert not (codes[(signs == -1) & ~has_dissimilar] == 2).any()


def test_held_out_videos_decide_no_anchor_and_are_nobody_s_partner(tmp_path: Path) -> None:
    rows = torch.arange(0, VIDEOS, 2)
    net = begun("bth", tmp_path, rows)
    partners = net.partners(torch.arange(VIDEOS), torch.Generator().manual_seed(0))
    assert set(partners[1].tolist()) <= set(rows.tolist())
    latents = pairs._latents(net._stage1, source())
    torch.manual_seed(1)
    assert len(net.anchored.anchors) == 1  # of seven videos
    torch.testing.assert_close(net.anchored.anchors[0], latents[rows].mean(dim=0))


def test_a_resumed_training_does_not_search_anchors_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = begun("bth", tmp_path)
    state = first.training_state()
    torch.save(state, tmp_path / "state.pt")
    monkeypatch.setattr(pairs, "find_anchors", lambda *_: pytest.fail("anchors are searched again"))
    cell, videos = tiny_cell("bth"), source()
    again = network(cell, prepare(cell, tmp_path))
    again.begin_training(videos, torch.arange(VIDEOS))
    again.load_training_state(torch.load(tmp_path / "state.pt", weights_only=True))
    again.begin_epoch(2, videos)
    assert torch.equal(again.anchored.anchors, first.anchored.anchors)
    draws = [net.partners(torch.arange(VIDEOS).repeat(9), torch.Generator().manual_seed(5)) for net in (first, again)]
    assert torch.equal(*draws)
    pair = torch.randint(VIDEOS, (2, 50))
    assert torch.equal(first.anchored.signs(pair), again.anchored.signs(pair))


def test_held_out_losses_leave_accumulating_corruption_as_it_is(tmp_path: Path) -> None:
    net = begun("bth-released", tmp_path).eval()
    index = torch.arange(VIDEOS)[None].repeat(2, 1)
    for seed in range(3):
        net.read(index, torch.Generator().manual_seed(seed))
    clean = net.corruption.read(index, torch.Generator(), groups=0)
    assert len(clean.kept) == index.numel() * SHAPE.frames
    net.train()
    net.read(index, torch.Generator().manual_seed(0))
    assert len(net.corruption.read(index, torch.Generator(), groups=0).kept) < len(clean.kept)
    net.begin_epoch(1, source())  # with new loader processes
    assert len(net.corruption.read(index, torch.Generator(), groups=0).kept) == len(clean.kept)


@pytest.mark.parametrize("method", ["bth_stage1", "bervae"])
def test_random_frames_are_of_training_videos_and_as_many_as_configured(method: str, tmp_path: Path) -> None:
    rows, index = torch.arange(0, VIDEOS, 2), torch.arange(VIDEOS)[None].repeat(1, 40)
    cell = tiny_cell(method)
    training = cell.settings.training.model_copy(update={"corruption": 0.5})
    cell = cell.model_copy(update={"settings": cell.settings.model_copy(update={"training": training})})
    net = network(cell, {})
    net.begin_training(source(), rows)
    read = net.corruption.read(index, torch.Generator().manual_seed(0))
    assert abs(read.chosen.float().mean() - 0.5) < 4 * (0.25 / read.chosen.numel()) ** 0.5
    trained = next(source().in_order(VIDEOS, rows)).flatten(0, 1)
    assert (read.others[:, None] == trained).all(-1).any(-1).all() and len(read.others) > 50


def test_the_released_k_means_stops_early_and_drops_empty_clusters() -> None:
    points = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    drawn = np.random.default_rng(4).integers(200, size=60)
    options = Anchors(count=60, videos_per_anchor=1, kmeans="released")
    anchors = find_anchors(torch.from_numpy(points), options, seed=4)
    assert anchors.dtype == torch.float32 and len(anchors) <= len(set(drawn.tolist())) < 60
    expected = points[np.unique(drawn)].astype(np.float64)
    for _ in range(16):
        nearest = np.square(points[:, None] - expected).sum(-1).argmin(1)
        expected = np.stack([points[nearest == c].astype(np.float64).mean(0) for c in np.unique(nearest)])
    np.testing.assert_allclose(np.sort(anchors.numpy(), axis=0), np.sort(expected, axis=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("kmeans", "fewest"), [("k-means++", 15), ("released", 8)])
def test_there_are_at_most_so_many_anchors_as_videos_allow(kmeans: str, fewest: int) -> None:
    for count, most in ((2000, 15), (6, 6)):
        anchors = find_anchors(POINTS, Anchors(count=count, kmeans=kmeans), seed=1)
        assert min(most, fewest) - 3 <= len(anchors) <= most and anchors.dtype == torch.float32
        assert kmeans == "released" or len(anchors) == most
    assert len(find_anchors(POINTS[:3], Anchors(), seed=1)) == 1


def test_overrides_of_bth_reach_its_stage_1_and_departures_do_not() -> None:
    cell = GridCell("ucf101", "bth+corrupted_target", 16, 3)
    overrides = {"bth": {"model": {"width": 32}, "training": {"epochs": 2}}}
    chosen = load_method(cell.method, "ucf101", overrides)
    path = chosen.requires(cell)["stage1"]
    assert path == Path("results/ucf101/bth_stage1/64bit/seed3/model.safetensors")
    stage1 = resolve_cell("ucf101", path.parts[2], 64, 3, overrides).settings
    assert (stage1.model, stage1.training) == (chosen.model, chosen.training)
    assert (stage1.model.width, stage1.training.epochs) == (32, 2)
    assert (stage1.loss.target, chosen.loss.target) == ("clean", "corrupted")
    switched = load_method("dkph+released_stage1", "ucf101").requires(cell)["stage1"]
    assert switched.parts[2:4] == ("bth_stage1-released", "64bit")
    stage1 = load_method("bth_stage1-released")
    assert (stage1.loss.target, stage1.training.loader_processes) == ("corrupted", 1)
    assert stage1.requires(cell) == {}
    own_bits = load_method("bth", overrides={"bth": {"stage1": {"bits": None}}})
    assert own_bits.requires(cell)["stage1"].parts[3] == "16bit"


@pytest.mark.parametrize(("dataset", "epochs"), [("fcvid", 56), ("activitynet", 56), ("ucf101", 350), ("own", 60)])
def test_both_methods_have_the_settings_of_their_stage_1(dataset: str, epochs: int) -> None:
    bth, dkph, stage1 = (load_method(name, dataset) for name in ("bth", "dkph", "bth_stage1"))
    assert bth.model == dkph.model == stage1.model and bth.anchors == dkph.anchors
    assert bth.training == stage1.training and bth.training.epochs == epochs
    assert dkph.training.epochs == {56: 49}.get(epochs, epochs)
    for settings in (bth, dkph):
        training = settings.training
        assert (training.optimizer, training.weight_decay, training.selection) == ("adam", 0, "last")


@pytest.mark.parametrize("method", ["bth", "bth-released", "dkph", "dkph-released", "bth_stage1-released"])
def test_fcvid_has_the_authors_settings(method: str) -> None:
    settings = load_method(method, "fcvid")
    training, model = settings.training, settings.model
    assert (training.batch_size, training.corruption, settings.anchors.count) == (256, 0.15, 2000)
    assert (model.width, model.hidden, model.dropout) == (256, 1024, 0.1)
    rates = {0: 3e-4, 19: 3e-4, 20: 2.7e-4, 40: 2.43e-4, 1000: 1e-4}
    assert {e: learning_rate(training, e, 179 * e) for e in rates} == pytest.approx(rates)
    workers = {"bth-released": 1, "bth_stage1-released": 1, "dkph-released": 8}
    assert training.loader_processes == workers.get(method)
    assert settings.minimum_videos(64) == (1 if "stage1" in method else 2)


@pytest.mark.parametrize("method", ["bth", "dkph"])
def test_all_departures_together_are_the_released_recipe(method: str) -> None:
    switches = load_departures(method)
    together, released = load_method("+".join([method, *switches])), load_method(f"{method}-released")
    named = set(DESCRIPTIVE)
    assert together.model_dump(exclude=named) == released.model_dump(exclude=named)
    before = load_method(method).model_dump()
    for name, switch in switches.items():
        after = load_method(f"{method}+{name}").model_dump()
        changed = {
            (part, key)
            for part in ("model", "anchors", "stage1", "loss", "training")
            for key in before[part]
            if before[part][key] != after[part][key]
        }
        assert changed == {(part, key) for part, keys in switch.settings.items() for key in keys} != set()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"stage1": None}, "stage1 is null, but a loss of pairs or anchors has a positive weight; set stage1.method"),
        ({"stage1": {"method": "bth_stage2"}}, "stage1.method: no method 'bth_stage2' (did you mean 'bth_stage1"),
        ({"stage1": {"method": "bth"}}, "bth: stage1.method: circular: bth -> bth; set it to bth_stage1"),
        ({"stage1": {"method": "dkph"}}, "dkph: stage1.method: circular: bth -> dkph -> bth; set it to bth_stage1"),
        ({"stage1": {"method": "conmh"}}, "bth: stage1.method: 'conmh' has no frame embeddings; set it to a recipe"),
        ({"stage1": {"method": "itq_mean"}}, "bth: stage1.method: 'itq_mean' has no frame embeddings; set it to a"),
        ({"model": {"width": 1}}, "model.width: "),
    ],
)
def test_a_stage_1_that_cannot_be_is_refused(settings: dict, message: str) -> None:
    overrides = {"bth": settings, "dkph": {"stage1": {"method": "bth"}}}
    with pytest.raises(UserError) as error:
        resolve_run([], {"datasets": ["demo"], "methods": ["bth"], "overrides": overrides})
    assert message in str(error.value)


def test_stages_of_different_widths_are_refused_before_the_first_is_trained() -> None:
    wider = {"model": {"width": 48}}
    config = {"datasets": ["demo"], "methods": ["dkph"], "overrides": {"dkph": wider}}
    message = (
        "dkph: stage1.method: 'bth_stage1' has frame embeddings of width 32, expected model.width 48; give both "
        "methods the same model.width"
    )
    with pytest.raises(UserError, match=f"^{message}$"):
        resolve_run([], config)
    resolve_run([], config | {"overrides": {"dkph": wider, "bth": wider}})


def test_a_model_that_cannot_be_stage_1_is_refused(tmp_path: Path) -> None:
    cell = tiny_cell("dkph")
    prepared = prepare(cell, tmp_path)

    def refused(method: str, width: int, size: int) -> str:
        other = tiny_cell(method)
        if method == "bth_stage1":
            model = other.settings.model.model_copy(update={"width": width})
            other = other.model_copy(update={"settings": other.settings.model_copy(update={"model": model})})
        save_model(prepared["stage1"], StoredModel({}, other, SHAPE.frames, size, None, {}))
        with pytest.raises(UserError) as error:
            network(cell, prepared)
        return str(error.value).removeprefix(f"{prepared['stage1']}: ")

    assert refused("bth_stage1", 8, SHAPE.feature_size) == (
        "frame embeddings of width 8, expected model.width 16; give 'bth_stage1' and this method the same model.width"
    )
    assert refused("bth_stage1", 16, 5) == "for 5-dimensional frame features, got 8 dimensions; train it again"
    assert refused("conmh", 16, SHAPE.feature_size) == (
        "a model of 'conmh', which has no frame embeddings; set stage1.method to a recipe that extends bth_stage1"
    )
