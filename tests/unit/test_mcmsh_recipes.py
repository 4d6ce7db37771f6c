"""MCMSH's recipes, what it is trained with, and networks in files as its authors' program names their parameters."""

from importlib import import_module
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from golden_files import read
from test_mcmsh import GOLDEN
from tiny_cells import features, network, prepare, source, tiny_cell

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures
from s5vh.methods.cell import cell_of
from s5vh.methods.contract import Batch
from s5vh.methods.import_checkpoint import import_model, read_checkpoint
from s5vh.methods.load import load_method
from s5vh.methods.mcmsh.structure import principal_components
from s5vh.methods.model_file import restore_network
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.semantics.anchor_graph import AnchorGraph
from s5vh.semantics.semantics_file import read_semantics

COORDINATES = {"dataset": "fcvid", "method": "mcmsh-authors", "bits": 16, "seed": 1}


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        outputs = {epoch: torch.from_numpy(file[f"outputs/anchor_i/code_epoch_{epoch}"][()]) for epoch in (0, 55)}
        return read(file["weights"]), torch.from_numpy(file["inputs/frames_i"][()]), outputs


def imported(state, path, **model):
    torch.save({"model_state_dict": state}, path)
    settings = load_method("mcmsh-authors", "fcvid", {"mcmsh-authors": {"model": model}})
    cell = cell_of(COORDINATES | {"settings": settings})
    return import_model(read_checkpoint(path, cell.method, cell.settings), cell, frames=25, feature_size=48)


@pytest.mark.parametrize(("model", "epoch"), [({}, 55), ({"encoding_alpha": 1.0}, 0)])
def test_an_imported_network_gives_the_codes_of_the_released_program(golden, tmp_path, model, epoch):
    weights, frames, codes = golden
    counters = {f"{name[:-4]}num_batches_tracked": torch.tensor(7) for name in weights if name.endswith("bn1.bias")}
    stored = imported(weights | counters, tmp_path / "fcv_16.pth", **model)
    with torch.no_grad():
        assert torch.equal(restore_network(stored).encode(frames), codes[epoch])
    size = stored.cell.settings.model
    assert (size.width, size.expansion, size.token_reduction, size.channel_reduction) == (32, 2, 4, 8)
    assert stored.training == {"selection": "unknown", "imported": "fcv_16.pth", "parameters": 26_997}


def without(start):
    return lambda state: {name: value for name, value in state.items() if not name.startswith(start)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda state: state | {"mc_mlp.norm.weight": torch.ones(3)},
            "parameter 'mc_mlp.norm.weight' does not belong to the released MCMSH network",
        ),
        (
            without("mc_mlp.srd.bn2"),
            "no parameter for 'mc_mlp.output_gating.short.excite_norm.weight', so this is not a complete network of "
            "method 'mcmsh-authors'; download it again",
        ),
        (
            without("mc_mlp.preproj"),
            "no parameter for 'mc_mlp.embed.weight', so this is not a complete MCMSH network; download it again",
        ),
    ],
)
def test_a_network_that_is_not_the_released_one_is_refused(golden, tmp_path, change, message):
    with pytest.raises(UserError) as error:
        imported(change(golden[0]), tmp_path / "x.pth")
    assert str(error.value) == f"{tmp_path / 'x.pth'}: {message}"


def test_all_departures_together_are_the_released_recipe():
    together, released = load_method("+".join(["mcmsh", *load_departures("mcmsh")])), load_method("mcmsh-released")
    assert together.model_dump(exclude=set(DESCRIPTIVE)) == released.model_dump(exclude=set(DESCRIPTIVE))
    for dataset in ("demo", "own", "fcvid"):
        together = load_method("+".join(["mcmsh", *load_departures("mcmsh")]), dataset)
        released = load_method("mcmsh-released", dataset)
        assert together.model_dump(exclude=set(DESCRIPTIVE)) == released.model_dump(exclude=set(DESCRIPTIVE))


@pytest.mark.parametrize("switch", load_departures("mcmsh"))
def test_a_departure_changes_what_it_names(switch):
    before, after = load_method("mcmsh").model_dump(), load_method(f"mcmsh+{switch}").model_dump()
    changed = {(part, key) for part in ("model", "loss", "training", "semantics") for key in before[part]}
    changed = {(part, key) for part, key in changed if before[part][key] != after[part][key]}
    settings = load_departures("mcmsh")[switch].settings
    named = {(part, key) for part, keys in settings.items() for key in keys}
    # Clusters as released are of means, also where a data set asks for others; the recipe's are of means already.
    assert changed == named - {("semantics", "features")} != set()


