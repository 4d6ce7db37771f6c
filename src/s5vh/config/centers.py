"""Settings of hash centers: those that a method aligns with, and the comparisons of the solvers that find them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from s5vh.config.validation import Strict

Solver = Literal["admm", "admm-plain", "released", "hadamard", "random", "bernoulli"]
_SECONDS = "time limit of `released` in seconds, after which its best centers so far are taken; the others have none"


def solver_label(solver: str, seconds: int) -> str:
    """What a solver is called in file names: with its time limit, if it has one."""
    return f"{solver}-{seconds}s" if solver == "released" else solver


class CentersConfig(Strict):
    """Hash centers a method aligns with; there are as many as clusters (`semantics.clusters`)."""

    solver: Solver = Field(
        "admm-plain",
        description="`admm-plain`: the paper's lp-box ADMM; `admm`: the same, refined by bit flips (a lower "
        "objective); `released`: the other search that the authors' code has in its place",
    )
    seconds: PositiveInt = Field(120, description=_SECONDS)

    @property
    def label(self) -> str:
        """The solver in file names."""
        return solver_label(self.solver, self.seconds)


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
    seed: int = Field(7, ge=0, description="of the random centroids; with equal seeds the first ones are the same")


class SolverStudyConfig(Strict):
    """Comparison of hash-center solvers where no features are needed, and on the clusters of the run's data sets."""

    solvers: list[Solver] = Field(
        ["admm", "admm-plain", "released", "hadamard", "random", "bernoulli"], description="solvers to compare"
    )
    sizes: list[SolverSize] = Field([], description="synthetic clusters to solve for, a block of the table each")
    seconds: PositiveInt = Field(5, description=_SECONDS)

    @model_validator(mode="after")
    def _titles_differ(self) -> SolverStudyConfig:
        titles = [size.title for size in self.sizes]
        for title in titles:
            if titles.count(title) > 1:
                raise ValueError(f"two sizes are called '{title}'; give each a title of its own")
        return self
