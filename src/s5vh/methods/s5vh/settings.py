"""Settings of S5VH. The defaults are the paper's; "as released" marks what the authors' code does."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.config import layout
from s5vh.config.centers import CentersConfig
from s5vh.config.grid_cell import GridCell
from s5vh.config.mixers import RWKV_HEAD_SIZE, MixerConfig
from s5vh.config.semantics import ClusteringConfig
from s5vh.config.training import Ratio, TrainingConfig
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings


class Model(MixerConfig):
    """Sizes and variants of the S5VH network."""

    width: PositiveInt = Field(256, description="width of the encoder")
    depth: PositiveInt = Field(6, description="bidirectional layers of the encoder")
    decoder_width: PositiveInt = Field(192, description="width of the decoder")
    decoder_depth: PositiveInt = Field(1, description="bidirectional layers of the decoder")
    d_state: PositiveInt = Field(16, description="state size per channel of the selective scan (`mixer: mamba`)")
    d_conv: PositiveInt = Field(4, description="kernel size of the causal convolution, in frames (`mixer: mamba`)")
    expand: PositiveInt = Field(2, description="inner width of a Mamba block divided by its width (`mixer: mamba`)")
    directions: Literal["both", "tied", "forward", "backward"] = Field(
        "both",
        description="directions of a layer; `tied` shares one set of weights, as the released code effectively does; "
        "`transformer` sees both and accepts no other value",
    )
    norms: Literal["paper", "block", "none"] = Field(
        "paper",
        description="`paper`: layer norms of equations 6 to 8; `block`: one before each direction's standard Mamba "
        "block, as released; `none`: the standard block (`mixer: mamba`; the others have one norm per direction)",
    )
    drop_path: Ratio = Field(
        0.5, description="stochastic depth rate of the last encoder layer, increasing linearly from 0"
    )
    encoder_head: bool = Field(False, description="add a linear layer after the encoder, as released")
    hash_norm: bool = Field(False, description="add a layer norm over the K values of a frame's hash, as released")
    frame_hashes: Literal["tanh", "binary"] = Field(
        "tanh", description="`tanh`: real-valued frame hashes; `binary`: binary frame codes, as released"
    )
    mask_token: Literal["hash", "decoder"] = Field(
        "hash",
        description="`hash`: [MASK] is a K-vector that replaces a hash vector; `decoder`: it has the decoder's width, "
        "starts from a normal distribution truncated at one standard deviation, and hash vectors are projected to that "
        "width without a bias, as released",
    )
    decoder_order: Literal["temporal", "visible_first"] = Field(
        "temporal",
        description="order of the decoder's input: `temporal`, or `visible_first` with hidden frames after all visible "
        "ones, as released",
    )
    initialisation: Literal["mamba", "xavier"] = Field(
        "mamba",
        description="`mamba`: each layer's own; `xavier`: Xavier-uniform with zero bias for all linear layers of "
        "encoder and decoder, including Mamba's step sizes, as released",
    )

    @model_validator(mode="after")
    def _mixer_fits(self) -> Self:
        if self.mixer == "transformer" and self.directions != "both":
            raise ValueError(
                f"directions: a transformer sees both at once; leave it at 'both', not '{self.directions}'"
            )
        for name in ("width", "decoder_width"):
            width = getattr(self, name)
            if self.mixer in ("retention", "transformer") and width % self.heads:
                raise ValueError(f"{name}: {width} cannot be divided among {self.heads} heads; change it or heads")
            if self.mixer == "retention" and width // self.heads % 2:
                raise ValueError(
                    f"{name}: {self.heads} heads of {width // self.heads} channels, but retention turns pairs of "
                    "channels; change it or heads"
                )
            if self.mixer == "rwkv" and width > RWKV_HEAD_SIZE and width % RWKV_HEAD_SIZE:
                raise ValueError(f"{name}: must be at most {RWKV_HEAD_SIZE} or a multiple of it with rwkv, got {width}")
        return self


class Loss(Strict):
    """Weights and temperatures of equations 19 to 22."""

    reconstruction: float = Field(1.0, ge=0, description="weight of the masked-frame reconstruction loss")
    alpha: float = Field(1.0, ge=0, description="weight of the contrastive loss between two views")
    beta: float = Field(0.1, ge=0, description="weight of the alignment loss with hash centers")
    reconstruction_reduction: Literal["mean", "sum"] = Field(
        "mean",
        description="reduction of the squared error over the D values of a frame: `sum` is the squared norm in the "
        "paper, `mean` is what the authors' alpha and beta were tuned for",
    )
    contrast: Literal["infonce", "infonce_sum", "debiased"] = Field(
        "infonce",
        description="`infonce`: equation 20 with the mean of both directions, the scale that the authors' alpha was "
        "tuned for; `infonce_sum`: their sum, as printed, which doubles the effect of alpha; `debiased`: corrected for "
        "negatives of the same class, as released, also a mean",
    )
    tau_plus: Ratio = Field(0.1, description="class prior of `debiased`: assumed share of negatives of the same class")
    contrast_temperature: PositiveFloat = Field(0.5, description="temperature tau of the contrastive loss")
    contrast_on: Literal["codes", "means"] = Field(
        "codes", description="contrast the binary codes (straight-through) or the frame means before the sign"
    )
    alignment_to: Literal["centers", "classifier"] = Field(
        "centers",
        description="`centers`: fixed hash centers, equation 21; `classifier`: a randomly initialised, trained "
        "linear layer, as released, where the hash centers are loaded but never used",
    )
    alignment_on: Literal["codes", "means"] = Field(
        "codes",
        description="align the binary codes (straight-through) or, as released, the frame means before the sign",
    )
    alignment_temperature: PositiveFloat = Field(0.5, description="temperature tau of the alignment loss")
    refinement: Ratio = Field(
        0.0,
        description="soft pseudo-labels: each time a video is seen, this share of its label is replaced by the "
        "network's prediction (0.01 as released)",
    )
    refine_after: int = Field(50, ge=0, description="epochs before refinement starts")


class Training(TrainingConfig):
    """Training of S5VH."""

    mask_ratio: Ratio = Field(0.5, description="share of frames masked in each of the two views")


class Settings(TrainedSettings):
    """S5VH: self-supervised video hashing with selective state spaces (AAAI 2025), and its ablations."""

    implemented_by: ClassVar[str] = "s5vh.methods.s5vh.network:S5VH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.s5vh.authors_checkpoint:read_checkpoint"

    implementation: Literal["s5vh"]
    model: Model = Model()
    loss: Loss = Loss()
    training: Training = Training()
    semantics: ClusteringConfig = Field(
        ClusteringConfig(), description="clusters for the pseudo-labels; keys not set here are taken from the data set"
    )
    centers: CentersConfig = CentersConfig()

    @property
    def needs_labels(self) -> bool:
        return self.loss.beta > 0

    @property
    def needs_centers(self) -> bool:
        return self.needs_labels and self.loss.alignment_to == "centers"

    def requires(self, cell: GridCell) -> dict[str, Path]:
        """Pseudo-labels, and hash centers if codes are aligned with them."""
        clusters, solver = self.semantics.label, self.centers.label
        files = {"semantics": layout.semantics(cell.dataset, clusters)} if self.needs_labels else {}
        if self.needs_centers:
            files["centers"] = layout.centers(cell.dataset, solver, clusters, cell.bits)
        return files

    def minimum_videos(self, bits: int) -> int:
        """The number of clusters, if pseudo-labels are used."""
        return self.semantics.clusters if self.needs_labels else 1
