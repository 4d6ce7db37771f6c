"""The embedded demo corpus: split, labels, motions that are each other's reverse, determinism."""

import h5py
import numpy as np
import pytest

from s5vh.base.errors import UserError
from s5vh.config.dataset import DemoConfig
from s5vh.config.load import load_dataset
from s5vh.data.demo import (
    CLASSES,
    DIGITS,
    MOTIONS,
    Clips,
    RandomConvNet,
    _motion_parameters,
    aspects,
    class_names,
    make_demo,
    plan_clips,
    render,
)
from s5vh.data.features import open_features
from s5vh.methods.load import load_method

STILL = {"speed_jitter": 0, "phase_jitter": 0, "position_jitter": 0, "angle_jitter": 0, "size_jitter": 0, "noise": 0}


def clip(motion, image=0, seed=0):
    (motions,) = (name for name, known in MOTIONS.items() if motion in known)
    numbers = (image, 0, MOTIONS[motions].index(motion), seed)
    return Clips(*(np.array([value]) for value in numbers), motions)


def test_no_image_is_in_both_database_and_queries():
    plan = plan_clips(DemoConfig(train_clips_per_image=2))
    images = {part: set(clips.image.tolist()) for part, clips in plan.items()}
    assert not images["train"] & images["query"]
    assert len(images["train"] | images["query"]) == 1797
    assert abs(len(images["query"]) / 1797 - 1 / 3) < 0.01


def test_labels_are_digit_and_motion():
    from sklearn.datasets import load_digits

    target = load_digits().target
    for clips in plan_clips(DemoConfig(train_clips_per_image=3)).values():
        assert (clips.labels.sum(1) == 1).all() and clips.labels.shape[1] == CLASSES == DIGITS * 9
        names = np.array(class_names())[clips.labels.argmax(1)]
        for name, image, motion in zip(names, clips.image, clips.motion, strict=True):
            assert name == f"{target[image]} {MOTIONS['straight'][motion]}"
        pairs = list(zip(clips.image.tolist(), clips.motion.tolist(), strict=True))
        assert len(pairs) == len(set(pairs)), "an image is shown twice with one motion"
        assert len(set(clips.labels.argmax(1))) == CLASSES, "a class has no clip"


PAIRS = [
    ("drifts right", "drifts left"),
    ("drifts down", "drifts up"),
    ("turns clockwise", "turns anticlockwise"),
    ("grows", "shrinks"),
]


@pytest.mark.parametrize("motion, reverse", PAIRS)
def test_paired_motions_show_the_same_frames_in_reverse_order(motion, reverse):
    config = DemoConfig(**STILL)
    forth, back = (render(clip(name), 9, config)[0] for name in (motion, reverse))
    np.testing.assert_allclose(forth, back[::-1], atol=1e-5)
    assert np.abs(forth - back).max() > 0.3
    np.testing.assert_allclose(forth.mean(0), back.mean(0), atol=1e-5)


def test_motions_do_what_they_are_called():
    config = DemoConfig(**STILL)
    rows, columns = np.mgrid[:32, :32]

    def track(name):
        video = render(clip(name), 9, config)[0]
        ink = video.sum((1, 2))
        return (video * columns).sum((1, 2)) / ink, (video * rows).sum((1, 2)) / ink, ink

    x, y, ink = track("drifts right")
    assert (np.diff(x) > 0).all() and np.ptp(y) < 0.5
    x, y, ink = track("drifts down")
    assert (np.diff(y) > 0).all() and np.ptp(x) < 0.5
    x, y, ink = track("grows")
    assert (np.diff(ink) > 0).all()
    still = render(clip("stands still"), 9, config)[0]
    assert np.ptp(still, axis=0).max() == 0


def progress_of(seed, frames=200, motion="drifts right", **changes):
    """Horizontal position of a clip that repeats its motion, in every frame, from -1 to 1."""
    config = DemoConfig(**(STILL | {"drift": 1, "repetitions": 2} | changes))
    return _motion_parameters(clip(motion, seed=seed), frames, config)["x"][0]


def test_repeated_motion_starts_again_and_again():
    x = progress_of(0)
    jumps = np.flatnonzero(np.diff(x) < 0)
    assert len(jumps) == 2 and np.diff(jumps)[0] == pytest.approx(100, abs=1)  # two periods in 200 frames
    steps = np.delete(np.diff(x), jumps)
    np.testing.assert_allclose(steps, 2 * 2 / 199, rtol=1e-6)  # two lengths of 2 on the way
    assert x.min() == pytest.approx(-1, abs=0.03) and x.max() == pytest.approx(1, abs=0.03)
    np.testing.assert_allclose(progress_of(0, motion="drifts left"), -x, atol=1e-9)


