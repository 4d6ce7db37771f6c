"""Scores of rankings that need no codes, to read a method's scores by: chance, real-valued features, and perfection.

`chance`: the expected score of a random order. `cosine_mean`: cosine similarity of the features averaged over time,
without binary codes. `cosine_frames`: the same of all frames, concatenated in their order. `perfect`: all relevant
videos first; it scores less than 1 if the protocol divides by more than the number of relevant videos.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.base.files import write_json
from s5vh.base.provenance import provenance
from s5vh.config.words import REFERENCE_RANKINGS
from s5vh.data.aspects import members_by_aspect
from s5vh.data.features import FeatureFile, open_features
from s5vh.data.overlap import find_overlap
from s5vh.retrieval.concordance import concordance
from s5vh.retrieval.given_order import largest, mean_ap_of_order, order_by_similarity, perfect_order, unit_length
from s5vh.retrieval.metrics import evaluate, geometric_mean
from s5vh.retrieval.protocol import Protocol
from s5vh.retrieval.ranking import label_words, rank_blocks
from s5vh.semantics.means import video_means

_RESIDENT = 2**31  # bytes of all frames in float32, of a part or of a block of queries, that are in memory at a time
Labels = tuple[np.ndarray, np.ndarray]  # multi-hot, of queries and database


def score_reference_rankings(
    database_file: Path,
    query_file: Path,
    *,
    protocols: Mapping[str, Mapping[str, Any]],
    rankings: Sequence[str],
    output: Path,
) -> dict[str, Any]:
    """Score the reference rankings of one data set; writes the result as JSON and returns it.

    Args:
        database_file, query_file: feature files of the data set.
        protocols: settings of every protocol by name.
        rankings: names of the rankings. `cosine_frames` reads the database once for every 2 GiB of queries.
        output: JSON file to write.

    Raises:
        UserError: a missing or broken file, no labels, or an unknown ranking.
    """
    if unknown := [name for name in rankings if name not in REFERENCE_RANKINGS]:
        raise UserError(f"reference rankings: no '{unknown[0]}'; choose from {', '.join(REFERENCE_RANKINGS)}")
    chosen = {name: Protocol.from_dict(settings) for name, settings in protocols.items()}
    with open_features(query_file) as queries, open_features(database_file) as database:
        if bare := next((features.path for features in (queries, database) if features.labels is None), None):
            raise UserError(f"{bare}: no labels, so rankings cannot be scored")
        itself = find_overlap(query_file, database_file).database_index
        found = {
            name: _scores(_ranking(name, queries, database, itself), queries, database, chosen) for name in rankings
        }
    result = {"rankings": found, "provenance": provenance(settings={"rankings": list(rankings)})}
    write_json(output, result)
    return result


def _scores(
    ranking: _Ranking, queries: FeatureFile, database: FeatureFile, protocols: Mapping[str, Protocol]
) -> dict[str, Any]:
    """Scores by the labels under every protocol, and by every aspect of the classes."""

    def by_protocol(labels: Labels) -> dict[str, Any]:
        found = {}
        for name, protocol in protocols.items():
            scores = ranking.mean_ap(labels, protocol)
            mean_ap = {str(n): float(value) for n, value in zip(protocol.cutoffs, scores, strict=True)}
            found[name] = {"mAP": mean_ap, "GmAP": geometric_mean(scores)}
        return found

    aspects: dict[str, Any] = {}
    members = members_by_aspect(queries.aspects, queries.labels, database.labels)
    for aspect in queries.aspects:
        if aspect.name not in members:
            continue
        if aspect.within:
            aspects[aspect.name] = {"concordance": ranking.concordance(members[aspect.name], members[aspect.within])}
        else:
            aspects[aspect.name] = {"protocols": by_protocol(members[aspect.name])}
    return {"protocols": by_protocol((queries.labels, database.labels)), "aspects": aspects}


class _Ranking(ABC):
    """A ranking of the database for every query; `itself` is the position that a protocol may exclude, int [Q]."""

    def __init__(self, itself: np.ndarray):
        self.itself = itself

    @abstractmethod
    def mean_ap(self, labels: Labels, protocol: Protocol) -> np.ndarray:
        """mAP@N, float64 [cut-offs]."""

    @abstractmethod
    def concordance(self, relevance: Labels, groups: Labels) -> float:
        """Mean over the queries that have relevant and irrelevant videos in their group."""


class _Ordered(_Ranking):
    """A ranking in one given order."""

    def mean_ap(self, labels: Labels, protocol: Protocol) -> np.ndarray:
        excluded = self.itself if protocol.exclude_self else None
        total = _relevant(labels, excluded)
        hits = self._hits(labels, total, protocol, excluded)
        return mean_ap_of_order(hits, total, protocol.cutoffs, protocol.denominator)

    @abstractmethod
    def _hits(self, labels: Labels, total: np.ndarray, protocol: Protocol, excluded: np.ndarray | None) -> np.ndarray:
        """Relevance of the first items of every ranking, bool [Q, n]."""


class _Chance(_Ranking):
    def mean_ap(self, labels: Labels, protocol: Protocol) -> np.ndarray:
        # Equal codes tie the whole database, and the expectation over all orders of ties is exact.
        codes = (np.zeros((len(part), 1), np.uint8) for part in labels)
        result = evaluate(*codes, 1, *labels, replace(protocol, ties="expected"), self.itself, curves=False)
        return np.array(list(result.mean_ap.values()))

    def concordance(self, relevance: Labels, groups: Labels) -> float:
        return 0.5


class _Perfect(_Ordered):
    def _hits(self, labels: Labels, total: np.ndarray, protocol: Protocol, excluded: np.ndarray | None) -> np.ndarray:
        return perfect_order(total, max(protocol.cutoffs))

    def concordance(self, relevance: Labels, groups: Labels) -> float:
        return 1.0


class _Cosine(_Ordered):
    def __init__(self, itself: np.ndarray, vectors: Sequence[np.ndarray]):
        super().__init__(itself)
        self.vectors = [unit_length(rows) for rows in vectors]
        self._order = cache(self._order_without)

    def _order_without(self, exclude: bool, top: int) -> np.ndarray:
        return order_by_similarity(*self.vectors, top, self.itself if exclude else None)

    def _hits(self, labels: Labels, total: np.ndarray, protocol: Protocol, excluded: np.ndarray | None) -> np.ndarray:
        order = self._order(excluded is not None, min(max(protocol.cutoffs), len(labels[1])))
        mine, theirs = (label_words(part) for part in labels)
        hits = (mine[:, None] & theirs[order]).any(axis=2)
        return hits if excluded is None else hits & (order != excluded[:, None])

    def concordance(self, relevance: Labels, groups: Labels) -> float:
        return float(np.nanmean(concordance(*self.vectors, *relevance, *groups)))


class _CosineOfFrames(_Cosine):
    """Cosine similarity of all frames, which are not in memory at once."""

    def __init__(self, itself: np.ndarray, queries: FeatureFile, database: FeatureFile):
        self.itself, self._files = itself, (queries, database)
        self._nearest = cache(self._nearest_in_blocks)

    @cached_property
    def vectors(self) -> list[np.ndarray]:
        """Of all videos in memory; only corpora with aspects, which are small, need them."""
        return [unit_length(_all_frames(file)) for file in self._files]

    def _order(self, exclude: bool, top: int) -> np.ndarray:
        """From one pass over the files for all protocols: where a query itself is left out, the next ones move up."""
        order = self._nearest(min(top + 1, len(self._files[1].feats)))
        if exclude:
            itself_last = np.argsort(order == self.itself[:, None], axis=1, kind="stable")
            order = np.take_along_axis(order, itself_last, axis=1)
        return order[:, :top]

    def _nearest_in_blocks(self, top: int) -> np.ndarray:
        queries, database = self._files
        found = []
        for block in queries.blocks(max(1, _RESIDENT // _frames_bytes(queries, 1))):
            mine = unit_length(_flat(block))
            similarity = np.empty((len(mine), len(database.feats)), np.float32)
            first = 0
            for other in database.blocks():
                np.matmul(mine, unit_length(_flat(other)).T, out=similarity[:, first : first + len(other)])
                first += len(other)
            found.append(largest(similarity, top))
        return np.concatenate(found)


def _flat(block: np.ndarray) -> np.ndarray:
    return block.reshape(len(block), -1).astype(np.float32)


def _all_frames(features: FeatureFile) -> np.ndarray:
    return np.concatenate([_flat(block) for block in features.blocks()])


def _frames_bytes(features: FeatureFile, videos: int) -> int:
    return videos * features.shape[1] * features.shape[2] * 4


def _ranking(name: str, queries: FeatureFile, database: FeatureFile, itself: np.ndarray) -> _Ranking:
    if name == "chance":
        return _Chance(itself)
    if name == "perfect":
        return _Perfect(itself)
    if name == "cosine_mean":
        return _Cosine(itself, [video_means(features.feats) for features in (queries, database)])
    if max(_frames_bytes(features, len(features.feats)) for features in (queries, database)) > _RESIDENT:
        return _CosineOfFrames(itself, queries, database)
    return _Cosine(itself, [_all_frames(features) for features in (queries, database)])


def _relevant(labels: Labels, excluded: np.ndarray | None) -> np.ndarray:
    """Number of relevant database videos of every query, int64 [Q]."""
    codes = [np.zeros((len(part), 1), np.uint8) for part in labels]
    blocks = rank_blocks(
        *codes, 1, 0, query_labels=labels[0], database_labels=labels[1], self_index=excluded
    )  # fmt: skip
    return np.concatenate([block.histogram_relevant.sum(axis=1, dtype=np.int64) for block in blocks])
