"""Settings of a data set: one file `config/datasets/NAME.yaml` each.

Users see the descriptions of the fields: the JSON schema and the reference of all keys are made from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, NonNegativeFloat, PositiveFloat, PositiveInt, Tag, model_validator

from s5vh.config.semantics import ClusteringConfig
from s5vh.config.shares import FileFacts, Share
from s5vh.config.validation import Strict, suggestion
from s5vh.config.videos import NETWORK_SIZES, VideosConfig

PartName = Literal["train", "database", "query"]
PARTS: tuple[PartName, ...] = ("train", "database", "query")


class LabelFiles(Strict):
    """Where the labels of a part are and how to read them. Evaluation uses them, training never does."""

    files: list[str] = Field(
        min_length=1,
        description="MATLAB files (any version) or HDF5 files inside `root`, stacked in this order",
    )
    key: str = Field("labels", description="name of the array in each file")
    orientation: Literal["auto", "rows", "columns"] = Field(
        "auto",
        description="`rows`: a video is a row; `columns`: a video is a column; `auto`: whichever fits the "
        "numbers of videos and classes, rows when both fit",
    )
    first_class: Literal["auto", 0, 1] = Field(
        "auto",
        description="for files with one class number a video, the first class's number; `auto`: 0 when a 0 "
        "occurs, 1 when the number of classes occurs, otherwise an error",
    )
    allow_gaps: bool = Field(
        False,
        description="accept videos without any label (relevant to nothing) and classes that have queries but "
        "no database video; otherwise both are errors",
    )


class PartFiles(Strict):
    """Files of one part of a data set."""

    features: list[str] = Field(
        min_length=1,
        description="HDF5 files inside `root` with features [videos, frames, feature_size], stacked in order",
    )
    key: str = Field("feats", description="name of the array in each feature file")
    labels: LabelFiles | None = Field(None, description="labels of these videos; null when there are none")
    count: PositiveInt | None = Field(None, description="number of videos expected; null accepts any")


def _part_kind(value: Any) -> str:
    return "same_as" if isinstance(value, str) else "files"


Part = Annotated[Annotated[PartName, Tag("same_as")] | Annotated[PartFiles, Tag("files")], Discriminator(_part_kind)]


class Parts(Strict):
    """The three parts of a data set. A part may be the name of another one: `database: train`."""

    train: Part = Field(description="videos the network is trained on, without their labels")
    database: Part = Field(description="videos that are searched")
    query: Part = Field(description="videos that are searched for")

    @model_validator(mode="after")
    def _ends_in_files(self) -> Parts:
        for part in PARTS:
            self.source(part)
        return self

    def source(self, part: PartName) -> PartName:
        """The part that holds the files of `part`: itself, or the one it is declared to be the same as."""
        seen = [part]
        while isinstance(target := getattr(self, seen[-1]), str):
            if target in seen:
                circle = " -> ".join([*seen, target])
                raise ValueError(f"{circle} goes round in a circle; at least one part needs files")
            seen.append(target)
        return seen[-1]


class Source(Strict):
    """Who publishes the data, and where its files can be got."""

    shares: list[Share] = Field(
        [], description="where to get the files; those that a program can read are tried in this order"
    )
    files: dict[str, FileFacts] = Field({}, description="by file name, also of archives, what is known of it")
    checkpoints: Share | None = Field(None, description="where the S5VH authors publish networks trained on it")
    homepage: str | None = Field(None, description="page of the videos themselves")
    citation: str | None = Field(None, description="paper to cite for the videos")
    licence: str | None = Field(None, description="terms of use, as far as known")


class DemoConfig(Strict):
    """The embedded corpus "moving digits". Lengths are in half canvas widths, angles in radians."""

    seed: int = Field(7, ge=0, description="fixes the split, the motions, the noise and the feature network")
    query_share: float = Field(1 / 3, gt=0, lt=1, description="share of the digit images kept for queries")
    train_clips_per_image: int = Field(3, ge=1, le=9, description="clips drawn of a training image, different motions")
    query_clips_per_image: int = Field(1, ge=1, le=9, description="clips drawn of a query image, different motions")
    size: PositiveFloat = Field(0.5, description="size of a digit")
    drift: NonNegativeFloat = Field(0.45, description="half of the way a drifting digit goes")
    turn: NonNegativeFloat = Field(1.4, description="half of the angle a turning digit covers")
    zoom: NonNegativeFloat = Field(0.45, description="half of the log size ratio of a growing digit")
    speed_jitter: NonNegativeFloat = Field(0.2, description="largest relative change of speed")
    phase_jitter: NonNegativeFloat = Field(0.2, description="largest shift in time, in half clip lengths")
    position_jitter: NonNegativeFloat = Field(0.15, description="largest offset of a digit")
    angle_jitter: NonNegativeFloat = Field(0.2, description="largest tilt of a digit")
    size_jitter: float = Field(0.15, ge=0, lt=1, description="largest relative change of size")
    noise: NonNegativeFloat = Field(0.15, description="standard deviation of the noise of every pixel")


class DatasetConfig(Strict):
    """One data set: shapes, files, provenance of the files, and the settings that methods use on it."""

    title: str = Field(description="name in tables and figures")
    kind: Literal["papers", "demo", "videos"] = Field(
        "papers",
        description="`papers`: feature files in the layout that the papers' authors publish, "
        "right for features of your own too; `videos`: video files; `demo`: the embedded corpus",
    )
    frames: PositiveInt = Field(description="frames of a video, T")
    feature_size: PositiveInt = Field(description="values of a frame, D")
    classes: PositiveInt | None = Field(
        None, description="number of classes of the labels; null for kind `videos` only, whose folders or list tell"
    )
    backbone: str = Field(description="what made the frame features")
    root: str = Field("data/{name}", description="folder of the files; {name} is the data set's name")
    parts: Parts | None = Field(None, description="files of the training set, the database and the queries")
    demo: DemoConfig | None = Field(None, description="settings of the embedded corpus, for kind `demo` only")
    videos: VideosConfig | None = Field(
        None, description="video files and the network that sees them, for kind `videos` only"
    )
    self_queries: bool = Field(
        False,
        description="the queries are the database itself: each query finds itself unless excluded",
    )
    link: bool = Field(
        True,
        description="true: read the source files where they are (they must stay there); false: copy "
        "them to one file chunked by video",
    )
    dtype: Literal["float16", "float32"] = Field("float32", description="number format of a copy")
    published_name: str | None = Field(
        None, description="name in the tables of published numbers; null when nothing is published"
    )
    source: Source = Field(Source(), description="who publishes the files")
    semantics: ClusteringConfig = Field(
        ClusteringConfig(), description="clusters of the training videos, for every method that says nothing else"
    )
    methods: dict[str, dict[str, Any]] = Field(
        {},
        description="by a method's name, settings that overrule the method's file on this data set",
    )

    @model_validator(mode="after")
    def _parts_fit_kind(self) -> DatasetConfig:
        for key, kind in (("parts", "papers"), ("demo", "demo"), ("videos", "videos")):
            if self.kind == kind and getattr(self, key) is None:
                raise ValueError(f"kind '{kind}' needs key '{key}'")
            if self.kind != kind and getattr(self, key) is not None:
                raise ValueError(f"key '{key}' belongs to kind '{kind}' only")
        if self.classes is None and self.kind != "videos":
            raise ValueError("key 'classes' is missing")
        size = self.videos and NETWORK_SIZES.get(self.videos.network)
        if size not in (None, self.feature_size):
            raise ValueError(f"'feature_size' is {self.feature_size}, but {self.videos.network} makes {size} values")
        same = self.source_part("query") == self.source_part("database")
        if self.self_queries != same:
            raise ValueError(
                "'self_queries' must be true: the query part is the database"
                if same
                else "'self_queries' must be false: the query part is not the database"
            )
        return self

    @model_validator(mode="after")
    def _sources_name_files(self) -> DatasetConfig:
        """A share, or a checksum, of a file that no part has is a slip of the pen."""
        if self.parts is None:
            return self
        files = self.file_names()
        archives = [share.archive for share in self.source.shares if share.archive]
        named = [("source.files", name, [*files, *archives]) for name in self.source.files]
        for number, share in enumerate(self.source.shares):
            named += [(f"source.shares[{number}].files", name, files) for name in share.files or ()]
        for where, name, known in named:
            if name not in known:
                raise ValueError(f"{where}: no part has a file '{name}'{suggestion(name, known)}")
        return self

    def file_names(self, parts: Iterable[PartName] = PARTS) -> list[str]:
        """Feature and label files of `parts` inside the data set's folder, each once; none for the demo."""
        if self.parts is None:
            return []
        sources = [self.files(part) for part in parts]
        names = [(*source.features, *(source.labels.files if source.labels else ())) for source in sources]
        return list(dict.fromkeys(name for group in names for name in group))

    def folder(self, name: str) -> Path:
        """Folder of the source files of the data set called `name`, relative to the working directory."""
        return Path(self.root.replace("{name}", name))

    def source_part(self, part: PartName) -> PartName:
        """The part whose videos `part` uses: `train` for a `database: train`, and for the demo's database."""
        if self.parts is None:
            own = self.videos is not None and self.videos.database == "own"
            return "train" if part == "database" and not own else part
        return self.parts.source(part)

    def files(self, part: PartName) -> PartFiles:
        """Source files of `part`, followed to the part that has them; only for kind `papers`."""
        if self.parts is None:
            raise ValueError(f"kind '{self.kind}' has no source files")
        return getattr(self.parts, self.source_part(part))
