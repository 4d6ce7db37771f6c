"""The pure parts of what the Snakefile asks: which code a stage runs, what a command line asks for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import s5vh
from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid import Run
from s5vh.config.load import load_dataset, load_run
from s5vh.methods.discovery import implementations, resolve, settings_class
from s5vh.planning import jobs
from s5vh.planning.code_digests import imported_modules, stage_digest, stage_files
from s5vh.planning.run import resolve_run
from s5vh.planning.targets import RESERVED_METHODS, files_by_target, requested_datasets
from s5vh.reporting.catalog import ABLATIONS

CONFIG = Path(__file__).resolve().parents[2] / "config/config.yaml"
PACKAGE = Path(s5vh.__file__).parent
# Some stages as the rules have them: modules, and the method's implementation.
STAGES = {
    "train s5vh": (["training.stage"], "s5vh"),
    "train conmh": (["training.stage"], "conmh"),
    "fit itq": (["training.fitting"], "itq"),
    "evaluate s5vh": (["studies.evaluation"], "s5vh"),
    "evaluate itq": (["studies.evaluation"], "itq"),
    "solve": (["centers.solve", "centers.centers_file"], None),
    "cluster": (["semantics.recipes", "semantics.semantics_file"], None),
    "neighbours": (["semantics.neighbours"], None),
}


def test_stage_runs_what_it_imports_at_any_depth() -> None:
    files = stage_files("training.stage", implementation="s5vh")
    assert {
        *("training/stage.py", "training/engine.py", "nn/mamba.py"),
        *("methods/s5vh/network.py", "methods/s5vh/targets.py"),
    } <= set(files)
    assert {"nn/backends/numba_cpu.py", "nn/backends/cpu_scan.py", "nn/backends/cpu_math.py"} <= set(files)
    assert not [name for name in files if name.startswith(("methods/itq", "methods/conmh"))]
    assert all(file == PACKAGE / name for name, file in files.items())


def test_stage_of_a_classical_method_runs_no_network() -> None:
    files = stage_files("training.fitting", implementation="itq")
    assert "methods/itq/hashing.py" in files
    networks = ("nn/", "methods/s5vh", "methods/conmh", "training/engine")
    assert not [name for name in files if name.startswith(networks)]


def test_settings_and_progress_lines_are_no_reason_to_compute_again() -> None:
    files = stage_files("training.stage", implementation="s5vh")
    assert not [name for name in files if name.startswith(("config/", "cli/", "base/", "planning/")) or "/" not in name]
    assert not [name for name in files if name.endswith("/settings.py")]
    assert "training/progress.py" not in files


@pytest.mark.parametrize("name", implementations())
def test_what_settings_name_is_there(name: str) -> None:
    settings = settings_class(name)
    places = [settings.implemented_by, getattr(settings, "checkpoint_reader", None)]
    assert all(callable(resolve(place)) for place in places if place)
    assert settings.__doc__


# Which stages an edit of these modules makes stale.
STALE = [
    (["nn/mamba.py"], {"train s5vh", "evaluate s5vh"}),
    (["methods/conmh/network.py", "methods/conmh/authors_checkpoint.py"], {"train conmh"}),
    (["methods/itq/hashing.py"], {"fit itq", "evaluate itq"}),
    (["training/engine.py"], {"train s5vh", "train conmh"}),
    (["data/features.py"], set(STAGES) - {"solve", "cluster", "neighbours"}),
    (["semantics/neighbours.py"], {"neighbours"}),
    (["centers/admm.py"], {"solve"}),
    (["data/hdf5.py"], set(STAGES)),
    (["methods/s5vh/settings.py", "methods/load.py", "config/run.py", "training/progress.py"], set()),
    (["reporting/words.py", "cli/main.py", "base/files.py", "planning/jobs.py"], set()),
]
# Digests of all stages by the package in the working directory: as it is, and after each edit alone.
DIGESTS = """
import json, sys
from pathlib import Path
import s5vh
from s5vh.planning.code_digests import stage_digest

def digests():
    stage_digest.cache_clear()
    return {name: stage_digest(*stage, implementation=method) for name, (stage, method) in stages.items()}

stages, edits = map(json.loads, sys.argv[1:])
found = [digests()]
for edited in edits:
    texts = {Path("s5vh", name): Path("s5vh", name).read_text() for name in edited}
    for path, text in texts.items():
        path.write_text(text + "# An edit.\\n")
    found.append(digests())
    for path, text in texts.items():
        path.write_text(text)
