"""The page about the user's own videos: groups, near-duplicates, outliers, and what it says without labels or files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from archive_results import DATABASE, QUERIES, archive_run, video_names, write_archive_dataset, write_archive_results
from PIL import Image
from search_files import read_page

from s5vh.base.errors import UserError
from s5vh.cli import main
from s5vh.config import layout
from s5vh.reporting.archive import clusters
from s5vh.reporting.archive.clusters import cluster_codes, examples
from s5vh.reporting.archive.contents import Problem, read_contents
from s5vh.reporting.archive.outliers import outliers
from s5vh.reporting.archive.page import write_archive
from s5vh.reporting.catalog import exhibits
from s5vh.reporting.report import write_report
from s5vh.retrieval.codes import pack, read_codes, write_codes
from s5vh.semantics import clustering

SIGNS = np.array([-1, 1], np.int8)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with `mine`, which has labels, and its results; only to be copied."""
    root = tmp_path_factory.mktemp("archive")
    write_archive_dataset(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        write_archive_results(archive_run(), "mine", Path("results"))
    return root


@pytest.fixture
def folder(made, tmp_path, monkeypatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page_text(path: Path) -> str:
    """Text of a page without tags, in one line."""
    return " ".join(" ".join(read_page(path).texts).split())


class TestPage:
    def test_it_says_what_is_there_and_what_is_not(self, folder):
        assert main(["archive", "mine", "--run", archive_run().to_json(), "--threads", "1"]) == 0
        text = page_text(layout.archive("mine"))
        assert "My mine videos What is in the archive 51 videos, arranged by" in text
        assert "Videos 51 Total length 75 min and 1 of unknown length Typical length 90 s" in text
        assert "2 videos left out: no frame can be decoded bad1.mp4, bad2.mp4" in text
        assert "1 video read in part: the file ends after 3 of 9 frames class0/clip 00#.mp4" in text
        assert "Passed over: 1 file (text)" in text
        metrics = (layout.cell("mine", "itq_mean", 16, 1) / "metrics.json").read_text()
        precision = float(re.search(r'"precision": \{\s*"5": ([\d.]+)', metrics)[1])
        assert f"11 videos were held out and searched for among the other 40, by 16 bits of ITQ (time-averaged): of " \
               f"the first 5 videos found, {5 * precision:.1f} share a class" in text  # fmt: skip
        assert "8 bits ITQ (time-averaged)" in text and "Without codes chance" in text and "over queries" in text
        assert "cosine of all frames" not in text

    def test_everything_is_in_the_page_and_names_are_only_text(self, folder):
        write_archive(archive_run(), "mine", threads=1)
        shown = read_page(layout.archive("mine"))
        pictures = [address for address in shown.addresses if address.startswith("data:image/jpeg;base64,")]
        assert len(pictures) == shown.tags.count("img") > 20
        assert not {"script", "link", "iframe", "dancing"} & set(shown.tags)
        assert "https://" not in layout.archive("mine").read_text()
        links = {address for address in shown.addresses if address.startswith("../../data/mine/")}
        assert "../../data/mine/class0/clip%2000%23.mp4" in links and links <= {
            "../../data/mine/" + name.replace(" ", "%20").replace("#", "%23") for name in video_names()
        }
        assert "../report.html" in shown.addresses

    def test_pictures_of_videos_that_have_gone_are_thumbnails_or_names(self, folder):
        shutil.rmtree("data")
        write_archive(archive_run(), "mine", threads=1)
        shown = read_page(layout.archive("mine"))
        assert shown.tags.count("img") > 20 and not any("data/mine" in address for address in shown.addresses)
        layout.thumbnails("mine").write_bytes(b"damaged")
        write_archive(archive_run(), "mine", threads=1)
        shown = read_page(layout.archive("mine"))
        assert "img" not in shown.tags and any(text.startswith("clip ") for text in shown.texts)

    def test_pictures_come_from_the_videos_where_they_are(self, folder, monkeypatch):
        seen = []

        def frames(path, count, height):
            seen.append((path.name, count, height))
            return [np.zeros((height, 10, 3), np.uint8)]

        monkeypatch.setattr("s5vh.data.videos.frame_folder.video_thumbnails", frames)
        write_archive(archive_run(), "mine", threads=2)
        names = [name for name, count, height in seen if (count, height) == (1, 144)]
        assert len(seen) == len(names) == len(set(names)) > 20  # each once

    def test_without_labels_there_are_no_scores(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        write_archive_dataset(tmp_path, labelled=False)
        run = archive_run()
        assert run.unlabelled == ("mine",)
        write_archive_results(run, "mine", layout.RESULTS, labelled=False)
        write_archive(run, "mine", threads=1)
        text = page_text(layout.archive("mine"))
        assert "have no labels, so there is nothing to score" in text and "GmAP" not in text

    def test_codes_that_hardly_differ_are_told(self, folder):
        for cell in Path("results/mine").glob("*/*bit/seed1/codes.npz"):
            bits = read_codes(cell).bits
            write_codes(cell, np.ones((DATABASE, bits), np.int8), np.ones((QUERIES, bits), np.int8), bits)
        write_archive(archive_run(), "mine", threads=1)
        text = page_text(layout.archive("mine"))
        assert "The videos are too few, or too alike, to be divided." in text
        assert "51 videos in 1 group whose codes differ by none of 16 bits" in text
        assert "too few videos, or too few different ones" in text

    @pytest.mark.parametrize("fault", ["codes", "list", "kind"])
    def test_faults_end_in_one_line(self, folder, fault):
        cell, dataset, message = (
            layout.cell("mine", "itq_mean", 16, 1) / "codes.npz",
            "mine",
            "videos.csv: no such file",
        )
        if fault == "codes":
            write_codes(cell, np.ones((3, 16), np.int8), np.ones((2, 16), np.int8), 16)
            message = "codes of the database, but results/mine/features/train.h5 has 40 videos; delete it and run"
        elif fault == "list":
            layout.videos("mine").unlink()
        else:
            dataset, message = "demo", "^demo: not a data set of kind 'videos'"
        with pytest.raises(UserError, match=message):
            write_archive(archive_run(), dataset, threads=1)
        assert not layout.archive(dataset).exists()


def test_the_report_on_an_archive_needs_no_study_and_links_to_the_page(folder):
    run = archive_run()
    for exhibit in exhibits("figure", run):
        path = exhibit.outputs()[1]
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (18, 9)).save(path)
    write_report(run)
    page = layout.report().read_text()
    assert 'href="mine/archive.html"' in page and "Details</h2>" in page
    assert "pan.baidu" not in page and "Further studies" not in page


class TestClusters:
    def test_groups_that_are_apart_are_found_whatever_their_order(self):
        rng = np.random.default_rng(0)
        kinds = np.repeat(np.arange(8), 12)
        codes = rng.choice(SIGNS, (8, 64))[kinds]
        codes[np.arange(len(codes)), rng.integers(64, size=len(codes))] *= -1
        order = rng.permutation(len(codes))
        found = cluster_codes(codes[order])
        assert sorted(map(len, found.members)) == [12] * 8 and found.silhouette > 0.8
        assert all(len(set(kinds[order[own]])) == 1 for own in found.members)

    def test_members_are_in_order_of_their_distance_to_the_centroid(self):
        codes = np.random.default_rng(1).choice(SIGNS, (90, 12), p=[0.2, 0.8])
        for own in cluster_codes(codes).members:
            distances = ((codes[own] - codes[own].mean(axis=0)) ** 2).sum(axis=1)
            assert distances[0] == distances.min() and distances[-1] == distances.max()

    def test_all_codes_are_in_one_group_each_also_beyond_the_sample(self, monkeypatch):
        monkeypatch.setattr(clusters, "_FITTED", 60)
        monkeypatch.setattr(clusters, "_JUDGED", 30)
        monkeypatch.setattr(clustering, "_BLOCK", 7)
        codes = np.random.default_rng(2).choice(SIGNS, (200, 16))
        found = cluster_codes(codes)
        assert sorted(np.concatenate(found.members).tolist()) == list(range(200))
        sizes = [len(own) for own in found.members]
        assert sizes == sorted(sizes, reverse=True) and clusters.FEWEST <= len(sizes) <= clusters.MOST

    @pytest.mark.parametrize("videos", [1, 2, 5])
    def test_few_or_equal_codes_are_one_group(self, videos):
        assert [len(own) for own in cluster_codes(np.ones((videos, 8), np.int8)).members] == [videos]
        assert cluster_codes(np.ones((40, 8), np.int8)).silhouette is None

    @pytest.mark.parametrize(
        ("size", "count", "shown"), [(1, 7, [0]), (3, 7, [0, 1, 2]), (101, 5, [0, 25, 50, 75, 100])]
    )
    def test_examples_go_from_typical_to_untypical(self, size, count, shown):
        assert examples(np.arange(size), count).tolist() == shown


def test_outliers_are_farthest_from_their_nearest():
    rng = np.random.default_rng(3)
    codes = rng.choice(SIGNS, (60, 20), p=[0.15, 0.85])
    codes[[7, 33]] = rng.choice(SIGNS, (2, 20))
    found, means = outliers(pack(codes), 20, 10)
    distances = (codes[:, None] != codes[None]).sum(axis=2)
    expected = np.sort(distances, axis=1)[:, 1:6].mean(axis=1)  # without the code itself
    assert found.tolist() == np.argsort(-expected, kind="stable")[:10].tolist()
    assert means.tolist() == expected[found].tolist()
    assert len(outliers(pack(codes[:19]), 20, 10)[0]) == 0
    assert len(outliers(pack(np.ones((60, 20), np.int8)), 20, 10)[0]) == 0


def test_contents_are_counted_by_what_is_wrong(tmp_path):
    listed = tmp_path / "videos.csv"
    listed.write_text("path,status,reason,seconds\na,ok,,10\nb,ok,,\nc,damaged,short,20\nd,failed,empty,\ne,failed,bad,\n"
                      "f,failed,bad,\ng,passed over,text,\nh,passed over,text,\n007,ok,,40\n")  # fmt: skip
    found = read_contents(listed)
    assert (found.found, found.failed, found.damaged, found.unknown) == (7, 3, 1, 1)
    assert (found.seconds, found.median, found.passed_over) == (70.0, 20.0, {"text": 2})
    assert found.problems == [
        Problem("bad", ["e", "f"], False), Problem("empty", ["d"], False), Problem("short", ["c"], True),
    ]  # fmt: skip
