"""Settings of a data set: one file `config/datasets/NAME.yaml` each.

Field descriptions are user-facing: the JSON schema and the settings reference are generated from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    Tag,
    ValidationError,
    model_validator,
)

from s5vh.config.semantics import ClusteringConfig
from s5vh.config.shares import FileFacts, Share
from s5vh.config.validation import Seed, Strict, suggestion
from s5vh.config.videos import IMAGE_NETWORKS, VideosConfig
from s5vh.config.words import PARTS, PartName

Motions = Literal["straight", "curved"]


class LabelFiles(Strict):
    """Where the labels of a part are and how to read them. Only evaluation uses them, never training."""

    files: list[str] = Field(
        min_length=1,
        description="MATLAB files (any version) or HDF5 files in `root`, concatenated in this order",
    )
    key: str = Field("labels", description="name of the array in each file")
    orientation: Literal["auto", "rows", "columns"] = Field(
        "auto",
        description="`rows`: one row per video; `columns`: one column per video; `auto`: whichever matches the "
        "number of classes; square arrays are as the other files, or rows",
    )
    first_class: Literal["auto", 0, 1] = Field(
        "auto",
        description="for files with one class index per video, the index of the first class; `auto`: 0 if a 0 "
        "occurs, 1 if the number of classes occurs, otherwise an error",
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
        description="HDF5 files in `root` with features [videos, frames, feature_size], concatenated in this order",
    )
    key: str = Field("feats", description="name of the array in each feature file")
    labels: LabelFiles | None = Field(None, description="labels of these videos; null if there are none")
    count: PositiveInt | None = Field(None, description="expected number of videos; null accepts any")


def _part_kind(value: Any) -> str:
    return "same_as" if isinstance(value, str) else "files"


Part = Annotated[Annotated[PartName, Tag("same_as")] | Annotated[PartFiles, Tag("files")], Discriminator(_part_kind)]


class Parts(Strict):
    """The three parts of a data set. A part may be an alias of another one: `database: train`."""

    train: Part = Field(description="training videos; their labels are not used")
    database: Part = Field(description="videos to search in")
    query: Part = Field(description="query videos")

    @model_validator(mode="after")
    def _ends_in_files(self) -> Parts:
        for part in PARTS:
            self.source(part)
        return self

    def source(self, part: PartName) -> PartName:
        """The part that has the files of `part`: itself, or the one it is an alias of."""
        seen = [part]
        while isinstance(target := getattr(self, seen[-1]), str):
            if target in seen:
                cycle = " -> ".join([*seen, target])
                raise ValueError(f"{cycle} is a cycle; at least one part needs files")
            seen.append(target)
        return seen[-1]


class Source(Strict):
    """Who publishes the data and where to get it."""

    shares: list[Share] = Field(
        [], description="where to get the files; shares that allow automatic download are tried in this order"
    )
    files: dict[str, FileFacts] = Field({}, description="known sizes and checksums, by name of a file or archive")
    checkpoints: Share | None = Field(
        None, description="where the S5VH authors publish networks trained on this data set"
    )
    homepage: str | None = Field(None, description="home page of the video data set")
    citation: str | None = Field(None, description="paper to cite for the videos")
    licence: str | None = Field(None, description="terms of use, if known")


class DemoConfig(Strict):
    """The built-in demo corpus "moving digits". Lengths are in half canvas widths, angles in radians."""

    seed: Seed = Field(7, description="seed of the split, the motions, the noise and the feature network")
    query_share: float = Field(1 / 3, gt=0, lt=1, description="share of digit images held out for queries")
    train_clips_per_image: int = Field(
        3, ge=1, le=9, description="clips per training image, each with a different motion"
    )
    query_clips_per_image: int = Field(1, ge=1, le=9, description="clips per query image, each with a different motion")
    motions: Motions = Field(
        "straight",
        description="`straight`: drifts, turns and grows at constant speed, or stands still; `curved`: zigzags, waves, "
        "circles, approaches faster and faster, or rocks",
    )
    size: PositiveFloat = Field(0.5, description="size of a digit")
    drift: NonNegativeFloat = Field(0.45, description="half of a drifting digit's path length")
    turn: NonNegativeFloat = Field(1.4, description="half of a turning digit's rotation angle")
    zoom: NonNegativeFloat = Field(0.45, description="half of a growing digit's log size ratio")
    repetitions: PositiveFloat | None = Field(
        None, description="how often a clip repeats its motion, on average; null: once, from start to end"
    )
    speed_jitter: NonNegativeFloat = Field(0.2, description="maximum relative change of speed")
    phase_jitter: NonNegativeFloat = Field(
        0.2,
        description="maximum shift in time, in half clip lengths, or, if the motion is repeated, in half periods "
        "(1: all phases are equally likely)",
    )
    position_jitter: NonNegativeFloat = Field(0.15, description="maximum offset of a digit")
    angle_jitter: NonNegativeFloat = Field(0.2, description="maximum tilt of a digit")
    size_jitter: float = Field(0.15, ge=0, lt=1, description="maximum relative change of size")
    noise: NonNegativeFloat = Field(0.15, description="standard deviation of the pixel noise")


class DatasetConfig(Strict):
    """One data set: shapes, files, where the files come from, and the settings that methods use on it."""

    title: str = Field(description="name in tables and figures")
    kind: Literal["papers", "demo", "videos"] = Field(
        "papers",
        description="`papers`: feature files in the layout published by the papers' authors, also for your own "
        "features; `videos`: video files; `demo`: the built-in corpus",
    )
    frames: PositiveInt = Field(description="frames per video, T")
    feature_size: PositiveInt | None = Field(
        None,
        description="feature dimension per frame, D; null for kind `videos` only, where it is that of a named network",
    )
    classes: PositiveInt | None = Field(
        None,
        description="number of classes; null for kind `videos` only, where folders or manifest determine it",
    )
    backbone: str | None = Field(
        None,
        description="network that extracted the frame features, in words; null for kind `videos` only, where it is "
        "made of `videos.network`",
    )
    root: str = Field("data/{name}", description="folder of the files; {name} stands for the data set's name")
    parts: Parts | None = Field(None, description="files of the training set, the database and the queries")
    demo: DemoConfig | None = Field(None, description="settings of the built-in corpus, for kind `demo` only")
    videos: VideosConfig | None = Field(
        None, description="video files and the network that extracts their features, for kind `videos` only"
    )
    self_queries: bool = Field(
        False,
        description="the queries are the database itself: each query retrieves itself unless excluded",
    )
    link: bool = Field(
        True,
        description="true: read the source files in place (do not move them); false: copy them to one file "
        "chunked by video",
    )
    dtype: Literal["float16", "float32"] = Field("float32", description="data type of the copy")
    published_name: str | None = Field(
        None, description="name in the tables of published numbers; null if there are none"
    )
    source: Source = Field(Source(), description="who publishes the files")
    semantics: ClusteringConfig = Field(
        ClusteringConfig(), description="clusters of the training videos, for methods without their own setting"
    )
    settings_of: str | None = Field(
        None,
        description="name of another data set; what the methods' files say for it under `datasets` applies here, too, "
        "before what they say for this data set",
    )
    methods: dict[str, dict[str, Any]] = Field(
        {},
        description="by method name, settings that override the method's file on this data set",
    )

    @model_validator(mode="before")
    @classmethod
    def _take_from_network(cls, given: Any) -> Any:
        """Fill in what follows from a named network. Mistakes in `videos` are told when it is validated as a field."""
        if not isinstance(given, dict) or given.get("videos") is None:
            return given
        try:
            videos = VideosConfig.model_validate(given["videos"])
        except ValidationError:
            return given
        network = IMAGE_NETWORKS.get(videos.network)
        known = {"feature_size": network and network.size, "backbone": videos.backbone}
        return given | {key: value for key, value in known.items() if given.get(key) is None}

    @model_validator(mode="after")
    def _parts_fit_kind(self) -> DatasetConfig:
        for key, kind in (("parts", "papers"), ("demo", "demo"), ("videos", "videos")):
            if self.kind == kind and getattr(self, key) is None:
                raise ValueError(f"kind '{kind}' needs key '{key}'")
            if self.kind != kind and getattr(self, key) is not None:
                raise ValueError(f"key '{key}' belongs to kind '{kind}' only")
        for key in ("feature_size", "backbone", *(() if self.kind == "videos" else ("classes",))):
            if getattr(self, key) is None:
                raise ValueError(f"key '{key}' is missing")
        network = self.videos and IMAGE_NETWORKS.get(self.videos.network)
        if network and network.size != self.feature_size:
            auto = ", which 'network: auto' stands for here," if self.videos.is_automatic else ""
            raise ValueError(
                f"'feature_size' is {self.feature_size}, but the feature dimension of {self.videos.network}{auto} is "
                f"{network.size}"
            )
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
        """Reject shares and checksums of files that no part has: they are typos."""
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

    @property
    def network(self) -> str:
        """Network of the frame features in words; if these are the user's, the setting stands in brackets."""
        if self.videos is None or self.backbone == self.videos.backbone:
            return self.backbone
        return f"{self.backbone} ({self.videos.network})"

    def file_names(self, parts: Iterable[PartName] = PARTS) -> list[str]:
        """Feature and label files of `parts` in the data set's folder, without duplicates; empty for the demo."""
        if self.parts is None:
            return []
        sources = [self.files(part) for part in parts]
        names = [(*source.features, *(source.labels.files if source.labels else ())) for source in sources]
        return list(dict.fromkeys(name for group in names for name in group))

    def folder(self, name: str) -> Path:
        """Folder of the source files of the data set called `name`, relative to the working directory."""
        return Path(self.root.replace("{name}", name))

    def source_part(self, part: PartName) -> PartName:
        """The part whose videos `part` uses: `train` for `database: train`, and for the demo's database."""
        if self.parts is None:
            own = self.videos is not None and self.videos.database == "own"
            return "train" if part == "database" and not own else part
        return self.parts.source(part)

    def files(self, part: PartName) -> PartFiles:
        """Source files of `part`, with aliases resolved; only for kind `papers`."""
        if self.parts is None:
            raise ValueError(f"kind '{self.kind}' has no source files")
        return getattr(self.parts, self.source_part(part))
