"""The recipe of the released code against numbers that the authors' program gave."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from released_oracle import total_loss

from s5vh.base.errors import UserError
from s5vh.config.load import load_departures
from s5vh.methods.contract import Shape
from s5vh.methods.load import load_method
from s5vh.methods.s5vh.authors_checkpoint import NAMES, from_released
from s5vh.methods.s5vh.network import S5VH
from s5vh.nn.contrast import debiased_contrastive_loss
from s5vh.nn.hash_layer import HashLayer
from s5vh.nn.mamba import Mamba

GOLDEN = Path(__file__).parents[1] / "golden" / "s5vh_released.h5"


@pytest.fixture(scope="module")
def golden():
    with h5py.File(GOLDEN) as file:
        groups = {group: {name: file[group][name] for name in names(file[group])} for group in file}
        values = {group: {name: data[()] for name, data in content.items()} for group, content in groups.items()}
        return values | {"sizes": dict(file.attrs)}


def names(group):
    found = []
    group.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
    return found


def network(golden, dtype):
    sizes = golden["sizes"]
    own = {"model": {"width": int(sizes["hidden_size"])}, "semantics": {"clusters": int(sizes["nclusters"])}}
    settings = load_method("s5vh-released", overrides={"s5vh-released": own})
    net = S5VH(settings, Shape(int(sizes["max_frames"]), int(sizes["feature_size"]), int(sizes["nbits"])), {})
    arrays = from_released(golden["weights"])
    net.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})
    return net.to(dtype).eval()


def inputs(golden, dtype):
    """Features, soft labels, and the visible and hidden frames of both views, view after view."""
    mask = torch.from_numpy(golden["inputs"]["mask"]).transpose(0, 1)  # [view, batch, frame]
    count = int((~mask[0, 0]).sum())
    order = mask.int().sort(dim=-1, stable=True).indices
    feats = torch.from_numpy(golden["inputs"]["frames"]).to(dtype)
    labels = torch.from_numpy(golden["inputs"]["cluster_label"]).to(dtype)
    return feats, labels, order[..., :count], order[..., count:]


def losses(net, golden, dtype, monkeypatch):
    feats, labels, visible, hidden = inputs(golden, dtype)
    monkeypatch.setattr("s5vh.methods.s5vh.network.two_views", lambda *_: (visible, hidden))
    return net.loss(feats, labels, torch.Generator())


NAMED = {"title", "published", "checked_against"}  # what a recipe is called, and nothing that it does
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}  # the golden numbers are single precision


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_are_those_of_the_released_program(golden, dtype):
    net, (feats, _, visible, hidden) = network(golden, dtype), inputs(golden, dtype)
    outputs = {name: torch.from_numpy(np.asarray(value)).to(dtype) for name, value in golden["outputs"].items()}
    embeddings = net.embed(feats) + net.positions
    rows = torch.arange(len(feats))[:, None]
    with torch.no_grad():
        assert torch.equal(net.frame_hashes(embeddings), outputs["inference_frame_codes"])
        for view in (0, 1):
            hashes = net.frame_hashes(embeddings[rows, visible[view]])
            assert torch.equal(hashes, outputs[f"frame_codes_view{view + 1}"])
            predicted = net.head(net.decode(hashes, visible[view], hidden[view]))
            torch.testing.assert_close(predicted, outputs[f"reconstruction_view{view + 1}"], **TOLERANCE)
            logits = net.classifier(hashes.mean(1))
            torch.testing.assert_close(logits, outputs[f"cluster_logits_view{view + 1}"], **TOLERANCE)
        codes = torch.where(outputs["inference_frame_codes"].mean(1) >= 0, 1.0, -1.0).to(dtype)
        assert torch.equal(net.encode(feats), codes)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_losses_and_gradients_are_those_of_the_released_program(golden, dtype, monkeypatch):
    net = network(golden, dtype)
    terms = losses(net, golden, dtype, monkeypatch)
    expected = {name: float(value) for name, value in golden["outputs"].items() if name.startswith("loss_")}
    assert 2 * terms["reconstruction"].item() == pytest.approx(expected["loss_reconstruction"], rel=1e-5)
    assert terms["contrast"].item() == pytest.approx(expected["loss_contrastive"], rel=1e-5)
    assert terms["alignment"].item() == pytest.approx(expected["loss_center"], rel=1e-5)
    assert terms["total"].item() == pytest.approx(expected["loss_total"], rel=1e-5)
    terms["total"].backward()
    ours = {name: parameter.grad for name, parameter in net.named_parameters()}
    seen = set()
    for name, value in golden["gradients"].items():
        gradient = ours[NAMES.ours(name)]
        expected = torch.from_numpy(value.reshape(gradient.shape)).to(dtype)
        scale = expected.abs().max().item()
        torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-5 * scale, msg=lambda m, n=name: f"{n}: {m}")
        seen.add(NAMES.ours(name))
    assert seen == set(ours)


def test_the_mask_token_starts_as_the_released_one():
    torch.manual_seed(0)
    small = {"width": 16, "depth": 1, "d_state": 2, "decoder_width": 1024}
    settings = load_method("s5vh-released", overrides={"s5vh-released": {"model": small}})
    token = S5VH(settings, Shape(frames=4, feature_size=3, bits=5), {}).mask_token
    # A normal distribution truncated at one standard deviation keeps 0.54 of it: 0.0108 of 0.02.
    assert token.shape == (1024,) and 0.98 * 0.02 < token.abs().max() <= 0.02
    assert token.std().item() == pytest.approx(0.0108, rel=0.05) and abs(token.mean()) < 0.0012


@pytest.mark.parametrize(
    ("dataset", "clusters", "pca", "epochs", "evaluate_every"),
    [("activitynet", 100, 512, 350, 20), ("fcvid", 450, 512, 500, 50), ("ucf101", 101, 512, 350, 20),
     ("hmdb51", 100, 1024, 350, 20)],
)  # fmt: skip
def test_settings_of_the_released_configuration(dataset, clusters, pca, epochs, evaluate_every):
    settings = load_method("s5vh-released", dataset)
    assert (settings.semantics.clusters, settings.semantics.pca) == (clusters, pca)
    assert (settings.training.epochs, settings.training.evaluate_every) == (epochs, evaluate_every)
    assert not settings.training.evaluate_last and settings.training.patience is None
    paper = load_method("s5vh", dataset)
    assert (paper.semantics.clusters, paper.semantics.pca) == (450 if dataset == "fcvid" else 100, 512)
    assert paper.training.evaluate_last and paper.training.epochs == 350


def test_losses_and_gradients_equal_a_plain_second_writing_in_float64(golden, monkeypatch):
    net = network(golden, torch.float64)
    losses(net, golden, torch.float64, monkeypatch)["total"].backward()
    plain = {name: torch.from_numpy(value).double().requires_grad_() for name, value in golden["weights"].items()}
    feats, labels, _, _ = inputs(golden, torch.float64)
    sizes, mask = golden["sizes"], torch.from_numpy(golden["inputs"]["mask"])
    options = {"alpha": sizes["alpha"], "beta": sizes["a_cluster"], "tau_plus": sizes["tau_plus"]}
    total_loss(plain, feats, mask, labels, **options).backward()
    ours = dict(net.named_parameters())
    for name, parameter in plain.items():
        gradient = ours[NAMES.ours(name)].grad
        expected = parameter.grad.view_as(gradient)
        error = (gradient - expected).norm() / expected.norm()
        assert error < 1e-9, f"{name}: {error:.1e}"


def test_parameter_counts_are_the_released_ones():
    settings = load_method("s5vh-released", overrides={"s5vh-released": {"semantics": {"clusters": 101}}})
    net = S5VH(settings, Shape(frames=25, feature_size=4096, bits=64), {})
    used = sum(parameter.numel() for parameter in net.parameters())
    assert used == 4_826_560
    training_only = [net.mask_token, *net.hash_to_decoder.parameters(), *net.decoder.parameters()]
    training_only += [*net.head.parameters(), *net.classifier.parameters()]
    assert used - sum(parameter.numel() for parameter in training_only) == 3_764_416
    unused = sum(p.numel() for p in [*torch.nn.Linear(4096, 256).parameters(), *Mamba(256, norms="none").parameters()])
    unused += 257  # a linear layer to one number
    assert used + unused == 6_313_409
    copies = [layer.backward_mixer for stack in (net.encoder, net.decoder) for layer in stack.layers]
    copied = sum(p.numel() for block in copies for name, p in block.named_parameters() if "norm" not in name)
    assert used + unused + copied == 9_191_489  # as built, before the first forward pass ties the directions


@pytest.mark.parametrize("case", range(6))
def test_debiased_contrast_gives_the_golden_losses_and_gradients(case):
    with h5py.File(GOLDEN.with_name("debiased_contrast.h5")) as file:
        group = file[f"contrastive_cases/case{case}"]
        values, options = {name: torch.from_numpy(np.asarray(group[name])) for name in group}, dict(group.attrs)
    first, second = (values[f"codes_view{view}"].double().requires_grad_() for view in (1, 2))
    loss = debiased_contrastive_loss(first, second, options["temperature"], options["tau_plus"])
    loss.backward()
    torch.testing.assert_close(loss, values["loss"].double(), rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(first.grad, values["gradient_view1"].double(), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(second.grad, values["gradient_view2"].double(), rtol=1e-9, atol=1e-9)


def test_binary_frame_codes_have_the_golden_gradients():
    with h5py.File(GOLDEN.with_name("debiased_contrast.h5")) as file:
        values = {name: torch.from_numpy(data[()]) for name, data in file["binariser"].items()}
    layer = HashLayer(1, 1, frames="binary")
    x = values["input"].clone().requires_grad_()
    y = layer.activation(x)
    y.backward(values["upstream_gradient"])
    elsewhere = values["input"] != 0  # there the released code has -1, and this software +1 as for every code
    assert torch.equal(y[elsewhere], values["output"][elsewhere]) and (y[~elsewhere] == 1).all()
    assert torch.equal(x.grad, values["gradient"])


def test_labels_move_towards_the_prediction_after_the_warm_up(golden):
    net = network(golden, torch.float32)
    feats, labels, _, _ = inputs(golden, torch.float32)
    assert torch.equal(net.refined_labels(feats, labels, epoch=49), labels)
    prediction = torch.from_numpy(golden["outputs"]["label_prediction_logits"]).softmax(1)
    refined = net.refined_labels(feats, labels, epoch=50)
    torch.testing.assert_close(refined, 0.99 * labels + 0.01 * prediction, rtol=1e-5, atol=1e-6)
    assert not refined.requires_grad


def test_labels_start_as_the_pseudo_labels(golden):
    net = network(golden, torch.float32)
    net.labels = torch.tensor([3, 0])
    net.begin_training([None, None], torch.arange(2))  # as many videos as labels
    assert net.labels.dtype == torch.float32
    assert net.labels.tolist() == [[0, 0, 0, 1, *[0] * 6], [1, *[0] * 9]]


def test_a_checkpoint_of_another_network_is_refused(golden):
    weights = dict(golden["weights"])
    with pytest.raises(UserError, match=r"^parameter 'fc\.weight' does not belong to the released S5VH network$"):
        from_released(weights | {"fc.weight": np.zeros(3)})
    name = "encoder.blocks.0.mamba1.D"
    twin = {name.replace("mamba1", "mamba2"): weights[name] + 1}
    with pytest.raises(UserError) as error:
        from_released(weights | twin)
    assert str(error.value) == (
        "parameter 'encoder.layers.0.forward_mixer.D' and its copy for the other direction differ; "
        "the checkpoint was saved before any forward pass"
    )


def test_all_departures_together_are_the_released_recipe():
    together = load_method("+".join(["s5vh", *load_departures("s5vh")]))
    released = load_method("s5vh-released")
    assert together.model_dump(exclude=NAMED) == released.model_dump(exclude=NAMED)
    assert together.published is None  # the printed numbers are not those of another recipe


@pytest.mark.parametrize("switch", load_departures("s5vh"))
def test_a_departure_changes_the_paper_s_recipe_and_nothing_else_does(switch):
    paper, alone = (load_method(name).model_dump(exclude=NAMED) for name in ("s5vh", f"s5vh+{switch}"))
    parts = {part for part, value in paper.items() if isinstance(value, dict)}
    assert {part: alone[part] for part in alone.keys() - parts} == {part: paper[part] for part in paper.keys() - parts}
    changed = {(part, key) for part in parts for key, value in alone[part].items() if value != paper[part][key]}
    settings = load_departures("s5vh")[switch].settings
    named = {(part, key) for part, keys in settings.items() for key in keys}
    # Clusters as released are of means, also where a data set asks for others; the recipe's are of means already.
    assert changed == named - {("semantics", "features")}


def test_an_unknown_departure_is_named():
    with pytest.raises(UserError) as error:
        load_method("s5vh+xavir")
    assert str(error.value) == (
        "method 's5vh+xavir': no departure 'xavir' in config/departures/s5vh.yaml (did you mean 'xavier'?)"
    )
