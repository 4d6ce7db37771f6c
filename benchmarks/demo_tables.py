"""Tables of the workflow as records, for numbers that the documentation quotes from them.

    python benchmarks/demo_tables.py departures --seeds 1 2 3 4 5
    python benchmarks/demo_tables.py protocol
    python benchmarks/demo_tables.py convergence gmap --seeds 1 2 3 4 5
    python benchmarks/demo_tables.py gmap --name center_solvers --configfile config/center_solvers.yaml \\
        --bits 16 --seeds 1 2 3
    python benchmarks/demo_tables.py departures --results results        # tables that a run has already made

Runs the workflow on the demo in a temporary folder and writes every row of the tables to
benchmarks/measured/demo_TABLE.json, or demo_NAME.json. `departures` trains 20 recipes for each seed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config import layout

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "benchmarks" / "measured"


def make(arguments: argparse.Namespace, folder: Path) -> Path:
    """Make the tables in `folder` with the workflow; returns its results folder."""
    config = ["datasets=[demo]"]
    if arguments.seeds:
        seeds = ",".join(map(str, arguments.seeds))
        config += [f"seeds=[{seeds}]", f"departures={{seeds: [{seeds}]}}"]
    config += [f"bits=[{arguments.bits}]"] if arguments.bits else []
    words = ["--snakefile", ROOT / "Snakefile", "--directory", folder, "--cores", arguments.cores]
    words += ["--workflow-profile", ROOT / "profiles/default", "--config", *config]
    words += ["--configfile", arguments.configfile.resolve()] if arguments.configfile else []
    subprocess.run([Path(sys.executable).with_name("snakemake"), *arguments.tables, *map(str, words)], check=True)
    return folder / "results"


def record(results: Path, table: str, settings: dict) -> dict:
    """The rows of a table, with null for missing numbers."""
    data = pd.read_csv(layout.table(table, results)[0])
    rows = data.astype(object).where(data.notna(), None).to_dict("records")
    return {"table": table, "rows": rows, "provenance": provenance(settings=settings)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", help="names of tables")
    parser.add_argument("--results", type=Path, help="finished results folder, instead of a run")
    parser.add_argument("--name", help="of the record, if not the table's")
    parser.add_argument("--seeds", type=int, nargs="+")
    parser.add_argument("--bits", type=int)
    parser.add_argument("--configfile", type=Path)
    parser.add_argument("--cores", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.name and len(arguments.tables) > 1:
        parser.error("--name is for a single table")
    settings = {name: str(value) for name, value in vars(arguments).items() if value is not None}
    with tempfile.TemporaryDirectory() as temporary:
        results = arguments.results or make(arguments, Path(temporary))
        for table in arguments.tables:
            path = MEASURED / f"demo_{arguments.name or table}.json"
            write_json(path, record(results, table, settings))
            print(path)


if __name__ == "__main__":
    main()
