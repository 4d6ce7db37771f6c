"""Order of tables and figures in the report, and its embedded pictures."""

from __future__ import annotations

import base64
import io
import random

import pytest
from PIL import Image
from reporting_results import make_run

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.run import PAPERS
from s5vh.reporting import arrangement, pictures
from s5vh.reporting.exhibits.exhibit import Exhibit
from s5vh.reporting.pictures import embedded


def exhibit(kind, name, paper="", topic=""):
    return Exhibit(kind, name, name, "module:function", lambda run, results: [], paper=paper, topic=topic)


def order(monkeypatch, found, sections, **settings):
    """(title, names) of the sections if these were all tables and figures."""
    run = make_run([], **settings)
    monkeypatch.setattr(arrangement, "exhibits", lambda kind, run: [one for one in found if one.kind == kind])
    return [(section.title, [(one.kind[0], one.name) for one in section.exhibits]) for section in sections(run)]


def test_a_paper_s_tables_come_before_its_figures_by_number(monkeypatch):
    found = [
        *(exhibit("table", f"t{n}", f"MCMSH, Table {n}") for n in (10, 2, 1)),
        exhibit("figure", "of_a_table", "MCMSH, Table 2"),
        exhibit("table", "numbers", "S5VH, Figure 1b"),
        exhibit("table", "elsewhere", "S5VH, Section 4"),
        *(exhibit("figure", f"f{n}", f"S5VH, Figure {n}") for n in ("3", "1b", "1a")),
        exhibit("table", "own", topic="Codes"),
    ]
    assert order(monkeypatch, found, arrangement.paper_sections, papers=["MCMSH", "S5VH", "AutoSSVH"]) == [
        ("MCMSH", [("t", "t1"), ("t", "t2"), ("f", "of_a_table"), ("t", "t10")]),
        ("S5VH", [("f", "f1a"), ("f", "f1b"), ("t", "numbers"), ("f", "f3"), ("t", "elsewhere")]),
    ]


def test_own_studies_stand_by_topic_with_figures_before_tables_of_their_name(monkeypatch):
    found = [
        exhibit("table", arrangement.HEADLINE, topic="Retrieval"),
        exhibit("table", "map", topic="Retrieval"),
        exhibit("table", "protocol", topic="Evaluation"),
        exhibit("table", "mine"),
        exhibit("figure", "curves", topic="Retrieval"),
        exhibit("figure", "protocol", topic="Evaluation"),
        exhibit("figure", "of_a_paper", "S5VH, Figure 3"),
    ]
    assert order(monkeypatch, found, arrangement.topic_sections) == [
        ("Retrieval", [("t", "map"), ("f", "curves")]),
        ("Evaluation", [("f", "protocol"), ("t", "protocol")]),
        ("Further results", [("t", "mine")]),
    ]


def test_every_paper_has_its_title():
    assert set(arrangement.PAPERS) == set(PAPERS)
    assert all(title.endswith(".") for title in arrangement.PAPERS.values())


def decoded(picture):
    head, content = picture.uri.split(",", 1)
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        return head, image.size


def test_photographs_become_smaller_and_drawings_stay_as_they_are(tmp_path, monkeypatch):
    noise = random.Random(0).randbytes(3 * 300 * 600)
    # Smooth noise, as in photographs: png cannot compress it, webp can.
    photo = Image.frombytes("RGB", (300, 600), noise).resize((600, 1200), Image.Resampling.BICUBIC)
    photo.save(tmp_path / "photo.png", dpi=(180, 180))
    Image.new("RGB", (900, 450)).save(tmp_path / "drawing.png", dpi=(180, 180))
    large, small = embedded(tmp_path / "photo.png"), embedded(tmp_path / "drawing.png")
    assert decoded(large) == ("data:image/webp;base64", (600, 1200))
    assert len(large.uri) < (tmp_path / "photo.png").stat().st_size * 4 / 3 / 2
    assert decoded(small) == ("data:image/png;base64", (900, 450))
    photo.resize((64, 16384)).save(tmp_path / "long.png")
    monkeypatch.setattr(pictures, "_LARGE", 0)
    assert decoded(embedded(tmp_path / "long.png")) == ("data:image/png;base64", (64, 16384))  # too long for webp
    assert large[1:] == (320, 640) and small[1:] == (480, 240)  # 5 inches wide


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"<html>", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_broken_pictures_are_named(tmp_path, content):
    path = layout.figure("figure3", tmp_path)[1]
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"figure3\.png: not a picture; delete it and run the workflow again"):
        embedded(path)
