"""Settings of the methods: one class an implementation, chosen by the key `implementation` of a method's file."""

from __future__ import annotations

import string
from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, TypeAdapter, field_validator

from s5vh.config.base import Strict
from s5vh.config.centers import CentersConfig
from s5vh.errors import UserError

Ratio = Annotated[float, Field(ge=0, lt=1)]
CHECKPOINT_FIELDS = ("root", "folder", "dataset", "bits")  # placeholders of `checkpoint`


class TrainingConfig(Strict):
    """How a network is trained; the engine reads this and nothing else of a method."""

    epochs: PositiveInt = Field(350, description="passes over the training videos")
    batch_size: PositiveInt = Field(128, description="videos a step")
    learning_rate: PositiveFloat = Field(5e-4, description="AdamW's step size at the start")
    minimum_learning_rate: PositiveFloat = Field(1e-5, description="end of the cosine schedule, one step an epoch")
    betas: tuple[Ratio, Ratio] = Field((0.9, 0.999), description="AdamW's moment decays")
    weight_decay: float = Field(0.01, ge=0, description="AdamW's weight decay")
    mask_ratio: Ratio = Field(0.5, description="share of frames hidden from each of the two views")
    precision: Literal["float32", "tf32", "bfloat16"] = Field(
        "float32",
        description="arithmetic of the network while training: `tf32` rounds the factors of matrix products on a GPU, "
        "`bfloat16` computes in half precision where that is safe; weights, losses and codes stay in float32",
    )
    evaluate_every: PositiveInt = Field(20, description="epochs between evaluations during training")
    patience: PositiveInt | None = Field(
        5, description="stop after this many evaluations without a better criterion; null trains all epochs"
    )
    selection: Literal["published", "held_out", "last"] = Field(
        "published",
        description="weights that are kept, and what early stopping watches: `published` the best mAP@5 on the test "
        "queries, as the published numbers were chosen; `held_out` the lowest training loss on videos that are not "
        "trained on; `last` the weights of the last epoch (early stopping watches the training loss). Only the first "
        "looks at labels",
    )
    held_out: Ratio = Field(
        0.0,
        description="share of the training videos that is set aside by the seed and never trained on; `held_out` needs "
        "some, the other selections record how they fare",
    )


def check_selection(training: TrainingConfig, where: str) -> None:
    """Refuse a selection by held-out videos without any; checked once all files are laid over each other."""
    if training.selection == "held_out" and training.held_out == 0:
        raise UserError(
            f"{where}: training.selection 'held_out' needs videos that are not trained on; set training.held_out, for "
            "example to 0.1"
        )


class S5VHModel(Strict):
    """Sizes and variants of the S5VH network."""

    width: PositiveInt = Field(256, description="width of the encoder")
    depth: PositiveInt = Field(6, description="bidirectional layers of the encoder")
    decoder_width: PositiveInt = Field(192, description="width of the decoder")
    decoder_depth: PositiveInt = Field(1, description="bidirectional layers of the decoder")
    d_state: PositiveInt = Field(16, description="states per channel of the selective scan")
    d_conv: PositiveInt = Field(4, description="frames the causal convolution sees")
    expand: PositiveInt = Field(2, description="inner width of a Mamba block divided by its width")
    directions: Literal["both", "tied", "forward", "backward"] = Field(
        "both",
        description="scan directions; `tied` has one set of weights for both, as the released code ends up with",
    )
    norms: Literal["paper", "block", "none"] = Field(
        "paper",
        description="`paper`: layer norms of equations 6 to 8; `block`: one before each direction's standard Mamba "
        "block, as released; `none`: the standard block",
    )
    drop_path: Ratio = Field(0.5, description="stochastic depth of the last encoder layer, rising linearly from 0")
    encoder_head: bool = Field(False, description="a linear layer after the encoder, as released")
    hash_norm: bool = Field(False, description="a layer norm over the K values of a frame's hash, as released")
    frame_hashes: Literal["tanh", "binary"] = Field(
        "tanh", description="`tanh`: hash vectors of frames are real; `binary`: a code for every frame, as released"
    )
    mask_token: Literal["hash", "decoder"] = Field(
        "hash",
        description="`hash`: [MASK] is a K-vector in the place of a hash vector; `decoder`: it has the decoder's "
        "width, and hash vectors come there without a bias, as released",
    )
    decoder_order: Literal["temporal", "visible_first"] = Field(
        "temporal",
        description="order of the decoder's input: frames in their places, or hidden ones after all visible ones, as "
        "released",
    )
    initialisation: Literal["mamba", "xavier"] = Field(
        "mamba",
        description="`mamba`: each layer's own; `xavier`: all linear layers of encoder and decoder Xavier-uniform with "
        "zero bias, Mamba's step sizes included, as released",
    )