def test_data_sets_have_the_papers_settings():
    for dataset in ("fcvid", "activitynet", "yfcc"):
        for recipe, epochs in (("mcmsh", 55), ("mcmsh-released", 56)):
            settings = load_method(recipe, dataset)
            training, loss = settings.training, settings.loss
            assert (training.batch_size, training.epochs, training.learning_rate) == (256, epochs, 3e-4)
            assert (training.optimizer, training.weight_decay, training.selection) == ("adam", 0, "last")
            assert (loss.cluster, loss.similarity, loss.quantisation, loss.quadruplet) == (0.8, 0.1, 0.01, 0.01)
            assert settings.semantics.clusters == settings.minimum_videos(16) == 2000
        assert load_method("mcmsh", dataset).semantics.label == "c2000_pca256"
        assert settings.semantics.label == "c2000_lloyd"


def test_batch_norms_need_two_videos():
    one = {"semantics": {"clusters": 1, "pca": None}}
    found = [load_method(name, overrides={name: one}).minimum_videos(16) for name in ("mcmsh", "mcmsh-released")]
    assert found == [1, 2]


def test_targets_are_those_of_each_videos_cluster(tmp_path):
    for method in ("mcmsh", "mcmsh-released"):
        cell = tiny_cell(method)
        model = network(cell, prepare(cell, tmp_path))
        model.begin_training(source(), torch.arange(14))
        means = torch.from_numpy(features().mean(axis=1))
        assert model.targets.shape == (14, 16)
        # Three kinds of videos, four clusters: videos with the same target are nearer to each other.
        same = (model.targets[:, None] == model.targets[None]).all(dim=2)
        distances = torch.cdist(means, means)
        assert distances[same].mean() < distances[~same].mean()
        assert 2 <= len(model.targets.unique(dim=0)) <= 4
        assert not model.targets[:, 4:].any() and model.targets[:, :2].any(dim=0).all()


@pytest.mark.parametrize(("method", "power"), [("mcmsh", 1), ("mcmsh-released", 2)])
def test_kernels_are_exponential_in_the_paper_and_gaussian_as_released(method, power, tmp_path):
    cell = tiny_cell(method)
    prepared = prepare(cell, tmp_path)
    model, semantics = network(cell, prepared), read_semantics(prepared["semantics"])
    model.begin_training(source(), torch.arange(14))
    points, anchors = torch.from_numpy(semantics.projected), torch.from_numpy(semantics.centroids)
    weights = [AnchorGraph(points, anchors, power=one).weights for one in (power, 3 - power)]
    assert np.array_equal(model._graph.weights, weights[0]) and not np.allclose(*weights)


def test_components_of_centroids_are_their_principal_ones():
    points = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    points[:, 3] *= 10
    for centroids in (points, points.T.copy()):  # both ways to compute them
        found = principal_components(centroids, 4)
        assert found.shape == (len(centroids), 4) and found.dtype == np.float32
        centered = centroids - centroids.mean(axis=0)
        left, values, _ = np.linalg.svd(centered.astype(np.float64), full_matrices=False)
        np.testing.assert_allclose(np.abs(found), np.abs((left * values)[:, :4]), atol=1e-5)
        assert principal_components(centroids, 99).shape == (len(centroids), min(centroids.shape))


def test_wrong_inputs_are_refused_before_training(tmp_path):
    cell = tiny_cell("mcmsh")
    prepared = prepare(cell, tmp_path)
    with pytest.raises(UserError, match=r"c4_pca3.h5: 14 pseudo-labels for 9 training videos; regenerate it$"):
        network(cell, prepared).begin_training(source(features(9)), torch.arange(9))
    narrow = cell.settings.model_copy(update={"model": cell.settings.model.model_copy(update={"width": 2})})
    with pytest.raises(UserError, match=r"centroids of 3 values, more than the width of the network \(2\); set"):
        network(cell.model_copy(update={"settings": narrow}), prepared).begin_training(source(), torch.arange(14))
    with pytest.raises(UserError, match=r"model: channel_reduction is 16, must divide width \(40\)$"):
        load_method("mcmsh", overrides={"mcmsh": {"model": {"width": 40}}})
    two = cell.settings.semantics.model_copy(update={"recipe": "released"})
    cell = cell.model_copy(update={"settings": cell.settings.model_copy(update={"semantics": two})})
    with pytest.raises(UserError, match="two separate clusterings, of which MCMSH uses one; set"):
        network(cell, prepare(cell, tmp_path)).begin_training(source(), torch.arange(14))


