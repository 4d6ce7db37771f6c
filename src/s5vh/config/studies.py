"""Settings of what a run compares: ablations, transfer, convergence, efficiency and other studies."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, PositiveInt, model_validator

from s5vh.config.validation import Each, Strict

TransferTable = Literal["table1", "mcmsh_table4", "autossvh_table2"]
TRANSFER_TABLES: tuple[TransferTable, ...] = get_args(TransferTable)


class AblationConfig(Strict):
    """A table or figure that compares a recipe with its ablations."""

    recipe: str = Field("s5vh", description="ablated method; the first row, unless `methods` has it elsewhere")
    methods: Each[str] = Field([], description="its ablations, the remaining rows; empty: no table")
    bits: Each[PositiveInt] = Field([], description="code lengths of the table; empty: all of `bits`")
    evaluate_every: PositiveInt | None = Field(
        None,
        description="for figures of training curves: epochs between the evaluations that are made for them, beside "
        "those of `training.evaluate_every`, as in `convergence`. null: no further ones",
    )

    @property
    def rows(self) -> list[str]:
        """The recipe and its ablations; empty without ablations."""
        listed = self.methods if self.recipe in self.methods else [self.recipe, *self.methods]
        return list(dict.fromkeys(listed)) if self.methods else []

    @property
    def ablated(self) -> list[str]:
        """The rows without the recipe itself."""
        return [name for name in self.rows if name != self.recipe]


class ConvergenceConfig(Strict):
    """Figure 1b and table `convergence`: how fast methods converge during training."""

    methods: Each[str] = Field(
        [],
        description="methods whose training curves are compared; the table gives the epoch at which the first reaches "
        "the final GmAP of each of the others. Empty: no figure",
    )
    bits: PositiveInt = Field(32, description="code length of the figure and the table")
    evaluate_every: PositiveInt = Field(
        1,
        description="epochs between the evaluations that are made for these curves, beside those of "
        "`training.evaluate_every`. They do not affect checkpoint selection and early stopping",
    )


class TransferConfig(Strict):
    """Tables `table1`, `mcmsh_table4` and `autossvh_table2`: train on one data set, search another."""

    train: str = Field(description="data set the model was trained on; the pair is left out unless it is in the run")
    test: str = Field(
        description="data set whose database and queries are encoded; must use the same frame features. It need not "
        "be in the run, only its features must be available"
    )
    bits: Each[PositiveInt] = Field([], description="code lengths; empty: all of `bits`")
    tables: list[TransferTable] = Field(
        list(TRANSFER_TABLES), min_length=1, description="tables that show the pair, by default all"
    )

    @model_validator(mode="after")
    def _two_datasets(self) -> TransferConfig:
        if self.train == self.test:
            raise ValueError(f"'train' and 'test' are both {self.train}; a transfer needs two data sets")
        return self


class ProtocolStudyConfig(Strict):
    """Table and figure `protocol`: how the order of ties and self-matches affect scores; near-duplicates of queries."""

    methods: Each[str] = Field(
        [],
        description="methods scored at every code length of the study; ITQ needs more training videos than bits. "
        "The first of the run's `methods` is included at the code lengths it is trained for anyway",
    )
    bits: Each[PositiveInt] = Field([8, 16, 32, 64], description="code lengths of the study; empty: no study")
    orders: int = Field(20, ge=2, description="number of random database orders, the same for every method")
    near_duplicates: float = Field(
        0.99,
        gt=0,
        le=1,
        description="cosine similarity of time-averaged features from which a database video counts as a "
        "near-duplicate of a query; the report counts and names them",
    )


class EfficiencyConfig(Strict):
    """Figure 1a: time and memory by sequence length, with random weights and features."""

    methods: Each[str] = Field(
        [],
        description="networks to measure; the length at which the first becomes faster than each of the others is "
        "determined. Empty: no figure",
    )
    frames: list[PositiveInt] = Field(
        [25, 50, 100, 200, 400, 800],
        min_length=1,
        description="sequence lengths; those that are too long for the memory are recorded as such",
    )
    feature_size: PositiveInt = Field(4096, description="feature dimension per frame")
    bits: PositiveInt = Field(64, description="code length")
    batch_size: Literal["largest"] | PositiveInt = Field(
        "largest",
        description="videos per batch: `largest`, at every length the largest multiple of 5 that the memory allows, as "
        "in the paper; or a number",
    )
    memory_budget_mib: PositiveInt = Field(
        256,
        description="memory of a batch on a CPU in MiB, features included, weights not; a GPU is used in full. More "
        "memory allows longer videos and takes proportionally longer",
    )
    training: bool = Field(
        True, description="measure losses and gradients of a training step, too, not only the encoding"
    )
    repeats: PositiveInt = Field(3, description="timed calls per sequence length, at least; the fastest is reported")


class DeparturesConfig(Strict):
    """`snakemake departures`: from a method's recipe to the released code, one switch at a time and all at once."""

    methods: Each[str] = Field([], description="methods with a file in config/departures and a recipe NAME-released")
    switches: list[str] = Field([], description="names from config/departures/METHOD.yaml; empty: all")
    bits: Each[PositiveInt] = Field([16], min_length=1, description="code lengths")
    seeds: Each[int] = Field(
        [1, 2, 3], min_length=1, description="seeds of each recipe, over which intervals are computed"
    )


class ArchiveConfig(Strict):
    """What `all` makes of data sets of kind `videos`: codes and a page about them instead of the papers' studies."""

    methods: Each[str] = Field(
        [],
        description="methods that make the codes; the page shows those of the first at the largest of `bits`. "
        "There are no ablations and studies, except on request by name. If a run has data sets of other kinds, too, "
        "tables and figures are of these only. Empty: videos are treated as any other data set",
    )


class ExamplesConfig(Strict):
    """Page of example queries with their retrieved videos."""

    method: str | None = Field(None, description="method whose codes are used; null: the first of `methods`")
    bits: PositiveInt = Field(32, description="code length")
    queries: PositiveInt = Field(10, description="queries on the page")
    neighbours: PositiveInt = Field(8, description="retrieved videos per query")
