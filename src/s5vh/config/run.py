"""Settings of a run of the workflow: what to rebuild. Science is here; the machine's settings are in `profiles/`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator

from s5vh.config.centers import CentersStudyConfig, SolverStudyConfig
from s5vh.config.validation import Strict


class ProtocolConfig(Strict):
    """How retrieval is scored; every choice that changes a number."""

    denominator: Literal["retrieved", "relevant", "capped_relevant"] = Field(
        "retrieved",
        description="what AP@N divides by: `retrieved` is N (all released codes), `relevant` the number of relevant "
        "videos (equation 24), `capped_relevant` the smaller of both",
    )
    ties: Literal["stable", "expected"] = Field(
        "stable",
        description="order of equal distances: `stable` by database index, `expected` the exact mean over all orders",
    )
    exclude_self: bool = Field(False, description="leave the query itself out where it is part of the database")
    cutoffs: list[PositiveInt] = Field([5, 20, 40, 60, 80, 100], min_length=1, description="the N of mAP@N and GmAP")


class AblationConfig(Strict):
    """Table 2: the recipe and its ablations."""

    recipe: str = Field("s5vh", description="method that is ablated, the first row")
    methods: list[str] = Field([], description="its ablations, the other rows; empty: no table")
    bits: list[PositiveInt] = Field([], description="code lengths of the table; empty: all of `bits`")


class ConvergenceConfig(Strict):
    """Figure 1b: two methods along their training."""

    methods: list[str] = Field([], description="methods whose curves are compared; empty: no figure")
    bits: PositiveInt = Field(32, description="code length of the figure")


class TransferConfig(Strict):
    """Table 1: train on one data set, search another."""

    train: str = Field(description="data set the model was trained on")
    test: str = Field(description="data set whose database and queries are encoded; same frame features")
    bits: list[PositiveInt] = Field([16], description="code lengths")


class ProtocolStudyConfig(Strict):
    """Table and figure `protocol`: what the order of ties, and queries that find themselves, do to a score."""

    methods: list[str] = Field(
        [],
        description="methods that are scored at every code length of the study; ITQ needs more training videos than "
        "bits. The first of the run's `methods` joins at the code lengths that it has anyway",
    )
    bits: list[PositiveInt] = Field([8, 16, 32, 64], description="code lengths of the study; empty: no study")
    orders: int = Field(20, ge=2, description="random orders of the database, the same for every method")


class EfficiencyConfig(Strict):
    """Figure 1a: time and memory of encoding against sequence length, with random weights and features."""

    methods: list[str] = Field([], description="networks to measure; empty: no figure")
    frames: list[PositiveInt] = Field([25, 50, 100, 200, 400, 800], description="sequence lengths")
    feature_size: PositiveInt = Field(4096, description="values of a frame")
    bits: PositiveInt = Field(64, description="code length")
    batch_size: PositiveInt = Field(4, description="videos encoded at a time")
    repeats: PositiveInt = Field(5, description="timed repeats a length; the median is reported")


class DeparturesConfig(Strict):
    """`snakemake departures`: from a method's recipe to the released code, one switch at a time and all of them."""

    methods: list[str] = Field(
        [], description="methods with a file in config/departures, and a recipe NAME-released beside them"
    )
    switches: list[str] = Field([], description="names in config/departures/METHOD.yaml; empty: all of them")
    bits: list[PositiveInt] = Field([16], min_length=1, description="code lengths")
    seeds: list[int] = Field([1, 2, 3], min_length=1, description="seeds of each recipe; the intervals are over them")


class ExamplesConfig(Strict):
    """Page of example queries with what was retrieved."""

    method: str | None = Field(None, description="method whose codes are searched; null: the first of `methods`")
    bits: PositiveInt = Field(32, description="code length")
    queries: PositiveInt = Field(10, description="queries on the page")
    neighbours: PositiveInt = Field(8, description="retrieved videos a query")


class RunConfig(Strict):
    """`config/config.yaml`, or any file given with `--configfile` on top of it."""

    datasets: Literal["auto"] | list[str] = Field(
        "auto",
        description="names of files in config/datasets; `auto` takes every paper data set whose features are present, "
        "and the embedded demo when none is",
    )
    methods: list[str] = Field(min_length=1, description="names of files in config/methods")
    bits: list[PositiveInt] = Field([16, 32, 64], min_length=1, description="code lengths K")
    seeds: list[NonNegativeInt] = Field(
        [1],
        min_length=1,
        description="each cell is run once with every seed; adding one runs nothing else again. Several give intervals "
        "over seeds, one gives intervals over queries",
    )
    ablation: AblationConfig = Field(AblationConfig(), description="Table 2")
    convergence: ConvergenceConfig = Field(ConvergenceConfig(), description="Figure 1b")
    transfer: list[TransferConfig] = Field([], description="Table 1")
    centers: CentersStudyConfig = Field(CentersStudyConfig(), description="hash-center solvers to compare")
    protocol_study: ProtocolStudyConfig = Field(
        ProtocolStudyConfig(), description="how much of a score is the order of ties, and how much the query itself"
    )
    solver_study: SolverStudyConfig = Field(
        SolverStudyConfig(), description="hash-center solvers on synthetic clusters and on those of the data sets"
    )
    efficiency: EfficiencyConfig = Field(EfficiencyConfig(), description="Figure 1a")
    departures: DeparturesConfig = Field(
        DeparturesConfig(), description="study of the released code's departures; not part of `all`"
    )
    examples: ExamplesConfig = Field(ExamplesConfig(), description="example queries in the report")
    protocols: dict[str, ProtocolConfig] = Field(
        {
            "published": ProtocolConfig(),
            "strict": ProtocolConfig(denominator="capped_relevant", ties="expected", exclude_self=True),
        },
        min_length=1,
        description="evaluation protocols by name; the first is the one of figures, tables and training curves",
    )
    overrides: dict[str, dict[str, Any]] = Field(
        {},
        description="by a method's name, settings that overrule its file and the data set's, e.g. "
        "{s5vh: {training: {epochs: 100}}}",
    )

    @field_validator("seeds")
    @classmethod
    def _different(cls, seeds: list[int]) -> list[int]:
        twice = sorted({seed for seed in seeds if seeds.count(seed) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is there twice; a run counts once, so give different seeds")
        return seeds

    @property
    def main_protocol(self) -> str:
        return next(iter(self.protocols))

    @property
    def main_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the methods that are compared with each other; ablations are not among them."""
        return [(method, bits) for method in self.methods for bits in self.bits]

    @property
    def ablation_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of Table 2; empty when the run has no ablations."""
        methods = [self.ablation.recipe, *self.ablation.methods] if self.ablation.methods else []
        return [(method, bits) for method in methods for bits in self.ablation_bits]

    @property
    def convergence_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of Figure 1b."""
        return [(method, self.convergence.bits) for method in self.convergence.methods]

    @property
    def example_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the page of example queries."""
        return [(self.example_method, self.examples.bits)]

    @property
    def example_method(self) -> str:
        """Method whose codes are searched on that page."""
        return self.examples.method or self.methods[0]

    @property
    def protocol_study_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the study of the protocol; the run's first method only where it is made anyway."""
        study = self.protocol_study
        first = [(method, bits) for method in self.methods[:1] for bits in study.bits if bits in self.bits]
        return list(dict.fromkeys([*first, *((method, bits) for method in study.methods for bits in study.bits)]))

    @property
    def ablation_bits(self) -> list[int]:
        return list(self.ablation.bits or self.bits)
