"""Settings of BTH. The defaults are the recipe of the authors' code with its plain bugs mended.

"As released" marks the code with its bugs. The body of the paper's text was not available, so nothing here is
attributed to it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from s5vh.base.errors import UserError
from s5vh.config import layout
from s5vh.config.grid_cell import GridCell
from s5vh.config.load import names
from s5vh.config.training import Ratio
from s5vh.config.validation import CodeLength, Strict, suggestion
from s5vh.methods.settings import MethodSettings, TrainedSettings, is_imported
from s5vh.methods.shared_settings import AdamTraining


class Model(Strict):
    """Sizes of the encoder, one Transformer block with one head."""

    width: int = Field(256, ge=2, description="width of the frame embeddings; the network of stage 1 has the same")
    hidden: PositiveInt = Field(1024, description="hidden width of the block's MLP")
    dropout: Ratio = Field(0.1, description="dropout of embeddings, attention weights, MLP and the block's outputs")


class Stage1(Strict):
    """The cell whose network gives the latent features that anchors and pairs of videos are found in."""

    method: str = Field("bth_stage1", description="its recipe")
    bits: CodeLength | None = Field(
        64,
        description="its code length, the same for all code lengths here; null: that of the cell. The authors publish "
        "one file of anchors for all code lengths; that it is of 64 bits is our choice",
    )


class Anchors(Strict):
    """Anchors: centroids of the latent features of the training videos."""

    count: PositiveInt = Field(2000, description="number of anchors")
    videos_per_anchor: PositiveFloat = Field(
        4.0, description="there are at most so many training videos / `videos_per_anchor` anchors"
    )
    kmeans: Literal["k-means++", "released"] = Field(
        "k-means++",
        description="`k-means++`: run to convergence; `released`: from random videos drawn with replacement, at most "
        "16 updates, clusters without videos are dropped",
    )


class Loss(Strict):
    """Weights of the three losses, and the target of the visual cloze."""

    reconstruction: float = Field(0.92, ge=0, description="weight of the reconstruction loss (visual cloze)")
    similarity: float = Field(0.08, ge=0, description="weight of the similarity of a pair's codes")
    anchor: float = Field(0.8, ge=0, description="weight of the distance to the nearest anchor")
    target: Literal["clean", "corrupted"] = Field(
        "clean",
        description="what is reconstructed: the frames before or after corruption; as released `corrupted`, so that a "
        "hidden frame is to be reconstructed as zeros",
    )


class Training(AdamTraining):
    """Training of BTH, in both stages."""

    epochs: PositiveInt = Field(56, description="passes over the training videos")
    batch_size: PositiveInt = Field(256, description="videos per step, each with its partner")
    learning_rate: PositiveFloat = Field(3e-4, description="learning rate at the start")
    minimum_learning_rate: float = Field(1e-4, ge=0, description="lower bound of the learning rate")
    selection: Literal["published", "held_out", "last"] = Field(
        "last", description="which weights are kept; `last`: those of the last epoch, as in the authors' code"
    )
    corruption: Ratio = Field(
        0.15,
        description="probability that a frame is chosen for corruption: 80% of the chosen frames are zeroed, 10% are "
        "replaced by a random frame of a random training video, 10% are left as they are",
    )
    loader_processes: PositiveInt | None = Field(
        None,
        description="null: every batch is corrupted afresh; as released: a number of loader processes that corrupt "
        "their copies of the features in place, so that corruption accumulates during an epoch",
    )


class PairedSettings(TrainedSettings):
    """Settings of methods that learn from pairs of videos: BTH and DKPH."""

    model: Model = Model()
    anchors: Anchors = Anchors()
    stage1: Stage1 | None = Field(
        Stage1(), description="where anchors and pairs come from; null for stage 1 itself, which has neither"
    )
    training: Training = Training()

    @property
    @abstractmethod
    def uses_pairs(self) -> bool:
        """Whether a loss needs anchors and pairs."""

    @model_validator(mode="after")
    def _pairs_have_a_source(self) -> PairedSettings:
        if self.uses_pairs and self.stage1 is None:
            raise ValueError(
                "stage1 is null, but a loss of pairs or anchors has a positive weight; set stage1.method, for example "
                "to bth_stage1"
            )
        return self

    def requires(self, cell: GridCell) -> dict[str, Path]:
        """The model of stage 1; switches of `cell.method` do not change which."""
        if not self.uses_pairs:
            return {}
        method, bits = self.stage1.method, self.stage1.bits or cell.bits
        return {"stage1": layout.model(cell.dataset, method, bits, cell.seed)}

    def check_required_methods(self, name: str, settings_of: Callable[[str], MethodSettings]) -> None:
        """Stage 1, which may have a stage 1 itself, must have frame embeddings, of the same width."""
        chain, current = [name], self
        while current.uses_pairs:
            where, first, known = f"{chain[-1]}: stage1.method:", current.stage1.method, names("methods")
            recipe = first.split("+")[0]
            if recipe not in known:
                raise UserError(f"{where} no method '{first}'{suggestion(recipe, known)}")
            if first in chain:
                raise UserError(f"{where} circular: {' -> '.join([*chain, first])}; set it to bth_stage1")
            found = settings_of(first)
            if not isinstance(found, PairedSettings):
                raise UserError(
                    f"{where} '{first}' has no frame embeddings; set it to a recipe that extends bth_stage1"
                )
            if found.model.width != current.model.width and not is_imported(found):
                raise UserError(
                    f"{where} '{first}' has frame embeddings of width {found.model.width}, expected model.width "
                    f"{current.model.width}; give both methods the same model.width"
                )
            chain.append(first)
            current = found

    def minimum_videos(self, bits: int) -> int:
        """A pair, if there are pairs."""
        return 2 if self.uses_pairs else 1


class Settings(PairedSettings):
    """BTH: self-supervised video hashing via bidirectional Transformers (CVPR 2021)."""

    implemented_by: ClassVar[str] = "s5vh.methods.bth.network:BTH"
    checkpoint_reader: ClassVar[str | None] = "s5vh.methods.bth.authors_checkpoint:read_checkpoint"

    implementation: Literal["bth"]
    loss: Loss = Loss()

    @property
    def uses_pairs(self) -> bool:
        """Whether a loss needs anchors and pairs."""
        return self.loss.similarity > 0 or self.loss.anchor > 0
