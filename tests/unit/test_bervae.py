"""BerVAE: its released recipe against numbers of the authors' program, and its estimators against enumeration."""

import itertools
import math

import golden_files
import numpy as np
import pytest
import torch
from golden_files import groups_of

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures
from s5vh.methods.bervae.authors_checkpoint import NAMES
from s5vh.methods.bervae.decoder import SeparableDecoder
from s5vh.methods.bervae.network import BerVAE, divergence_from_fair
from s5vh.methods.cell import cell_of
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.import_checkpoint import import_model, read_checkpoint
from s5vh.methods.load import load_method
from s5vh.methods.model_file import restore_network
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.training.batches import FeatureSource
from s5vh.training.optimizers import learning_rate

GOLDEN = golden_files.GOLDEN / "bervae_released.h5"
CPU = torch.device("cpu")
SMALL = {"width": 32, "hidden": 128}


@pytest.fixture(scope="module")
def golden():
    return groups_of(GOLDEN)


def network(recipe="bervae", shape=(25, 48, 10), *, model=SMALL, **more):
    torch.manual_seed(0)
    return BerVAE(load_method(recipe, overrides={recipe: {"model": model} | more}), Shape(*shape), {})


@pytest.fixture
def released(golden):
    """The network of the golden numbers, without dropout."""
    net = network("bervae-released")
    net.load_state_dict(NAMES.arrays(golden["weights"]))
    return net.eval()


def close(ours, theirs, name=""):
    error = (ours - theirs.view_as(ours)).abs().max() / theirs.abs().max()
    assert error < 1e-5, f"{name}: {error:.1e}"


def test_whole_videos_give_the_outputs_of_the_released_program(golden, released):
    feats, outputs = golden["inputs"]["fed_frames"], golden["outputs"]
    embeddings = released.encoder(feats)
    close(embeddings, outputs["encoder_output"])
    close(released.code_logits(embeddings), outputs["mean_logits"])
    close(released.code_logits(embeddings), outputs["intermediate/frame_logits"].mean(dim=1))
    close(released.code_logits(embeddings).sigmoid(), outputs["probabilities"])
    close(released.decoder(outputs["code_sample"]), outputs["reconstruction"])
    clean = golden["inputs"]["target_frames"]
    close(released.code_logits(released.encoder(clean)).sigmoid(), outputs["inference/probabilities"])
    close(released.entropy(clean), outputs["inference/entropy"])
    assert torch.equal(released.encode(clean), outputs["inference/video_code"])


@pytest.mark.parametrize(("epoch", "gradients"), [(4, "gradients_straight_through"), (5, "gradients_u2g_phase")])
def test_losses_and_gradients_are_those_of_the_released_program(golden, released, epoch, gradients, monkeypatch):
    inputs, outputs = golden["inputs"], golden["outputs"]
    sample = torch.where(inputs["bernoulli_sample"] > 0, 0.0, 1.0)  # noise that gives the golden sample
    noise = iter([sample, inputs["uniform_draws"]])
    logits = released.code_logits(released.encoder(inputs["fed_frames"]))
    monkeypatch.setattr(torch, "rand", lambda *sizes, generator: next(noise).view(sizes))
    terms = released.loss(logits, inputs["target_frames"], epoch, torch.Generator())
    for ours, theirs in {"reconstruction": "reconstruction", "divergence": "kl", "total": "total"}.items():
        assert terms[ours].item() == pytest.approx(outputs[f"loss_{theirs}"].item(), rel=1e-5)
    terms["total"].backward()
    for name, expected in (golden["gradients_straight_through"] | golden[gradients]).items():
        gradient = released.get_parameter(NAMES.ours(name)).grad
        if NAMES.ours(name) == "encoder.block.attention.key.bias":  # zero in exact arithmetic
            assert max(gradient.abs().max(), expected.abs().max()) < 1e-6
        else:
            close(gradient, expected, name)


