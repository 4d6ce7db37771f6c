"""The pages in a real browser: the report, the page about own videos, hits of a search, near-duplicates."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
from archive_results import archive_run, write_archive_dataset, write_archive_results
from browser import CHROMIUM, Browser
from PIL import Image
from reporting_results import make_run, write_datasets
from search_files import Corpus, run

from s5vh.config import layout
from s5vh.reporting.archive.page import write_archive
from s5vh.reporting.catalog import exhibits
from s5vh.reporting.report import write_report

pytest_plugins = ("reporting_fixtures",)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, as Debian's package chromium")

PAGES = ("report", "archive", "hits", "duplicates")
NARROW, WIDE = 360, 1280
LINKS = 10  # and controls that are looked for on each page

# Pictures that have not loaded, or that take no room; those below are asked to load first.
PICTURES = """(async () => {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = 'eager';
  await Promise.allSettled(pictures.map(picture => picture.decode()));
  const bad = pictures.filter(one => !one.naturalWidth || !one.getBoundingClientRect().width);
  return {all: pictures.length, bad: bad.map(one => one.alt)};
})()"""
WIDTH = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
# Links and controls that can be seen, in their order.
REACHABLE = """[...document.querySelectorAll('a[href], summary, button, input, select')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length)
  .map(one => one.getAttribute('href') || one.textContent.trim()).slice(0, %d)"""
FOCUSED = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name: one.getAttribute('href') || one.textContent.trim(), visible: outlined && within};
})()"""
# Contrast of every text with what is behind it, as in WCAG 2: the least, and where.
CONTRAST = """(() => {
  const light = text => {
    const parts = text.match(/[\\d.]+/g).map(Number).slice(0, 3).map(value => value / 255)
      .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = one => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  let least = [21, ''];
  for (const one of document.querySelectorAll('h1, h2, h3, p, a, td, th, li, span, strong, code, summary')) {
    if (!one.textContent.trim() || !one.checkVisibility({opacityProperty: true})) continue;
    if (getComputedStyle(one).opacity < 1) continue;
    const two = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => a - b);
    const contrast = (two[1] + 0.05) / (two[0] + 0.05);
    if (contrast < least[0]) least = [contrast, one.outerHTML.slice(0, 200)];
  }
  return least;
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(made, tmp_path_factory) -> dict[str, Path]:
    """The four pages, by name."""
    root = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        write_datasets(root)
        report = _report(Path(shutil.copytree(made / "demo", root / "demo")))
        write_archive_dataset(root)
        write_archive_results(archive_run(), "mine", layout.RESULTS)
        write_archive(archive_run(), "mine", threads=1)
        corpus = Corpus(root)
        corpus.build()
        with h5py.File(root / "thumbnails.h5", "w") as file:
            file["videos"] = np.random.default_rng(0).integers(256, size=(25, 5, 8, 8), dtype=np.uint8)  # 5 without
        assert run("search", "videos.index", "query.h5", "--top=8", "--html=hits.html") == 0
        assert run("duplicates", "videos.index", "--html=duplicates.html") == 0
    return {
        "report": report,
        "archive": root / layout.archive("mine"),
        "hits": root / "hits.html",
        "duplicates": root / "duplicates.html",
    }


def _report(results: Path) -> Path:
    """The report of the demo; the figures are empty."""
    report = make_run(["toy"])
    for exhibit in exhibits("figure", report):
        path = exhibit.outputs(results)[1]
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (1800, 900)).save(path, dpi=(180, 180))
    write_report(report, results)
    return layout.report(results)


@pytest.mark.parametrize("name", PAGES)
def test_it_works_in_narrow_and_wide_windows(browser, pages, name):
    for width in (NARROW, WIDE):
        browser.open(pages[name], width)
        pictures = browser.run(PICTURES)
        assert pictures["all"] >= 5 and pictures["bad"] == []
        assert browser.run(WIDTH) <= width
        assert browser.complaints() == []


@pytest.mark.parametrize("name", ["report", "archive"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_keys_reach_what_can_be_clicked_and_show_where_they_are(browser, pages, name, width):
    browser.open(pages[name], width)
    wanted = browser.run(REACHABLE % LINKS)
    reached = []
    for _ in range(2 * LINKS):  # tables that scroll can be reached, too
        browser.press_tab()
        reached.append(browser.run(FOCUSED))
    assert len(wanted) == LINKS and all(one["visible"] for one in reached)
    assert [one["name"] for one in reached if one["name"] in wanted][:LINKS] == wanted


@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_read_on_light_and_dark_ground(browser, pages, name):
    for dark in (False, True):
        browser.open(pages[name], WIDE, dark=dark)
        ground = [
            int(value) for value in re.findall(r"\d+", browser.run("getComputedStyle(document.body).backgroundColor"))
        ]
        assert (sum(ground) < 150) == dark
        contrast, where = browser.run(CONTRAST)
        assert contrast >= 4.5, where


def test_the_page_about_videos_prints_on_two_sheets(browser, pages):
    browser.open(pages["archive"], WIDE)
    assert 1 <= len(re.findall(rb"/Type /Page\b", browser.printed())) <= 2