def test_speed_and_phase_are_free():
    speeds = [np.median(np.diff(progress_of(seed, speed_jitter=0.3))) * 199 / 4 for seed in range(200)]
    assert 0.7 < min(speeds) < 0.75 and 1.25 < max(speeds) < 1.3
    starts = np.array([progress_of(seed, phase_jitter=1)[0] for seed in range(400)])
    counts = np.histogram(starts, 4, (-1, 1))[0]
    assert (counts > 75).all(), "phases are not uniform"
    once = np.array([progress_of(seed, phase_jitter=0.25)[100] for seed in range(100)])
    assert 0.2 < np.abs(once).max() < 0.28  # without free phase, clips are near each other in mid-time


def test_a_motion_and_its_reverse_have_the_same_frames_whatever_their_order():
    # The distribution of positions over clips and frames must not give the direction away.
    positions = [
        np.concatenate([progress_of(s, 25, m, phase_jitter=1, speed_jitter=0.3) for s in range(400)])
        for m in ("drifts right", "drifts left")
    ]
    quantiles = [np.quantile(part, np.linspace(0.05, 0.95, 10)) for part in positions]
    np.testing.assert_allclose(quantiles[0], quantiles[1], atol=0.05)


def test_aspects_of_the_classes():
    names = class_names()
    digit_axis, direction = aspects()
    assert direction.within == digit_axis.name == "digit_axis" and not digit_axis.within
    for first, name in enumerate(names):
        for second, other in enumerate(names):
            same_digit = name[0] == other[0]
            axis = {m: axis for axis, pair in enumerate(PAIRS) for m in pair} | {"stands still": -1}
            same = same_digit and axis[name[2:]] == axis[other[2:]]
            assert (digit_axis.groups[first] == digit_axis.groups[second]) == same
            if same and first != second:
                assert {direction.groups[first], direction.groups[second]} == {0, 1}
    assert {names[c][2:] for c in np.flatnonzero(direction.groups < 0)} == {"stands still"}


def test_only_the_freedom_of_motion_differs_from_the_counter_example():
    free, aligned = load_dataset("demo"), load_dataset("demo_aligned")
    motion = {"repetitions", "speed_jitter", "phase_jitter"}
    assert free.demo.model_dump(exclude=motion) == aligned.demo.model_dump(exclude=motion)
    assert free.demo.repetitions and aligned.demo.repetitions is None
    for method in ("s5vh", "conmh", "s5vh_no_alignment"):
        assert load_method(method, "demo_aligned") == load_method(method, "demo")


def test_noise_is_fresh_in_every_frame_and_fixed_by_the_seed():
    config = DemoConfig(**(STILL | {"noise": 0.2}))
    video = render(clip("stands still", seed=5), 50, config)[0]
    assert np.std(np.diff(video, axis=0)) == pytest.approx(0.2 * 2**0.5, rel=0.05)
    assert np.array_equal(video, render(clip("stands still", seed=5), 50, config)[0])
    assert not np.array_equal(video, render(clip("stands still", seed=6), 50, config)[0])


def test_a_clip_does_not_depend_on_the_others():
    config = DemoConfig()
    clips = plan_clips(config)["query"]
    together = render(clips[:4], 5, config)
    np.testing.assert_array_equal(render(clips[2:3], 5, config)[0], together[2])


def test_features_come_from_fixed_weights():
    video = np.random.default_rng(0).random((2, 3, 32, 32), dtype=np.float32)
    first, again, other = (RandomConvNet(64, seed)(video) for seed in (1, 1, 2))
    assert first.shape == (2, 3, 64) and (first >= 0).all()
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_files_of_the_corpus(tmp_path, monkeypatch):
    config = load_dataset("demo").model_copy(update={"frames": 4, "feature_size": 32})
    monkeypatch.setattr("s5vh.data.demo.plan_clips", lambda demo: {part: clips[:70] for part, clips in PLAN.items()})
    make_demo(config, tmp_path)
    for part, clips in PLAN.items():
        with open_features(tmp_path / f"{part}.h5", 4, 32) as file, h5py.File(tmp_path / "thumbnails.h5") as pictures:
            assert file.shape == (70, 4, 32) and np.array_equal(file.labels, clips[:70].labels)
            assert file.ids == clips[:70].ids and file.provenance["seed"] == config.demo.seed
            assert [one.name for one in file.aspects] == ["digit_axis", "direction"]
            assert pictures[part].shape == (70, 5, 32, 32)
            assert pictures["class_names"].asstr()[:].tolist() == class_names()
    with open_features(tmp_path / "train.h5") as file:
        feats = file.feats[:].astype(np.float64)  # these 70 clips are all that mean and scale come from
        np.testing.assert_allclose(feats.mean(axis=(0, 1)), 0, atol=1e-3)
        assert feats.std() == pytest.approx(1, rel=1e-3)


PLAN = plan_clips(DemoConfig())


@pytest.mark.parametrize(
    "change, message",
    [
        ({"feature_size": 30}, "demo: feature_size is 30, must be a multiple of 16"),
        ({"classes": 10}, "demo: classes is 10, must be 90 (digits x motions)"),
    ],
)
def test_settings_that_do_not_fit(tmp_path, change, message):
    with pytest.raises(UserError) as caught:
        make_demo(load_dataset("demo").model_copy(update=change), tmp_path)
    assert str(caught.value) == message and not list(tmp_path.iterdir())