def test_estimates_are_those_of_the_released_program(golden, released):
    inputs, outputs = golden["inputs"], golden["outputs"]
    error = released.decoder.error(inputs["target_frames"])
    for estimator in ("u2g", "arm"):
        estimate = error.gradient(outputs["mean_logits"], estimator, inputs["uniform_draws"])
        close(estimate, outputs[f"{estimator}_gradient_at_logits"], estimator)
    exact = outputs["exact_gradient_of_expected_reconstruction_at_logits"]
    close(error.gradient(outputs["mean_logits"], "closed_form"), exact)
    close(error.expected(outputs["mean_logits"]), outputs["expected_reconstruction_loss_per_video"])


def small_problem():
    """Decoder, features and logits in float64, small enough to go through all codes."""
    torch.manual_seed(3)
    decoder = SeparableDecoder(bits=4, frames=3, feature_size=5).double()
    return decoder, torch.randn(2, 3, 5).double(), torch.randn(2, 4).double().requires_grad_()


def plain_error(decoder, feats, codes):
    return (decoder(codes) - feats).square().sum(dim=(1, 2)) / feats.numel()


def test_the_error_of_a_code_is_that_of_its_reconstruction():
    decoder, feats, _ = small_problem()
    codes = torch.randn(2, 4).double().requires_grad_()
    frames = torch.stack([w * (decoder.frame_map.weight @ codes[0]) for w in decoder.time_map.weight[:, 0]])
    torch.testing.assert_close(decoder(codes)[0], frames + decoder.frame_map.bias)
    assert torch.linalg.matrix_rank(decoder(codes)[0] - decoder.frame_map.bias) == 1
    wanted = [codes, *decoder.parameters()]
    ours, expected = decoder.error(feats).of(codes), plain_error(decoder, feats, codes)
    torch.testing.assert_close(ours, expected)
    for one, other in zip(
        torch.autograd.grad(ours.sum(), wanted), torch.autograd.grad(expected.sum(), wanted), strict=True
    ):
        torch.testing.assert_close(one, other)


def enumerated(decoder, feats, logits):
    """The expected error of each video, by going through all codes."""
    total = 0.0
    for signs in itertools.product([-1.0, 1.0], repeat=logits.shape[1]):
        codes = torch.tensor(signs).double().expand_as(logits)
        total = total + torch.sigmoid(codes * logits).prod(dim=1) * plain_error(decoder, feats, codes)
    return total


