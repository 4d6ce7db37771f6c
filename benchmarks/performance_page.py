"""Write docs/performance.md and docs/methods/s5vh-plus-notes.md from templates and the measurements in measured/.

    python benchmarks/performance_page.py            write the pages
    python benchmarks/performance_page.py --check    exit with 1 if they are not what would be written

In the templates, `measured.NAME` is the file NAME.json. Numbers are rounded by `sig` (to significant digits) or `fixed`
(to decimals), and `machine` tells hardware and day of a file's provenance.
"""

from __future__ import annotations

import argparse
import math
import sys
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s5vh.base.files import read_json, write_text

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
PAGES = {
    "performance.md.j2": DOCS / "performance.md",
    "s5vh_plus_notes.md.j2": DOCS / "methods" / "s5vh-plus-notes.md",
}
GIB = 1024.0**3


def sig(value: float, digits: int = 2) -> str:
    """Rounded to significant digits, with commas between thousands and without an exponent."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(digits - 1 - math.floor(math.log10(abs(rounded))), 0)
    return f"{rounded:,.{decimals}f}"


def fixed(value: float, decimals: int = 0) -> str:
    """Rounded to decimals, with commas between thousands."""
    return f"{value:,.{decimals}f}"


def signed(value: float, decimals: int = 1) -> str:
    """With its sign, a true minus, rounded to decimals."""
    return f"{value:+.{decimals}f}".replace("-", "−")


def interval(found: dict[str, float], signs: bool = False) -> str:
    """Mean and half the width of an interval, in hundredths."""
    mean, half = 100 * found["mean"], 50 * (found["high"] - found["low"])
    return f"{signed(mean, 2) if signs else fixed(mean, 2)} ± {fixed(half, 2)}"


def middle(values: list[float]) -> float:
    """The middle one of quartiles, or of an odd number of repetitions."""
    return sorted(values)[len(values) // 2]


def machine(measured: dict[str, Any]) -> str:
    """Hardware and day of a measurement."""
    made = measured["provenance"]
    day = date.fromisoformat(made["created"][:10])
    return f"{'AMD EPYC' if 'AMD' in made['hardware']['cpu'] else 'Intel Xeon'}, {day.day} {day:%B %Y}"


def where(records: list[dict[str, Any]], **conditions: Any) -> dict[str, Any]:
    """The one record with these values.

    Raises:
        ValueError: there is none, or more than one.
    """
    (found,) = [one for one in records if all(one[key] == value for key, value in conditions.items())]
    return found


def page(template: str) -> str:
    """The page of a template as it should be."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"sig": sig, "fixed": fixed, "signed": signed, "middle": middle}
    environment.filters |= {"machine": machine, "interval": interval}
    environment.globals |= {"where": where, "GIB": GIB}
    measured = {file.stem: read_json(file) for file in sorted((HERE / "measured").glob("*.json"))}
    return environment.get_template(template).render(measured=measured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for template, path in PAGES.items():
        if not check:
            write_text(path, page(template))
        elif path.read_text() != page(template):
            name = path.relative_to(DOCS.parent)
            print(f"{name} is not up to date: run `python benchmarks/performance_page.py`", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