print(json.dumps([s5vh.__file__, *found]))
"""


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Digests of `STAGES` in a copy of the package: as it is, and after each edit of `STALE`."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(PACKAGE, folder / "s5vh", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS, json.dumps(STAGES), json.dumps([edited for edited, _ in STALE])],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    place, *found = json.loads(done.stdout)
    assert Path(place) == folder / "s5vh/__init__.py"
    return found


def test_digest_is_of_names_and_contents_and_says_nothing_about_the_place(digests) -> None:
    assert digests[0] == {name: stage_digest(*stage, implementation=method) for name, (stage, method) in STAGES.items()}


@pytest.mark.parametrize("number", range(len(STALE)))
def test_digest_follows_the_files(digests, number: int) -> None:
    stale = {name for name in STAGES if digests[number + 1][name] != digests[0][name]}
    assert stale == STALE[number][1], STALE[number][0]


def test_imports_are_found_in_every_kind_of_statement(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        "import s5vh.a, os\nfrom s5vh import b\nfrom .c import d\n"
        "def f():\n    if x:\n        import s5vh.e\n    elif y:\n        import s5vh.f\n"
        "    else:\n        import s5vh.g\n"
        "class C:\n    async def m(self):\n        async with z:\n            import s5vh.h\n"
        "try:\n    import s5vh.i\nexcept E:\n    import s5vh.j\nelse:\n    import s5vh.k\nfinally:\n    import s5vh.l\n"
        "for n in x:\n    import s5vh.m\nelse:\n    import s5vh.n\n"
        "match x:\n    case 1:\n        from s5vh.o import p, q\n"
        "while (lambda: x)():\n    from s5vhx import r\n"
    )
    found = {name.removeprefix("s5vh").removeprefix(".") for name in imported_modules(file)}
    assert found == {"", *"abefghijklmno", "o.p", "o.q"}


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["-n", "ucf101"], ["ucf101"]),
        (["ucf101_16bit", "demo_32bit", "ucf101"], ["ucf101", "demo"]),
        (["results/hmdb51/s5vh/16bit/seed1/metrics.json"], ["hmdb51"]),
        (["all", "16bit", "results/report.html", "ucf101_x"], []),
        (["--directory", "ucf101", "all"], []),
        *((["-n", option, "ucf101", "hmdb51"], ["hmdb51"]) for option in ("-d", "--profile", "--workflow-profile")),
        (["ucf101_16bits", "results/ucf101", "other/ucf101/x", "ucf101/x"], []),
        (["hmdb51", "ucf101", "hmdb51_8bit"], ["hmdb51", "ucf101"]),
    ],
)
def test_asked_datasets(words: list[str], asked: list[str]) -> None:
    assert requested_datasets(words) == asked


def test_targets_hold_the_cells_they_name() -> None:
    run = Run(load_run(CONFIG, {"bits": [16, 32], "seeds": [1, 2]}), ["demo"], [])
    targets = files_by_target(run)
    assert targets["demo_16bit"] == targets["16bit"]
    assert set(targets["demo_16bit"]) < set(targets["demo"])
    assert all("/16bit/" in str(file) for file in targets["16bit"])
    assert len(targets["16bit"]) == len(set(targets["16bit"])) == 2 * len(run.config.methods)
    assert all(str(file).startswith("results/ucf101/") for file in targets["ucf101"])
    assert len(targets["demo"]) == len(targets["demo_16bit"]) + len(targets["demo_32bit"])
    assert targets["demo_16bit"][0] == layout.cell("demo", run.config.methods[0], 16, 1) / "metrics.json"
    several = files_by_target(Run(run.config, ["ucf101", "demo"], []))
    assert several["16bit"] == several["ucf101_16bit"] + several["demo_16bit"]


def test_no_method_can_be_called_like_another_folder_of_a_data_set() -> None:
    places = [
        layout.features("a", "train"), layout.receipt("a", "train", "0"), layout.thumbnails("a"), layout.videos("a"),
        layout.semantics("a", "c1"), layout.centers("a", "admm", "c1", 16), layout.neighbours("a", "k1_e1"),
    ]  # fmt: skip
    assert {place.parts[2] for place in places} == set(RESERVED_METHODS)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"departures": {"methods": ["s5vh"], "switches": ["xavierr"]}},
            "departures.switches: unknown departure 'xavierr' (did you mean 'xavier'?)",
        ),
        ({"departures": {"methods": ["s5vv"]}}, "departures.methods: unknown method 's5vv' (did you mean 's5vh'?)"),
        (
            {"overrides": {"s5vh": {"checkpoint": "a.pth"}}},
            "method 's5vh' on demo: 'checkpoint' cannot be changed per data set or by overrides; set or remove "
            "it in a separate method file, e.g. one with 'extends: s5vh'",
        ),
        (
            {"efficiency": {"methods": ["itq_mean"]}},
            "efficiency.methods: 'itq_mean' has no network; list trained methods only",
        ),
        (
            {"efficiency": {"methods": ["s5vh", "s5vh-authors"]}},
            "efficiency.methods: 's5vh-authors' is imported, not trained; list trained methods only",
        ),
        *(
            ({"ablations": {name: {"methods": ["s5vh_forward"]}}}, f"ablations: no table or figure '{name}' {hint}")
            for name, hint in {
                "tabel2": "of ablations (did you mean 'table2'?)",
                "gmap": f"of ablations (known: {', '.join(sorted(ABLATIONS))})",
            }.items()
        ),
        (
            {"convergence": {"methods": ["s5vh-authors"]}},
            "convergence.methods: 's5vh-authors' is imported, not trained; list trained methods only",
        ),
        (
            {"ablations": {"autossvh_figure4": {"recipe": "s5vh", "methods": ["lsh_mean"], "evaluate_every": 1}}},
            "ablations.autossvh_figure4.methods: 'lsh_mean' has no network; list trained methods only",
        ),
        (
            {"overrides": {"s5vh": {"training": {"selection": "held_out"}}}},
            "s5vh on demo: training.selection 'held_out' needs held-out videos; set training.held_out, "
            "for example to 0.1",
        ),
        (
            {"methods": ["s5vh+xavierr"]},
            "method 's5vh+xavierr': no departure 'xavierr' in config/departures/s5vh.yaml (did you mean 'xavier'?)",
        ),
        ({"methods": []}, "configuration: methods: list should have at least 1 item after validation, not 0, got []"),
    ],
)
def test_mistakes_are_refused_while_planning(tmp_path, monkeypatch, config: dict, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S5VH_PLAN", "1")
    with pytest.raises(UserError) as error:
        resolve_run([CONFIG], {"datasets": ["demo"], "methods": ["s5vh"]} | config)
    assert str(error.value) == message


@pytest.mark.parametrize("target", ["mcmsh_table1", "results/tables/mcmsh_table1.md"])
def test_what_is_requested_by_name_is_checked_like_all(tmp_path, monkeypatch, target) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S5VH_PLAN", "1")
    overrides = {"mcmsh_no_gates": {"training": {"selection": "held_out"}}}
    study = {"mcmsh_table1": {"recipe": "mcmsh", "methods": ["mcmsh_no_gates"]}}
    config = {"datasets": ["demo"], "methods": ["s5vh"], "overrides": overrides, "ablations": study}
    assert resolve_run([CONFIG], config, ["all"]).datasets == ["demo"]  # without MCMSH's tables
    with pytest.raises(UserError, match=r"^mcmsh_no_gates on demo: .* needs held-out videos"):
        resolve_run([CONFIG], config, ["-n", target])


def test_memory_grows_with_the_features_and_is_bounded() -> None:
    sizes = [jobs.memory_mb(load_dataset(name)) for name in ("demo", "hmdb51", "fcvid", "yfcc")]
    assert sizes == sorted(sizes)
    assert 3000 < sizes[0] < 5000
    assert sizes[-1] < 64_000


def test_memory_of_preparation_grows_with_the_training_videos() -> None:
    fcvid, yfcc = (load_dataset(name) for name in ("fcvid", "yfcc"))
    assert jobs.preparation_mb(fcvid) == jobs.memory_mb(fcvid)
    assert jobs.preparation_mb(yfcc) == pytest.approx(2048 + 4.5 * 409_788 * 4096 * 4 / 2**20, abs=1)


def test_reading_the_rules_imports_nothing_heavy() -> None:
    code = (
        "import sys; from s5vh.config import layout; from s5vh.planning import checkpoints, jobs, run, targets; "
        "from s5vh.planning.code_digests import stage_digest; from s5vh.reporting import catalog; "
        "stage_digest('training.stage', implementation='s5vh'); "
        "print([name for name in ('torch', 'numpy', 'h5py', 'pandas', 'sklearn', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_a_checkpoint_runs_the_reader_of_its_method() -> None:
    files = stage_files("methods.import_checkpoint", implementation="conmh")
    assert "methods/conmh/authors_checkpoint.py" in files
    assert "methods/s5vh/authors_checkpoint.py" not in files
    assert "methods/conmh/authors_checkpoint.py" not in stage_files("training.stage", implementation="conmh")