@pytest.mark.parametrize("method", ["mcmsh", "mcmsh-released"])
def test_a_step_has_the_loss_and_gradients_of_the_plain_one(method, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    plain_loss = import_module("plain_steps.mcmsh").plain_loss
    cell = tiny_cell(method)
    still = cell.settings.model.model_copy(update={"dropout": 0.0})
    cell = cell.model_copy(update={"settings": cell.settings.model_copy(update={"model": still})})
    prepared, videos, results = prepare(cell, tmp_path), source(), []
    for step in (lambda net, batch: net.losses(batch)["total"], plain_loss):
        model = network(cell, prepared)
        model.begin_training(videos, torch.arange(14))
        model.begin_epoch(2, videos)
        index = model.partners(torch.arange(14), torch.Generator().manual_seed(0))
        ((_, feats),) = videos.batches([index])
        step(model, Batch(feats, index, 2, torch.Generator().manual_seed(1))).backward()
        results.append([*model.named_buffers(), *((name, p.grad) for name, p in model.named_parameters())])
    for (name, ours), (_, plain) in zip(*results, strict=True):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-5, msg=name)


def begun(cell, tmp_path):
    model, videos = network(cell, prepare(cell, tmp_path)), source()
    model.begin_training(videos, torch.arange(14))
    model.begin_epoch(1, videos)
    index = model.partners(torch.arange(14), torch.Generator().manual_seed(0))
    ((_, feats),) = videos.batches([index])
    return model, Batch(feats, index, 1, torch.Generator().manual_seed(1))


def test_fresh_corruption_leaves_no_edits_and_no_corrupted_triples(tmp_path):
    cell = tiny_cell("mcmsh-released")
    fresh = cell.settings.training.model_copy(update={"corruption": "fresh"})
    model, batch = begun(
        cell.model_copy(update={"settings": cell.settings.model_copy(update={"training": fresh})}), tmp_path
    )
    read = model._corruption.read
    found = []
    model._corruption.read = lambda *args, **options: found.append(read(*args, **options)) or found[-1]
    model.losses(batch)
    assert model._corruption._content is None
    same = (found[0].of(batch.feats) == batch.feats).all(dim=3)
    assert same[2:].all() and not same[0].all() and not same[1].all()


@pytest.mark.parametrize("method", ["mcmsh", "mcmsh-released"])
def test_half_precision_leaves_codes_and_their_losses_in_single(method, tmp_path):
    model, batch = begun(tiny_cell(method), tmp_path)
    kept, embeddings, relaxed_codes = [], model._embeddings, model.relaxed_codes
    model._embeddings = lambda given: embeddings(given).detach()
    model.relaxed_codes = lambda values: kept.append((values, relaxed_codes(values))) or kept[-1][1]
    with torch.autocast("cpu", torch.bfloat16):
        terms = model.losses(batch)
    ((values, codes),) = kept
    assert values.dtype == torch.bfloat16 and codes.dtype == torch.float32
    assert all(term.dtype == torch.float32 for term in terms.values())
    codes = codes.view(*batch.index.shape, -1)
    assert terms["similarity"] == model._similarity(codes, batch.index)


def test_edits_in_place_last_for_an_epoch_and_spare_held_out_videos(tmp_path):
    cell = tiny_cell("mcmsh-released")
    model, videos = network(cell, prepare(cell, tmp_path)), source()
    model.begin_training(videos, torch.arange(10))
    model.begin_epoch(0, videos)
    generator = torch.Generator().manual_seed(0)
    index = model.partners(torch.arange(14), generator)
    assert (index[1:, 10:] < 10).all()  # partners come from training videos only
    assert model._corruption._content is None
    ((_, feats),) = videos.batches([index])
    batch = Batch(feats, index, 0, generator)
    model.eval()
    model._embeddings(batch)
    assert model._corruption._content is None  # a loss on held-out videos edits nothing
    model.train()
    model._embeddings(batch)
    assert (model._corruption._content == -1).any()
    model.begin_epoch(1, videos)
    assert model._corruption._content is None
