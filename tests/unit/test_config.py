"""Finding, merging and validating configuration; the grid."""

from typing import get_args

import pytest

from s5vh.config.cell import Cell
from s5vh.config.centers import Solver
from s5vh.config.grid import GridCell, Run, cells, resolve_datasets, transfer_cells
from s5vh.config.load import (
    config_folders,
    find,
    load_dataset,
    load_method,
    load_run,
    merge,
    names,
    read_yaml,
    resolve_cell,
)
from s5vh.errors import UserError

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


@pytest.mark.parametrize("name", names("methods"))
def test_every_shipped_method_loads(name):
    assert load_method(name).title


@pytest.mark.parametrize("method", names("methods"))
@pytest.mark.parametrize("dataset", names("datasets"))
def test_every_cell_of_the_shipped_grid_resolves(dataset, method):
    cell = resolve_cell(dataset, method, 16, 1)
    assert Cell.from_json(cell.to_json()).to_json() == cell.to_json()


@pytest.mark.parametrize("file", ["config.yaml", "paper.yaml", "center_solvers.yaml"])
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


def test_paper_run_studies_the_solvers_at_the_sizes_of_its_data_sets():
    run = load_run(SHIPPED / "config.yaml", SHIPPED / "paper.yaml")
    wanted = {load_dataset(name).title: load_dataset(name).semantics.clusters for name in run.datasets}
    assert {size.title.removesuffix("'s size"): size.clusters for size in run.solver_study.sizes} == wanted
    assert all(size.bits == run.bits for size in run.solver_study.sizes)
    assert set(run.solver_study.solvers) == set(get_args(Solver))


def test_methods_that_compare_solvers_are_s5vh_in_everything_else():
    config = load_run(SHIPPED / "config.yaml", SHIPPED / "center_solvers.yaml")
    first, *others = config.methods
    recipe = load_method(first).model_dump(exclude={"title", "centers"})
    assert recipe["published_variant"] == "(0) full"
    solvers = []
    for name in others:
        method = load_method(name)
        assert method.model_dump(exclude={"title", "centers"}) == recipe | {"published_variant": None}
        solvers.append((method.centers.label, method.centers.variant))
    assert solvers == [("admm", ""), ("hadamard", ""), ("bernoulli", ""), ("released-120s", "_released")]


def test_sizes_of_the_solver_study_need_names_of_their_own():
    sizes = [{"title": "Same", "clusters": clusters} for clusters in (4, 5)]
    assert message(load_run, {"solver_study": {"sizes": sizes}}) == (
        "configuration: solver_study: two sizes are called 'Same'; give each a title of its own"
    )


def test_order_of_strength_is_file_data_set_overrides_then_the_ablation_s_own_switch(project):
    write = {
        "methods/base.yaml": "title: Base\nimplementation: s5vh\nloss: {alpha: 1, beta: 1}\ntraining: {epochs: 1}",
        "methods/child.yaml": "extends: base\ntitle: Child\nloss: {beta: 0}",
    }
    for path, text in write.items():
        (project / "config" / path).write_text(text)
    dataset = load_dataset("ucf101").model_copy(
        update={"methods": {"base": {"loss": {"alpha": 2, "beta": 2}, "training": {"epochs": 2}}}}
    )
    child = load_method("child", dataset, {"base": {"training": {"epochs": 3}}})
    assert (child.loss.alpha, child.loss.beta, child.training.epochs) == (2, 0, 3)
    assert load_method("child", dataset, {"child": {"loss": {"beta": 9}}}).loss.beta == 9
    assert child.title == "Child"


def test_the_user_s_file_wins_over_the_shipped_one(project):
    (project / "config/methods/itq_mean.yaml").write_text("title: Mine\nimplementation: itq")
    assert load_method("itq_mean").title == "Mine"
    assert find("methods", "itq_flat").parent == SHIPPED / "methods"


