"""Settings of AutoSSVH. The defaults are the paper's; "as released" marks what the authors' code does instead.

Their code never calls its frame sampler and has no component voting, so most of the paper is not in it. What the paper
does not say follows the code, without the two bugs that it shares with ConMH's (see `uneven_heads` and
`narrow_mask_token` in config/departures/autossvh.yaml).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from s5vh.config.training import Ratio
from s5vh.config.validation import Strict
from s5vh.methods.settings import TrainedSettings
from s5vh.methods.shared_settings import AdamTraining, MaskedTransformerModel


class Model(MaskedTransformerModel):
    """Sizes of the masked autoencoder, whose encoder and decoder are Transformers, and its hash layer."""

    depth: PositiveInt = Field(
        12, description="Transformer blocks of the encoder; 6 on ActivityNet in the paper, 12 as released"
    )
    decoder_depth: PositiveInt = Field(
        2, description="Transformer blocks of the decoder; 1 on ActivityNet in the paper, 2 as released"
    )
    frame_hashes: Literal["tanh", "binary"] = Field(
        "tanh",
        description="hash vectors of frames: `tanh` has real values, only their mean is binarised; `binary` as "
        "released: each frame is binarised with a clipped straight-through gradient",
    )
    hash_norm: bool = Field(False, description="layer norm over the K values before the activation, as released")
    input_dropout: Ratio = Field(
        0.0,
        description="dropout of the values of the frame features; 0.2 as released on ActivityNet. The frames to be "
        "reconstructed are unaffected",
    )


class Sampler(Strict):
    """How the visible frames of the two views are chosen."""

    kind: Literal["grade", "random", "attmask", "adamae", "adios"] = Field(
        "grade",
        description="`grade`: scores of Grade-Net, trained against the hash network by gradient reversal; `random` as "
        "released. In the style of methods that the paper compares with: `attmask` scores frames by the attention that "
        "they receive, `adamae` samples the visible frames from learned probabilities that rise with the error of "
        "reconstruction, `adios` learns one mask for each view, adversarially and without noise",
    )
    top: Literal["dropped", "kept"] = Field(
        "dropped",
        description="what happens to the frames with the highest scores (`grade`, `attmask`): `dropped`, to be "
        "reconstructed, as in the paper's text; `kept` for the encoder, as in its figure and in the sampler that its "
        "code has but never calls. Either way, floor(mask_ratio T) frames are hidden, as in random views; that "
        "sampler would keep floor((1 - mask_ratio) T)",
    )
    noise: float = Field(
        1.0, ge=0, description="factor of the Gumbel noise that is added to scores, different in each view"
    )
    temperature: PositiveFloat = Field(
        0.5, description="temperature of the softmax through which the gradient reaches the scores"
    )
    gradient_factor: float = Field(
        -1.0,
        description="factor of the gradient at the end of the samplers `grade` and `adios`: -1 makes them adversaries "
        "of the hash network, 1 its helpers (the paper's Table 3 without the gradient reversal layer)",
    )


class Prototypes(Strict):
    """Clusters of the training videos, found anew in each epoch, whose prototypes attract the codes of their videos."""

    clusters: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = Field(
        (250, 400, 600), description="number of clusters of each clustering; at most the number of training videos"
    )
    warm_up: NonNegativeInt = Field(50, description="epochs without clusters and their loss")
    every: PositiveInt = Field(1, description="epochs between clusterings")
    of: Literal["embeddings", "codes"] = Field(
        "embeddings",
        description="what is clustered: means over time of the encoder's outputs, or `codes`, of the frames' hash "
        "vectors as released; both scaled to unit length",
    )
    centers: Literal["voted", "means"] = Field(
        "voted",
        description="prototypes: `voted` by the codes of a cluster's videos, bit by bit, +1 in a tie (component "
        "voting), or the `means` of what is clustered, scaled to unit length, as released; `means` needs `of: codes`",
    )
    temperature: PositiveFloat = Field(0.2, description="temperature of the loss, or its mean over the clusters")
    temperatures: Literal["equal", "per_cluster"] = Field(
        "equal",
        description="whether all clusters have the same temperature; `per_cluster` as released: a lower one for large "
        "and dense clusters",
    )
    negatives: Literal["all", "sampled"] = Field(
        "all",
        description="prototypes that a code is compared with: `all`, or `sampled` as released: those of the batch, "
        "repeated for videos of the same cluster, and as many random others as there are videos",
    )

    @model_validator(mode="after")
    def _prototypes_are_as_long_as_codes(self) -> Prototypes:
        if self.centers == "means" and self.of == "embeddings":
            raise ValueError("centers 'means' needs of 'codes', because prototypes are compared with codes")
        return self


class Loss(Strict):
    """Weights of the three losses, and temperature and kind of the contrastive one."""

    reconstruction: float = Field(
        1.0, ge=0, description="weight of the reconstruction loss of masked frames, summed over both views"
    )
    contrast: float = Field(1.0, ge=0, description="weight alpha of the contrastive loss between two views")
    prototypes: float = Field(0.2, ge=0, description="weight beta of the loss between codes and prototypes, P2Set")
    compared: Literal["codes", "means"] = Field(
        "codes",
        description="what is compared with the other view and with prototypes: binary codes of views, or `means` over "
        "their frames' hash vectors as released",
    )
    contrast_kind: Literal["infonce", "debiased"] = Field(
        "infonce",
        description="`infonce`: softmax over the other view's videos; `debiased` as released: negatives from both "
        "views, corrected for the prior that they have the anchor's class",
    )
    temperature: PositiveFloat = Field(0.5, description="temperature of the contrastive loss")
    tau_plus: Ratio = Field(0.1, description="class prior of `debiased`: assumed share of negatives of the same class")


class Training(AdamTraining):
    """Training of AutoSSVH."""

    epochs: PositiveInt = Field(350, description="passes over the training videos")
    learning_rate: PositiveFloat = Field(1e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-6, ge=0, description="lower bound of the learning rate")
    mask_ratio: Ratio = Field(0.5, description="share of frames masked in each of the two views")


class Settings(TrainedSettings):
    """AutoSSVH: automated frame sampling for efficient self-supervised video hashing (CVPR 2025)."""

    implemented_by: ClassVar[str] = "s5vh.methods.autossvh.network:AutoSSVH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.autossvh.authors_checkpoint:read_checkpoint"

    implementation: Literal["autossvh"]
    model: Model = Model()
    sampler: Sampler = Sampler()
    prototypes: Prototypes = Prototypes()
    loss: Loss = Loss()
    training: Training = Training()

    @model_validator(mode="after")
    def _errors_are_known(self) -> Settings:
        if self.sampler.kind == "adamae" and self.loss.reconstruction == 0:
            raise ValueError("sampler.kind 'adamae' learns from reconstruction errors; set loss.reconstruction above 0")
        return self

    def minimum_videos(self, bits: int) -> int:
        """As many videos as the largest number of clusters."""
        return max(self.prototypes.clusters) if self.loss.prototypes > 0 else 1
