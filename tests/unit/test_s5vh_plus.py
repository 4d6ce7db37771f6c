"""S5VH-plus: the hash function and its loss against loops, what begins a training, and codes after a short one."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from sklearn.metrics import roc_auc_score
from tiny_cells import tiny_cell
from toy_methods import CPU, Toy, weights

from s5vh.base.errors import UserError
from s5vh.config.training import TrainingConfig
from s5vh.config.validation import explain
from s5vh.data.features import write_features
from s5vh.methods.contract import Batch, Shape
from s5vh.methods.s5vh.network import S5VH
from s5vh.methods.s5vh.settings import Settings as S5VHSettings
from s5vh.methods.s5vh_plus.network import Kernel, S5VHPlus, itq_values, neighbour_divergence
from s5vh.methods.s5vh_plus.settings import Settings
from s5vh.methods.s5vh_plus.similarity import diffusion, extended
from s5vh.retrieval.given_order import unit_length
from s5vh.training.batches import FeatureSource, batches_of
from s5vh.training.encoding import encode_all
from s5vh.training.engine import train
from s5vh.training.selection import hold_out
from s5vh.training.stage import train_cell

CLUSTERS, N, T, D, BITS = 3, 24, 6, 8, 8
ALL = torch.arange(N)
NO_FRAMES = torch.empty(0)


def features(count: int = N, noise: float = 0.2, seed: int = 0) -> np.ndarray:
    """Videos of three well separated kinds in turn, float32 [count, T, D]."""
    kinds = np.random.default_rng(7).standard_normal((CLUSTERS, 1, D))[np.arange(count) % CLUSTERS]
    return (kinds + noise * np.random.default_rng(seed).standard_normal((count, T, D))).astype(np.float32)


def settings(**sections) -> Settings:
    small = {"model": {"width": 16}, "target": {"neighbours": 4}, "training": {"epochs": 3, "batch_size": 8}}
    given = {name: small.get(name, {}) | sections.get(name, {}) for name in ("model", "target", "loss", "training")}
    return Settings(title="S5VH-plus", implementation="s5vh_plus", **given)


def network(bits: int = BITS, **sections) -> S5VHPlus:
    torch.manual_seed(0)
    return S5VHPlus(settings(**sections), Shape(T, D, bits), {})


def begun(feats: np.ndarray | None = None, rows: torch.Tensor = ALL, **options) -> S5VHPlus:
    """A network as training begins."""
    model = network(**options)
    model.begin_training(FeatureSource(features() if feats is None else feats, CPU), rows)
    return model


def trained(folder, feats: np.ndarray | None = None, rows: torch.Tensor = ALL, bits: int = BITS, **sections):
    """A trained network and what happened."""
    model, videos = network(bits, **sections), FeatureSource(features() if feats is None else feats, CPU)
    config = settings(**sections).training
    return model, train(model, videos, rows, config, seed=1, digest="d", checkpoint=folder / "checkpoint.pt")


def batch_of(*rows: int) -> Batch:
    return Batch(torch.empty(0), torch.tensor([rows]), 0, torch.Generator().manual_seed(1))


def plain_kernel(kernel: Kernel, used: int, x, own) -> np.ndarray:
    anchors, values = kernel.anchors.double().numpy(), 10 * kernel.values.detach().double().numpy()
    temperature = np.exp(10 * kernel.log_temperature.item())
    results = []
    for video, its_own in zip(x.double().numpy(), own, strict=True):
        total, result = 0.0, 0.0
        for number in set(range(used)) - {its_own}:
            weight = np.exp(anchors[number] @ video / np.linalg.norm(video) / temperature)
            total, result = total + weight, result + weight * values[number]
        results.append(result / total)
    return np.array(results)


class TestKernel:
    @pytest.fixture
    def kernel(self) -> Kernel:
        """Room for 9 anchors, of which 6 are used, and one of these is at the origin."""
        kernel, generator = Kernel(9, 4, 3, 0.2), torch.Generator().manual_seed(0)
        anchors = torch.randn(6, 4, generator=generator)
        anchors[2] = 0
        kernel.start(anchors, torch.randn(6, 3, generator=generator))
        kernel.values.data[6:] = 1e6  # of anchors that are not there
        return kernel

    def test_values_are_those_of_a_loop(self, kernel):
        x, own = torch.randn(4, 4, generator=torch.Generator().manual_seed(2)), torch.tensor([3, -1, 0, 5])
        np.testing.assert_allclose(kernel(x).detach(), plain_kernel(kernel, 6, x, [-1] * 4), rtol=1e-4, atol=1e-5)
        found = kernel(x, own).detach()
        np.testing.assert_allclose(found, plain_kernel(kernel, 6, x, own.tolist()), rtol=1e-4, atol=1e-5)
        kernel.values.data[3] = 50
        changed = kernel(x, own).detach()
        assert torch.equal(changed[0], found[0]) and not torch.equal(changed[1], found[1])

    def test_lengths_do_not_matter(self, kernel):
        x = torch.randn(4, 4, generator=torch.Generator().manual_seed(2))
        torch.testing.assert_close(kernel(5 * x), kernel(x))

    def test_without_anchors_it_says_nothing(self):
        assert not Kernel(5, 4, 3, 0.2)(torch.ones(2, 4)).any()


class TestLoss:
    @pytest.mark.parametrize("temperature", [0.1, 1.0])
    def test_it_is_that_of_a_loop(self, temperature):
        rng = np.random.default_rng(0)
        codes, targets = np.tanh(rng.standard_normal((5, 3))), unit_length(rng.standard_normal((5, 4)))
        total = 0.0
        for i in range(5):
            others = [j for j in range(5) if j != i]
            wanted = np.exp([targets[i] @ targets[j] / temperature for j in others])
            found = np.exp([codes[i] @ codes[j] / (3 * temperature) for j in others])
            total -= np.sum(wanted / wanted.sum() * np.log(found / found.sum()))
        loss = neighbour_divergence(torch.from_numpy(codes), torch.from_numpy(targets), temperature)
        assert float(loss) == pytest.approx(total / 5, rel=1e-12)

    def test_gradients_are_those_of_differences(self):
        generator = torch.Generator().manual_seed(0)
        codes = torch.randn(4, 3, generator=generator, dtype=torch.float64).tanh().requires_grad_()
        targets = torch.nn.functional.normalize(torch.randn(4, 5, generator=generator, dtype=torch.float64))
        assert torch.autograd.gradcheck(lambda codes: neighbour_divergence(codes, targets, 0.5), codes)

    def test_total_is_the_weighted_sum_of_its_terms(self):
        model = begun(loss={"quantization": 0.3, "noise": 0}).eval()
        terms = model.losses(batch_of(1, 4, 9, 20))
        rows = [1, 4, 9, 20]
        codes = model.values(model.summaries[rows], NO_FRAMES, model.own_anchors[rows]).tanh()
        torch.testing.assert_close(terms["quantization"], ((codes.abs() - 1) ** 2).mean())
        torch.testing.assert_close(
            terms["distillation"], neighbour_divergence(codes, model.targets[[1, 4, 9, 20]], 0.1)
        )
        torch.testing.assert_close(terms["total"], terms["distillation"] + 0.3 * terms["quantization"])

    def test_noise_is_added_in_training_only_and_drawn_by_the_batch(self):
        model, seen = begun(loss={"noise": 0.5}, model={"network": "none"}), []
        model.kernel.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        for _ in range(2):
            model.losses(batch_of(0, 1, 2))
        model.eval().losses(batch_of(0, 1, 2))
        noise = torch.randn(3, seen[0].shape[1], generator=torch.Generator().manual_seed(1))
        expected = model.summaries[:3] + 0.5 * model.summaries.std(dim=0, correction=0) * noise
        torch.testing.assert_close(seen[0], expected)
        assert torch.equal(seen[0], seen[1]) and torch.equal(seen[2], model.summaries[:3])


class TestBeginning:
    def test_itq_values_have_variance_1_and_the_similarity_of_the_leading_directions(self):
        vectors = np.random.default_rng(0).standard_normal((12, 6)) * 2.0 ** -np.arange(6)
        centered = vectors - vectors.mean(axis=0)
        left, scales, _ = np.linalg.svd(centered, full_matrices=False)
        values = itq_values(centered, 4, 1)
        assert values.std() == pytest.approx(1, rel=1e-5)
        similar = (left[:, :4] * scales[:4] ** 2) @ left[:, :4].T
        np.testing.assert_allclose(values @ values.T, similar * 48 / np.trace(similar), atol=1e-4)

    def test_bits_beyond_the_rank_start_from_0(self):
        vectors = np.random.default_rng(0).standard_normal((12, 3))
        values = itq_values(vectors - vectors.mean(axis=0), 5, 1)
        assert values.shape == (12, 5) and not values[:, 3:].any() and values[:, :3].any(axis=0).all()
        assert not itq_values(np.zeros((12, 3)), 5, 1).any()

    def test_no_video_sees_its_own_anchor(self):
        model, seen = begun(), []
        assert sorted(model.own_anchors.tolist()) == list(range(N))
        anchors = torch.nn.functional.normalize(model.summaries, dim=1)
        torch.testing.assert_close(model.kernel.anchors[model.own_anchors], anchors)
        assert not model.kernel.anchors[N:].any()
        model.kernel.register_forward_pre_hook(lambda _, given: seen.append(given[1]))
        model.losses(batch_of(5, 0, 17))
        assert torch.equal(seen[0], model.own_anchors[[5, 0, 17]])

    def test_with_more_videos_than_anchors_some_are_drawn(self):
        model = begun(model={"anchors": 5})
        chosen = (model.own_anchors >= 0).nonzero()[:, 0]
        assert model.own_anchors[chosen].tolist() == [0, 1, 2, 3, 4] and len(set(model.own_anchors.tolist())) == 6
        anchors = torch.nn.functional.normalize(model.summaries[chosen], dim=1)
        torch.testing.assert_close(model.kernel.anchors, anchors)
        vectors = unit_length(diffusion(model.summaries.numpy(), 4, 0.99, 128))
        centered = vectors - vectors.mean(axis=0)
        given = 10 * model.kernel.values.detach().numpy()
        leading = centered @ np.linalg.svd(centered)[2][:BITS].T
        similar = leading[chosen] @ leading[chosen].T
        np.testing.assert_allclose(given @ given.T, similar / np.mean(leading**2), atol=1e-3)

    @pytest.mark.parametrize("similarity", ["diffusion", "cosine"])
    def test_targets_are_centred_unit_vectors_also_of_videos_that_are_held_out(self, similarity):
        rows, held = ALL[ALL % 4 != 0], ALL[ALL % 4 == 0]
        model = begun(rows=rows, target={"similarity": similarity})
        points = model.summaries.numpy()
        if similarity == "cosine":
            vectors, others = unit_length(points[rows]), unit_length(points[held])
        else:
            vectors = unit_length(diffusion(points[rows], 4, 0.99, 128))
            others = unit_length(extended(vectors, points[rows], points[held], 4))
        mean = vectors.mean(axis=0)
        np.testing.assert_allclose(model.targets[rows], unit_length(vectors - mean), atol=1e-5)
        np.testing.assert_allclose(model.targets[held], unit_length(others - mean), atol=1e-5)
        assert model.own_anchors[held].eq(-1).all() and model.own_anchors[rows].ge(0).all()
        torch.testing.assert_close(model.targets.norm(dim=1), torch.ones(N))
        # A video that is held out is more like those of its kind than like any other.
        similar = model.targets[held] @ model.targets[rows].t()
        kinds = held[:, None] % CLUSTERS == rows % CLUSTERS
        assert similar[kinds].mean() > similar[~kinds].mean() + 0.5


VARIANTS = {
    "both": {},
    "no kernel": {"model": {"kernel": False}},
    "no network": {"model": {"network": "none"}},
    "encoder": {"model": {"kernel": False, "network": "frames"}},
    "encoder and kernel": {"model": {"network": "frames"}},
    "cosine": {"target": {"similarity": "cosine"}},
    "few anchors": {"model": {"anchors": 15}},
    "means": {"model": {"summary": "mean"}},
}


class TestTraining:
    @pytest.mark.parametrize("variant", VARIANTS)
    def test_kinds_of_videos_get_codes_of_their_own(self, tmp_path, variant):
        """Videos of one kind have more equal bits than others, also those that were not trained on.

        That holds for all pairs or all but a few, which depends on the processor's rounding.
        """
        model, history = trained(
            tmp_path, **VARIANTS[variant], training={"epochs": 40, "batch_size": N, "learning_rate": 5e-3}
        )
        assert history.steps[-1]["total"] < history.steps[0]["total"]
        codes = encode_all(model, FeatureSource(np.concatenate([features(), features(12, seed=5)]), CPU)).astype(int)
        same = np.equal.outer(*[np.arange(len(codes)) % CLUSTERS] * 2)
        similar = codes @ codes.T
        assert roc_auc_score(same.ravel(), similar.ravel()) > 0.99

    def test_the_encoder_is_that_of_s5vh(self):
        """With its weights, the mean over time of what S5VH's hash layer has before its tanh."""
        ours = network(model={"kernel": False, "network": "frames"}).network
        size = {"width": 64, "depth": 1, "d_state": 8, "drop_path": 0}
        theirs = S5VH(S5VHSettings(title="S5VH", implementation="s5vh", model=size), Shape(T, D, BITS), {})
        theirs.embed, theirs.encoder, feats = ours.embed, ours.encoder, torch.from_numpy(features(5))
        theirs.hash.linear.load_state_dict(ours.hash.state_dict() | {"bias": torch.zeros(BITS)})
        hashes = theirs.frame_hashes(theirs.embed(feats) + theirs.positions)
        torch.testing.assert_close(ours(feats), hashes.atanh().mean(dim=1), rtol=1e-3, atol=1e-5)

    def test_codes_do_not_depend_on_the_rest_of_the_batch(self, tmp_path):
        model, feats = trained(tmp_path)[0].eval(), torch.from_numpy(features(9, seed=5))
        together = model.values(model.summary(feats), feats)
        alone = torch.cat([model.values(model.summary(one[None]), one[None]) for one in feats])
        torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)
        assert torch.equal(model.encode(feats), torch.where(together >= 0, 1.0, -1.0))

    def test_weights_are_all_that_codes_need(self, tmp_path):
        model, feats = trained(tmp_path)[0].eval(), torch.from_numpy(features(9, seed=5))
        fresh = network()
        fresh.load_state_dict(model.state_dict())
        fresh.eval()
        for length in (1, 3, T):
            assert torch.equal(fresh.encode(feats[:, :length]), model.encode(feats[:, :length]))

    def test_videos_that_are_held_out_are_measured_and_not_learned(self, tmp_path):
        def run(feats):
            model, videos = network(training=options), FeatureSource(feats, CPU)
            rows, held_out = hold_out(videos, config, seed=1, where="x")
            checkpoint = tmp_path / "c.pt"
            history = train(model, videos, rows, config, seed=1, digest="d", checkpoint=checkpoint, held_out=held_out)
            return rows, model, history

        options = {"held_out": 0.3, "evaluate_every": 1, "batch_size": 8, "epochs": 3}
        config = settings(training=options).training
        rows, model, history = run(features())
        assert len(rows) == 17 and len(history.evaluations) == 3
        for measures in history.evaluations:
            assert np.isfinite([measures["held_out_total"], measures["held_out_distillation"]]).all()
        other = features(seed=9)
        other[rows] = features()[rows]
        _, changed, measured = run(other)
        assert torch.equal(weights(changed), weights(model))
        assert measured.steps == history.steps
        assert measured.evaluations[0]["held_out_total"] != history.evaluations[0]["held_out_total"]

    @pytest.mark.parametrize("bits, videos", [(16, 17), (5, 6), (1, 2)])
    def test_as_few_videos_as_are_allowed(self, tmp_path, bits, videos):
        assert settings().minimum_videos(bits) == videos
        feats = features(videos)
        model, history = trained(tmp_path, feats, torch.arange(videos), bits, target={"eigenvectors": 4})
        assert np.isfinite([row["total"] for row in history.steps]).all()
        assert encode_all(model, FeatureSource(feats, CPU)).shape == (videos, bits)

    @pytest.mark.filterwarnings("ignore:invalid value encountered in divide")
    @pytest.mark.parametrize("similarity", ["diffusion", "cosine"])
    def test_videos_that_are_all_the_same_get_the_same_code(self, tmp_path, similarity):
        feats = np.ones((N, T, D), np.float32)
        model, history = trained(tmp_path, feats, target={"similarity": similarity})
        assert np.isfinite([row["total"] for row in history.steps]).all()
        assert len(np.unique(encode_all(model, FeatureSource(feats, CPU)), axis=0)) == 1


