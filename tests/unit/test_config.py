"""Finding, merging and validating configuration; the grid."""

import json
from itertools import product
from typing import get_args

import pytest
import yaml

from s5vh.base.errors import UserError
from s5vh.config.centers import CenteringConfig, Solver
from s5vh.config.grid import GridCell, Run, cells, protocol_study_cells
from s5vh.config.load import config_folders, find, load_dataset, load_run, merge, names, read_yaml
from s5vh.data.download.availability import source_files
from s5vh.methods.cell import Cell
from s5vh.methods.discovery import implementations
from s5vh.methods.load import load_method, method_chain, resolve_cell
from s5vh.methods.settings import DESCRIPTIVE
from s5vh.planning.datasets import resolve_datasets, run_of
from s5vh.planning.jobs import settings_digest
from s5vh.planning.run import notices, resolve_run

SHIPPED = config_folders()[-1].resolve()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working directory with an empty configuration folder of its own."""
    monkeypatch.chdir(tmp_path)
    for kind in ("datasets", "methods"):
        (tmp_path / "config" / kind).mkdir(parents=True)
    return tmp_path


def message(call, *arguments):
    with pytest.raises(UserError) as caught:
        call(*arguments)
    return str(caught.value)


def run_with(**settings):
    """A run of one method, with more settings."""
    return load_run({"methods": ["s5vh"]} | settings)


@pytest.mark.parametrize("name", names("methods"))
def test_every_shipped_method_loads(name):
    assert load_method(name).title


@pytest.mark.parametrize("method", names("methods"))
@pytest.mark.parametrize("dataset", names("datasets"))
def test_every_cell_of_the_shipped_grid_resolves(dataset, method):
    cell = resolve_cell(dataset, method, 16, 1)
    assert Cell.from_json(cell.to_json()).to_json() == cell.to_json()


@pytest.mark.parametrize("file", ["config.yaml", "paper.yaml", "mcmsh.yaml", "autossvh.yaml", "center_solvers.yaml"])
def test_shipped_runs_load(file):
    run = load_run(SHIPPED / "config.yaml", SHIPPED / file)
    assert run.bits == [16, 32, 64] and run.main_protocol == "published"


def test_paper_recipe_has_the_paper_s_values():
    method = load_method("s5vh")
    assert (method.model.width, method.model.depth, method.model.decoder_width) == (256, 6, 192)
    assert method.model.directions == "both" and method.model.norms == "paper"
    assert method.loss.contrast_temperature == method.loss.alignment_temperature == 0.5
    assert method.training.patience == 5 and method.training.learning_rate == 5e-4
    assert method.centers.solver == "admm-plain"


def test_the_papers_runs_share_their_trainings():
    runs = [load_run(SHIPPED / "config.yaml", SHIPPED / f"{name}.yaml") for name in ("paper", "mcmsh", "autossvh")]
    grids = [{(cell.method, cell.bits) for cell in cells(run, ["fcvid"])} for run in runs]
    assert ("conmh", 32) in grids[0] & grids[2] and ("s5vh", 32) in grids[0] & grids[2]
    for run, grid in zip(runs, grids, strict=True):
        for other, theirs in zip(runs, grids, strict=True):
            for cell in grid & theirs:  # how often a training is scored is part of its settings
                assert run.curve_every(*cell) == other.curve_every(*cell), cell


def test_paper_run_has_both_recipes_of_s5vh_with_three_seeds():
    run = load_run(SHIPPED / "config.yaml", SHIPPED / "paper.yaml")
    assert run.methods[:2] == ["s5vh", "s5vh-released"] and run.seeds == [1, 2, 3]
    # So the table of published numbers has both beside each printed one.
    assert {load_method(name).published.model_dump_json() for name in run.methods[:2]} == {
        load_method("s5vh-authors").published.model_dump_json()
    }


def test_paper_run_studies_the_solvers_at_the_sizes_of_its_data_sets():
    run = load_run(SHIPPED / "config.yaml", SHIPPED / "paper.yaml")
    wanted = {load_dataset(name).title: load_dataset(name).semantics.clusters for name in run.datasets}
    assert {size.title.removesuffix("'s size"): size.clusters for size in run.solver_study.sizes} == wanted
    assert all(size.bits == run.bits for size in run.solver_study.sizes)
    assert set(run.solver_study.solvers) == set(get_args(Solver))
    assert run.solver_study.centering == CenteringConfig(clusters=100, bits=16, seeds=5)


def test_methods_that_compare_solvers_are_s5vh_in_everything_else():
    config = load_run(SHIPPED / "config.yaml", SHIPPED / "center_solvers.yaml")
    first, *others = config.methods
    assert load_method(first).published.model_dump() == {"method": "S5VH", "variant": "full"}
    recipe = load_method(first).model_dump(exclude={*DESCRIPTIVE, "centers"})
    solvers = []
    for name in others:
        method = load_method(name)
        clusters = recipe["semantics"] | {"recipe": method.semantics.recipe}
        assert method.model_dump(exclude={*DESCRIPTIVE, "centers"}) == recipe | {"semantics": clusters}
        assert method.published is None
        solvers.append((method.centers.label, method.semantics.recipe))
    assert solvers == [
        ("admm", "paper"), ("hadamard", "paper"), ("bernoulli", "paper"), ("released-120s", "released"),
    ]  # fmt: skip


def test_sizes_of_the_solver_study_need_names_of_their_own():
    sizes = [{"title": "Same", "clusters": clusters} for clusters in (4, 5)]
    assert message(load_run, {"methods": ["s5vh"], "solver_study": {"sizes": sizes}}) == (
        "configuration: solver_study: two sizes have the title 'Same'; give each its own title"
    )


def test_order_of_strength_is_file_data_set_overrides_then_the_ablation_s_own_switch(project):
    # Of the file, its part for the data set, the data set's file, overrides, and the ablation's file.
    values = [
        {"loss": {"alpha": 1, "beta": 1, "tau_plus": 0.1}, "training": {"epochs": 1, "batch_size": 1}},
        {"loss": {"beta": 2, "tau_plus": 0.2}, "training": {"epochs": 2, "batch_size": 2}},
        {"loss": {"tau_plus": 0.3}, "training": {"epochs": 3, "batch_size": 3}},
        {"training": {"epochs": 4, "batch_size": 4}},
        {"training": {"batch_size": 5}},
    ]
    here = project / "config"
    base = {"title": "Base", "implementation": "s5vh", "datasets": {"mine": values[1]}} | values[0]
    (here / "methods/base.yaml").write_text(yaml.safe_dump(base))
    (here / "methods/child.yaml").write_text(yaml.safe_dump({"extends": "base", "title": "Child"} | values[4]))
    dataset = read_yaml(SHIPPED / "datasets/ucf101.yaml") | {"methods": {"base": values[2]}}
    (here / "datasets/mine.yaml").write_text(yaml.safe_dump(dataset))
    child = load_method("child", "mine", {"base": values[3]})
    assert (child.loss.alpha, child.loss.beta, child.loss.tau_plus) == (1, 2, 0.3)
    assert (child.training.epochs, child.training.batch_size) == (4, 5)
    assert child.title == "Child" and load_method("base", "mine", {"base": values[3]}).training.batch_size == 4
    assert load_method("child", "mine", {"child": {"training": {"batch_size": 9}}}).training.batch_size == 9
    assert load_method("child", "ucf101").loss.beta == 1


def test_a_data_set_may_take_the_settings_of_another(project):
    here = project / "config"
    base = {"title": "Base", "implementation": "s5vh"}
    base["datasets"] = {"hmdb51": {"training": {"epochs": 2, "batch_size": 2}}, "mine": {"training": {"batch_size": 3}}}
    (here / "methods/base.yaml").write_text(yaml.safe_dump(base))
    dataset = read_yaml(SHIPPED / "datasets/ucf101.yaml")
    (here / "datasets/mine.yaml").write_text(yaml.safe_dump(dataset | {"settings_of": "hmdb51"}))
    training = load_method("base", "mine").training
    assert (training.epochs, training.batch_size) == (2, 3)
    (here / "datasets/mine.yaml").write_text(yaml.safe_dump(dataset))
    assert load_method("base", "mine").training.epochs == 350
    (here / "datasets/mine.yaml").write_text(yaml.safe_dump(dataset | {"settings_of": "hmbd51"}))
    with pytest.raises(UserError) as caught:
        load_method("base", "mine")
    assert str(caught.value) == "config/datasets/mine.yaml: settings_of: no data set 'hmbd51' (did you mean 'hmdb51'?)"


def test_a_switch_s_own_data_sets_win_over_the_recipe_s():
    recipe, switched = (load_method(name, "demo") for name in ("s5vh", "s5vh+soft_labels"))
    assert (recipe.loss.refine_after, switched.loss.refine_after) == (50, 8)
    assert load_method("s5vh+soft_labels", "ucf101").loss.refine_after == 50
    assert [link.name for link in method_chain("s5vh+soft_labels+xavier")] == [
        "s5vh", "s5vh+soft_labels", "s5vh+soft_labels+xavier",
    ]  # fmt: skip


def test_clusters_are_the_data_set_s_unless_the_method_says_otherwise(project):
    assert load_method("s5vh", "fcvid").semantics.label == "c450_pca512"
    assert load_method("s5vh_centers_released", "fcvid").semantics.label == "c450_pca512_released"
    (project / "config/methods/fewer.yaml").write_text("extends: s5vh\nsemantics: {clusters: 7}")
    assert load_method("fewer", "fcvid").semantics.label == "c7_pca512"
    (project / "config/methods/odd.yaml").write_text("extends: s5vh\ndatasets: {fcvid: 3}")
    assert message(load_method, "odd") == ("config/methods/odd.yaml: datasets: must map data set names to settings")


def test_what_is_true_of_one_recipe_is_not_handed_down(project):
    (project / "config/methods/child.yaml").write_text("extends: s5vh\ntitle: Child")
    assert load_method("s5vh").published.model_dump() == {"method": "S5VH", "variant": "full"}
    assert load_method("s5vh").checked_against
    for name in ("child", "s5vh+xavier"):
        assert load_method(name).published is None and load_method(name).checked_against == ""


def test_the_user_s_file_wins_over_the_shipped_one(project):
    (project / "config/methods/itq_mean.yaml").write_text("title: Mine\nimplementation: itq")
    assert load_method("itq_mean").title == "Mine"
    assert find("methods", "itq_flat").parent == SHIPPED / "methods"


def test_titles_are_no_reason_to_train_again():
    cell = resolve_cell("ucf101", "s5vh", 16, 1)
    for change in ({"title": "Other"}, {"published": None}, {"checked_against": "another program"}):
        told = cell.model_copy(update={"settings": cell.settings.model_copy(update=change)})
        assert told.to_json() == cell.to_json() and told != cell
    longer = resolve_cell("ucf101", "s5vh", 16, 1, {"s5vh": {"training": {"epochs": 7}}})
    assert longer.to_json() != cell.to_json()


def test_a_cell_has_all_of_its_method_s_settings_and_of_shared_ones_what_is_not_the_default():
    decisive = {name: json.loads(resolve_cell("demo", name, 16, 1).to_json())["settings"] for name in ("s5vh", "conmh")}
    assert decisive["s5vh"]["training"]["mask_ratio"] == 0.5 and decisive["s5vh"]["loss"]["alpha"] == 1
    assert "optimizer" not in decisive["s5vh"]["training"] and "precision" not in decisive["conmh"]["training"]
    assert decisive["conmh"]["training"]["optimizer"] == "adam"  # declared anew by ConMH, so its own
    assert decisive["s5vh"]["semantics"] == {"pca": 64}
    changed = resolve_cell("demo", "s5vh", 16, 1, {"s5vh": {"training": {"optimizer": "sgd"}}}).to_json()
    assert json.loads(changed)["settings"]["training"]["optimizer"] == "sgd"


def test_merge_goes_into_mappings_and_replaces_the_rest():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(base, {"a": {"c": [3]}, "e": {}}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": {}}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_messages_say_what_where_and_what_to_do(project):
    one = {"methods": ["s5vh"]}
    assert message(load_run, {}) == "configuration: key 'methods' is missing"
    assert message(load_run, one | {"bitz": [1]}) == "configuration: unknown key 'bitz' (did you mean 'bits'?)"
    assert message(load_run, one | {"bits": [0]}) == "configuration: bits[0]: must be greater than 0, got 0"
    assert message(load_run, one | {"bits": "x"}) == "configuration: bits: must be a list, got 'x'"
    for key, listed in {
        "datasets": ["a", "b", "a"],
        "bits": [8, 8],
        "papers": ["MCMSH"] * 2,
        "seeds": [1, 2, 1],
    }.items():
        assert message(load_run, one | {key: listed}) == (
            f"configuration: {key}: {listed[-1]} is listed twice; list each one once"
        )
    pair = {"train": "a", "test": "b"}
    assert message(load_run, one | {"transfer": [pair | {"tables": ["table1"]}, pair | {"bits": [8]}]}) == (
        "configuration: transfer: table1 has a to b twice; list it once, with all its code lengths"
    )
    searched = f"config/methods, {SHIPPED / 'methods'}"
    assert message(load_method, "s5vhh") == (f"method 's5vhh': no file s5vhh.yaml in {searched} (did you mean 's5vh'?)")
    (project / "config/methods/odd.yaml").write_text("title: Odd\nimplementation: mlp")
    assert message(load_method, "odd") == (
        "config/methods/odd.yaml: implementation: no method named 'mlp' "
        f"(known: {', '.join(sorted(implementations()))})"
    )
    (project / "config/methods/odd.yaml").write_text("title: Odd\nimplementation: s5hv")
    assert message(load_method, "odd") == (
        "config/methods/odd.yaml: implementation: no method named 's5hv' (did you mean 's5vh'?)"
    )
    (project / "config/methods/odd.yaml").write_text("title: Odd")
    assert message(load_method, "odd") == "config/methods/odd.yaml: key 'implementation' is missing"
    (project / "config/methods/odd.yaml").write_text("extends: s5vh\nmodel: {widht: 3}")
    assert message(load_method, "odd") == "config/methods/odd.yaml: model: unknown key 'widht' (did you mean 'width'?)"
    (project / "config/methods/odd.yaml").write_text("extends: odd")
    assert message(load_method, "odd") == "method 'odd': 'extends' is circular: odd -> odd"
    (project / "config/methods/odd.yaml").write_text("- a\n- b")
    assert message(load_method, "odd") == "config/methods/odd.yaml: must be a mapping of keys, got list"
    (project / "config/methods/odd.yaml").write_text("a: b: c")
    assert message(read_yaml, project / "config/methods/odd.yaml").startswith(
        f"{project}/config/methods/odd.yaml: not valid YAML at line 1"
    )


def test_auto_takes_the_demo_when_no_paper_features_are_there(project):
    present, missing = resolve_datasets(run_with())
    assert present == ["demo"] and {"activitynet", "fcvid", "ucf101", "hmdb51"} <= set(missing)


def test_auto_takes_what_is_there_and_leaves_the_demo(project):
    for path in source_files("ucf101", load_dataset("ucf101")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    run = run_of(run_with())
    assert run.datasets == ["ucf101"] and "ucf101" not in run.missing and run.unlabelled == ()
    assert {"activitynet", "fcvid", "hmdb51"} <= set(run.missing)


def test_naming_what_auto_selects_changes_no_job(project):
    """So that `make demo`, which names the demo, and `snakemake all` make the same tables once."""
    automatic, named = run_of(run_with()), run_of(run_with(datasets=["demo"]))
    assert automatic.to_json() == named.to_json()
    assert settings_digest(automatic) == settings_digest(named)
    assert Run.from_json(automatic.to_json()).datasets == ["demo"]
    assert notices(automatic)[-1] == "no paper data set is available; running the built-in demo instead"
    assert notices(named) == []


def test_grid_has_each_cell_once():
    run = load_run(
        {
            "methods": ["s5vh", "itq_mean"],
            "bits": [16, 32],
            "seeds": [1, 2],
            "ablations": {"table2": {"methods": ["s5vh_forward"], "bits": [32]}},
            "convergence": {"methods": ["s5vh", "s5vh_no_alignment"], "bits": 32},
            "examples": {"bits": 32},
        }
    )
    grid = cells(run, ["a"])
    assert len(grid) == len(set(grid)) == 2 * (2 * 2 + 1 + 1)
    assert GridCell("a", "s5vh_no_alignment", 32, 2) in grid
    assert GridCell("a", "s5vh_forward", 16, 1) not in grid
    others = cells(run.model_copy(update={"papers": ["MCMSH"]}), ["a"])  # without Table 2 and Figure 1b
    assert {cell.method for cell in others} == {"s5vh", "itq_mean"}


def test_example_page_takes_the_first_method_unless_another_is_named():
    assert run_with(methods=["itq_mean", "s5vh"]).example_method == "itq_mean"
    assert run_with(methods=["itq_mean", "s5vh"], examples={"method": "s5vh"}).example_method == "s5vh"


def test_no_method_is_the_default_of_any_study():
    run = run_with(bits=[16], examples={"bits": 16})
    assert set(cells(run, ["a"])) == {GridCell("a", "s5vh", 16, 1)}
    assert protocol_study_cells(run, "a") == [GridCell("a", "s5vh", 16, 1)]
    assert run.departures.methods == run.efficiency.methods == run.convergence.methods == []


def test_trainings_are_scored_as_often_as_every_figure_of_them_needs():
    studied = {
        "autossvh_figure4": {"recipe": "s5vh", "methods": ["conmh"], "bits": [16], "evaluate_every": 6},
        "autossvh_figure5": {"recipe": "s5vh", "methods": ["bth"], "evaluate_every": 9},
        "table2": {"recipe": "s5vh", "methods": ["mcmsh"]},
    }
    shown = {"methods": ["s5vh", "dkph"], "bits": 32, "evaluate_every": 4}
    run = run_with(bits=[16, 32], ablations=studied, convergence=shown)
    every = {(method, bits): run.curve_every(method, bits) for method, bits in product(
        ["s5vh", "conmh", "bth", "mcmsh", "dkph"], [16, 32])}  # fmt: skip
    assert {key: value for key, value in every.items() if value} == {
        ("s5vh", 16): 3, ("s5vh", 32): 1, ("conmh", 16): 6, ("bth", 16): 9, ("bth", 32): 9, ("dkph", 32): 4,
    }  # fmt: skip
    # The same whatever is part of `all`, so that no training runs again for it.
    assert run.papers == ["S5VH"] and run.curve_every("conmh", 16) == 6


def test_a_run_survives_json_with_its_protocols_in_order():
    run = run_with(datasets=["demo"], protocols={"zebra": {}, "ant": {"ties": "expected"}})
    again = Run.from_json(Run(run, ["demo"], ["ucf101"]).to_json())
    assert again == Run(run, ["demo"], ["ucf101"]) and again.config.main_protocol == "zebra"


def test_methods_can_be_left_out_with_one_key():
    settings = {
        "methods": ["s5vh", "conmh", "itq_mean"],
        "without": ["conmh"],
        "ablations": {"table2": {"methods": ["s5vh_forward"], "bits": [32]}},
        "convergence": {"methods": ["s5vh", "conmh"]},
        "efficiency": {"methods": ["conmh"]},
        "protocol_study": {"methods": ["itq_mean", "conmh"]},
        "departures": {"methods": ["conmh", "s5vh"]},
        "examples": {"method": "conmh", "queries": 3},
    }
    listed = load_run(settings)
    run = listed.reduced()
    assert run.methods == ["s5vh", "itq_mean"] and run.without == []
    assert run.ablations == listed.ablations
    assert run.convergence.methods == ["s5vh"] and run.efficiency.methods == []
    assert run.protocol_study.methods == ["itq_mean"] and run.departures.methods == ["s5vh"]
    assert run.example_method == "s5vh" and run.examples.queries == 3
    # As if it had never been listed, so that nothing else runs again.
    studies = {key: {"methods": getattr(run, key).methods} for key in ("convergence", "efficiency", "departures")}
    studies |= {"protocol_study": {"methods": ["itq_mean"]}, "examples": {"queries": 3}, "without": []}
    never = load_run(settings | studies | {"methods": ["s5vh", "itq_mean"]})
    assert run == never and resolve_run([], settings).config == never
    alone = load_run(settings | {"without": ["s5vh"]}).reduced()
    assert alone.ablations == {} and alone.methods == ["conmh", "itq_mean"]


def test_what_is_left_out_must_exist_and_leave_something():
    assert "'without' leaves out every method; list fewer" in message(lambda: run_with(without=["s5vh"]))
    unknown = message(lambda: resolve_run([], {"methods": ["s5vh"], "without": ["conmhh"]}))
    assert unknown == "without: unknown method 'conmhh' (did you mean 'conmh'?)"
