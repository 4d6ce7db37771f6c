"""The demo's second corpus: the same digits and features as the first, other motions."""

import numpy as np
import pytest
from test_demo import STILL, clip

from s5vh.config.dataset import DemoConfig
from s5vh.config.load import load_dataset
from s5vh.data.demo import Clips, RandomConvNet, class_names, make_demo, plan_clips, render
from s5vh.data.features import open_features
from s5vh.data.motions import AXES, DIRECTIONS, MOTIONS, offsets
from s5vh.methods.load import load_method

QUANTITIES = ("x", "y", "angle", "log_size")
CURVED = MOTIONS["curved"]


def track(motions, motion):
    """Position, angle and log size along a motion, [50, 4]."""
    progress = np.linspace(-1, 1, 50)
    found = offsets(motions, motion, progress, DemoConfig())
    return np.stack([found.get(name, np.zeros(50)) for name in QUANTITIES], axis=1)


def uniform(path):
    """Whether a path is a straight line that is travelled at constant speed."""
    steps = np.diff(path, axis=0)
    return np.allclose(steps, steps[0])


def test_only_the_motions_differ_from_the_demo():
    demo, other = load_dataset("demo"), load_dataset("demo_motions")
    free = {"title", "settings_of", "demo"}
    assert demo.model_dump(exclude=free) == other.model_dump(exclude=free)
    assert other.demo == demo.demo.model_copy(update={"motions": "curved"}) and demo.demo.motions == "straight"
    for method in ("s5vh", "mcmsh", "ssvh", "itq_flat"):
        assert load_method(method, "demo_motions") == load_method(method, "demo")


def test_the_clips_show_the_same_images_with_the_same_numbers():
    plans = [plan_clips(load_dataset(name).demo) for name in ("demo", "demo_motions")]
    for part in ("train", "query"):
        first, second = (plan[part] for plan in plans)
        for name in ("image", "digit", "motion", "seed", "labels"):
            assert np.array_equal(getattr(first, name), getattr(second, name))
        assert not set(first.ids) & set(second.ids)
    assert not set(class_names("straight")) & set(class_names("curved"))
    assert [len(set(names)) for names in MOTIONS.values()] == [len(AXES)] * 2


def test_motions_of_the_demo_are_uniform_and_the_others_are_not():
    assert all(uniform(track("straight", motion)) for motion in range(9))
    assert not any(uniform(track("curved", motion)) for motion in range(9))
    # No path of one corpus is a path of the other, whatever its direction.
    for curved in range(9):
        distances = [np.abs(track("curved", curved) - track("straight", straight)).max() for straight in range(9)]
        assert min(distances) > 0.2


def test_motions_stay_within_reach():
    limit = DemoConfig()
    for motions in MOTIONS:
        for motion in range(9):
            largest = np.abs(track(motions, motion)).max(axis=0)
            assert (largest <= np.array([limit.drift, limit.drift, limit.turn, limit.zoom]) + 1e-9).all()


@pytest.mark.parametrize("number", [m for m in range(9) if DIRECTIONS[m] == 0])
def test_paired_motions_show_the_same_frames_in_reverse_order(number):
    config = DemoConfig(**STILL, motions="curved")
    forth, back = (render(clip(CURVED[number + step]), 9, config)[0] for step in (0, 1))
    np.testing.assert_allclose(forth, back[::-1], atol=1e-5)
    assert np.abs(forth - back).max() > 0.3 and AXES[number] == AXES[number + 1]


def test_motions_do_what_they_are_called():
    paths = dict(zip(CURVED, (track("curved", motion) for motion in range(9)), strict=True))
    x, y, _, size = paths["approaches"].T
    assert (np.diff(size) > 0).all() and (np.diff(size, 2) > 0).all() and np.array_equal(x, y)
    x, y, *_ = paths["circles clockwise"].T
    assert np.allclose(np.hypot(x, y), DemoConfig().drift)
    assert (x[:-1] * y[1:] - y[:-1] * x[1:] > 0).all()  # clockwise, as y points down
    x, y, *_ = paths["zigzags right"].T
    assert (np.diff(x) > 0).all() and (np.diff(np.sign(np.diff(y))) != 0).sum() == 4
    x, y, *_ = paths["waves down"].T
    assert (np.diff(y) > 0).all() and (np.diff(np.sign(np.diff(x))) != 0).sum() == 4
    assert np.ptp(paths["rocks"], axis=0)[[0, 1, 3]].max() == 0 < np.ptp(paths["rocks"][:, 2])


def test_a_frame_has_the_same_features_in_both_corpora(tmp_path, monkeypatch):
    config = load_dataset("demo_motions").model_copy(update={"frames": 4, "feature_size": 32})
    plan = {part: clips[:30] for part, clips in plan_clips(config.demo).items()}
    monkeypatch.setattr("s5vh.data.demo.plan_clips", lambda demo: plan)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_demo(config, tmp_path / name)
    network = RandomConvNet(32, config.demo.seed)
    clips = plan["train"]
    straight = Clips(clips.image, clips.digit, clips.motion, clips.seed)
    sample = network(render(straight, 4, config.demo))
    mean = sample.mean(axis=(0, 1))
    expected = (network(render(clips, 4, config.demo)) - mean) / (sample - mean).std()
    with open_features(tmp_path / "one/train.h5") as one, open_features(tmp_path / "two/train.h5") as two:
        np.testing.assert_allclose(one.feats[:], expected, atol=2e-3, rtol=1e-3)
        assert np.array_equal(one.feats[:], two.feats[:]), "the corpus differs from run to run"
        assert [aspect.name for aspect in one.aspects] == ["digit_axis", "direction"]
        assert all(name.split("-", 1)[1].replace("-", " ") in CURVED for name in one.ids)
