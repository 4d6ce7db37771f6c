"""Settings of a workflow run: what to reproduce. Machine settings are in `profiles/`."""

from __future__ import annotations

from math import gcd
from typing import Any, Literal, get_args

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator, model_validator

from s5vh.config.centers import CentersStudyConfig, SolverStudyConfig
from s5vh.config.precision import EncodingPrecision
from s5vh.config.studies import (
    TRANSFER_TABLES,
    AblationConfig,
    ArchiveConfig,
    ConvergenceConfig,
    DeparturesConfig,
    EfficiencyConfig,
    ExamplesConfig,
    ProtocolStudyConfig,
    TransferConfig,
)
from s5vh.config.validation import Each, Strict, each_once
from s5vh.config.words import REFERENCE_RANKINGS, RankingName

Paper = Literal["S5VH", "MCMSH", "AutoSSVH"]
PAPERS: tuple[Paper, ...] = get_args(Paper)


class ProtocolConfig(Strict):
    """How retrieval is scored: every choice that affects a score."""

    denominator: Literal["retrieved", "relevant", "capped_relevant", "retrieved_relevant"] = Field(
        "retrieved",
        description="denominator of AP@N: `retrieved` is N (as in all released code), `relevant` the number of "
        "relevant videos (equation 24), `capped_relevant` the smaller of the two, `retrieved_relevant` the number of "
        "relevant videos among the first N",
    )
    ties: Literal["stable", "expected"] = Field(
        "stable",
        description="how ties in distance are handled: `stable` sorts them by database index, `expected` takes "
        "the exact mean over all orders",
    )
    exclude_self: bool = Field(
        False, description="exclude the query itself if it is part of the database; further copies of it stay"
    )
    cutoffs: list[PositiveInt] = Field(
        [5, 20, 40, 60, 80, 100], min_length=1, description="values of N for mAP@N and GmAP"
    )


class EncodingConfig(Strict):
    """How networks encode the database and the queries for the scores of a run."""

    precision: EncodingPrecision = Field(
        "float32",
        description="arithmetic of networks while they encode: `bfloat16` is mixed precision, whose rounding flips "
        "single bits, except on CPUs without it, where it is float32. Evaluations during training, which may select "
        "weights, are always in float32, and methods without a network ignore it",
    )


def paper_of(table: str) -> Paper:
    """The paper of a table or figure by its name: those of other papers than S5VH start with the paper."""
    return next((paper for paper in PAPERS if table.startswith(f"{paper.lower()}_")), "S5VH")