def test_titles_are_no_reason_to_train_again():
    cell = resolve_cell("ucf101", "s5vh", 16, 1)
    renamed = cell.model_copy(update={"settings": cell.settings.model_copy(update={"title": "Other"})})
    assert renamed.to_json() == cell.to_json()
    longer = resolve_cell("ucf101", "s5vh", 16, 1, {"s5vh": {"training": {"epochs": 7}}})
    assert longer.to_json() != cell.to_json()


def test_merge_goes_into_mappings_and_replaces_the_rest():
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge(base, {"a": {"c": [3]}, "e": {}}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": {}}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_messages_say_what_where_and_what_to_do(project):
    assert message(load_run, {"bitz": [1]}) == "configuration: unknown key 'bitz' (did you mean 'bits'?)"
    assert message(load_run, {"bits": [0]}) == "configuration: bits[0]: must be greater than 0, got 0"
    assert message(load_run, {"bits": "x"}) == "configuration: bits: must be a list, got 'x'"
    searched = f"config/methods, {SHIPPED / 'methods'}"
    assert message(load_method, "s5vhh") == (f"method 's5vhh': no file s5vhh.yaml in {searched} (did you mean 's5vh'?)")
    (project / "config/methods/odd.yaml").write_text("title: Odd\nimplementation: mlp")
    assert message(load_method, "odd") == (
        "config/methods/odd.yaml: implementation: must be one of 's5vh', 'itq', 'lsh', got 'mlp'"
    )
    (project / "config/methods/odd.yaml").write_text("extends: s5vh\nmodel: {widht: 3}")
    assert message(load_method, "odd") == "config/methods/odd.yaml: model: unknown key 'widht' (did you mean 'width'?)"
    (project / "config/methods/odd.yaml").write_text("extends: odd")
    assert message(load_method, "odd") == "method 'odd': 'extends' goes round in a circle: odd -> odd"
    (project / "config/methods/odd.yaml").write_text("- a\n- b")
    assert message(load_method, "odd") == "config/methods/odd.yaml: must be a mapping of keys, got list"
    (project / "config/methods/odd.yaml").write_text("a: b: c")
    assert message(read_yaml, project / "config/methods/odd.yaml").startswith(
        f"{project}/config/methods/odd.yaml: not valid YAML at line 1"
    )


def test_auto_takes_the_demo_when_no_paper_features_are_there(project):
    present, absent = resolve_datasets(load_run({}))
    assert present == ["demo"] and {"activitynet", "fcvid", "ucf101", "hmdb51"} <= set(absent)


def test_auto_takes_what_is_there_and_leaves_the_demo(project):
    config = load_dataset("ucf101")
    from s5vh.data.availability import source_files

    for path in source_files("ucf101", config):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    present, absent = resolve_datasets(load_run({}))
    assert present == ["ucf101"] and "ucf101" not in absent


def test_grid_has_each_cell_once():
    run = load_run(
        {
            "methods": ["s5vh", "itq_mean"],
            "bits": [16, 32],
            "seeds": [1, 2],
            "ablation": {"methods": ["s5vh_forward"], "bits": [32]},
            "convergence": {"methods": ["s5vh", "s5vh_no_alignment"], "bits": 32},
        }
    )
    grid = cells(run, ["a"])
    assert len(grid) == len(set(grid)) == 2 * (2 * 2 + 1 + 1)
    assert GridCell("a", "s5vh_no_alignment", 32, 2) in grid
    assert GridCell("a", "s5vh_forward", 16, 1) not in grid


def test_transfer_needs_both_data_sets():
    run = load_run({"methods": ["s5vh"], "transfer": [{"train": "a", "test": "b", "bits": [16]}]})
    assert transfer_cells(run, ["a"]) == []
    assert transfer_cells(run, ["a", "b"]) == [("b", GridCell("a", "s5vh", 16, 1))]


def test_a_run_survives_json_with_its_protocols_in_order():
    run = load_run({"protocols": {"zebra": {}, "ant": {"ties": "expected"}}})
    again = Run.from_json(Run(run, ["demo"], ["ucf101"]).to_json())
    assert again == Run(run, ["demo"], ["ucf101"]) and again.config.main_protocol == "zebra"
