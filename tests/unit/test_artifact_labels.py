"""Labels in the names of artifacts: each says all of the settings it stands for, and no two settings share one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s5vh.base.errors import UserError
from s5vh.centers.released_search import SEED
from s5vh.config import layout
from s5vh.config.centers import CentersConfig, default_seed
from s5vh.config.semantics import CLUSTERING_LABEL, NEIGHBOURS_LABEL, ClusteringConfig, NeighboursConfig
from s5vh.config.summaries import SUMMARIES
from s5vh.methods.load import resolve_cell

counts = st.integers(1, 10**6)
RECIPES = ["paper", "released", "lloyd"]
clusterings = st.one_of(
    st.builds(
        ClusteringConfig,
        clusters=counts,
        pca=st.none() | counts,
        features=st.sampled_from(features),
        centered=st.booleans(),
        recipe=st.sampled_from(recipes),
        seed=st.integers(0, 40),
    )
    for features, recipes in ((SUMMARIES, ["paper"]), (["mean"], RECIPES))
)
graphs = st.builds(NeighboursConfig, neighbours=counts, expansions=counts)
KINDS = [(ClusteringConfig, CLUSTERING_LABEL, clusterings), (NeighboursConfig, NEIGHBOURS_LABEL, graphs)]


@pytest.mark.parametrize(("kind", "pattern", "settings"), KINDS)
def test_settings_come_back_from_their_label(kind, pattern, settings):
    @given(settings)
    def check(config):
        assert kind.from_label(config.label) == config
        # The rules take the label out of a file's name with this pattern.
        assert re.fullmatch(pattern, config.label)

    check()


@pytest.mark.parametrize(("kind", "pattern", "settings"), KINDS)
def test_different_settings_never_share_a_label(kind, pattern, settings):
    @given(settings, settings)
    def check(one, other):
        assert (one.label == other.label) == (one == other)

    check()
    # Every field counts: settings that differ in one alone have other labels.
    some = {"clusters": [3, 30], "pca": [None, 3, 30], "centered": [False, True]}
    some |= {"recipe": RECIPES, "features": SUMMARIES}
    some |= {"seed": [0, 1, 2, 10, 12], "neighbours": [3, 30], "expansions": [3, 30]}
    for field in kind.model_fields:
        labels = [kind(**{field: value}).label for value in some[field]]
        assert len(set(labels)) == len(some[field]), field


@given(clusterings, st.sampled_from(["admm", "admm-plain", "released-3s", "random"]), counts, clusterings, counts)
def test_files_of_different_settings_are_different_files(one, solver, bits, other, more):
    assert (layout.semantics("a", one.label) == layout.semantics("a", other.label)) == (one == other)
    same = layout.centers("a", solver, one.label, bits) == layout.centers("a", solver, other.label, more)
    assert same == (one == other and bits == more)


@given(st.text("c0123456789_pcarelesdtflmn", max_size=20))
def test_what_is_no_label_of_a_clustering_is_refused(text):
    try:
        config = ClusteringConfig.from_label(text)
    except (UserError, ValueError):
        return
    assert re.fullmatch(CLUSTERING_LABEL, text) and config.clusters >= 1


def test_labels_in_words():
    labels = {
        "c100_pca512": ClusteringConfig(),
        "c100": ClusteringConfig(pca=None),
        "c6_pca4_released": ClusteringConfig(clusters=6, pca=4, recipe="released"),
        "c6_seed0": ClusteringConfig(clusters=6, pca=None, seed=0),
        "c6_pca4_uncentered_released_seed21": ClusteringConfig(
            clusters=6, pca=4, centered=False, recipe="released", seed=21
        ),
        "c6_released": ClusteringConfig(clusters=6, pca=None, recipe="released"),
        "c100_pca512_dct5": ClusteringConfig(features="dct5"),
        "c6_mean_std_uncentered_seed3": ClusteringConfig(
            clusters=6, pca=None, features="mean_std", centered=False, seed=3
        ),
        "c6_flat": ClusteringConfig(clusters=6, pca=None, features="flat"),
    }
    assert {label: ClusteringConfig.from_label(label) for label in labels} == labels
    assert NeighboursConfig().label == "k10_e5"
    assert NeighboursConfig.from_label("k3_e2") == NeighboursConfig(neighbours=3, expansions=2)


@pytest.mark.parametrize(
    "label",
    [
        *("", "100", "c", "c5_pca", "c5_released_pca4", "c5_pca4_releasd", "k10_e5", "c5 ", "c5_seed1", "c5_seed"),
        *("c5_mean", "c5_dct5_pca4", "c5_dct5_flat", "c5_uncentered_dct5"),
    ],
)
def test_wrong_clustering(label):
    with pytest.raises(UserError) as error:
        ClusteringConfig.from_label(label)
    assert str(error.value) == (
        f"'{label}': not a clustering; expected a label like c100, c100_pca512 or c100_released"
    )


@pytest.mark.parametrize("label", ["c5_dct5_released", "c5_dct5_uncentered_released_seed2"])
def test_recipes_of_the_authors_cluster_means(label):
    with pytest.raises(UserError) as error:
        ClusteringConfig.from_label(label)
    assert str(error.value) == (
        f"'{label}': features is 'dct5', must be 'mean' with recipe 'released', as in the authors' code; others "
        "require recipe 'paper'"
    )


@pytest.mark.parametrize("label", ["", "k10", "k_e", "e5_k10", "k10_e5_", "c100"])
def test_wrong_neighbour_graph(label):
    with pytest.raises(UserError) as error:
        NeighboursConfig.from_label(label)
    assert str(error.value) == f"'{label}': not a neighbour graph; expected a label like k10_e5"


@pytest.mark.parametrize("label", ["c0", "c007", "c5_pca0", "c5_pca", "c5_released_pca3", "c", "100"])
def test_labels_of_no_clustering_are_one_line(label: str) -> None:
    with pytest.raises(UserError, match=f"^'{label}'"):
        ClusteringConfig.from_label(label)


@pytest.mark.parametrize("label", ["k0_e1", "k1_e0", "k01_e1", "k1"])
def test_labels_of_no_neighbour_graph_are_one_line(label: str) -> None:
    with pytest.raises(UserError, match=f"^'{label}'"):
        NeighboursConfig.from_label(label)


def test_solvers_name_the_seed_that_is_not_their_own() -> None:
    labels = {
        "admm-plain": CentersConfig(),
        "admm-plain-seed2": CentersConfig(seed=2),
        "admm-seed80": CentersConfig(solver="admm", seed=80),
        "released-120s": CentersConfig(solver="released"),
        "released-7s-seed1": CentersConfig(solver="released", seconds=7, seed=1),
    }
    assert {label: config.label for label, config in labels.items()} == {label: label for label in labels}
    assert CentersConfig(seed=1).label == "admm-plain"
    assert CentersConfig(solver="released", seed=SEED).label == "released-120s"
    assert [default_seed(solver) for solver in ("admm", "random", "released")] == [1, 1, SEED]


class TestSeedsOfARun:
    def test_by_default_only_the_training_varies(self):
        one, two = (resolve_cell("demo", "s5vh", 16, seed) for seed in (1, 2))
        assert one.requires() == two.requires()
        assert one.to_json().replace('"seed":1', '"seed":2') == two.to_json()

    @pytest.mark.parametrize("also", [["clusters"], ["centers"], ["clusters", "centers"]])
    def test_what_else_varies_has_the_seed_in_its_name(self, also):
        plain = resolve_cell("demo", "s5vh", 16, 1)
        # Seed 1 is the default one, so its files and its digest stay as they are.
        same = resolve_cell("demo", "s5vh", 16, 1, seeds_also_vary=also)
        assert same.requires() == plain.requires() and same.to_json() == plain.to_json()
        other = resolve_cell("demo", "s5vh", 16, 3, seeds_also_vary=also)
        label = other.settings.semantics.label
        assert label == plain.settings.semantics.label + ("_seed3" if "clusters" in also else "")
        solver = "admm-plain" + ("-seed3" if "centers" in also else "")
        assert other.requires() == {
            "semantics": layout.semantics("demo", label),
            "centers": layout.centers("demo", solver, label, 16),
        }
        assert other.to_json() != resolve_cell("demo", "s5vh", 16, 3).to_json()

    def test_methods_without_them_are_as_before(self):
        plain, also = (resolve_cell("demo", "lsh_mean", 8, 2, {}, vary) for vary in ((), ("clusters", "centers")))
        assert plain.to_json() == also.to_json()
