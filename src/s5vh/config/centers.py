"""Settings of hash centers: those a method aligns codes with, and the comparisons of solvers."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, PositiveInt, model_validator

from s5vh.config.validation import Seed, Strict

Solver = Literal["admm", "admm-plain", "released", "hadamard", "random", "bernoulli"]
_SECONDS = "time limit of the solver `released` in seconds, after which its best centers so far are used"


_SEEDS = {"released": 80}  # as in the authors' code; 1 for the other solvers


def default_seed(solver: str) -> int:
    """Seed of a solver if none is given."""
    return _SEEDS.get(solver, 1)


def solver_label(solver: str, seconds: int, seed: int | None = None) -> str:
    """Name of a solver in file names, including its time limit if it has one, and its seed if it is not the default."""
    limit = f"-{seconds}s" if solver == "released" else ""
    return f"{solver}{limit}" + ("" if seed in (None, default_seed(solver)) else f"-seed{seed}")


class CentersConfig(Strict):
    """Hash centers that a method aligns its codes with, one per cluster (`semantics.clusters`)."""

    solver: Solver = Field(
        "admm-plain",
        description="`admm-plain`: the paper's lp-box ADMM; `admm`: our variant of it, refined by bit flips (lower "
        "objective); `released`: the search that the authors' code uses instead",
    )
    seconds: PositiveInt = Field(120, description=_SECONDS)
    seed: Seed | None = Field(
        None,
        description="seed of the solver; null: 1, or 80 for `released`, as in the authors' code; the cell's seed if "
        "`seeds_also_vary` of the run lists centers",
    )

    @property
    def label(self) -> str:
        """Name of the solver in file names."""
        return solver_label(self.solver, self.seconds, self.seed)

    def with_seed(self, seed: int) -> Self:
        """The same centers with another seed; the solver's default one is not named, so that nothing changes."""
        return self.model_copy(update={"seed": None if seed == default_seed(self.solver) else seed})


class CentersStudyConfig(Strict):
    """Comparison of hash-center solvers on each data set."""

    solvers: list[Solver] = Field(
        ["admm", "admm-plain", "hadamard", "random", "bernoulli"], description="solvers in the figure"
    )
    seconds: PositiveInt = Field(120, description=_SECONDS)


class SolverSize(Strict):
    """Synthetic clusters of one size: random centroids in ten groups."""

    title: str = Field(description="name in the table and the figure")
    clusters: PositiveInt = Field(description="number of clusters and hash centers, C")
    bits: list[PositiveInt] = Field([16, 32, 64], min_length=1, description="code lengths K")
    seed: Seed = Field(
        7, description="seed of the random centroids; sizes with the same seed share their first centroids"
    )


class CenteringConfig(Strict):
    """Every solver on the similarities of centered and uncentered synthetic features, with several seeds."""

    clusters: PositiveInt = Field(100, description="number of clusters and hash centers, C")
    bits: PositiveInt = Field(16, description="code length K")
    seeds: PositiveInt = Field(5, description="number of seeds, from 1: of the features and of the solvers")


class SolverStudyConfig(Strict):
    """Comparison of hash-center solvers on synthetic clusters and on the clusters of the run's data sets."""

    solvers: list[Solver] = Field(
        ["admm", "admm-plain", "released", "hadamard", "random", "bernoulli"], description="solvers to compare"
    )
    sizes: list[SolverSize] = Field([], description="synthetic clusters to solve for, one block of the table each")
    centering: CenteringConfig | None = Field(
        None, description="comparison of `semantics.centered` true and false on synthetic features; null: none"
    )
    seconds: PositiveInt = Field(5, description=_SECONDS)

    @model_validator(mode="after")
    def _titles_differ(self) -> SolverStudyConfig:
        titles = [size.title for size in self.sizes]
        for title in titles:
            if titles.count(title) > 1:
                raise ValueError(f"two sizes have the title '{title}'; give each its own title")
        return self