class RunConfig(Strict):
    """`config/config.yaml`, overridden by any file given with `--configfile`."""

    datasets: Literal["auto"] | list[str] = Field(
        "auto",
        description="names of files in config/datasets; `auto` selects every paper data set whose features are "
        "available, or the built-in demo if none is",
    )
    methods: Each[str] = Field(min_length=1, description="names of files in config/methods")
    without: list[str] = Field(
        [],
        description="methods to leave out of this run, wherever the other keys list them: `--config 'without=[ssvh]'`",
    )
    bits: Each[PositiveInt] = Field([16, 32, 64], min_length=1, description="code lengths K")
    seeds: Each[NonNegativeInt] = Field(
        [1],
        min_length=1,
        description="each cell is run once per seed; adding a seed does not rerun the others. With several seeds, "
        "intervals are over seeds; with one, over queries",
    )
    seeds_also_vary: list[Literal["clusters", "centers"]] = Field(
        [],
        description="what each seed decides besides the training: `clusters` is the k-means, `centers` the solver of "
        "the hash centers. What is not listed is the same for all seeds. With both, intervals over seeds cover all "
        "chance of a method",
    )
    archive: ArchiveConfig = Field(
        ArchiveConfig(), description="what `all` makes of data sets of kind `videos`, in place of the papers' studies"
    )
    papers: Each[Paper] = Field(
        ["S5VH"],
        description="papers whose tables and figures are part of `all`; those of others are built when requested, as "
        "in `snakemake mcmsh_table1`",
    )
    ablations: dict[str, AblationConfig] = Field(
        {}, description="by name of a table or figure, the recipe and ablations that it compares; `table2` is Table 2"
    )
    convergence: ConvergenceConfig = Field(ConvergenceConfig(), description="Figure 1b")
    transfer: list[TransferConfig] = Field(
        [],
        description="pairs of data sets, trained on one and searched in the other, for Table 1, Table 4 of MCMSH and "
        "Table 2 of AutoSSVH",
    )
    centers: CentersStudyConfig = Field(CentersStudyConfig(), description="hash-center solvers to compare")
    reference_rankings: Each[RankingName] = Field(
        list(REFERENCE_RANKINGS),
        description="scores shown beside those of the methods: `chance` (expected in a random order), `cosine_mean` "
        "and `cosine_frames` (cosine similarity of the real-valued features, averaged over time or of all frames), "
        "`perfect` (all relevant videos first)",
    )
    protocol_study: ProtocolStudyConfig = Field(
        ProtocolStudyConfig(), description="effect of tie order and self-matches on scores"
    )
    solver_study: SolverStudyConfig = Field(
        SolverStudyConfig(), description="hash-center solvers on synthetic clusters and on the data sets' clusters"
    )
    efficiency: EfficiencyConfig = Field(EfficiencyConfig(), description="Figure 1a")
    departures: DeparturesConfig = Field(
        DeparturesConfig(), description="study of where the released code departs from the paper; not part of `all`"
    )
    examples: ExamplesConfig = Field(ExamplesConfig(), description="example queries in the report")
    protocols: dict[str, ProtocolConfig] = Field(
        {
            "published": ProtocolConfig(),
            "strict": ProtocolConfig(denominator="capped_relevant", ties="expected", exclude_self=True),
        },
        min_length=1,
        description="evaluation protocols by name; the first is used in figures, tables and training curves",
    )
    encoding: EncodingConfig = Field(EncodingConfig(), description="how networks compute the codes that are scored")
    overrides: dict[str, dict[str, Any]] = Field(
        {},
        description="by method name, settings that override the method's file and the data set's, e.g. "
        "{s5vh: {training: {epochs: 100}}}",
    )

    @field_validator("datasets")
    @classmethod
    def _each_dataset_once(cls, datasets: str | list[str]) -> str | list[str]:
        return datasets if isinstance(datasets, str) else each_once(datasets)

    @model_validator(mode="after")
    def _some_method_is_left(self) -> RunConfig:
        if not self._kept(self.methods):
            raise ValueError("'without' leaves out every method; list fewer")
        return self

    @model_validator(mode="after")
    def _each_pair_once(self) -> RunConfig:
        for table in TRANSFER_TABLES:
            pairs = [f"{pair.train} to {pair.test}" for pair in self.transfer if table in pair.tables]
            for pair in pairs:
                if pairs.count(pair) > 1:
                    raise ValueError(f"transfer: {table} has {pair} twice; list it once, with all its code lengths")
        return self

    def _kept(self, methods: list[str]) -> list[str]:
        return [name for name in methods if name.partition("+")[0] not in self.without]

    def reduced(self) -> RunConfig:
        """The configuration without the methods of `without`, as if they had never been listed.

        Ablations without their recipe are left out, and an example page without its method takes the first one. So do
        archives if none of their methods is left.
        """
        changed: dict[str, Any] = {"methods": self._kept(self.methods), "without": []}
        if self.archive.methods:
            left = self._kept(self.archive.methods) or changed["methods"][:1]
            changed["archive"] = self.archive.model_copy(update={"methods": left})
        for key in ("convergence", "protocol_study", "efficiency", "departures"):
            study = getattr(self, key)
            changed[key] = study.model_copy(update={"methods": self._kept(study.methods)})
        changed["ablations"] = {
            name: study.model_copy(update={"methods": self._kept(study.methods)})
            for name, study in self.ablations.items()
            if self._kept([study.recipe])
        }
        if self.examples.method is not None and not self._kept([self.examples.method]):
            changed["examples"] = self.examples.model_copy(update={"method": None})
        return self.model_copy(update=changed)

    def archived(self) -> RunConfig:
        """The configuration for data sets with an archive page: its methods, and no paper's tables and figures.

        Whatever is requested by name is what it is without `archive`, but for the methods it compares.
        """
        method, bits = self.examples.method, self.examples.bits
        changed: dict[str, Any] = {
            "method": method if method in self.archive.methods else None,
            "bits": bits if bits in self.bits else max(self.bits),
        }
        # The similarity of all frames holds all features in memory, which archives may be too large for.
        rankings = [name for name in self.reference_rankings if name != "cosine_frames"]
        return self.model_copy(
            update={
                "methods": self.archive.methods,
                "papers": [],
                "examples": self.examples.model_copy(update=changed),
                "reference_rankings": rankings,
            }
        )

    @property
    def main_protocol(self) -> str:
        return next(iter(self.protocols))

    @property
    def main_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the methods compared with each other, without ablations."""
        return [(method, bits) for method in self.methods for bits in self.bits]

    def ablation(self, name: str) -> AblationConfig:
        """The ablations of the table or figure `name`; none if the run has none."""
        study = self.ablations.get(name, AblationConfig())
        return study.model_copy(update={"bits": study.bits or self.bits})

    def ablation_grid(self, name: str) -> list[tuple[str, int]]:
        """(method, bits) of the ablations of the table or figure `name`."""
        study = self.ablation(name)
        return [(method, bits) for method in study.rows for bits in study.bits]

    @property
    def studied_ablations(self) -> dict[str, AblationConfig]:
        """Ablations of the papers that are part of `all`, by name of their table or figure."""
        return {name: self.ablation(name) for name in self.ablations if paper_of(name) in self.papers}

    @property
    def ablation_grids(self) -> list[tuple[str, int]]:
        """(method, bits) of all of these."""
        return list(dict.fromkeys(cell for name in self.studied_ablations for cell in self.ablation_grid(name)))

    def transfer_pairs(self, table: str | None = None) -> list[TransferConfig]:
        """Pairs of a transfer table, with their code lengths; without a name, of all papers that are part of `all`."""
        wanted = [table] if table else [name for name in TRANSFER_TABLES if paper_of(name) in self.papers]
        return [
            pair.model_copy(update={"bits": pair.bits or self.bits})
            for pair in self.transfer
            if set(wanted) & set(pair.tables)
        ]

    @property
    def convergence_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of Figure 1b."""
        return [(method, self.convergence.bits) for method in self.convergence.methods]

    @property
    def curve_grids(self) -> dict[str, tuple[int, list[tuple[str, int]]]]:
        """Of what shows training curves, by key: epochs between evaluations, and its (method, bits).

        Ablations count also if their paper is not part of `all`: a training must not depend on what is requested.
        """
        found = {"convergence": (self.convergence.evaluate_every, self.convergence_grid)}
        for name, study in self.ablations.items():
            if study.evaluate_every is not None:
                found[f"ablations.{name}"] = study.evaluate_every, self.ablation_grid(name)
        return found

    def curve_every(self, method: str, bits: int) -> int | None:
        """Epochs between the evaluations for training curves in a training; None if none shows it.

        With several intervals, their greatest common divisor, so that all their epochs are evaluated.
        """
        return gcd(*(every for every, grid in self.curve_grids.values() if (method, bits) in grid)) or None

    @property
    def example_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the example page."""
        return [(self.example_method, self.examples.bits)]

    @property
    def example_method(self) -> str:
        """Method whose codes are used on the example page."""
        return self.examples.method or self.methods[0]

    @property
    def protocol_study_grid(self) -> list[tuple[str, int]]:
        """(method, bits) of the protocol study; the run's first method only at the code lengths of the main grid."""
        study = self.protocol_study
        first = [(method, bits) for method in self.methods[:1] for bits in study.bits if bits in self.bits]
        return list(dict.fromkeys([*first, *((method, bits) for method in study.methods for bits in study.bits)]))