def test_the_closed_form_is_the_gradient_of_the_expectation_over_all_codes():
    decoder, feats, logits = small_problem()
    error, expected = decoder.error(feats), enumerated(decoder, feats, logits)
    torch.testing.assert_close(error.expected(logits), expected, rtol=1e-12, atol=0)
    (exact,) = torch.autograd.grad(expected.sum(), logits)
    torch.testing.assert_close(error.gradient(logits, "closed_form"), exact, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(torch.autograd.grad(error.expected(logits).sum(), logits)[0], exact)


@pytest.mark.parametrize("estimator", ["u2g", "arm"])
def test_estimators_are_unbiased(estimator):
    decoder, feats, logits = small_problem()
    error, draws = decoder.error(feats), 20_000
    uniform = torch.rand(draws, 2, 4, generator=torch.Generator().manual_seed(5)).double()
    mean = error.gradient(logits, estimator, uniform)
    (exact,) = torch.autograd.grad(enumerated(decoder, feats, logits).sum(), logits)
    each = torch.stack([error.gradient(logits, estimator, uniform[i : i + 1]) for i in range(400)])
    standard_error = each.std(dim=0) / draws**0.5
    assert ((mean - exact).abs() < 4 * standard_error).all()
    assert (exact.abs() > 8 * standard_error).any()  # so that zeros would not pass


def test_u2g_is_zero_where_both_codes_agree():
    decoder, feats, logits = small_problem()
    uniform = torch.full((1, 2, 4), 0.5).double()  # both codes have the more likely value of every bit
    assert not decoder.error(feats).gradient(logits, "u2g", uniform).any()


def test_divergence_of_bits_from_a_fair_coin():
    values = [divergence_from_fair(torch.full((3, 4), p).double()).item() for p in (0.0, 0.2, 0.5, 0.8, 1.0)]
    plain = 0.2 * math.log(0.4) + 0.8 * math.log(1.6)
    assert values == pytest.approx([math.log(2), plain, 0.0, plain, math.log(2)], abs=1e-7)


def test_uncertainty_is_largest_for_even_odds_and_codes_are_the_signs_of_logits(golden, released):
    feats = golden["inputs"]["target_frames"]
    codes = released.encode(feats)
    with torch.no_grad():
        for parameter in released.hash.parameters():
            parameter.neg_()
        assert torch.equal(released.encode(feats), -codes)
        for parameter in released.hash.parameters():
            parameter.zero_()
    torch.testing.assert_close(released.entropy(feats), torch.full((8,), 10 * math.log(2)))
    assert released.encode(feats).unique().tolist() == [1]


def test_parameter_counts_are_the_released_ones(golden):
    with torch.device("meta"):
        nets = {bits: network("bervae-released", (25, 4096, bits), model={}) for bits in (16, 32, 64)}
    for bits, net in nets.items():
        used = sum(parameter.numel() for parameter in net.parameters())
        assert used == golden["sizes"][f"paper_size_parameters_used_25x4096_{bits}bit"]
    read_to_encode = [*nets[64].encoder.parameters(), *nets[64].hash.parameters()]
    assert sum(parameter.numel() for parameter in read_to_encode) == 1_855_040


def videos():
    return FeatureSource(np.random.default_rng(0).normal(size=(12, 6, 5)).astype(np.float32), CPU)


def batch_of(source, epoch, rows=range(8)):
    index = torch.tensor(list(rows))[None]
    (_, feats), *_ = source.batches([index])
    return Batch(feats, index, epoch, torch.Generator().manual_seed(4))


def gradients(net, source, epoch):
    net.zero_grad()
    torch.manual_seed(1)  # of dropout
    net.losses(batch_of(source, epoch))["total"].backward()
    return {name: parameter.grad for name, parameter in net.named_parameters()}


def test_the_estimator_concerns_the_encoder_only_and_after_the_first_epochs():
    source, found = videos(), {}
    for estimator in ("straight_through", "u2g", "arm", "closed_form"):
        net = network(shape=(6, 5, 4), loss={"estimator": estimator})
        net.begin_training(source, torch.arange(12))
        found[estimator] = [gradients(net, source, epoch) for epoch in (4, 5)]
    first, later = found["straight_through"]
    for estimator, (before, after) in found.items():
        torch.testing.assert_close(before, first)
        for name, gradient in after.items():
            same = torch.allclose(gradient, later[name])
            assert same or not name.startswith("decoder."), (estimator, name)
        assert torch.allclose(after["hash.weight"], later["hash.weight"]) == (estimator == "straight_through")


@pytest.mark.parametrize(("recipe", "clean"), [("bervae", True), ("bervae-released", False)])
def test_reconstructed_frames_are_clean_or_as_the_encoder_saw_them(recipe, clean, monkeypatch):
    source, net = videos(), network(recipe, (6, 5, 4), training={"corruption": 0.9})
    net.begin_training(source, torch.arange(12))
    batch = batch_of(source, 0)
    seen = []
    monkeypatch.setattr(net, "loss", lambda logits, feats, *_: seen.append((logits, feats)))
    net.eval()
    net.losses(batch)
    logits, target = seen[0]
    corrupted = net.corruption.read(batch.index, torch.Generator().manual_seed(4), keep_edits=False).of(batch.feats)
    assert not torch.equal(corrupted, batch.feats)
    assert torch.equal(target, (batch.feats if clean else corrupted)[0])
    torch.testing.assert_close(logits, net.code_logits(net.encoder(corrupted))[0])


def test_accumulating_corruption_ends_with_the_epoch_and_losses_of_held_out_videos_add_none():
    source, net = videos(), network("bervae-released", (6, 5, 4), training={"corruption": 0.9})
    net.begin_training(source, torch.arange(12))
    batch = batch_of(source, 0)

    def intact():
        return len(net.corruption.read(batch.index, torch.Generator(), groups=0).kept)

    net.eval().losses(batch)
    assert intact() == batch.index.numel() * 6
    net.train().losses(batch)
    assert intact() < batch.index.numel() * 3
    net.begin_epoch(1, source)
    assert intact() == batch.index.numel() * 6


def test_encoder_and_decoder_have_an_optimizer_each():
    net = network()
    encoder, decoder = ([id(parameter) for parameter in one] for one in net.parameter_sets())
    assert len(encoder) == 20 and len(decoder) == 3 and not set(encoder) & set(decoder)
    assert decoder == [id(parameter) for parameter in net.decoder.parameters()]


def test_half_precision_leaves_codes_and_their_losses_in_single(monkeypatch):
    source, net = videos(), network(shape=(6, 5, 4), training={"precision": "bfloat16"})
    net.begin_training(source, torch.arange(12))
    optimizers = [torch.optim.Adam(parameters) for parameters in net.parameter_sets()]
    of_codes, half = SeparableDecoder.error, []

    def recorded(decoder, feats):
        half.append(torch.is_autocast_enabled("cpu"))
        return of_codes(decoder, feats)

    monkeypatch.setattr(SeparableDecoder, "error", recorded)
    terms = net.step(batch_of(source, 5), optimizers)
    assert half == [False]
    assert all(term.dtype == torch.float32 and term.isfinite() for term in terms.values())


def imported(state, path):
    torch.save({"model_state_dict": state}, path)
    coordinates = {"dataset": "fcvid", "method": "bervae-authors", "bits": 10, "seed": 1}
    cell = cell_of(coordinates | {"settings": load_method("bervae-authors", "fcvid")})
    return import_model(read_checkpoint(path, cell.method, cell.settings), cell, frames=25, feature_size=48)


def test_an_imported_network_gives_the_codes_of_the_released_program(golden, tmp_path):
    stored = imported(golden["weights"], tmp_path / "fcv_10.pth")
    assert (stored.cell.settings.model.width, stored.cell.settings.model.hidden) == (32, 128)
    with torch.no_grad():
        codes = restore_network(stored).encode(golden["inputs"]["target_frames"])
    assert torch.equal(codes, golden["outputs"]["inference/video_code"])
    for name, value, message in (
        ("fc.weight", torch.ones(3), "parameter 'fc.weight' does not belong to the released BerVAE network"),
        ("sequence_restore.weight", torch.ones(30, 1), "has shape (30, 1), expected (25, 1); download it again"),
    ):
        with pytest.raises(UserError) as error:
            imported(golden["weights"] | {name: value}, tmp_path / "x.pth")
        assert message in str(error.value)


def test_data_sets_have_the_authors_settings():
    for recipe in ("bervae", "bervae-released"):
        settings = load_method(recipe, "fcvid")
        training, loss = settings.training, settings.loss
        assert (training.batch_size, training.epochs, training.optimizer) == (256, 201, "adam")
        assert (training.selection, training.weight_decay, training.corruption) == ("last", 0, 0.15)
        assert (loss.divergence, loss.estimator, loss.draws, loss.straight_through_epochs) == (0.1, "u2g", 2, 5)
        expected = {0: 3e-4, 19: 3e-4, 20: 2.7e-4, 200: 1.046e-4}
        assert {e: learning_rate(training, e, 179 * e) for e in expected} == pytest.approx(expected, rel=1e-3)


def test_all_departures_together_are_the_released_recipe():
    together, released = load_method("+".join(["bervae", *load_departures("bervae")])), load_method("bervae-released")
    assert together.model_dump(exclude=set(DESCRIPTIVE)) == released.model_dump(exclude=set(DESCRIPTIVE))


@pytest.mark.parametrize("switch", load_departures("bervae"))
def test_a_departure_changes_what_it_names(switch):
    before, after = load_method("bervae").model_dump(), load_method(f"bervae+{switch}").model_dump()
    changed = {(part, key) for part in ("model", "loss", "training") for key in before[part]}
    changed = {(part, key) for part, key in changed if before[part][key] != after[part][key]}
    settings = load_departures("bervae")[switch].settings
    assert changed == {(part, key) for part, keys in settings.items() for key in keys}
