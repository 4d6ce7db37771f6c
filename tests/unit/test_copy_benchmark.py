"""The altered copies and the scores of benchmarks/near_duplicates.py."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from video_files import numbered, numbers_of, write_video

FRAMES = 30


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Frames of 96 x 48 pixels that show their numbers from 0 to 29."""
    return write_video(tmp_path_factory.mktemp("clips") / "clip.mp4", numbered(FRAMES))


@pytest.fixture
def copy(clip, tmp_path):
    """A function that makes an altered copy and returns its path and its frames, uint8 [n, h, w, 3]."""
    from altered_clips import ALTERATIONS, pictures, write_copy

    def make(key: str) -> tuple[Path, np.ndarray]:
        path = tmp_path / f"{key}.mp4"
        write_copy(clip, ALTERATIONS[key], path)
        return path, np.stack([np.asarray(picture) for picture in pictures(path)])

    return make


def test_a_mirrored_copy_is_mirrored(copy):
    _, frames = copy("mirrored")
    assert frames.shape == (FRAMES, 48, 96, 3)
    assert numbers_of(frames[:, :, ::-1]) == list(range(FRAMES))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("faster", np.minimum((np.arange(27) + 0.5) * 1.1, 29).astype(int)),  # round(30 / 1.1) frames
        ("slower", ((np.arange(33) + 0.5) * 0.9).astype(int)),
        ("trimmed", np.arange(3, 27)),
    ],
)
def test_a_copy_of_another_length_shows_these_frames(copy, key, expected):
    _, frames = copy(key)
    assert numbers_of(frames) == expected.tolist()


def test_frames_that_are_left_keep_their_times(copy):
    import av

    path, frames = copy("dropped")
    numbers = numbers_of(frames)
    assert len(numbers) == len(set(numbers)) == FRAMES - FRAMES // 4 and numbers == sorted(numbers)
    with av.open(str(path)) as container:
        times = [round(25 * frame.time) for frame in container.decode(video=0)]
    assert np.diff(times).tolist() == np.diff(numbers).tolist()


def test_pictures_are_cropped_framed_shrunk_and_marked_where_they_should_be():
    from altered_clips import cropped, letterboxed, smaller, with_logo

    picture = Image.fromarray(np.random.default_rng(0).integers(1, 200, (60, 80, 3), dtype=np.uint8))
    pixels = np.asarray(picture)
    np.testing.assert_array_equal(np.asarray(cropped(picture)), pixels[6:54, 8:72])
    framed = np.asarray(letterboxed(picture))
    np.testing.assert_array_equal(framed[10:70], pixels)
    assert framed.shape == (80, 80, 3) and not framed[:10].any() and not framed[70:].any()
    assert smaller(picture).size == (40, 30)
    changed = (np.asarray(with_logo(picture)) != pixels).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (1, 10, 58, 77) and changed.sum() == 10 * 20


def test_alterations_can_be_sent_to_other_processes():
    from altered_clips import ALTERATIONS

    for alteration in ALTERATIONS.values():
        sent = pickle.loads(pickle.dumps(alteration))
        for mine, other in zip(alteration.timing(FRAMES), sent.timing(FRAMES), strict=True):
            np.testing.assert_array_equal(mine, other)


def test_a_quarter_of_the_bit_rate_makes_a_smaller_file(tmp_path):
    from altered_clips import ALTERATIONS, write_clip, write_copy

    noise = np.random.default_rng(0).integers(0, 256, (50, 64, 64, 3), dtype=np.uint8)
    write_clip(tmp_path / "noise.mp4", enumerate(map(Image.fromarray, noise)))
    write_copy(tmp_path / "noise.mp4", ALTERATIONS["bit_rate"], tmp_path / "copy.mp4")
    assert (tmp_path / "copy.mp4").stat().st_size < 0.5 * (tmp_path / "noise.mp4").stat().st_size


def test_generated_clips_differ_by_seed_and_move():
    from altered_clips import generated

    first, again, other = (np.stack(list(map(np.asarray, generated(seed, 3, (32, 24))))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape == (3, 24, 32, 3) and (first != other).any() and (first[0] != first[2]).any()


# Four videos, the first two of which are originals; copies by one alteration.
ARCHIVE = np.array([[0, 3, 1, 8], [3, 0, 5, 8], [1, 5, 0, 9], [8, 8, 9, 0]])
COPIES = np.array([[[2, 3, 2, 2], [4, 1, 1, 0]]])
ROWS = np.array([0, 1])


def test_recall_counts_ties_in_expectation():
    from copy_scores import recall_at_1

    assert recall_at_1(COPIES, ROWS).tolist() == [[1 / 3, 0]]  # three are equally near; the second has a nearer one


def test_the_radius_admits_no_more_than_a_share_of_the_pairs():
    from copy_scores import radius_for

    # The six pairs are at 1, 3, 5, 8, 8 and 9.
    assert [radius_for(ARCHIVE, share) for share in (0.01, 0.17, 0.34, 0.51, 0.67, 0.84)] == [0, 2, 4, 7, 7, 8]
    tenths = ARCHIVE / 10
    radius = radius_for(tenths, 0.34)
    assert 0.3 < radius < 0.5 and ((tenths <= radius) == (ARCHIVE <= 4)).all()


def test_scores_of_a_hand_computed_search():
    from copy_scores import Outcome, summary

    second_seed = np.array([[[0, 5, 5, 5], [5, 0, 5, 5]]])
    outcome = Outcome.of(np.stack([COPIES, second_seed]), ROWS, [1.0, 2.0])
    # With the first seed, only the second copy has videos within 1: its original and two others.
    assert outcome.first.tolist() == [[2 / 3, 0.5]]
    assert outcome.found.tolist() == [[0.5, 1.0]] and outcome.others.tolist() == [[0.0, 1.0]]
    scores = summary(outcome.resampled(), ["logo"])
    assert scores["logo"] == scores["all"]
    assert scores["all"]["recall_at_1"]["value"] == pytest.approx(7 / 12)
    assert scores["all"]["recall"] == {"value": 0.75, "low": 0.5, "high": 1.0}
    assert scores["all"]["precision"] == {"value": 0.6, "low": 0.5, "high": 1.0}


def test_precision_of_nothing_is_undefined():
    from copy_scores import Outcome, summary

    scores = summary(Outcome.of(COPIES[None], ROWS, [-1.0]).resampled(), ["logo"])
    assert scores["logo"]["precision"] == {"value": None, "low": None, "high": None}
    assert scores["logo"]["recall"]["value"] == 0


def test_precision_over_alterations_is_that_of_all_reports():
    from copy_scores import Outcome

    outcome = Outcome(np.ones((2, 2)), np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert outcome.resampled()["precision"][0].tolist() == [1.0, 0.25, 0.5]


def test_distances():
    from copy_scores import cosine_distances, hamming

    codes = np.array([[1, 1, -1, -1], [1, -1, -1, -1]], np.int8)
    assert hamming(codes, codes).tolist() == [[0, 1], [1, 0]]
    assert hamming(codes, np.zeros((1, 4))).tolist() == [[2], [2]]
    np.testing.assert_allclose(
        cosine_distances(np.array([[3.0, 0]]), np.array([[2.0, 0], [0, 1], [-1, 0]])), [[0, 1, 2]]
    )