class S5VHLoss(Strict):
    """Weights and temperatures of equations 19 to 22."""

    reconstruction: float = Field(1.0, ge=0, description="weight of the masked-frame reconstruction")
    alpha: float = Field(1.0, ge=0, description="weight of the contrast between two views")
    beta: float = Field(0.1, ge=0, description="weight of the alignment with hash centers")
    reconstruction_reduction: Literal["mean", "sum"] = Field(
        "mean",
        description="squared error of a frame over its D values: `sum` is the printed squared norm, `mean` is what "
        "the authors' alpha and beta were tuned for",
    )
    contrast: Literal["infonce", "debiased"] = Field(
        "infonce",
        description="`infonce`: equation 20; `debiased`: negatives corrected for those of the same class, as released",
    )
    tau_plus: Ratio = Field(0.1, description="assumed share of negatives of the same class (debiased contrast)")
    contrast_temperature: PositiveFloat = Field(0.5, description="tau of the contrast")
    contrast_on: Literal["codes", "means"] = Field(
        "codes", description="contrast the signed codes (straight-through) or the frame means before the sign"
    )
    alignment_to: Literal["centers", "classifier"] = Field(
        "centers",
        description="`centers`: fixed hash centers, equation 21; `classifier`: a linear layer that starts at random "
        "and is trained, as released, where the hash centers are loaded and never read",
    )
    alignment_on: Literal["codes", "means"] = Field(
        "codes",
        description="align the signed codes (straight-through) or, as released, the frame means before the sign",
    )
    alignment_temperature: PositiveFloat = Field(0.5, description="tau of the alignment")
    refinement: Ratio = Field(
        0.0,
        description="pseudo-labels become soft: at every visit this share of a label is replaced by the network's "
        "prediction (released: 0.01)",
    )
    refine_after: int = Field(50, ge=0, description="epochs before the refinement starts")


class _Method(Strict):
    title: str = Field(description="name in tables and figures")


class S5VHMethod(_Method):
    """S5VH and its ablations."""

    implementation: Literal["s5vh"]
    model: S5VHModel = S5VHModel()
    loss: S5VHLoss = S5VHLoss()
    training: TrainingConfig = TrainingConfig()
    centers: CentersConfig = CentersConfig()
    published_variant: str | None = Field(
        None, description="row of the paper's Table 2 that this method corresponds to, e.g. '(0) full'"
    )
    checkpoint: str | None = Field(
        None,
        description="file of the S5VH authors that the network is taken from, so that nothing is trained; `{root}`: "
        "folder of the data set's files, `{folder}`: last part of it, `{dataset}`: its name, `{bits}`: code length",
    )

    @field_validator("checkpoint")
    @classmethod
    def _placeholders_are_known(cls, pattern: str | None) -> str | None:
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(pattern or "") if field is not None]
        except ValueError as error:
            raise ValueError(f"'{pattern}' is not a pattern ({error})") from None
        for field in fields:
            if field not in CHECKPOINT_FIELDS:
                known = ", ".join(f"{{{name}}}" for name in CHECKPOINT_FIELDS)
                raise ValueError(f"unknown placeholder '{{{field}}}' (known: {known})")
        return pattern

    @property
    def needs_labels(self) -> bool:
        return self.loss.beta > 0

    @property
    def needs_centers(self) -> bool:
        return self.needs_labels and self.loss.alignment_to == "centers"


class ClassicalModel(Strict):
    """What a method without a network hashes."""

    features: Literal["mean", "flat"] = Field(
        "mean", description="`mean`: features averaged over time; `flat`: all frames in one vector"
    )


class ITQModel(ClassicalModel):
    iterations: PositiveInt = Field(50, description="alternations between codes and rotation")


class ITQMethod(_Method):
    """Iterative quantization (Gong and Lazebnik, CVPR 2011)."""

    implementation: Literal["itq"]
    model: ITQModel = ITQModel()


class LSHMethod(_Method):
    """Random hyperplanes (Charikar, STOC 2002)."""

    implementation: Literal["lsh"]
    model: ClassicalModel = ClassicalModel()


MethodConfig = Annotated[S5VHMethod | ITQMethod | LSHMethod, Field(discriminator="implementation")]
METHOD_ADAPTER: TypeAdapter[MethodConfig] = TypeAdapter(MethodConfig)


class Departure(Strict):
    """One switch between the paper and the released code; an entry of config/departures/s5vh.yaml."""

    title: str
    equation: str = Field(description="equation of the paper that it touches; '-' for none")
    paper: str = Field(description="what the paper says")
    released: str = Field(description="what the released code does")
    settings: dict[str, Any] = Field(description="keys of a method's file that make the difference")


DEPARTURES_ADAPTER: TypeAdapter[dict[str, Departure]] = TypeAdapter(dict[str, Departure])


def is_trained(method: MethodConfig) -> bool:
    """Whether the training engine trains it (else it is fitted in one go)."""
    return hasattr(method, "training")


def is_imported(method: MethodConfig) -> bool:
    """Whether its network is taken from a file of its authors instead of being trained."""
    return getattr(method, "checkpoint", None) is not None


def needs_labels(method: MethodConfig) -> bool:
    """Whether it needs pseudo-labels."""
    return getattr(method, "needs_labels", False)


def needs_centers(method: MethodConfig) -> bool:
    """Whether it needs hash centers."""
    return getattr(method, "needs_centers", False)