class Watched(FeatureSource):
    """Remembers what is read."""

    def __init__(self, feats):
        super().__init__(feats, CPU)
        self.reads = []

    def batches(self, indices):
        self.reads.append("batches")
        return super().batches(indices)

    def frames(self, video, frame):
        self.reads.append("frames")
        return super().frames(video, frame)


class TestReading:
    def test_no_features_are_read_once_training_has_begun(self, tmp_path):
        class Recorder(S5VHPlus):
            def begin_epoch(self, epoch, videos):
                before.append(list(videos.reads))

            def losses(self, batch):
                empty.append((batch.feats.numel(), batch.feats.device, batch.index.shape))
                return super().losses(batch)

        before, empty = [], []
        videos, model = Watched(features()), Recorder(settings(), Shape(T, D, BITS), {})
        train(model, videos, ALL, settings().training, seed=1, digest="d", checkpoint=tmp_path / "c.pt")
        assert set(before[0]) == {"batches", "frames"} and before[1:] == [before[0]] * 2 and videos.reads == before[0]
        assert empty == [(0, CPU, (1, 8))] * 9
        _, held_out = hold_out(videos, TrainingConfig(held_out=0.5), seed=1, where="x")
        held_out(model, 0)
        assert empty[9:] == [(0, CPU, (1, N // 2))]

    def test_other_methods_get_their_frames(self):
        feats, groups = features(), [torch.tensor([[3, 1]]), torch.tensor([[0, 2]])]
        found = list(batches_of(Toy(), Watched(feats), groups))
        for (index, read), group in zip(found, groups, strict=True):
            assert torch.equal(index, group) and np.array_equal(read, feats[group])


class TestEpochs:
    @pytest.mark.parametrize(
        "videos, smallest, minimum, epochs",
        [
            (10, 1, None, 6),
            (10, 1, 12, 6),  # two steps per epoch, which are enough
            (10, 1, 13, 7),
            (8, 1, 13, 13),
            (9, 1, 100, 50),
            (10, 3, 100, 100),  # the two left over are no step
            (11, 3, 100, 50),
            (16, 3, 100, 50),
            (2, 3, 100, 100),  # the only batch of an epoch is never dropped
            (0, 1, 100, 100),
        ],
    )
    def test_few_videos_are_passed_more_often(self, videos, smallest, minimum, epochs):
        config = TrainingConfig(epochs=6, batch_size=8, minimum_steps=minimum)
        assert config.for_videos(videos, smallest) == config.model_copy(update={"epochs": epochs})

    def test_a_cell_is_trained_for_so_many(self, tmp_path):
        """14 videos in batches of 6 are two steps, as two videos left over are none: 5 epochs for 9 steps."""
        feats = features(14)
        write_features(tmp_path / "x.h5", [feats], shape=feats.shape, labels=None, ids=list(map(str, range(14))),
                       provenance={})  # fmt: skip
        cell = tiny_cell("s5vh-plus")
        training = cell.settings.training.model_copy(update={"epochs": 2, "batch_size": 6, "minimum_steps": 9})
        cell = cell.model_copy(update={"settings": cell.settings.model_copy(update={"training": training})})
        files = {f"{part}_file": tmp_path / "x.h5" for part in ("train", "database", "query")}
        train_cell(cell, **files, prepared={}, protocol={"cutoffs": [5]}, output=tmp_path / "cell", device="cpu")
        rows = list(csv.DictReader((tmp_path / "cell/train.csv").open()))
        assert [row["epoch"] for row in rows] == [str(epoch) for epoch in (1, 2, 3, 4, 5) for _ in range(2)]


class TestBadSettings:
    @pytest.mark.parametrize(
        "sections, message",
        [
            (
                {"model": {"kernel": False, "network": "none"}},
                "x: model: there is neither kernel nor network; switch one on",
            ),
            ({"model": {"anchors": 1}}, "x: model.anchors: must be at least 2, got 1"),
            ({"target": {"damping": 1.0}}, "x: target.damping: must be less than 1.0, got 1.0"),
        ],
    )
    def test_are_told_in_one_line(self, sections, message):
        with pytest.raises(ValidationError) as caught:
            settings(**sections)
        assert str(explain(caught.value, "x", Settings)) == message

    def test_batches_of_two_have_nothing_to_tell_apart(self, tmp_path):
        with pytest.raises(UserError, match="batch_size is 2, must be at least 3 for this method"):
            trained(tmp_path, training={"batch_size": 2})
