"""Settings of MCMSH. The defaults are the paper's; "as released" marks what the authors' code does."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.config import layout
from s5vh.config.grid_cell import GridCell
from s5vh.config.semantics import ClusteringConfig
from s5vh.config.training import Ratio
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings
from s5vh.methods.shared_settings import AdamTraining


class Model(Strict):
    """Sizes and variants of MC-MLP and of the hash layer."""

    width: PositiveInt = Field(256, description="width of the network")
    expansion: PositiveInt = Field(2, description="hidden size of a mixing MLP divided by its input size")
    dropout: Ratio = Field(0.5, description="dropout after both layers of a mixing MLP")
    token_reduction: PositiveInt = Field(4, description="frames divided by the bottleneck of token-mixing gates")
    channel_reduction: PositiveInt = Field(
        16, description="width divided by the bottleneck of channel-mixing gates; must divide the width"
    )
    gates: tuple[Literal["long", "medium", "short"], ...] = Field(
        ("long", "medium", "short"),
        description="gates of every set of gates: L-RD, M-RD and S-RD in the paper; none is a plain MLP-Mixer, without "
        "the linear layers around gates",
    )
    gating: Literal["masks", "outputs"] = Field(
        "masks",
        description="`masks`: the three gates of a mixing block are summed and applied once, between one pair of "
        "linear layers; `outputs`: each gate is a module with its own pair, and the outputs are summed, as released",
    )
    output_gating: bool = Field(False, description="add three more gates after the mixing blocks, as released")
    gate_norm: bool = Field(False, description="add a batch norm after both operators of a gate, as released")
    relaxation: Literal["tanh_of_mean", "mean_of_tanh"] = Field(
        "tanh_of_mean",
        description="relaxed code of a video: `tanh_of_mean` of the frames' logits, or `mean_of_tanh`, as released",
    )
    alpha: Literal["one", "growing"] = Field(
        "one",
        description="factor of the logits in the tanh: `one`, or `growing` as sqrt(epoch + 1), epochs from 0, as "
        "released; a model keeps the factor of the epoch that its weights are from, and encodes with it",
    )
    encoding_alpha: PositiveFloat | None = Field(
        None, description="this factor for encoding instead of the model's own; it decides codes only in `mean_of_tanh`"
    )

    @model_validator(mode="after")
    def _each_gate_once(self) -> Model:
        if len(set(self.gates)) < len(self.gates):
            raise ValueError(f"gates are {', '.join(self.gates)}; list each kind once")
        return self

    @model_validator(mode="after")
    def _bottleneck_is_whole(self) -> Model:
        if self.width % self.channel_reduction:
            raise ValueError(f"channel_reduction is {self.channel_reduction}, must divide width ({self.width})")
        return self


class Loss(Strict):
    """Weights and variants of the three losses and of the quantisation term."""

    cluster: float = Field(0.8, ge=0, description="weight alpha of the cluster loss")
    similarity: float = Field(0.1, ge=0, description="weight beta of the pair similarity loss")
    quantisation: float = Field(
        0.01,
        ge=0,
        description="weight of the quantisation term; the paper has it inside the pair similarity loss with a factor "
        "of 0.1, hence 0.1 beta",
    )
    quadruplet: float = Field(0.01, ge=0, description="weight gamma of the quadruplet loss")
    cluster_targets: Literal["centroids", "components"] = Field(
        "centroids",
        description="`centroids`: of the clusters as they are, found after PCA to the width of the network; "
        "`components`: their first principal components, as released, where clusters are found without PCA",
    )
    cluster_reduction: Literal["sum", "mean"] = Field(
        "sum", description="reduction of the squared error over the values of a target: `sum`, or `mean` as released"
    )
    similarity_kernel: Literal["exponential", "gaussian"] = Field(
        "exponential",
        description="kernel between videos and anchors: `exponential` in the distance, or `gaussian` as released; the "
        "bandwidth is the mean distance to the last anchor used in both, as the paper gives none",
    )
    similarity_pairs: Literal["batch", "sampled"] = Field(
        "batch",
        description="`batch`: all similar and dissimilar pairs in a batch; `sampled`: each video with one partner, "
        "similar or dissimilar with equal probability, which also enters the cluster and quantisation losses, as "
        "released",
    )
    quantisation_target: Literal["detached", "straight_through"] = Field(
        "detached",
        description="`detached`: relaxed codes are drawn to their signs; `straight_through`: the gradient also passes "
        "through the sign and is exactly zero in total, as released",
    )
    quantisation_reduction: Literal["sum", "mean"] = Field(
        "sum", description="reduction of the squared error over the K bits: `sum`, or `mean` as released"
    )


class Training(AdamTraining):
    """Training of MCMSH."""

    epochs: PositiveInt = Field(55, description="passes over the training videos; 56 as released")
    batch_size: PositiveInt = Field(256, description="videos per step")
    learning_rate: PositiveFloat = Field(3e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-4, ge=0, description="lower bound of the learning rate")
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch"
    )
    corruption: Literal["none", "fresh", "in_place"] = Field(
        "none",
        description="frames hidden from the network: `none`; `fresh`: 15% of the frames of a video and its partner are "
        "zeroed, replaced or kept; `in_place`: likewise, but edits stay until the end of the epoch, as released",
    )


class Settings(TrainedSettings):
    """MCMSH: multi-granularity contextualized and multi-structure preserved hashing (ACM Multimedia 2022)."""

    implemented_by: ClassVar[str] = "s5vh.methods.mcmsh.network:MCMSH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.mcmsh.authors_checkpoint:read_checkpoint"

    implementation: Literal["mcmsh"]
    model: Model = Model()
    loss: Loss = Loss()
    training: Training = Training()
    semantics: ClusteringConfig = Field(
        ClusteringConfig(clusters=2000, pca=256),
        description="clusters, whose centroids are the anchors; keys not set here are taken from the data set",
    )

    def requires(self, cell: GridCell) -> dict[str, Path]:
        """The clusters of the training videos."""
        return {"semantics": layout.semantics(cell.dataset, self.semantics.label)}

    def minimum_videos(self, bits: int) -> int:
        """The number of clusters, or of PCA components if there are more; batch norms need two videos."""
        return max(self.semantics.clusters, self.semantics.pca or 1, 2 if self.model.gate_norm else 1)

    @property
    def fixed_length(self) -> bool:
        """True, because layers over frames have weights for T of them."""
        return True
