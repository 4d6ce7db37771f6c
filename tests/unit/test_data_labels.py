"""Labels: every MATLAB version and layout gives the same multi-hot array, and bad ones are named in "
"one line."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io
import scipy.sparse
from data_files import CLASSES, LABELS, fails, save, save_mat73
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.data import labels as labels_module
from s5vh.data.labels import check_classes, check_labels, read_labels


def mat5(path: Path, labels) -> Path:
    scipy.io.savemat(path, {"labels": labels, "names": np.array(["x"])})
    return path


def mat73(path: Path, labels) -> Path:
    return save_mat73(path, labels=labels, names=np.ones((1, 1)))


@pytest.mark.parametrize("write", [mat5, mat73])
@pytest.mark.parametrize("wrap", [np.asarray, lambda array: scipy.sparse.csc_matrix(array.astype(float))])
@pytest.mark.parametrize("turn", [False, True])
def test_label_arrays_of_every_version_dense_and_sparse(tmp_path, write, wrap, turn):
    path = write(tmp_path / "l.mat", wrap(LABELS.T if turn else LABELS))
    labels = read_labels([path], "labels", CLASSES, count=5)
    assert labels.dtype == np.uint8
    np.testing.assert_array_equal(labels, LABELS)
    with fails(f"{path}: no array 're_label' (the file has: labels, names); fix 'key' next to the label files"):
        read_labels([path], "re_label", CLASSES)


@pytest.mark.parametrize("write", [mat5, mat73])
def test_square_arrays_are_rows_unless_told_otherwise(tmp_path, write):
    square = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], np.uint8)
    path = write(tmp_path / "l.mat", square)
    np.testing.assert_array_equal(read_labels([path], "labels", 3, count=3), square)
    turned = read_labels([path], "labels", 3, count=3, orientation="columns")
    np.testing.assert_array_equal(turned, square.T)


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("count", [None, 8])
def test_a_square_array_follows_the_other_files(tmp_path, turn, count):
    square, other = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], np.uint8), LABELS
    files = [mat5(tmp_path / f"{n}.mat", array.T if turn else array) for n, array in enumerate((square, other))]
    for order in (files, files[::-1]):
        expected = np.concatenate([square, other][:: 1 if order is files else -1])
        np.testing.assert_array_equal(read_labels(order, "labels", 3, count=count), expected)
        other_way = "rows" if turn else "columns"
        with pytest.raises(UserError, match="expected N videos and 3 classes"):
            read_labels(order, "labels", 3, count=count, orientation=other_way)
    mixed = [files[0], mat5(tmp_path / "rows.mat", LABELS), mat5(tmp_path / "columns.mat", LABELS.T)]
    found = read_labels(mixed, "labels", 3)  # no file says what a square one would be, so it is rows
    np.testing.assert_array_equal(found, np.concatenate([square.T if turn else square, LABELS, LABELS]))


@pytest.mark.parametrize("videos", [2, 4, 7])
def test_columns_with_a_count_are_read_and_counted(tmp_path, videos):
    labels = np.eye(3, dtype=np.uint8)[np.arange(videos) % 3]
    path = mat5(tmp_path / "l.mat", labels.T)
    for orientation in ("auto", "columns"):
        found = read_labels([path], "labels", 3, count=videos, orientation=orientation)
        np.testing.assert_array_equal(found, labels)
        with fails(
            f"{path}: labels of {videos} videos for features of {videos + 1}; label and feature files do not match"
        ):
            read_labels([path], "labels", 3, count=videos + 1, orientation=orientation)


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("count", [None, 4])
def test_a_single_class_is_a_matrix_of_zeros_and_ones(tmp_path, turn, count):
    column = np.array([[1], [0], [1], [1]])
    path = mat5(tmp_path / "l.mat", column.T if turn else column)
    assert read_labels([path], "labels", 1, count=count).tolist() == column.tolist()
    with fails(f"{path}: label 0 of video 1 is 2, expected 0 or 1"):
        read_labels([mat5(path, np.array([[1], [2]]))], "labels", 1)


@pytest.mark.parametrize("write", [mat5, mat73])
def test_sparse_values_are_read_as_they_are(tmp_path, write):
    path = write(tmp_path / "l.mat", scipy.sparse.csc_matrix(np.array([[1.0, 0, 0], [0, 3.0, 0]])))
    with fails(f"{path}: label 1 of video 1 is 3, expected 0 or 1"):
        read_labels([path], "labels", 3)
    empty = write(path, scipy.sparse.csc_matrix((4, 3)))
    assert read_labels([empty], "labels", 3).tolist() == [[0] * 3] * 4


def test_sparse_arrays_too_large_for_labels_are_refused(tmp_path, monkeypatch):
    path = mat5(tmp_path / "l.mat", scipy.sparse.csc_matrix(np.eye(4, 3)))
    monkeypatch.setattr(labels_module, "_LARGEST", 12)
    assert read_labels([path], "labels", 3).shape == (4, 3)
    monkeypatch.setattr(labels_module, "_LARGEST", 11)
    with fails(f"{path}: 'labels' has shape (4, 3), too large for labels; check the file"):
        read_labels([path], "labels", 3)


def test_truth_values_are_labels_and_nothing_is_none(tmp_path):
    path = save(tmp_path / "l.h5", labels=LABELS.astype(bool), none=np.zeros((0, 3)))
    np.testing.assert_array_equal(read_labels([path], "labels", 3), LABELS)
    with fails(f"{path}: 'none' is empty or not numeric, expected 0 and 1 or class indices"):
        read_labels([path], "none", 3)


def test_one_row_is_one_video_only_if_it_says_so(tmp_path):
    path = mat5(tmp_path / "l.mat", np.array([[0, 1, 1]]))
    assert read_labels([path], "labels", 3).argmax(axis=1).tolist() == [0, 1, 1]
    assert read_labels([path], "labels", 3, count=3).argmax(axis=1).tolist() == [0, 1, 1]
    with pytest.raises(UserError, match="labels of 3 videos for features of 2"):
        read_labels([path], "labels", 3, count=2)
    one = mat5(tmp_path / "o.mat", np.array([[2]]))
    assert read_labels([one], "labels", 3, count=1, first_class=1).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(("first", "numbers"), [(0, [0, 3]), (0, [-1, 2]), (1, [0, 3]), (1, [1, 4]), ("auto", [0, 3])])
def test_class_numbers_outside_their_range_are_refused(tmp_path, first, numbers):
    path, start = mat5(tmp_path / "l.mat", np.array([numbers])), first if first == 1 else 0
    with fails(f"{path}: 'labels' has class indices {numbers[0]} to {numbers[1]}, expected {start} to {2 + start}"):
        read_labels([path], "labels", 3, first_class=first)


def test_checks_name_the_first_video_and_count_all():
    wrong = LABELS.copy()
    wrong[3, 2] = wrong[4, 0] = 7
    with fails("x.mat: label 2 of video 3 is 7, expected 0 or 1"):
        check_labels(wrong, 5, "x.mat")
    for labels, count in ((LABELS, 4), (LABELS, 6), (LABELS[0], 3)):
        with fails(f"x.mat: labels of shape {labels.shape}, expected one row for each of {count} videos"):
            check_labels(labels, count, "x.mat")
    with fails(
        "x.mat: class 0 has 2 queries but no database video (2 such classes); fix the label files, "
        "or set 'allow_gaps: true' next to them"
    ):
        check_classes(LABELS, np.array([[0, 1, 0], [0, 1, 0]]), "x.mat")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
    st.sampled_from([0, 1]),
    st.sampled_from([(-1,), (-1, 1), (1, -1)]),
    st.sampled_from([mat5, mat73]),
)
def test_class_numbers_become_one_hot(tmp_path, numbers, first, shape, write):
    stored = np.array(numbers) + first
    path = write(tmp_path / "l.mat", stored.reshape(shape).astype(float))
    expected = np.eye(4, dtype=np.uint8)[numbers]
    labels = read_labels([path], "labels", 4, count=len(numbers), first_class=first)
    np.testing.assert_array_equal(labels, expected)
    if 0 in stored or 4 in stored:
        np.testing.assert_array_equal(read_labels([path], "labels", 4, count=len(numbers)), expected)
    else:
        with pytest.raises(UserError, match="leave open whether the first class is 0 or 1; set 'first_class'"):
            read_labels([path], "labels", 4, count=len(numbers))


def test_where_class_numbers_start_is_judged_on_all_files(tmp_path):
    one, two = mat5(tmp_path / "a.mat", [[1, 2]]), mat5(tmp_path / "b.mat", [[3, 1]])
    labels = read_labels([one, two], "labels", 3, count=4)
    assert labels.argmax(axis=1).tolist() == [0, 1, 2, 0]


def test_a_single_video_is_not_taken_for_class_numbers(tmp_path):
    path = mat5(tmp_path / "l.mat", np.array([[0, 1, 1]]))
    assert read_labels([path], "labels", 3, count=1).tolist() == [[0, 1, 1]]


@pytest.mark.parametrize(
    ("array", "options", "message"),
    [
        (LABELS * 0.5, {}, "label 0 of video 0 is 0.5, expected 0 or 1"),
        (np.where(LABELS, np.nan, 0), {}, "label 0 of video 0 is nan, expected 0 or 1"),
        (
            np.zeros((5, 4)),
            {"count": 5},
            "'labels' has shape (5, 4), expected N videos and 3 classes; check the file and 'classes'",
        ),
        (np.zeros((2, 3, 4)), {}, "'labels' has shape (2, 3, 4), expected [videos, classes]"),
        (
            LABELS,
            {"count": 6},
            "labels of 5 videos for features of 6; label and feature files do not match",
        ),
        (np.array([[1, 2, 4, 1]]), {}, "'labels' has class indices 1 to 4, expected 1 to 3"),
        (np.array([[0, 1, 3, 1]]), {}, "'labels' has class indices 0 to 3, expected 0 to 2"),
        (np.array([[0, 1, 0.5, 1]]), {}, "'labels' has class index 0.5, expected integers"),
        (
            np.array([[1, 2, 1, 1]]),
            {},
            "class indices 1 to 2 for 3 classes leave open whether the first class is 0 or 1; set "
            "'first_class' next to the label files",
        ),
        (np.array(["a"]), {}, "'labels' is empty or not numeric, expected 0 and 1 or class indices"),
    ],
)
def test_bad_labels_are_named(tmp_path, array, options, message):
    path = mat5(tmp_path / "l.mat", array)
    with fails(f"{path}: {message}"):
        read_labels([path], "labels", CLASSES, **options)


def test_foreign_label_files_are_named(tmp_path):
    path = tmp_path / "l.mat"
    with fails(f"{path}: no such file"):
        read_labels([path], "labels", CLASSES)
    for content, said in (
        (b"", "is an empty file, not a label file; download it again"),
        (b"<html>", "is a web page, not a label file; download it again"),
        (mat5(path, LABELS).read_bytes()[:150], r"not a readable MATLAB file \(.*\); download it again"),
    ):
        path.write_bytes(content)
        with pytest.raises(UserError, match=rf"^{path}: {said}$"):
            read_labels([path], "labels", CLASSES)
    with h5py.File(path, "w") as file:
        file.create_group("labels")
    with fails(f"{path}: 'labels' is a struct, expected an array"):
        read_labels([path], "labels", CLASSES)


def test_labels_must_say_something():
    gap = LABELS.copy()
    gap[2:4] = 0
    with fails(
        "x.mat: video 2 has no label (2 such videos); label it, omit it, or set 'allow_gaps: true' "
        "next to the label files"
    ):
        check_labels(gap, 5, "x.mat")
    check_labels(gap, 5, "x.mat", allow_gaps=True)
    with fails(
        "x.mat: class 1 has 3 queries but no database video (1 such classes); fix the label files, "
        "or set 'allow_gaps: true' next to them"
    ):
        check_classes(LABELS, np.array([[1, 0, 1]]), "x.mat")
    check_classes(LABELS, np.array([[1, 0, 1]]), "x.mat", allow_gaps=True)
    check_classes(LABELS[:1], np.array([[1, 0, 0]]), "x.mat")  # a class that nobody asks for may be empty
    with fails("x.mat: queries have 3 classes, the database 2"):
        check_classes(LABELS, LABELS[:, :2], "x.mat")
